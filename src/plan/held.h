/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has drifted, and is to be left so: its steps become a word on how it stands. */
#pragma once

#include "plan/planner.h"

/* Does a step only what its tunnel follows by its file's own words: the MTU of its way, its lower device, what names stand for? */
bool held_follows(const struct step *step);

/* After all else is planned. */
void held_leave(struct planner *planner);
