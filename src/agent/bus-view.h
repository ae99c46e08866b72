/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Those properties of a tunnel for which the kernel is looked at, once for all that one message asks for. */
#pragma once

#include "agent/bus-objects.h"

/* A getter, see sd_bus_add_fallback_vtable(3); userdata is struct objects. */
int view_get(sd_bus *connection, const char *path, const char *interface, const char *property, sd_bus_message *reply, void *userdata, sd_bus_error *error);

void view_forget(struct objects *objects);
