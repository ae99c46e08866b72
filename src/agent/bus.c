/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's D-Bus objects, spoken directly over /run/tunneld/private, where root alone may connect. */
#include "agent/bus.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "agent/log.h"
#include "base/text.h"

enum { CONNECTIONS_MOST = 32 };

struct bus {
    sd_event *event;
    struct bus_callbacks callbacks;
    char *path;
    int fd;
    sd_event_source *source;
    sd_bus *connections[CONNECTIONS_MOST]; /* NULL: free */
};

static int method_reload(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    struct bus *bus = userdata;
    struct outcome outcome = { 0 };
    int r = bus->callbacks.reload(&outcome, bus->callbacks.userdata);

    if (r < 0)
        r = sd_bus_error_setf(error, "io.tunneld.Error.Failed", "%s", strerror(-r));
    else if (!outcome.well)
        r = sd_bus_error_set(error, "io.tunneld.Error.NotAsWanted", outcome.summary);
    else
        r = sd_bus_reply_method_return(call, NULL);
    outcome_done(&outcome);
    return r;
}

static int append_tunnel(sd_bus_message *reply, const struct remembered *tunnel)
{
    return sd_bus_message_append(reply, "(sssss)", tunnel->name, kind_info(tunnel->kind)->name, state_name(tunnel->state), tunnel->reason ? tunnel->reason : "",
                                 tunnel->source ? tunnel->source : "");
}

static int method_list_tunnels(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    struct bus *bus = userdata;
    const struct memory *memory = bus->callbacks.memory(bus->callbacks.userdata);
    const struct remembered *tunnel;
    sd_bus_message *reply = NULL;
    int r = sd_bus_message_new_method_return(call, &reply);

    (void)error;
    if (r >= 0)
        r = sd_bus_message_open_container(reply, 'a', "(sssss)");
    for (size_t i = 0; r >= 0 && (tunnel = memory_get(memory, i)); i++)
        r = append_tunnel(reply, tunnel);
    if (r >= 0)
        r = sd_bus_message_close_container(reply);
    if (r >= 0)
        r = sd_bus_send(NULL, reply, NULL);
    sd_bus_message_unref(reply);
    return r;
}

static int property_version(sd_bus *connection, const char *path, const char *interface, const char *property, sd_bus_message *reply, void *userdata,
                            sd_bus_error *error)
{
    (void)connection, (void)path, (void)interface, (void)property, (void)userdata, (void)error;
    return sd_bus_message_append(reply, "s", PACKAGE_VERSION);
}

static const sd_bus_vtable manager_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("Version", "s", property_version, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    /* access is the socket's: only root can connect */
    SD_BUS_METHOD_WITH_ARGS("Reload", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, method_reload, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("ListTunnels", SD_BUS_NO_ARGS, SD_BUS_RESULT("a(sssss)", tunnels), method_list_tunnels, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct bus *bus = userdata;
    sd_bus *connection = sd_bus_message_get_bus(message);

    (void)error;
    for (size_t i = 0; i < CONNECTIONS_MOST; i++)
        if (bus->connections[i] == connection) {
            bus->connections[i] = NULL;
            sd_bus_close_unref(connection);
            break;
        }
    return 0;
}

static int serve(struct bus *bus, sd_bus *connection, int fd)
{
    sd_id128_t id;
    int r = sd_id128_randomize(&id);

    if (r >= 0)
        r = sd_bus_set_fd(connection, fd, fd);
    if (r < 0) {
        close(fd); /* not yet the connection's */
        return r;
    }
    /* else the end of the loop would flush, and so wait for a client that never speaks */
    r = sd_bus_set_close_on_exit(connection, false);
    if (r >= 0)
        r = sd_bus_set_server(connection, 1, id);
    if (r >= 0)
        r = sd_bus_start(connection);
    if (r >= 0)
        r = sd_bus_add_object_vtable(connection, NULL, "/io/tunneld", "io.tunneld.Manager", manager_vtable, bus);
    if (r >= 0)
        r = sd_bus_match_signal_async(connection, NULL, "org.freedesktop.DBus.Local", "/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local",
                                      "Disconnected", on_disconnected, NULL, bus);
    if (r >= 0)
        r = sd_bus_attach_event(connection, bus->event, 0);
    return r;
}

static int accept_connection(struct bus *bus, int fd)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);
    sd_bus **free_place = NULL;
    int r;

    for (size_t i = 0; i < CONNECTIONS_MOST && !free_place; i++)
        if (!bus->connections[i])
            free_place = &bus->connections[i];
    if (!free_place || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 || (peer.uid != 0 && peer.uid != geteuid())) {
        close(fd);
        return free_place ? -EPERM : -EMFILE;
    }
    r = sd_bus_new(free_place);
    if (r < 0) {
        close(fd);
        return r;
    }
    r = serve(bus, *free_place, fd);
    if (r < 0)
        *free_place = sd_bus_close_unref(*free_place);
    return r;
}

static int on_connection(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
    int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), r;

    (void)source, (void)events;
    if (peer < 0)
        return 0; /* it went away */
    r = accept_connection(userdata, peer);
    if (r < 0)
        log_message(LOG_WARNING, "a connection to the control socket was not accepted: %s", strerror(-r));
    return 0;
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd, r = 0;
    mode_t mask;

    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    (void)unlink(path); /* of a daemon that is gone: the lock says that there is no other */
    mask = umask(0177);
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, CONNECTIONS_MOST) < 0)
        r = -errno;
    umask(mask);
    if (r < 0)
        close(fd);
    return r < 0 ? r : fd;
}

int bus_new(sd_event *event, const char *path, struct system_bus *system_bus, const struct bus_callbacks *callbacks, struct bus **ret)
{
    _cleanup_(bus_freep) struct bus *bus = calloc(1, sizeof(*bus));
    int r;

    (void)system_bus;
    if (!bus)
        return -ENOMEM;
    bus->fd = -1;
    bus->event = sd_event_ref(event);
    bus->callbacks = *callbacks;
    bus->path = strdup(path);
    if (!bus->path)
        return -ENOMEM;
    bus->fd = listen_at(path);
    if (bus->fd < 0)
        return bus->fd;
    r = sd_event_add_io(event, &bus->source, bus->fd, EPOLLIN, on_connection, bus);
    if (r < 0)
        return r;
    *ret = steal_pointer(&bus);
    return 0;
}

struct bus *bus_free(struct bus *bus)
{
    if (!bus)
        return NULL;
    for (size_t i = 0; i < CONNECTIONS_MOST; i++)
        sd_bus_close_unref(bus->connections[i]); /* without a flush: a client that does not read must not hold us up */
    sd_event_source_disable_unref(bus->source);
    if (bus->fd >= 0) {
        close(bus->fd);
        (void)unlink(bus->path);
    }
    sd_event_unref(bus->event);
    free(bus->path);
    free(bus);
    return NULL;
}

void bus_changed(struct bus *bus, const char *name, const char *why)
{
    (void)bus, (void)name, (void)why;
}

void bus_news(struct bus *bus, const struct remembered *was, const struct remembered *now)
{
    (void)bus, (void)was, (void)now;
}

void bus_passed(struct bus *bus)
{
    (void)bus;
}
