/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connection to the system bus, for all services. It is made when one first asks for it, and made again, ever
 * later, when it cannot be had or is lost. Never waits. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "base/macro.h"

struct system_bus_user {
    void (*connected)(sd_bus *connection, void *userdata);
    void (*lost)(void *userdata); /* or could not be had; the slots of the connection are to be given back here */
    void *userdata;
};

struct system_bus;

int system_bus_new(sd_event *event, struct system_bus **ret);
struct system_bus *system_bus_free(struct system_bus *bus);
DEFINE_CLEANUP(struct system_bus *, system_bus_free)

/* Before the event loop runs; their number is fixed, -ENOBUFS if there are more. */
int system_bus_add_user(struct system_bus *bus, const struct system_bus_user *user);

/* NULL: not yet, but it is being tried, and the users are told. */
sd_bus *system_bus_connection(struct system_bus *bus);

/* It is being made just now. */
bool system_bus_is_connecting(const struct system_bus *bus);
