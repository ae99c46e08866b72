/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls to the daemon: root over the daemon's own socket, which needs no bus, everybody else over the system bus. What goes wrong is
 * said on stderr, and is an exit status. */
#pragma once

#include <systemd/sd-bus.h>

#include "ctl/connection.h"
#include "ctl/tunnels.h"

/* STATUS_OK, or what is wrong after saying it. Nobody has answered yet: a call may still find nobody there. */
int client_connect(const struct options *options, sd_bus **ret);

/* Calls a method of the manager that takes nothing; ret_reply may be NULL. Waits as long as it takes. */
int client_call(sd_bus *bus, const char *method, sd_bus_message **ret_reply);

/* STATUS_*. changes: it changes something, so whoever may not is asked for a password where that is possible. name: the tunnel that
 * it is about, or NULL. */
int client_send(sd_bus *bus, sd_bus_message *call, bool changes, const char *name, sd_bus_message **ret_reply);

/* "the daemon's answer cannot be read: ...": STATUS_NO_DAEMON. */
int client_bad_answer(int error);

/* Memory ran out, or the like, on our side: STATUS_PROBLEM. */
int client_failed(int error);

/* How all tunnels stand: STATUS_*, after saying what is wrong. */
int client_get_tunnels(sd_bus *bus, struct tunnels *ret);
