/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/memory.h"

#include "test.h"

enum { SECOND = 1000000 };

static bool set(struct memory *memory, const char *name, enum state state, const char *reason, uint64_t now)
{
    struct remembered item = { .kind = KIND_GRE, .state = state, .reason = (char *)reason };
    struct memory_news news;
    bool any;

    strcpy(item.name, name);
    CHECK(memory_set(memory, &item, now, &news) == 0);
    any = news.any;
    memory_news_done(&news);
    return any;
}

static char gone[64];

static void forgotten(const struct remembered *was, void *userdata)
{
    CHECK(userdata == gone);
    strcat(gone, was->name);
}

TEST(news_and_order)
{
    struct memory *memory = memory_new();

    CHECK(set(memory, "b", STATE_UP, NULL, 0));
    CHECK(set(memory, "a", STATE_FAILED, "x", 0));
    CHECK(!set(memory, "a", STATE_FAILED, "x", 0));
    CHECK(set(memory, "a", STATE_FAILED, "y", 0));
    CHECK_TEXT(memory_get(memory, 0)->name, "a");
    CHECK_TEXT(memory_get(memory, 1)->name, "b");
    CHECK(!memory_get(memory, 2));
    CHECK(memory_find(memory, "a") == memory_get(memory, 0) && memory_find(memory, "b") == memory_get(memory, 1));
    CHECK(!memory_find(memory, "ab"));
    CHECK(memory_count(memory, STATE_UP) == 1);
    memory_free(memory);
}

TEST(what_it_was)
{
    struct memory *memory = memory_new();
    struct remembered item = { .name = "a", .kind = KIND_GRE, .state = STATE_WAITING, .code = REASON_DEVICE, .reason = (char *)"x", .source = (char *)"/f" };
    struct memory_news news;
    uint64_t since;

    CHECK(memory_set(memory, &item, 0, &news) == 0 && news.any && !news.known);
    since = memory_find(memory, "a")->since;
    CHECK(since > 0);
    item.code = REASON_CONTROLLER;
    CHECK(memory_set(memory, &item, 0, &news) == 0 && news.any && news.known && news.was.code == REASON_DEVICE);
    CHECK_TEXT(news.was.reason, "x");
    memory_news_done(&news);
    CHECK(memory_find(memory, "a")->since == since); /* in the same state all the while */
    item.source = (char *)"/g";
    CHECK(memory_set(memory, &item, 0, &news) == 0 && news.any);
    CHECK_TEXT(news.was.source, "/f");
    memory_news_done(&news);
    CHECK(memory_set(memory, &item, 0, &news) == 0 && !news.any);
    memory_free(memory);
}

TEST(back_off)
{
    struct memory *memory = memory_new();
    struct scope due = { 0 };

    set(memory, "a", STATE_FAILED, "x", 100 * SECOND);
    CHECK(memory_next_retry(memory) == 101 * SECOND);
    set(memory, "a", STATE_FAILED, "x", 101 * SECOND);
    CHECK(memory_next_retry(memory) == 103 * SECOND);
    for (int i = 0; i < 20; i++)
        set(memory, "a", STATE_FAILED, "x", 200 * SECOND);
    CHECK(memory_next_retry(memory) == 230 * SECOND);
    CHECK(memory_due(memory, 229 * SECOND, &due) == 0 && scope_is_empty(&due));
    CHECK(memory_due(memory, 230 * SECOND, &due) == 0 && scope_has(&due, "a"));
    scope_done(&due);
    set(memory, "a", STATE_UP, NULL, 231 * SECOND);
    CHECK(memory_next_retry(memory) == 0);
    set(memory, "a", STATE_WAITING, "x", 300 * SECOND);
    CHECK(memory_next_retry(memory) == 301 * SECOND);
    memory_free(memory);
}

TEST(forgetting)
{
    struct memory *memory = memory_new();
    struct scope scope = { 0 };

    set(memory, "a", STATE_UP, NULL, 0);
    set(memory, "b", STATE_UP, NULL, 0);
    set(memory, "c", STATE_UP, NULL, 0);
    CHECK(scope_add(&scope, "a") == 0 && scope_add(&scope, "b") == 0);
    memory_begin(memory, &scope);
    set(memory, "b", STATE_UP, NULL, 0);
    *gone = 0;
    memory_forget(memory, &scope, forgotten, gone);
    CHECK_TEXT(gone, "a");
    CHECK_TEXT(memory_get(memory, 0)->name, "b");
    CHECK_TEXT(memory_get(memory, 1)->name, "c");
    CHECK(!memory_get(memory, 2));
    scope_done(&scope);
    memory_free(memory);
}

RUN_TESTS(T(news_and_order), T(what_it_was), T(back_off), T(forgetting))
