/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stays undone since it would lead the way to the peer into the tunnel itself, and what is said of that. Only the planner
 * includes it. */
#pragma once

#include "plan/planner.h"

/* If it would: says so, and that it must not be made. */
bool loops_hold_route(struct planner *planner, struct item *item, const struct route *route);
bool loops_hold_inner(struct planner *planner, struct item *item, const struct inner *inner);

/* Behind all else on a tunnel: where the way leads now, and networks that are both inside and outside. */
void loops_tell(struct planner *planner, struct item *item);
