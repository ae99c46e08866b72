/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/pace.h"

#include "test.h"

enum { SECOND = 1000000 };

/* Somebody who takes away at once what each pass puts back. */
static unsigned count_passes(struct pace *pace, uint64_t from, uint64_t to)
{
    unsigned n = 0;

    for (uint64_t now = from; now < to; now += SECOND / 10) {
        if (pace_wait(pace, now))
            continue;
        pace_spend(pace, now);
        n++;
    }
    return n;
}

TEST(an_end_to_quarrels)
{
    struct pace pace = { 0 };

    CHECK(!pace_wait(&pace, SECOND));
    CHECK(count_passes(&pace, SECOND, 2 * SECOND) == 10);
    CHECK(count_passes(&pace, 2 * SECOND, 62 * SECOND) <= 31);
    CHECK(count_passes(&pace, 100 * SECOND, 101 * SECOND) == 10);
}

TEST(once_in_a_while_is_at_once)
{
    struct pace pace = { 0 };

    for (uint64_t now = 0; now < 1000 * (uint64_t)SECOND; now += 3 * SECOND) {
        CHECK(!pace_wait(&pace, now));
        pace_spend(&pace, now);
    }
}

/* The next one is asked for while one waits for its time. */
TEST(asked_for_ahead)
{
    struct pace pace = { 0 };
    uint64_t now = SECOND, wait;

    for (unsigned i = 0; i < 20; i++) {
        wait = pace_wait(&pace, now);
        pace_spend(&pace, now);
        now += wait;
    }
    CHECK(now == SECOND + 9 * (uint64_t)PACE_PASS);
    CHECK(pace_wait(&pace, now) == PACE_PASS);
}

RUN_TESTS(T(an_end_to_quarrels), T(once_in_a_while_is_at_once), T(asked_for_ahead))
