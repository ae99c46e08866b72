/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may change something: root, and whoever polkit's action io.tunneld.manage allows it to. Never waits for an answer. */
#pragma once

#include <systemd/sd-bus.h>

#include "base/macro.h"

struct authority;

int authority_new(struct authority **ret);
struct authority *authority_free(struct authority *authority);
DEFINE_CLEANUP(struct authority *, authority_free)

/* To be returned by a method's handler, with what came of it: calls then for a caller that may do so, at once or later, and answers the
 * others with an error. The call's arguments are read from their beginning. size: bytes, about, that it keeps until then. */
int authority_ask(struct authority *authority, sd_bus_message *call, size_t size, sd_bus_message_handler_t then, void *userdata, sd_bus_error *error);

/* The system bus is gone, and with it all who wait for an answer. */
void authority_lost(struct authority *authority);
