/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl version: of this program and of the daemon that runs. */
#include <stdio.h>
#include <string.h>

#include "ctl/client.h"

int verb_version(const struct options *options, int argc, char **argv)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    _cleanup_free_ char *version = NULL;
    int r;

    (void)argc, (void)argv;
    puts("tunnelctl " PACKAGE_VERSION);
    r = client_connect(options, &bus);
    if (r != STATUS_OK)
        return r;
    r = sd_bus_get_property_string(bus, NULL, "/io/tunneld", "io.tunneld.Manager", "Version", NULL, &version);
    if (r < 0) {
        fprintf(stderr, "tunnelctl: the daemon does not tell its version: %s\n", strerror(-r));
        return STATUS_NO_DAEMON;
    }
    printf("tunneld %s\n", version);
    return STATUS_OK;
}
