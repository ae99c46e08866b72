/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl list: one line a tunnel. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl/client.h"

static int print_tunnels(sd_bus_message *reply, bool *ret_well)
{
    const char *name, *kind, *state, *reason, *source;
    int r = sd_bus_message_enter_container(reply, 'a', "(sssss)");

    *ret_well = true;
    printf("%-15s  %-8s  %-8s  %s\n", "TUNNEL", "KIND", "STATE", "FILE, REASON");
    while (r >= 0 && (r = sd_bus_message_read(reply, "(sssss)", &name, &kind, &state, &reason, &source)) > 0) {
        printf("%-15s  %-8s  %-8s  %s%s%s\n", name, kind, state, source, *reason ? ", " : "", reason);
        *ret_well = *ret_well && (!strcmp(state, "up") || !strcmp(state, "down"));
    }
    return r;
}

int verb_list(const struct options *options, int argc, char **argv)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
    int r = client_connect(options, &bus);
    bool well;

    (void)argc, (void)argv;
    if (r == STATUS_OK)
        r = client_call(bus, "ListTunnels", &reply);
    if (r != STATUS_OK)
        return r;
    r = print_tunnels(reply, &well);
    if (r < 0) {
        fprintf(stderr, "tunnelctl: the daemon's answer cannot be read: %s\n", strerror(-r));
        return STATUS_NO_DAEMON;
    }
    return well ? STATUS_OK : STATUS_PROBLEM;
}
