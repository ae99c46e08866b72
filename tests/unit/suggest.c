/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ctl/suggest.h"

#include "test.h"

static const char *get(size_t i, void *userdata)
{
    return ((const char *const *)userdata)[i];
}

static const char *const verbs[] = { "cat", "check", "down", "list", "monitor", "reload", "status", "up", "wait", NULL };

static const char *meant(const char *word)
{
    return suggest(word, get, (void *)verbs);
}

TEST(slips)
{
    CHECK_TEXT(meant("relaod"), "reload");
    CHECK_TEXT(meant("reloda"), "reload");
    CHECK_TEXT(meant("rload"), "reload");
    CHECK_TEXT(meant("stauts"), "status");
    CHECK_TEXT(meant("statsu"), "status");
    CHECK_TEXT(meant("lst"), "list");
    CHECK_TEXT(meant("pu"), "up");
    CHECK_TEXT(meant("STATUS"), "status");
    CHECK_TEXT(meant("chekc"), "check");
}

TEST(beginnings)
{
    CHECK_TEXT(meant("mon"), "monitor");
    CHECK_TEXT(meant("stat"), "status");
    CHECK_TEXT(meant("Mo"), "monitor");
    CHECK(!meant("c")); /* cat or check? */
    CHECK_TEXT(meant("m"), "monitor");
}

TEST(nothing_near)
{
    CHECK(!meant(""));
    CHECK(!meant("frobnicate"));
    CHECK(!meant("restart"));
    CHECK(!meant("statusstatusstatusstatusstatusstatusstatusstatus"));
    CHECK(!suggest("word", get, (void *)(const char *const[]){ NULL }));
}

TEST(two_as_near)
{
    static const char *const names[] = { "gre1", "gre2", "tun-berlin", NULL };
    static const char *const nearer[] = { "gre22", "gre2", "gre12", NULL };
    static const char *const twice[] = { "gre1", "gre1", NULL };

    CHECK(!suggest("gre3", get, (void *)names));
    CHECK(!suggest("gre", get, (void *)names));
    CHECK_TEXT(suggest("ger1", get, (void *)names), "gre1");
    CHECK_TEXT(suggest("tun-belrin", get, (void *)names), "tun-berlin");
    CHECK_TEXT(suggest("tun", get, (void *)names), "tun-berlin");
    CHECK_TEXT(suggest("GRE2", get, (void *)nearer), "gre2");
    CHECK_TEXT(suggest("gre", get, (void *)twice), "gre1");
}

RUN_TESTS(T(slips), T(beginnings), T(nothing_near), T(two_as_near))
