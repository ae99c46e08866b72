/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bucket that leaks. Never asks for the time itself. */
#include "agent/pace.h"

enum { FREE = PACE_FREE * PACE_PASS };

static uint64_t level_at(const struct pace *pace, uint64_t now)
{
    uint64_t leaked = now > pace->since ? now - pace->since : 0;

    return pace->level > leaked ? pace->level - leaked : 0;
}

void pace_spend(struct pace *pace, uint64_t now)
{
    pace->level = level_at(pace, now) + PACE_PASS;
    pace->since = now;
}

uint64_t pace_wait(const struct pace *pace, uint64_t now)
{
    uint64_t level = level_at(pace, now);

    return level > FREE ? level - FREE : 0;
}
