/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ties the objects to those who are connected, and sends them the signals. */
#include "agent/bus.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/bus-manager.h"
#include "agent/bus-socket.h"
#include "agent/bus-tunnel.h"
#include "agent/bus-view.h"
#include "agent/log.h"
#include "base/text.h"

struct bus {
    sd_event *event;
    struct objects objects;
    struct bus_socket *socket;
    sd_bus *system; /* NULL: none */
};

/* ---- the objects ---- */

static int on_idle(sd_event_source *source, void *userdata)
{
    (void)source;
    view_forget(userdata);
    return 0;
}

static int objects_init(struct objects *objects, sd_event *event, const struct bus_callbacks *callbacks)
{
    int r = sd_event_add_defer(event, &objects->forget, on_idle, objects);

    objects->callbacks = *callbacks;
    objects->told.state = "starting";
    if (r >= 0)
        r = sd_event_source_set_enabled(objects->forget, SD_EVENT_OFF);
    return r < 0 ? r : authority_new(&objects->authority);
}

/* Shows them on a connection; they go with it. */
static int objects_add(struct objects *objects, sd_bus *connection)
{
    int r = manager_add(objects, connection);

    return r < 0 ? r : tunnels_add(objects, connection);
}

static void objects_done(struct objects *objects)
{
    authority_free(objects->authority);
    view_forget(objects);
    sd_event_source_disable_unref(objects->forget);
    scope_done(&objects->changing);
    connections_done(&objects->connections);
}

/* ---- those who are connected ---- */

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct bus *bus = userdata;

    (void)error;
    connections_remove(&bus->objects.connections, sd_bus_message_get_bus(message));
    return 0;
}

static int on_hello(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    (void)userdata, (void)error;
    return sd_bus_reply_method_return(call, "s", ":1.0");
}

/* With the one word of a bus with which clients begin that take every socket for one, busctl among them. */
static const sd_bus_vtable hello_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD_WITH_ARGS("Hello", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", name), on_hello, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

/* sd-bus asks for 8 MiB, in which the kernel would keep what a client does not read. */
static void limit_buffer(sd_bus *connection)
{
    const int size = 128 * 1024; /* bytes */

    (void)setsockopt(sd_bus_get_fd(connection), SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

static int process_more(sd_event_source *source, void *userdata)
{
    (void)source;
    (void)sd_bus_process(userdata, NULL);
    return 0;
}

static void let_go(void *userdata)
{
    sd_bus_unref(userdata);
}

/* A call that came along with the last word of the authentication lies in a buffer, and sd-bus (252) waits for one more to come
 * before it looks there. */
static int on_authenticated(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct bus *bus = userdata;
    sd_bus *connection = sd_bus_message_get_bus(message);
    sd_event_source *source = NULL;
    int r = sd_event_add_defer(bus->event, &source, process_more, connection);

    (void)error;
    if (r >= 0)
        r = sd_event_source_set_destroy_callback(source, let_go);
    if (r >= 0) {
        sd_bus_ref(connection);
        r = sd_event_source_set_floating(source, true);
    }
    sd_event_source_unref(source);
    return r < 0 ? r : 0;
}

static int match_local(struct bus *bus, sd_bus *connection, const char *signal, sd_bus_message_handler_t callback)
{
    return sd_bus_match_signal_async(connection, NULL, "org.freedesktop.DBus.Local", "/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local", signal,
                                     callback, NULL, bus);
}

static int on_client(sd_bus *connection, void *userdata)
{
    struct bus *bus = userdata;
    int r = connections_add(&bus->objects.connections, connection, true);

    if (r < 0)
        return r;
    r = objects_add(&bus->objects, connection);
    if (r >= 0)
        r = sd_bus_add_object_vtable(connection, NULL, "/org/freedesktop/DBus", "org.freedesktop.DBus", hello_vtable, bus);
    if (r >= 0)
        r = match_local(bus, connection, "Disconnected", on_disconnected);
    if (r >= 0)
        r = match_local(bus, connection, "Connected", on_authenticated);
    if (r >= 0)
        r = sd_bus_set_connected_signal(connection, true);
    if (r >= 0)
        r = sd_bus_start(connection);
    if (r >= 0) {
        limit_buffer(connection);
        r = sd_bus_attach_event(connection, bus->event, SD_EVENT_PRIORITY_NORMAL);
    }
    if (r < 0) { /* it stays the caller's */
        sd_bus_ref(connection);
        connections_remove(&bus->objects.connections, connection);
    }
    return r;
}

static int on_name(sd_bus_message *answer, void *userdata, sd_bus_error *ret_error)
{
    const sd_bus_error *error = sd_bus_message_get_error(answer);

    (void)userdata, (void)ret_error;
    if (error && !sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY))
        log_message(LOG_WARNING, "the system bus does not give us the name %s: %s", BUS_NAME, error->message ? error->message : error->name);
    return 0;
}

static void on_connected(sd_bus *connection, void *userdata)
{
    struct bus *bus = userdata;
    int r = connections_add(&bus->objects.connections, connection, false);

    bus->system = connection;
    if (r >= 0)
        r = objects_add(&bus->objects, connection);
    if (r >= 0) /* one that was killed may have it for a moment yet */
        r = sd_bus_request_name_async(connection, NULL, BUS_NAME, SD_BUS_NAME_QUEUE, on_name, bus);
    if (r < 0)
        log_message(LOG_WARNING, "the system bus cannot be used: %s", strerror(-r));
}

static void on_lost(void *userdata)
{
    struct bus *bus = userdata;

    authority_lost(bus->objects.authority);
    view_forget(&bus->objects);
    connections_remove(&bus->objects.connections, bus->system);
    bus->system = NULL;
}

static int join(struct bus *bus, struct system_bus *system_bus)
{
    int r = system_bus_add_user(system_bus, &(struct system_bus_user){ .connected = on_connected, .lost = on_lost, .userdata = bus });

    if (r >= 0)
        (void)system_bus_connection(system_bus);
    return r;
}

int bus_new(sd_event *event, const char *path, struct system_bus *system_bus, const struct bus_callbacks *callbacks, struct bus **ret)
{
    _cleanup_(bus_freep) struct bus *bus = calloc(1, sizeof(*bus));
    int r;

    if (!bus)
        return -ENOMEM;
    bus->event = sd_event_ref(event);
    r = objects_init(&bus->objects, event, callbacks);
    if (r >= 0)
        r = bus_socket_new(event, path, on_client, bus, &bus->socket);
    if (r >= 0 && system_bus)
        r = join(bus, system_bus);
    if (r < 0)
        return r;
    *ret = steal_pointer(&bus);
    return 0;
}

struct bus *bus_free(struct bus *bus)
{
    if (!bus)
        return NULL;
    bus_socket_free(bus->socket);
    objects_done(&bus->objects);
    sd_event_unref(bus->event);
    free(bus);
    return NULL;
}

/* ---- signals ---- */

static void send_tunnel(struct bus *bus, const char *signal, const char *name)
{
    _cleanup_free_ char *path = NULL;
    sd_bus *connection;

    for (size_t i = 0; (connection = connections_next(&bus->objects.connections, &i));) {
        if (!path)
            path = tunnel_path(name);
        if (path)
            (void)sd_bus_emit_signal(connection, MANAGER_PATH, MANAGER_INTERFACE, signal, "so", name, path);
    }
}

void bus_changed(struct bus *bus, const char *name, const char *why)
{
    _cleanup_free_ char *path = NULL, *escaped = NULL;
    sd_bus *connection;

    for (size_t i = 0; (connection = connections_next(&bus->objects.connections, &i));) {
        if (!path) {
            path = *name ? tunnel_path(name) : strdup("/");
            escaped = text_escape(why);
        }
        if (path && escaped)
            (void)sd_bus_emit_signal(connection, MANAGER_PATH, MANAGER_INTERFACE, "TunnelChanged", "sos", name, path, escaped);
    }
}

static unsigned differences(const struct remembered *was, const struct remembered *now)
{
    unsigned which = 0;

    which |= was->kind != now->kind ? TUNNEL_KIND : 0;
    which |= !text_same(was->source, now->source) ? TUNNEL_FILE : 0;
    which |= was->state != now->state ? TUNNEL_STATE : 0;
    which |= was->code != now->code ? TUNNEL_REASON : 0;
    which |= !text_same(was->reason, now->reason) ? TUNNEL_MESSAGE : 0;
    which |= was->error != now->error ? TUNNEL_ERRNO : 0;
    which |= was->since != now->since ? TUNNEL_SINCE : 0;
    return which;
}

void bus_news(struct bus *bus, const struct remembered *was, const struct remembered *now)
{
    unsigned which;

    if (!was || !now) {
        send_tunnel(bus, was ? "TunnelRemoved" : "TunnelNew", was ? was->name : now->name);
        return;
    }
    which = differences(was, now);
    if (which)
        tunnel_tell(&bus->objects, now, which);
}

/* Who was told that one is changing may keep that in mind, and would do so for ever if then nothing is another than before. */
static void tell_settled(struct objects *objects)
{
    const struct bus_callbacks *callbacks = &objects->callbacks;
    struct scope told = objects->changing;

    objects->changing = (struct scope){ 0 };
    for (size_t i = 0; i < told.n; i++) {
        const char *name = told.names[i];
        const struct remembered *now = memory_find(callbacks->memory(callbacks->userdata), name);

        if (now && callbacks->is_changing(name, callbacks->userdata))
            (void)scope_add(&objects->changing, name);
        else if (now)
            tunnel_tell(objects, now, TUNNEL_STATE | TUNNEL_REASON | TUNNEL_MESSAGE | TUNNEL_ERRNO);
    }
    scope_done(&told);
}

void bus_passed(struct bus *bus)
{
    struct objects *objects = &bus->objects;
    struct summary now, was = objects->told;
    sd_bus *connection;

    objects->passed = true;
    tell_settled(objects);
    if (objects->was_changing)
        was = (struct summary){ 0 };
    objects->was_changing = objects->was_changing && objects->callbacks.is_changing("", objects->callbacks.userdata);
    now = manager_summary(objects, false);
    if (!summary_equal(&was, &now))
        for (size_t i = 0; (connection = connections_next(&objects->connections, &i));)
            manager_tell(connection, &was, &now);
    objects->told = now;
    connections_drop_stuck(&objects->connections);
}
