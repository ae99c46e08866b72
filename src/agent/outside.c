/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/outside.h"

#include <errno.h>
#include <string.h>

#include "agent/log.h"
#include "service/hook.h"
#include "service/zone.h"

enum {
    WAIT_ZONES = 10 * 1000 * 1000, /* us for the firewall in all, */
    WAIT_HOOK = 40 * 1000 * 1000,  /* and for each hook, which systemd ends before that */
};

struct change {
    enum hook_event event;
    char link[IFNAMSIZ];
};

struct outside {
    sd_event *event;
    struct system_bus *bus;
    struct zone *zone;
    struct hook *hook;
    struct change *changes; /* of the pass under way */
    size_t n_changes;
    bool crowded; /* told that hooks were left out */
};

static void say(int level, const char *tunnel, const char *text, void *userdata)
{
    (void)userdata;
    if (tunnel)
        log_tunnel(level, LOG_ID_NONE, tunnel, "%s", text);
    else
        log_message(level, "%s", text);
}

int outside_new(sd_event *event, struct outside **ret)
{
    _cleanup_(outside_freep) struct outside *outside = calloc(1, sizeof(*outside));
    const struct report report = { .say = say };
    int r = 0;

    if (!outside)
        return -ENOMEM;
    if (event)
        outside->event = sd_event_ref(event);
    else
        r = sd_event_new(&outside->event);
    if (r >= 0)
        r = system_bus_new(outside->event, &outside->bus);
    if (r >= 0)
        r = zone_new(outside->event, outside->bus, &report, &outside->zone);
    if (r >= 0)
        r = hook_new(outside->bus, &report, &outside->hook);
    if (r < 0)
        return r;
    *ret = steal_pointer(&outside);
    return 0;
}

struct outside *outside_free(struct outside *outside)
{
    if (!outside)
        return NULL;
    hook_free(outside->hook);
    zone_free(outside->zone);
    system_bus_free(outside->bus);
    sd_event_unref(outside->event);
    free(outside->changes);
    free(outside);
    return NULL;
}

static void note(struct outside *outside, enum hook_event event, const char *link)
{
    struct change *changes = reallocarray(outside->changes, outside->n_changes + 1, sizeof(*changes));

    if (!changes) {
        log_tunnel(LOG_ERR, LOG_ID_NONE, link, "out of memory");
        return;
    }
    outside->changes = changes;
    changes += outside->n_changes++;
    changes->event = event;
    strcpy(changes->link, link);
}

void outside_came(struct outside *outside, const char *link)
{
    note(outside, HOOK_CAME, link);
}

void outside_went(struct outside *outside, const char *link)
{
    note(outside, HOOK_WENT, link);
}

static const char *zone_of(const struct tunnel *tunnel)
{
    return tunnel && tunnel->zone && *tunnel->zone ? tunnel->zone : NULL;
}

/* As the pass has left it; of what is not as it should be, only the kernel knows whether it is there. */
static bool is_there(const struct memory *memory, const char *link)
{
    const struct remembered *remembered = memory_find(memory, link);

    if (!remembered || remembered->state == STATE_CONFLICT || remembered->state == STATE_REFUSED)
        return false;
    if (remembered->state == STATE_UP)
        return true;
    return if_nametoindex(link) > 0;
}

static int follow_one(struct outside *outside, const struct set *wanted, const struct memory *memory, const char *link)
{
    const struct tunnel *tunnel = set_get(wanted, link);
    const char *zone = zone_of(tunnel);

    if (tunnel)
        return !zone || is_there(memory, link) ? zone_set(outside->zone, link, zone) : 0;
    return if_nametoindex(link) ? 0 : zone_drop(outside->zone, link, NULL);
}

static int follow_zones(struct outside *outside, const struct set *wanted, const struct memory *memory, const struct scope *scope)
{
    const char *link;
    int r = 0;

    if (!scope->all) {
        for (size_t i = 0; r >= 0 && i < scope->n; i++)
            r = follow_one(outside, wanted, memory, *scope->names[i]);
        return r;
    }
    for (size_t i = 0; r >= 0 && i < wanted->n; i++)
        r = follow_one(outside, wanted, memory, wanted->items[i]->name);
    for (size_t i = 0; r >= 0 && (link = zone_next(outside->zone, &i));)
        if (!set_get(wanted, link))
            r = follow_one(outside, wanted, memory, link);
    return r;
}

static int follow_change(struct outside *outside, const struct config *config, const struct change *change)
{
    int r = 0;

    if (change->event == HOOK_CAME)
        zone_renew(outside->zone, change->link);
    else
        r = zone_drop(outside->zone, change->link, zone_of(set_get(config_wanted(config), change->link)));
    if (r < 0 || !config_settings(config)->hooks)
        return r;
    r = hook_add(outside->hook, change->event, change->link);
    if (r != -ENOBUFS) {
        outside->crowded = false;
        return r;
    }
    if (!outside->crowded)
        log_message(LOG_WARNING, "too many hooks wait; from %s on they are left out", change->link);
    outside->crowded = true;
    return 0;
}

void outside_follow(struct outside *outside, const struct config *config, const struct memory *memory, const struct scope *scope)
{
    int r = 0;

    for (size_t i = 0; r >= 0 && i < outside->n_changes; i++)
        r = follow_change(outside, config, &outside->changes[i]);
    outside->n_changes = 0;
    if (r >= 0)
        r = follow_zones(outside, config_wanted(config), memory, scope);
    if (r < 0)
        log_message(LOG_ERR, "zones and hooks: %s", strerror(-r));
    zone_apply(outside->zone);
}

/* Runs the loop while is_busy says so, and no longer than most. */
static bool run_while(struct outside *outside, bool (*is_busy)(const struct outside *outside), uint64_t most)
{
    uint64_t now, end;

    if (sd_event_now(outside->event, CLOCK_MONOTONIC, &now) < 0)
        return false;
    end = now + most;
    while (is_busy(outside) && now < end)
        if (sd_event_run(outside->event, end - now) < 0 || sd_event_now(outside->event, CLOCK_MONOTONIC, &now) < 0)
            return false;
    return !is_busy(outside);
}

static bool zones_are_busy(const struct outside *outside)
{
    return zone_is_busy(outside->zone);
}

static bool hooks_are_busy(const struct outside *outside)
{
    return hook_is_busy(outside->hook);
}

void outside_wait(struct outside *outside)
{
    uint64_t most = (hook_count_waiting(outside->hook) + 1) * (uint64_t)WAIT_HOOK;

    if (!run_while(outside, zones_are_busy, WAIT_ZONES))
        log_message(LOG_WARNING, "firewalld does not answer: not every tunnel is in its zone");
    if (!run_while(outside, hooks_are_busy, most))
        log_message(LOG_WARNING, "not all hooks have ended");
}
