/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "service/system-bus.h"

#include <errno.h>
#include <stdint.h>

enum {
    USERS_MOST = 4,
    RETRY_FIRST = 1000 * 1000,     /* us */
    RETRY_MOST = 60 * 1000 * 1000, /* us */
    ACCURACY = 100 * 1000,         /* us */
};

struct system_bus {
    sd_event *event;
    sd_bus *connection; /* NULL: none */
    bool ready;         /* the bus has let us in */
    bool waiting;       /* for the next try */
    uint64_t wait;      /* us until the try after that */
    sd_event_source *retry;
    struct system_bus_user users[USERS_MOST];
    size_t n_users;
};

static void lose(struct system_bus *bus)
{
    bus->ready = false;
    bus->waiting = true;
    (void)sd_event_source_set_time_relative(bus->retry, bus->wait);
    (void)sd_event_source_set_enabled(bus->retry, SD_EVENT_ONESHOT);
    bus->wait = bus->wait * 2 < RETRY_MOST ? bus->wait * 2 : RETRY_MOST;
    for (size_t i = 0; i < bus->n_users; i++)
        bus->users[i].lost(bus->users[i].userdata);
    bus->connection = sd_bus_close_unref(bus->connection);
}

static int on_connected(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct system_bus *bus = userdata;

    (void)message, (void)error;
    bus->ready = true;
    bus->wait = RETRY_FIRST;
    for (size_t i = 0; i < bus->n_users; i++)
        bus->users[i].connected(bus->connection, bus->users[i].userdata);
    return 0;
}

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct system_bus *bus = userdata;

    (void)error;
    if (bus->connection == sd_bus_message_get_bus(message))
        lose(bus);
    return 0;
}

static int match_local(struct system_bus *bus, const char *signal, sd_bus_message_handler_t callback)
{
    return sd_bus_match_signal_async(bus->connection, NULL, "org.freedesktop.DBus.Local", "/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local", signal,
                                     callback, NULL, bus);
}

/* What sd_bus_open_system does, but with the signal that says when the bus has let us in. */
static int connect_to_bus(struct system_bus *bus)
{
    int r = sd_bus_new(&bus->connection);

    if (r >= 0)
        r = sd_bus_set_address(bus->connection, "unix:path=/run/dbus/system_bus_socket");
    if (r >= 0)
        r = sd_bus_set_bus_client(bus->connection, true);
    if (r >= 0)
        r = sd_bus_set_connected_signal(bus->connection, true);
    if (r >= 0) /* else the end of the loop would flush, and so wait for a bus that hangs */
        r = sd_bus_set_close_on_exit(bus->connection, false);
    if (r >= 0)
        r = match_local(bus, "Connected", on_connected);
    if (r >= 0)
        r = match_local(bus, "Disconnected", on_disconnected);
    if (r >= 0)
        r = sd_bus_start(bus->connection);
    return r < 0 ? r : sd_bus_attach_event(bus->connection, bus->event, SD_EVENT_PRIORITY_NORMAL);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct system_bus *bus = userdata;

    (void)source, (void)usec;
    bus->waiting = false;
    (void)system_bus_connection(bus);
    return 0;
}

sd_bus *system_bus_connection(struct system_bus *bus)
{
    if (!bus->connection && !bus->waiting && connect_to_bus(bus) < 0)
        lose(bus);
    return bus->ready ? bus->connection : NULL;
}

bool system_bus_is_connecting(const struct system_bus *bus)
{
    return bus->connection && !bus->ready;
}

int system_bus_add_user(struct system_bus *bus, const struct system_bus_user *user)
{
    if (bus->n_users == USERS_MOST)
        return -ENOBUFS;
    bus->users[bus->n_users++] = *user;
    return 0;
}

int system_bus_new(sd_event *event, struct system_bus **ret)
{
    _cleanup_(system_bus_freep) struct system_bus *bus = calloc(1, sizeof(*bus));
    int r;

    if (!bus)
        return -ENOMEM;
    bus->event = sd_event_ref(event);
    bus->wait = RETRY_FIRST;
    r = sd_event_add_time(event, &bus->retry, CLOCK_MONOTONIC, 0, ACCURACY, on_retry, bus);
    if (r >= 0)
        r = sd_event_source_set_enabled(bus->retry, SD_EVENT_OFF);
    if (r < 0)
        return r;
    *ret = steal_pointer(&bus);
    return 0;
}

struct system_bus *system_bus_free(struct system_bus *bus)
{
    if (!bus)
        return NULL;
    sd_bus_close_unref(bus->connection); /* without a flush: a bus that hangs must not hold us up */
    sd_event_source_disable_unref(bus->retry);
    sd_event_unref(bus->event);
    free(bus);
    return NULL;
}
