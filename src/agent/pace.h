/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How soon to look at the kernel again: at once, as a rule; but not where somebody takes away again and again what is put
 * back, which would be passes without end. Times are in us, CLOCK_MONOTONIC. */
#pragma once

#include <stdint.h>

enum {
    PACE_PASS = 2 * 1000 * 1000, /* us between passes at the last */
    PACE_FREE = 10,              /* passes that may come before that as they like */
};

struct pace {
    uint64_t level, since;
};

/* A pass is asked for by the kernel alone. */
void pace_spend(struct pace *pace, uint64_t now);

/* Until the next one; 0: it may come at once. */
uint64_t pace_wait(const struct pace *pace, uint64_t now);
