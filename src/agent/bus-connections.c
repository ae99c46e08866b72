/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a connection does not take at once sd-bus keeps in a queue, and would do so without end. */
#include "agent/bus-connections.h"

#include <errno.h>
#include <time.h>

#include "agent/log.h"

enum {
    QUEUED_MOST = 65536,            /* messages, of some 300 bytes: what one pass over 10,000 tunnels may tell */
    QUEUED_LONG = 1024,             /* of which something must be read within */
    READ_WITHIN = 10 * 1000 * 1000, /* us */
    UNREAD_MOST = 256,              /* calls while answers wait */
};

static uint64_t queued(const struct connection *connection)
{
    uint64_t n;

    return sd_bus_get_n_queued_write(connection->bus, &n) < 0 ? 0 : n;
}

static void drop(struct connection *connection)
{
    if (connection->client)
        sd_bus_close_unref(connection->bus);
    *connection = (struct connection){ 0 };
}

static void drop_unread(struct connection *connection)
{
    log_message(LOG_WARNING, "a client of the control socket does not read, and is dropped");
    drop(connection);
}

static struct connection *find(struct connections *connections, sd_bus *bus)
{
    for (size_t i = 0; bus && i <= CONNECTIONS_MOST; i++)
        if (connections->items[i].bus == bus)
            return &connections->items[i];
    return NULL;
}

/* Sees each message that comes in before anything answers it. */
static int on_message(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct connection *connection = find(userdata, sd_bus_message_get_bus(message));
    uint8_t type;

    (void)error;
    if (!connection || sd_bus_message_get_type(message, &type) < 0 || type != SD_BUS_MESSAGE_METHOD_CALL)
        return 0;
    connection->offered++;
    connection->n_unread = queued(connection) ? connection->n_unread + 1 : 0;
    if (connection->n_unread <= UNREAD_MOST && queued(connection) <= QUEUED_MOST)
        return 0;
    drop_unread(connection);
    return 1;
}

static int add(struct connections *connections, struct connection *place, sd_bus *bus, bool client)
{
    int r = client ? sd_bus_add_filter(bus, NULL, on_message, connections) : 0;

    if (r < 0)
        return r;
    *place = (struct connection){ .bus = bus, .client = client };
    return 0;
}

int connections_add(struct connections *connections, sd_bus *bus, bool client)
{
    size_t first = client; /* the first place is the system bus's */

    for (size_t i = first; i <= (client ? CONNECTIONS_MOST : 0); i++)
        if (!connections->items[i].bus)
            return add(connections, &connections->items[i], bus, client);
    return -EMFILE;
}

void connections_remove(struct connections *connections, sd_bus *bus)
{
    struct connection *connection = find(connections, bus);

    if (connection)
        drop(connection);
}

/* Without a flush: a client that does not read must not hold us up. */
void connections_done(struct connections *connections)
{
    for (size_t i = 0; i <= CONNECTIONS_MOST; i++)
        if (connections->items[i].bus)
            drop(&connections->items[i]);
}

static bool takes_signals(struct connection *connection)
{
    if (!connection->bus || sd_bus_is_ready(connection->bus) <= 0)
        return false;
    if (queued(connection) < QUEUED_MOST) {
        connection->offered++;
        return true;
    }
    if (connection->client) /* a bus that hangs loses only signals */
        drop_unread(connection);
    return false;
}

sd_bus *connections_next(struct connections *connections, size_t *i)
{
    while (*i <= CONNECTIONS_MOST) {
        struct connection *connection = &connections->items[(*i)++];

        if (takes_signals(connection))
            return connection->bus;
    }
    return NULL;
}

static bool is_stuck(struct connection *connection, uint64_t now)
{
    uint64_t n = queued(connection), written = connection->offered > n ? connection->offered - n : 0;

    if (n <= QUEUED_LONG || written != connection->written || !connection->read_at) {
        connection->written = written;
        connection->read_at = now;
        return false;
    }
    return now - connection->read_at > READ_WITHIN;
}

void connections_drop_stuck(struct connections *connections)
{
    struct timespec time;
    uint64_t now;

    clock_gettime(CLOCK_MONOTONIC, &time);
    now = (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
    for (size_t i = 1; i <= CONNECTIONS_MOST; i++)
        if (connections->items[i].bus && is_stuck(&connections->items[i], now))
            drop_unread(&connections->items[i]);
}
