/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl reload: all files anew; comes back when it is done, and says what changed and whether all is well. */
#include "ctl/changes.h"

int verb_reload(const struct options *options, int argc, char **argv)
{
    (void)argc, (void)argv;
    return changes_ask(options, "Reload", NULL);
}
