/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firewalld handles one call after the other, each in its own good time, so one at a time is sent to it. */
#include "service/zone.h"

#include <errno.h>
#include <net/if.h>
#include <stdint.h>
#include <string.h>
#include <syslog.h>

#include "base/table.h"
#include "base/text.h"

#define FIREWALLD "org.fedoraproject.FirewallD1"
#define FIREWALLD_PATH "/org/fedoraproject/FirewallD1"

enum {
    ANSWER = 60 * 1000 * 1000, /* us that firewalld has for one call: it takes its name long before it is ready */
    AGAIN = 10 * 1000 * 1000,  /* us until it is asked again after none */
    ACCURACY = 100 * 1000,     /* us */
};

struct entry {
    char link[IFNAMSIZ];
    char *wanted; /* NULL: none */
    char *put;    /* the zone that firewalld has taken it into for us; NULL: none */
    bool refused; /* and not asked for again until something changes */
    bool told;    /* that it is refused */
    bool renewed; /* it was in its zone before: no news */
    bool queued;
    struct entry *next;
};

struct zone {
    struct system_bus *bus;
    struct report report;
    struct table entries;
    struct entry *first, **last; /* those that may need something */
    enum { ABSENT, UNKNOWN, PRESENT } presence;
    bool waiting; /* until it is asked again */
    sd_event_source *again;
    sd_bus_slot *call; /* NULL: none is under way */
    struct entry *current;
    char *asked; /* the zone of the call */
    bool removing;
};

static bool needs_call(const struct entry *entry)
{
    return !entry->refused && !text_same(entry->wanted, entry->put);
}

static void entry_free(struct entry *entry)
{
    free(entry->wanted);
    free(entry->put);
    free(entry);
}

static void enqueue(struct zone *zone, struct entry *entry)
{
    if (entry->queued)
        return;
    entry->queued = true;
    entry->next = NULL;
    *zone->last = entry;
    zone->last = &entry->next;
}

static struct entry *dequeue(struct zone *zone)
{
    struct entry *entry = zone->first;

    zone->first = entry->next;
    if (!zone->first)
        zone->last = &zone->first;
    entry->queued = false;
    return entry;
}

/* What a firewalld that was started or loaded again may have lost. fresh: it knows nothing of before. */
static void renew_all(struct zone *zone, bool fresh)
{
    for (size_t i = 0; i < zone->entries.n_slots; i++) {
        struct entry *entry = zone->entries.slots[i].value;

        if (!entry)
            continue;
        if (entry->wanted || fresh) {
            entry->renewed = entry->put;
            free(steal_pointer(&entry->put));
        }
        entry->refused = false;
        enqueue(zone, entry);
    }
}

static void refuse(struct zone *zone, struct entry *entry, const char *name, const char *why)
{
    if (!text_same(entry->wanted, name))
        return; /* another one by now */
    entry->refused = true;
    if (!entry->told)
        report_say(&zone->report, LOG_WARNING, entry->link, "ZONE=%s: firewalld does not take it: %s", name, why);
    entry->told = true;
}

static void succeed(struct zone *zone, struct entry *entry, char *name, bool removed)
{
    report_say(&zone->report, entry->renewed ? LOG_DEBUG : LOG_INFO, entry->link,
               removed ? "taken out of the firewall's zone %s" : "put into the firewall's zone %s", name);
    free(entry->put);
    entry->put = removed ? NULL : name;
    if (removed)
        free(name);
    entry->told = entry->renewed = false;
}

static bool begins(const char *text, const char *with)
{
    return text && !strncmp(text, with, strlen(with));
}

static void wait_a_while(struct zone *zone)
{
    zone->waiting = true;
    (void)sd_event_source_set_time_relative(zone->again, AGAIN);
    (void)sd_event_source_set_enabled(zone->again, SD_EVENT_ONESHOT);
}

static void fail(struct zone *zone, struct entry *entry, const char *name, bool removed, const sd_bus_error *error)
{
    report_say(&zone->report, LOG_DEBUG, entry->link, "ZONE=%s: %s: %s", name, error->name, error->message ? error->message : "");
    if (sd_bus_error_has_name(error, SD_BUS_ERROR_SERVICE_UNKNOWN) || sd_bus_error_has_name(error, SD_BUS_ERROR_NAME_HAS_NO_OWNER)) {
        zone->presence = ABSENT;
    } else if (sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY) || sd_bus_error_has_name(error, SD_BUS_ERROR_TIMEOUT)
               || sd_bus_error_has_name(error, SD_BUS_ERROR_DISCONNECTED)) {
        wait_a_while(zone);
    } else if (removed) {
        /* it is not there any more, or somebody has moved it: that is not ours to undo */
        free(steal_pointer(&entry->put));
        if (!begins(error->message, "UNKNOWN_INTERFACE") && !begins(error->message, "ZONE_CONFLICT") && !begins(error->message, "INVALID_ZONE"))
            report_say(&zone->report, LOG_WARNING, entry->link, "is not taken out of the firewall's zone %s: %s", name,
                       error->message ? error->message : error->name);
    } else {
        refuse(zone, entry, name, error->message && *error->message ? error->message : error->name);
    }
}

static void pump(struct zone *zone);

static int on_answer(sd_bus_message *answer, void *userdata, sd_bus_error *ret_error)
{
    struct zone *zone = userdata;
    struct entry *entry = steal_pointer(&zone->current);
    _cleanup_free_ char *name = steal_pointer(&zone->asked);
    const sd_bus_error *error = sd_bus_message_get_error(answer);

    (void)ret_error;
    zone->call = sd_bus_slot_unref(zone->call);
    if (error)
        fail(zone, entry, name, zone->removing, error);
    else
        succeed(zone, entry, steal_pointer(&name), zone->removing);
    enqueue(zone, entry);
    pump(zone);
    return 0;
}

static int ask(struct zone *zone, struct entry *entry)
{
    sd_bus *connection = system_bus_connection(zone->bus);
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
    _cleanup_free_ char *name = strdup(entry->wanted ? entry->wanted : entry->put);
    const char *method = entry->wanted ? "changeZoneOfInterface" : "removeInterface";
    int r;

    if (!name)
        return -ENOMEM;
    if (!connection)
        return -ENOTCONN;
    r = sd_bus_message_new_method_call(connection, &call, FIREWALLD, FIREWALLD_PATH, FIREWALLD ".zone", method);
    if (r >= 0)
        r = sd_bus_message_set_auto_start(call, false);
    if (r >= 0)
        r = sd_bus_message_append(call, "ss", name, entry->link);
    if (r >= 0)
        r = sd_bus_call_async(connection, &zone->call, call, on_answer, zone, ANSWER);
    if (r < 0)
        return r;
    zone->current = entry;
    zone->asked = steal_pointer(&name);
    zone->removing = !entry->wanted;
    return 0;
}

static void forget(struct zone *zone, struct entry *entry)
{
    (void)table_take(&zone->entries, entry->link, strlen(entry->link));
    entry_free(entry);
}

/* What is taken from the queue while there is no firewalld is put back when there is one. */
static void pump(struct zone *zone)
{
    while (zone->first && !zone->call && !zone->waiting) {
        struct entry *entry = dequeue(zone);
        int r;

        if (!entry->wanted && !entry->put) {
            forget(zone, entry);
            continue;
        }
        if (zone->presence != PRESENT || !needs_call(entry))
            continue;
        r = ask(zone, entry);
        if (r < 0 && r != -ENOTCONN) {
            if (!entry->wanted)
                free(steal_pointer(&entry->put));
            else
                refuse(zone, entry, entry->wanted, strerror(-r));
        }
    }
}

static int on_again(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct zone *zone = userdata;

    (void)source, (void)usec;
    zone->waiting = false;
    pump(zone);
    return 0;
}

static void come(struct zone *zone, bool fresh)
{
    zone->presence = PRESENT;
    zone->waiting = false;
    (void)sd_event_source_set_enabled(zone->again, SD_EVENT_OFF);
    renew_all(zone, fresh);
    pump(zone);
}

static int on_owner_changed(sd_bus_message *signal, void *userdata, sd_bus_error *error)
{
    struct zone *zone = userdata;
    const char *name, *before, *now;

    (void)error;
    if (sd_bus_message_read(signal, "sss", &name, &before, &now) < 0)
        return 0;
    if (*now)
        come(zone, true);
    else
        zone->presence = ABSENT;
    return 0;
}

static int on_reloaded(sd_bus_message *signal, void *userdata, sd_bus_error *error)
{
    (void)signal, (void)error;
    come(userdata, false);
    return 0;
}

static int on_owner(sd_bus_message *answer, void *userdata, sd_bus_error *error)
{
    struct zone *zone = userdata;

    (void)error;
    if (zone->presence != UNKNOWN)
        return 0;
    if (sd_bus_message_is_method_error(answer, NULL))
        zone->presence = ABSENT;
    else
        come(zone, false);
    return 0;
}

/* First watch, then look. These slots are the connection's own. */
static void on_connected(sd_bus *connection, void *userdata)
{
    struct zone *zone = userdata;
    int r = sd_bus_add_match_async(connection, NULL,
                                   "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',interface='org.freedesktop.DBus',"
                                   "member='NameOwnerChanged',arg0='" FIREWALLD "'",
                                   on_owner_changed, NULL, zone);

    if (r >= 0)
        r = sd_bus_match_signal_async(connection, NULL, FIREWALLD, FIREWALLD_PATH, FIREWALLD, "Reloaded", on_reloaded, NULL, zone);
    if (r >= 0)
        r = sd_bus_call_method_async(connection, NULL, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetNameOwner", on_owner, zone,
                                     "s", FIREWALLD);
    zone->presence = r < 0 ? ABSENT : UNKNOWN;
    if (r < 0)
        report_say(&zone->report, LOG_WARNING, NULL, "firewalld cannot be watched for: %s", strerror(-r));
}

static void on_lost(void *userdata)
{
    struct zone *zone = userdata;

    zone->presence = ABSENT;
    zone->call = sd_bus_slot_unref(zone->call);
    if (zone->current)
        enqueue(zone, steal_pointer(&zone->current));
    free(steal_pointer(&zone->asked));
}

static int add(struct zone *zone, const char *link, struct entry **ret)
{
    struct entry *entry = calloc(1, sizeof(*entry));
    int r;

    if (!entry)
        return -ENOMEM;
    strcpy(entry->link, link);
    r = table_put(&zone->entries, entry->link, strlen(link), entry);
    if (r < 0) {
        free(entry);
        return r;
    }
    *ret = entry;
    return 0;
}

int zone_set(struct zone *zone, const char *link, const char *name)
{
    struct entry *entry = table_get(&zone->entries, link, strlen(link));
    char *wanted;
    int r;

    if (!entry && !name)
        return 0;
    if (!entry) {
        r = add(zone, link, &entry);
        if (r < 0)
            return r;
    }
    if (!text_same(entry->wanted, name)) {
        wanted = name ? strdup(name) : NULL;
        if (name && !wanted)
            return -ENOMEM;
        free(entry->wanted);
        entry->wanted = wanted;
        entry->refused = entry->told = false;
    }
    enqueue(zone, entry);
    return 0;
}

void zone_renew(struct zone *zone, const char *link)
{
    struct entry *entry = table_get(&zone->entries, link, strlen(link));

    if (!entry || !entry->wanted)
        return;
    entry->renewed = entry->put;
    free(steal_pointer(&entry->put));
    enqueue(zone, entry);
}

int zone_drop(struct zone *zone, const char *link, const char *said)
{
    struct entry *entry = table_get(&zone->entries, link, strlen(link));
    int r;

    if (!entry && !said)
        return 0;
    if (!entry) {
        r = add(zone, link, &entry);
        if (r < 0)
            return r;
        entry->put = strdup(said);
    }
    free(steal_pointer(&entry->wanted));
    entry->refused = entry->told = false;
    enqueue(zone, entry);
    return 0;
}

const char *zone_next(const struct zone *zone, size_t *i)
{
    while (*i < zone->entries.n_slots) {
        const struct entry *entry = zone->entries.slots[(*i)++].value;

        if (entry)
            return entry->link;
    }
    return NULL;
}

void zone_apply(struct zone *zone)
{
    if (zone->first)
        (void)system_bus_connection(zone->bus);
    pump(zone);
}

bool zone_is_busy(const struct zone *zone)
{
    if (!zone->entries.n)
        return false;
    return zone->call || zone->presence == UNKNOWN || system_bus_is_connecting(zone->bus) || (zone->presence == PRESENT && zone->first);
}

int zone_new(sd_event *event, struct system_bus *bus, const struct report *report, struct zone **ret)
{
    _cleanup_(zone_freep) struct zone *zone = calloc(1, sizeof(*zone));
    int r;

    if (!zone)
        return -ENOMEM;
    zone->bus = bus;
    zone->report = *report;
    zone->last = &zone->first;
    r = sd_event_add_time(event, &zone->again, CLOCK_MONOTONIC, 0, ACCURACY, on_again, zone);
    if (r >= 0)
        r = sd_event_source_set_enabled(zone->again, SD_EVENT_OFF);
    if (r >= 0)
        r = system_bus_add_user(bus, &(struct system_bus_user){ .connected = on_connected, .lost = on_lost, .userdata = zone });
    if (r < 0)
        return r;
    *ret = steal_pointer(&zone);
    return 0;
}

struct zone *zone_free(struct zone *zone)
{
    if (!zone)
        return NULL;
    sd_bus_slot_unref(zone->call);
    sd_event_source_disable_unref(zone->again);
    for (size_t i = 0; i < zone->entries.n_slots; i++)
        if (zone->entries.slots[i].value)
            entry_free(zone->entries.slots[i].value);
    table_done(&zone->entries);
    free(zone->asked);
    free(zone);
    return NULL;
}
