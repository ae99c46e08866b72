/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is on a link beside routes: addresses, neighbours, settings of IPv6. Only the planner includes it. */
#pragma once

#include "plan/planner.h"

/* Behind the steps that make or change the link. */
void inner_plan(struct planner *planner, struct item *item);

/* Settings: of a link that is made, with those that must be written before it is up. */
void inner_plan_conf(struct planner *planner, const struct item *item);
