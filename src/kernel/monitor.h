/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel tells by itself: links that come, change and go, addresses, rules, routes and neighbours that somebody
 * added or removed. On a socket of its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"
#include "model/address.h"

struct monitor;

enum monitor_event {
    MONITOR_UP,        /* the link is up, and was not: what is on it may have to be put back */
    MONITOR_LINK,      /* the link is new, or something of it is not as it was */
    MONITOR_DOWN,      /* the link is there, but not up any more */
    MONITOR_GONE,      /* the link is no more */
    MONITOR_ADDRESS,   /* the link has a new address, or one of its addresses changed */
    MONITOR_UNADDRESS, /* the link lost an address, or, where it has no name, is no more */
    MONITOR_NEIGHBOUR, /* a neighbour of ours on the link was changed or removed */
    MONITOR_RULE,      /* a rule of ours is gone */
    MONITOR_ROUTE,     /* a route of ours is gone that led over the link, which is up, or over none */
    MONITOR_WAY,       /* a route that is not ours came or went: it may have taken the place of one, or lead to a peer */
    MONITOR_LOST,      /* events were lost: anything may have happened */
};

struct heard {
    enum monitor_event event;
    const char *name;  /* of the link; NULL: it is about none */
    int ifindex;       /* of it; 0: not told */
    uint32_t mtu;      /* of it in bytes; 0: not told */
    bool created;      /* MONITOR_LINK: it is new */
    bool marked;       /* MONITOR_LINK: it is in our group */
    bool ours;         /* of an address: it carries our protocol number */
    struct address to; /* MONITOR_WAY: where the route leads; of an address: its network, or its peer's. Family and bytes */
    uint8_t prefix;
    struct address local; /* MONITOR_ADDRESS, MONITOR_UNADDRESS: the address itself */
    uint32_t who;         /* netlink port of whoever did it, most often the process's number; 0: the kernel does not say */
};

/* Texts in it live as long as the call. */
typedef void (*monitor_fn)(const struct heard *heard, void *userdata);

int monitor_open(struct monitor **ret);
struct monitor *monitor_close(struct monitor *monitor);
DEFINE_CLEANUP(struct monitor *, monitor_close)

/* To poll for reading. */
int monitor_fd(const struct monitor *monitor);

/* Not to listen for a while: what the kernel need not tell costs it, and the listener, nothing. What happens meanwhile is lost. */
void monitor_pause(struct monitor *monitor);
int monitor_resume(struct monitor *monitor);

/* Calls each for what has come, without waiting. most: datagrams, so that a storm does not keep the caller; 0: all. */
void monitor_read(struct monitor *monitor, unsigned most, monitor_fn each, void *userdata);

/* Calls each for what is in one datagram, aligned as messages are. fd: any socket, to ask for the names of links. */
void monitor_hear(int fd, const void *datagram, size_t size, monitor_fn each, void *userdata);
