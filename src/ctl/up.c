/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl up: as its file says, and also where that says ONBOOT=no; takes back what down asked. */
#include "ctl/changes.h"

int verb_up(const struct options *options, int argc, char **argv)
{
    (void)argc;
    return changes_ask(options, "Up", argv[0]);
}
