/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carries out a plan: the only thing that writes to the kernel. */
#pragma once

#include "kernel/netlink.h"
#include "plan/plan.h"

/* Called now and then while a long plan is carried out. */
typedef void (*apply_tick_fn)(void *userdata);

struct apply_options {
    bool group_delete; /* nothing that is not ours is in our group of the doomed */
    apply_tick_fn tick;
    void *userdata;
};

/* Sets error and message of each step that fails, and of those that need what failed (-ECANCELED, no message).
 * Negative errno only if it cannot be told what was done. */
int apply_plan(struct netlink *netlink, struct plan *plan, const struct apply_options *options);
