/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's own socket, where root alone may connect. Never reads what a client says. */
#pragma once

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "base/macro.h"

struct bus_socket;

/* A connection that is ready to be started, and has no event loop yet; its reference is handed on. Negative errno: it is refused, and
 * still the caller's. */
typedef int (*bus_socket_client_t)(sd_bus *connection, void *userdata);

/* Listens at path, which is replaced. */
int bus_socket_new(sd_event *event, const char *path, bus_socket_client_t client, void *userdata, struct bus_socket **ret);
struct bus_socket *bus_socket_free(struct bus_socket *socket);
DEFINE_CLEANUP(struct bus_socket *, bus_socket_free)
