/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way to the daemon: for root its own socket, which needs no bus, for everybody else the system bus. Negative errno. */
#pragma once

#include <systemd/sd-bus.h>

#include "base/macro.h"
#include "ctl/verb.h"

#define MANAGER_PATH "/io/tunneld"
#define MANAGER_INTERFACE "io.tunneld.Manager"
#define TUNNEL_INTERFACE "io.tunneld.Tunnel"

bool connection_uses_socket(const struct options *options);

/* Nobody has answered yet: a call may still find nobody there. */
int connection_open(const struct options *options, sd_bus **ret);

/* A call, to be filled and sent. */
int connection_new_call(sd_bus *bus, const char *path, const char *interface, const char *method, sd_bus_message **ret);

/* Has the daemon not answered because it is not there? */
bool connection_is_gone(int error);

/* The signals of the manager and of all tunnels go to the callback, and on the bus NameOwnerChanged of the daemon's name. Negative
 * errno. */
int connection_subscribe(sd_bus *bus, sd_bus_message_handler_t callback, void *userdata);
