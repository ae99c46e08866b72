/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tunnels' objects: io.tunneld.Tunnel in io.tunneld(5). None is kept in memory: a path is its tunnel's name. */
#pragma once

#include "agent/bus-objects.h"

int tunnels_add(struct objects *objects, sd_bus *connection);

/* Its path, to be freed; NULL when out of memory. */
char *tunnel_path(const char *name);

/* a(oa{sv}): all of them with what needs no look at the kernel. */
int tunnels_put(struct objects *objects, sd_bus_message *message);

/* Properties that signals tell of. */
enum {
    TUNNEL_KIND = 1 << 1,
    TUNNEL_FILE = 1 << 2,
    TUNNEL_STATE = 1 << 3,
    TUNNEL_REASON = 1 << 4,
    TUNNEL_MESSAGE = 1 << 5,
    TUNNEL_ERRNO = 1 << 6,
    TUNNEL_SINCE = 1 << 7,
    TUNNEL_OVERRIDE = 1 << 8,
};

/* Tells everybody of these properties. */
void tunnel_tell(struct objects *objects, const struct remembered *now, unsigned which);
