/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is connected: the system bus, and the clients of the private socket. A client that does not read what it is sent is
 * dropped before it costs memory. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

enum { CONNECTIONS_MOST = 32 };

struct connection {
    sd_bus *bus;       /* NULL: free */
    bool client;       /* of the private socket, which is ours to end */
    uint64_t offered;  /* messages that were sent, or had to be answered */
    uint64_t written;  /* of them, when it was last seen to read; */
    uint64_t read_at;  /* CLOCK_MONOTONIC in us */
    unsigned n_unread; /* calls since nothing waited to be read */
};

/* All zeroes is none. */
struct connections {
    struct connection items[CONNECTIONS_MOST + 1];
};

/* A client's reference is taken over; the system bus is borrowed. -EMFILE: too many. */
int connections_add(struct connections *connections, sd_bus *bus, bool client);
void connections_remove(struct connections *connections, sd_bus *bus);
void connections_done(struct connections *connections);

/* Of those that are ready to be sent signals, one after the other; NULL behind the last. */
sd_bus *connections_next(struct connections *connections, size_t *i);

/* Now and then. */
void connections_drop_stuck(struct connections *connections);
