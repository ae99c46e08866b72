/* SPDX-License-Identifier: GPL-2.0-or-later */
/* States and back-off by name. Never on disk. */
#include "agent/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/macro.h"
#include "base/shared.h"
#include "base/text.h"

enum { RETRY_FIRST = 1, RETRY_MOST = 30 }; /* seconds */

struct memory {
    struct remembered **items; /* sorted by name */
    size_t n;
};

struct memory *memory_new(void)
{
    return calloc(1, sizeof(struct memory));
}

static void remembered_free(struct remembered *item)
{
    free(item->reason);
    shared_drop(item->source);
    free(item);
}

struct memory *memory_free(struct memory *memory)
{
    if (memory) {
        for (size_t i = 0; i < memory->n; i++)
            remembered_free(memory->items[i]);
        free(memory->items);
        free(memory);
    }
    return NULL;
}

/* Where it is, or where it would have to be put in. */
static size_t find(const struct memory *memory, const char *name, bool *ret_found)
{
    size_t low = 0, high = memory->n;

    *ret_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, memory->items[middle]->name);

        if (!order) {
            *ret_found = true;
            return middle;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void memory_begin(struct memory *memory, const struct scope *scope)
{
    for (size_t i = 0; i < memory->n; i++)
        if (scope_has(scope, memory->items[i]->name))
            memory->items[i]->fresh = false;
}

void memory_forget(struct memory *memory, const struct scope *scope, memory_forgotten_fn forgotten, void *userdata)
{
    size_t kept = 0;
    struct remembered *first = NULL;

    for (size_t i = 0; i < memory->n; i++) {
        struct remembered *item = memory->items[i];

        if (item->fresh || !scope_has(scope, item->name)) {
            memory->items[kept++] = item;
            continue;
        }
        item->next = first;
        first = item;
    }
    memory->n = kept;
    while (first) {
        struct remembered *item = first;

        first = item->next;
        forgotten(item, userdata);
        remembered_free(item);
    }
}

static int insert(struct memory *memory, size_t at, const char *name)
{
    struct remembered *item = calloc(1, sizeof(*item));

    if (item && !(memory->n & (memory->n - 1))) { /* a power of two: full */
        struct remembered **items = reallocarray(memory->items, memory->n ? memory->n * 2 : 1, sizeof(*items));

        if (!items) {
            free(item);
            return -ENOMEM;
        }
        memory->items = items;
    }
    if (!item)
        return -ENOMEM;
    strcpy(item->name, name);
    item->state = STATE_MAX;
    memmove(memory->items + at + 1, memory->items + at, (memory->n - at) * sizeof(*memory->items));
    memory->items[at] = item;
    memory->n++;
    return 0;
}

static uint64_t realtime_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void set_retry(struct remembered *item, uint64_t now)
{
    uint64_t wait = RETRY_FIRST;

    if (item->state != STATE_FAILED && item->state != STATE_WAITING && item->state != STATE_CONFLICT) {
        item->failures = 0;
        item->retry = 0;
        return;
    }
    for (unsigned i = 0; i < item->failures && wait < RETRY_MOST; i++)
        wait *= 2;
    item->failures++;
    item->retry = now + (wait < RETRY_MOST ? wait : RETRY_MOST) * 1000000;
}

static bool is_news(const struct remembered *was, const struct remembered *now_so)
{
    return was->state != now_so->state || was->code != now_so->code || was->error != now_so->error || was->kind != now_so->kind
           || !text_same(was->reason, now_so->reason) || !text_same(was->source, now_so->source);
}

/* The texts that it had go to who asked. */
static int renew(struct remembered *item, const struct remembered *now_so, struct memory_news *ret)
{
    _cleanup_free_ char *reason = now_so->reason ? strdup(now_so->reason) : NULL;
    const char *source = now_so->source ? shared_get(now_so->source) : NULL;

    if ((now_so->reason && !reason) || (now_so->source && !source)) {
        shared_drop(source);
        return -ENOMEM;
    }
    ret->any = true;
    ret->was = *item;
    if (item->state != now_so->state)
        item->since = realtime_now();
    item->kind = now_so->kind;
    item->state = now_so->state;
    item->code = now_so->code;
    item->error = now_so->error;
    item->reason = steal_pointer(&reason);
    item->source = source;
    return 0;
}

void memory_news_done(struct memory_news *news)
{
    free(news->was.reason);
    shared_drop(news->was.source);
    *news = (struct memory_news){ 0 };
}

int memory_set(struct memory *memory, const struct remembered *now_so, uint64_t now, struct memory_news *ret)
{
    struct memory_news news = { 0 };
    struct remembered *item;
    size_t at = find(memory, now_so->name, &news.known);
    int r = news.known ? 0 : insert(memory, at, now_so->name);

    if (r < 0)
        return r;
    item = memory->items[at];
    r = is_news(item, now_so) ? renew(item, now_so, &news) : 0;
    if (r < 0)
        return r;
    item->has_link = now_so->has_link;
    item->fresh = true;
    set_retry(item, now);
    *ret = news;
    return 0;
}

const struct remembered *memory_get(const struct memory *memory, size_t i)
{
    return i < memory->n ? memory->items[i] : NULL;
}

const struct remembered *memory_find(const struct memory *memory, const char *name)
{
    bool found;
    size_t at = find(memory, name, &found);

    return found ? memory->items[at] : NULL;
}

size_t memory_count(const struct memory *memory, enum state state)
{
    size_t n = 0;

    for (size_t i = 0; i < memory->n; i++)
        n += memory->items[i]->state == state;
    return n;
}

uint64_t memory_next_retry(const struct memory *memory)
{
    uint64_t next = 0;

    for (size_t i = 0; i < memory->n; i++)
        if (memory->items[i]->retry && (!next || memory->items[i]->retry < next))
            next = memory->items[i]->retry;
    return next;
}

int memory_waiting(const struct memory *memory, struct scope *scope)
{
    int n = 0;

    for (size_t i = 0; i < memory->n; i++) {
        if (memory->items[i]->state != STATE_WAITING && memory->items[i]->state != STATE_CONFLICT)
            continue;
        if (scope_add(scope, memory->items[i]->name) < 0)
            return -ENOMEM;
        n++;
    }
    return n;
}

int memory_due(struct memory *memory, uint64_t now, struct scope *scope)
{
    for (size_t i = 0; i < memory->n; i++)
        if (memory->items[i]->retry && memory->items[i]->retry <= now && scope_add(scope, memory->items[i]->name) < 0)
            return -ENOMEM;
    return 0;
}
