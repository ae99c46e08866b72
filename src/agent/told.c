/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides what an event of the kernel's may concern. Never looks at the kernel itself. */
#include "agent/told.h"

#include <errno.h>
#include <string.h>

#include "kernel/monitor.h"

enum { EVENTS_MOST = 64 }; /* datagrams between other work */

struct told {
    struct monitor *monitor;
    struct scope *dirty;
};

struct hearing {
    struct told *told;
    const struct config *config;
    const struct memory *memory;
    const struct scope *scope; /* that will be looked at; NULL: none */
};

int told_new(struct scope *dirty, struct told **ret)
{
    _cleanup_(told_freep) struct told *told = calloc(1, sizeof(*told));
    int r;

    if (!told)
        return -ENOMEM;
    told->dirty = dirty;
    r = monitor_open(&told->monitor);
    if (r >= 0)
        *ret = steal_pointer(&told);
    return r;
}

struct told *told_free(struct told *told)
{
    if (told) {
        monitor_close(told->monitor);
        free(told);
    }
    return NULL;
}

int told_fd(const struct told *told)
{
    return monitor_fd(told->monitor);
}

static bool leads_to(const struct tunnel *tunnel, const char *device)
{
    for (size_t i = 0; i < tunnel->routes.n; i++)
        for (size_t j = 0; j < tunnel->routes.items[i].n_hops; j++)
            if (!strcmp(tunnel->routes.items[i].hops[j].device, device))
                return true;
    return false;
}

/* Does a route of some other file lead to this device? */
static bool is_spoken_of(const struct set *wanted, const char *device)
{
    for (size_t i = 0; i < wanted->n; i++)
        if (strcmp(wanted->items[i]->name, device) != 0 && leads_to(wanted->items[i], device))
            return true;
    return false;
}

static void make_dirty(const struct hearing *hearing, const char *name)
{
    if (!(hearing->scope && scope_has(hearing->scope, name)))
        (void)scope_add(hearing->told->dirty, name);
}

static void make_outside_dirty(const struct hearing *hearing)
{
    if (!(hearing->scope && hearing->scope->outside))
        hearing->told->dirty->outside = true;
}

/* What needs it has lost it when it went, and was not told. */
static void wake_those_that_need(const struct hearing *hearing, const struct set *wanted, const char *device)
{
    for (size_t i = 0; i < wanted->n; i++)
        if (!strcmp(wanted->items[i]->lower, device) || !strcmp(wanted->items[i]->controller, device))
            make_dirty(hearing, wanted->items[i]->name);
}

static void wake_those_that_wait(const struct hearing *hearing)
{
    if (memory_waiting(hearing->memory, hearing->told->dirty) != 0)
        hearing->told->dirty->outside = true; /* what they wait with may be a rule, or a route elsewhere */
}

/* What we removed ourselves is of the scope of the pass that did, and heard before its second look. */
static void on_gone(const struct hearing *hearing, const char *name)
{
    const struct set *wanted = config_wanted(hearing->config);

    if (name && wanted && set_get(wanted, name))
        make_dirty(hearing, name);
    if (!name || !wanted || !set_get(wanted, name) || is_spoken_of(wanted, name))
        make_outside_dirty(hearing);
}

static void on_event(enum monitor_event event, const char *name, uint32_t who, void *userdata)
{
    const struct hearing *hearing = userdata;
    struct scope *dirty = hearing->told->dirty;
    const struct set *wanted = config_wanted(hearing->config);

    (void)who;
    if (hearing->scope && hearing->scope->all)
        return;
    if (event == MONITOR_LOST) {
        dirty->all = true;
        return;
    }
    if (event == MONITOR_RULE || event == MONITOR_ROUTE) {
        on_gone(hearing, name);
        return;
    }
    if (event == MONITOR_UP && (!wanted || set_get(wanted, name)))
        make_dirty(hearing, name);
    if (event == MONITOR_UP && wanted)
        wake_those_that_need(hearing, wanted, name);
    if (!wanted || is_spoken_of(wanted, name))
        make_outside_dirty(hearing);
    /* what is on our own is most often our own doing, and who waits for that is woken by whoever did it */
    if (wanted && !set_get(wanted, name))
        wake_those_that_wait(hearing);
}

void told_read(struct told *told, const struct config *config, const struct memory *memory)
{
    struct hearing hearing = { told, config, memory, NULL };

    monitor_read(told->monitor, EVENTS_MOST, on_event, &hearing);
}

void told_before_look(struct told *told, const struct config *config, const struct memory *memory, const struct scope *scope)
{
    struct hearing hearing = { told, config, memory, scope };

    monitor_read(told->monitor, 0, on_event, &hearing);
}
