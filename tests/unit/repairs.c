/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/repairs.h"

#include "test.h"

enum { SECOND = 1000000 };

static const struct tunnel gre1 = { .name = "gre1" }, gre2 = { .name = "gre2" };

static void repair(struct repairs *repairs, const struct tunnel *tunnel, uint32_t fields, uint64_t now)
{
    struct step step = { .type = STEP_CHANGE, .wanted = tunnel, .fields = fields, .reason = (char *)"ttl 9 -> 64" };

    repairs_count(repairs, &step, "ip (process 7)", now);
}

TEST(one_thing_too_often)
{
    _cleanup_(repairs_freep) struct repairs *repairs = repairs_new();

    for (uint64_t i = 0; i < REPAIRS_MOST; i++)
        repair(repairs, &gre1, FIELD_TTL, 100 * SECOND + i * SECOND);
    CHECK(!repairs_given_up(repairs, "gre1"));
    repair(repairs, &gre2, FIELD_TTL, 111 * SECOND);
    repair(repairs, &gre1, FIELD_TOS, 112 * SECOND); /* another thing */
    CHECK(!repairs_given_up(repairs, "gre1"));
    repair(repairs, &gre1, FIELD_TTL, 159 * SECOND);
    CHECK_TEXT(repairs_given_up(repairs, "gre1"), "ip (process 7)");
    CHECK(!repairs_given_up(repairs, "gre2"));
}

TEST(once_in_a_while_is_no_fight)
{
    _cleanup_(repairs_freep) struct repairs *repairs = repairs_new();

    for (uint64_t i = 0; i < 1000; i++)
        repair(repairs, &gre1, FIELD_TTL, 100 * SECOND + i * 7 * SECOND);
    CHECK(!repairs_given_up(repairs, "gre1"));
}

TEST(begins_anew)
{
    _cleanup_(repairs_freep) struct repairs *repairs = repairs_new();

    for (unsigned i = 0; i <= REPAIRS_MOST; i++)
        repair(repairs, &gre1, FIELD_TTL, 100 * SECOND + i);
    CHECK(repairs_given_up(repairs, "gre1"));
    repairs_resume(repairs, "gre2");
    CHECK(repairs_given_up(repairs, "gre1"));
    repairs_resume(repairs, "gre1");
    CHECK(!repairs_given_up(repairs, "gre1"));
    for (unsigned i = 0; i < REPAIRS_MOST; i++)
        repair(repairs, &gre1, FIELD_TTL, 101 * SECOND + i);
    CHECK(!repairs_given_up(repairs, "gre1"));
    repair(repairs, &gre1, FIELD_TTL, 101 * SECOND + REPAIRS_MOST);
    CHECK(repairs_given_up(repairs, "gre1"));
}

static void follow(struct repairs *repairs, uint32_t mtu, uint64_t now)
{
    struct step step = { .type = STEP_CHANGE, .wanted = &gre1, .fields = FIELD_MTU, .mtu = mtu, .reason = (char *)"mtu" };

    repairs_count(repairs, &step, "", now);
}

TEST(what_goes_on_is_no_fight)
{
    _cleanup_(repairs_freep) struct repairs *repairs = repairs_new();

    for (unsigned i = 0; i < 10 * REPAIRS_MOST; i++)
        follow(repairs, i & 1 ? 1476 : 1376, 100 * SECOND + i);
    CHECK(!repairs_given_up(repairs, "gre1"));
    for (unsigned i = 0; i < REPAIRS_MOST; i++) /* as the last one of those, and put right again and again */
        follow(repairs, 1476, 101 * SECOND + i);
    CHECK(repairs_given_up(repairs, "gre1"));
    CHECK(repairs_over_followed(repairs, "gre1"));
    repairs_resume(repairs, "gre1");
    CHECK(!repairs_over_followed(repairs, "gre1"));
    for (unsigned i = 0; i <= REPAIRS_MOST; i++)
        repair(repairs, &gre1, FIELD_TTL, 102 * SECOND + i);
    CHECK(repairs_given_up(repairs, "gre1"));
    CHECK(!repairs_over_followed(repairs, "gre1"));
}

RUN_TESTS(T(one_thing_too_often), T(once_in_a_while_is_no_fight), T(begins_anew), T(what_goes_on_is_no_fight))
