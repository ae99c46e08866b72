/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a tunnel is neither file nor kernel: its zone of the firewall, and the hooks. All of it is done later, over
 * the system bus; none of it changes a plan. */
#pragma once

#include <systemd/sd-event.h>

#include "agent/memory.h"
#include "base/macro.h"
#include "read/config.h"

struct outside;

/* event: the loop in which it works; NULL: one of its own, which outside_wait runs. */
int outside_new(sd_event *event, struct outside **ret);
struct outside *outside_free(struct outside *outside);
DEFINE_CLEANUP(struct outside *, outside_free)

/* During a pass: only noted. */
void outside_came(struct outside *outside, const char *link);
void outside_went(struct outside *outside, const char *link);

/* After a pass over scope. */
void outside_follow(struct outside *outside, const struct config *config, const struct memory *memory, const struct scope *scope);

/* Until all is done, or nothing comes of it any more. */
void outside_wait(struct outside *outside);
