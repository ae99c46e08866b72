/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routes and rules: those on a tunnel, and those that belong to none. Only the planner includes it. */
#pragma once

#include "plan/planner.h"

/* Before all else. -ENOMEM. */
int routes_index(struct planner *planner);
void routes_forget(struct planner *planner);

/* Behind the other steps of a tunnel that is made or changed. */
void routes_plan_own(struct planner *planner, struct item *item);

/* At the end: what is elsewhere, and what is there and nobody wants. */
void routes_plan_outside(struct planner *planner);
