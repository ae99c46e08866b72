/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The administrator's own programs, /sbin/ifup-local and /sbin/ifdown-local. systemd runs them, each as a unit with a
 * time limit; this never does, and never waits for one. They run one at a time, in the order in which they were
 * asked for: such a program was never written to run beside itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "service/report.h"
#include "service/system-bus.h"

struct hook;

enum hook_event { HOOK_CAME, HOOK_WENT };

/* bus and what report points to are borrowed. */
int hook_new(struct system_bus *bus, const struct report *report, struct hook **ret);
struct hook *hook_free(struct hook *hook);
DEFINE_CLEANUP(struct hook *, hook_free)

/* Has the program run with the name of the link, if it is there and executable. -ENOMEM. -ENOBUFS: too many wait. */
int hook_add(struct hook *hook, enum hook_event event, const char *link);

/* Those that have not ended, without those that nobody can run; and those that have not begun. */
bool hook_is_busy(const struct hook *hook);
size_t hook_count_waiting(const struct hook *hook);
