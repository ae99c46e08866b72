/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/services.h"

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

struct services {
    sd_event *event;
    struct system_bus *bus;
    struct system_bus *own_bus; /* NULL: it is borrowed */
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

int services_new(sd_event *event, struct system_bus *bus, struct services **ret)
{
    _cleanup_(services_freep) struct services *services = calloc(1, sizeof(*services));
    const struct report report = { .say = say };
    int r = 0;

    if (!services)
        return -ENOMEM;
    if (event)
        services->event = sd_event_ref(event);
    else
        r = sd_event_new(&services->event);
    if (r >= 0 && !bus)
        r = system_bus_new(services->event, &services->own_bus);
    services->bus = bus ? bus : services->own_bus;
    if (r >= 0)
        r = zone_new(services->event, services->bus, &report, &services->zone);
    if (r >= 0)
        r = hook_new(services->bus, &report, &services->hook);
    if (r < 0)
        return r;
    *ret = steal_pointer(&services);
    return 0;
}

struct services *services_free(struct services *services)
{
    if (!services)
        return NULL;
    hook_free(services->hook);
    zone_free(services->zone);
    system_bus_free(services->own_bus);
    sd_event_unref(services->event);
    free(services->changes);
    free(services);
    return NULL;
}

static void note(struct services *services, enum hook_event event, const char *link)
{
    struct change *changes = reallocarray(services->changes, services->n_changes + 1, sizeof(*changes));

    if (!changes) {
        log_tunnel(LOG_ERR, LOG_ID_NONE, link, "out of memory");
        return;
    }
    services->changes = changes;
    changes += services->n_changes++;
    changes->event = event;
    strcpy(changes->link, link);
}

void services_came(struct services *services, const char *link)
{
    note(services, HOOK_CAME, link);
}

void services_went(struct services *services, const char *link)
{
    note(services, HOOK_WENT, link);
}

static const char *zone_of(const struct tunnel *tunnel)
{
    const char *zone = tunnel ? tunnel_more(tunnel)->zone : NULL;

    return zone && *zone ? zone : NULL;
}

/* As the pass has left it; of what is not as it should be, only the kernel knows whether it is there. */
static bool is_there(const struct memory *memory, const char *link)
{
    const struct remembered *remembered = memory_find(memory, link);

    return remembered && remembered->has_link && (remembered->state == STATE_UP || if_nametoindex(link) > 0);
}

static int follow_one(struct services *services, const struct set *wanted, const struct memory *memory, const char *link)
{
    const struct tunnel *tunnel = set_get(wanted, link);
    const char *zone = zone_of(tunnel);

    if (tunnel)
        return !zone || is_there(memory, link) ? zone_set(services->zone, link, zone) : 0;
    return if_nametoindex(link) ? 0 : zone_drop(services->zone, link, NULL);
}

static int follow_zones(struct services *services, const struct set *wanted, const struct memory *memory, const struct scope *scope)
{
    const char *link;
    int r = 0;

    if (!scope->all) {
        for (size_t i = 0; r >= 0 && i < scope->n; i++)
            r = follow_one(services, wanted, memory, scope->names[i]);
        return r;
    }
    for (size_t i = 0; r >= 0 && i < wanted->n; i++)
        r = follow_one(services, wanted, memory, wanted->items[i]->name);
    for (size_t i = 0; r >= 0 && (link = zone_next(services->zone, &i));)
        if (!set_get(wanted, link))
            r = follow_one(services, wanted, memory, link);
    return r;
}

static int follow_change(struct services *services, const struct config *config, const struct change *change)
{
    int r = 0;

    if (change->event == HOOK_CAME)
        zone_renew(services->zone, change->link);
    else
        r = zone_drop(services->zone, change->link, zone_of(set_get(config_wanted(config), change->link)));
    if (r < 0 || !config_settings(config)->hooks)
        return r;
    r = hook_add(services->hook, change->event, change->link);
    if (r != -ENOBUFS) {
        services->crowded = false;
        return r;
    }
    if (!services->crowded)
        log_message(LOG_WARNING, "too many hooks wait; from %s on they are left out", change->link);
    services->crowded = true;
    return 0;
}

void services_follow(struct services *services, const struct config *config, const struct memory *memory, const struct scope *scope)
{
    int r = 0;

    for (size_t i = 0; r >= 0 && i < services->n_changes; i++)
        r = follow_change(services, config, &services->changes[i]);
    services->n_changes = 0;
    if (r >= 0)
        r = follow_zones(services, config_wanted(config), memory, scope);
    if (r < 0)
        log_message(LOG_ERR, "zones and hooks: %s", strerror(-r));
    zone_apply(services->zone);
}

/* Runs the loop while is_busy says so, and no longer than most. */
static bool run_while(struct services *services, bool (*is_busy)(const struct services *services), uint64_t most)
{
    uint64_t now, end;

    if (sd_event_now(services->event, CLOCK_MONOTONIC, &now) < 0)
        return false;
    end = now + most;
    while (is_busy(services) && now < end)
        if (sd_event_run(services->event, end - now) < 0 || sd_event_now(services->event, CLOCK_MONOTONIC, &now) < 0)
            return false;
    return !is_busy(services);
}

static bool zones_are_busy(const struct services *services)
{
    return zone_is_busy(services->zone);
}

static bool hooks_are_busy(const struct services *services)
{
    return hook_is_busy(services->hook);
}

void services_wait(struct services *services)
{
    uint64_t most = (hook_count_waiting(services->hook) + 1) * (uint64_t)WAIT_HOOK;

    if (!run_while(services, zones_are_busy, WAIT_ZONES))
        log_message(LOG_WARNING, "firewalld does not answer: not every tunnel is in its zone");
    if (!run_while(services, hooks_are_busy, most))
        log_message(LOG_WARNING, "not all hooks have ended");
}
