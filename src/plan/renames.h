/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that say another device than before. Only the planner includes it. */
#pragma once

#include "plan/planner.h"

/* Where one tunnel would be made and one of ours go that is the same under another name, the link is renamed instead, and
 * all else left to the next plan. -ENOMEM. */
int renames_plan(struct planner *planner);
