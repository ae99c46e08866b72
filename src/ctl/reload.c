/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl reload: all files anew; comes back when it is done, and says whether all is well. */
#include "ctl/client.h"

int verb_reload(const struct options *options, int argc, char **argv)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    int r = client_connect(options, &bus);

    (void)argc, (void)argv;
    return r != STATUS_OK ? r : client_call(bus, "Reload", NULL);
}
