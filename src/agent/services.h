/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a tunnel is neither file nor kernel: its zone of the firewall, and the hooks. All of it is done later, over
 * the system bus; none of it changes a plan. */
#pragma once

#include <systemd/sd-event.h>

#include "agent/memory.h"
#include "base/macro.h"
#include "read/config.h"
#include "service/system-bus.h"

struct services;

/* event: the loop in which it works; NULL: one of its own, which services_wait runs. bus is borrowed; NULL: one of its own. */
int services_new(sd_event *event, struct system_bus *bus, struct services **ret);
struct services *services_free(struct services *services);
DEFINE_CLEANUP(struct services *, services_free)

/* During a pass: only noted. */
void services_came(struct services *services, const char *link);
void services_went(struct services *services, const char *link);

/* After a pass over scope. */
void services_follow(struct services *services, const struct config *config, const struct memory *memory, const struct scope *scope);

/* Until all is done, or nothing comes of it any more. */
void services_wait(struct services *services);
