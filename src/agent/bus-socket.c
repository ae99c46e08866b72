/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/bus-socket.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/log.h"

enum { BACKLOG = 32 };

struct bus_socket {
    bus_socket_client_t client;
    void *userdata;
    char *path;
    int fd;
    sd_event_source *source;
};

static bool is_root(int fd)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == 0 || peer.uid == geteuid());
}

static int set_up(sd_bus *connection, int fd)
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
    return r < 0 ? r : sd_bus_set_server(connection, 1, id);
}

static int serve(struct bus_socket *socket, int fd)
{
    _cleanup_(sd_bus_close_unrefp) sd_bus *connection = NULL;
    int r = is_root(fd) ? sd_bus_new(&connection) : -EPERM;

    if (r < 0) {
        close(fd);
        return r;
    }
    r = set_up(connection, fd);
    if (r >= 0)
        r = socket->client(connection, socket->userdata);
    if (r >= 0)
        connection = NULL;
    return r;
}

static int on_connection(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
    int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), r;

    (void)source, (void)events;
    if (peer < 0)
        return 0; /* it went away */
    r = serve(userdata, peer);
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
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, BACKLOG) < 0)
        r = -errno;
    umask(mask);
    if (r < 0)
        close(fd);
    return r < 0 ? r : fd;
}

int bus_socket_new(sd_event *event, const char *path, bus_socket_client_t client, void *userdata, struct bus_socket **ret)
{
    _cleanup_(bus_socket_freep) struct bus_socket *socket = calloc(1, sizeof(*socket));
    int r;

    if (!socket)
        return -ENOMEM;
    socket->client = client;
    socket->userdata = userdata;
    socket->fd = -1;
    socket->path = strdup(path);
    if (!socket->path)
        return -ENOMEM;
    socket->fd = listen_at(path);
    if (socket->fd < 0)
        return socket->fd;
    r = sd_event_add_io(event, &socket->source, socket->fd, EPOLLIN, on_connection, socket);
    if (r < 0)
        return r;
    *ret = steal_pointer(&socket);
    return 0;
}

struct bus_socket *bus_socket_free(struct bus_socket *socket)
{
    if (!socket)
        return NULL;
    sd_event_source_disable_unref(socket->source);
    if (socket->fd >= 0) {
        close(socket->fd);
        (void)unlink(socket->path);
    }
    free(socket->path);
    free(socket);
    return NULL;
}
