/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the configuration as the daemon would. Never needs root or a kernel. */
#include "ctl/files.h"

#include <stdio.h>
#include <string.h>

int files_load(const struct options *options, int argc, char **argv, struct config **ret)
{
    _cleanup_(config_freep) struct config *config = NULL;
    struct scope dirty = { 0 };
    int r = config_new(options->root, &config);

    if (r >= 0 && argc)
        r = config_load_files(config, argv, (size_t)argc);
    else if (r >= 0 && (r = config_load_settings(config)) >= 0)
        r = config_load(config);
    if (r >= 0)
        r = config_settle(config, &dirty);
    scope_done(&dirty);
    if (r < 0) {
        fprintf(stderr, "tunnelctl: %s\n", strerror(-r));
        return r;
    }
    *ret = steal_pointer(&config);
    return 0;
}
