/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls to the daemon over its own socket. */
#pragma once

#include <systemd/sd-bus.h>

#include "base/macro.h"

#include "ctl/verb.h"

/* STATUS_OK, or what is wrong after saying it on stderr. */
int client_connect(const struct options *options, sd_bus **ret);

/* Calls a method of the manager that takes nothing; ret_reply may be NULL. Waits as long as it takes. */
int client_call(sd_bus *bus, const char *method, sd_bus_message **ret_reply);
