/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl down: it goes, and stays away until it is asked up or the host boots. */
#include "ctl/changes.h"

int verb_down(const struct options *options, int argc, char **argv)
{
    (void)argc;
    return changes_ask(options, "Down", argv[0]);
}
