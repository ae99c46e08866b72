/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel tells by itself: links that come, change and go, addresses, rules, routes and neighbours that somebody
 * added or removed. On a socket of its own. */
#pragma once

#include <stdint.h>

#include "base/macro.h"

struct monitor;

enum monitor_event {
    MONITOR_UP,        /* the link NAME is up, and was not: what is on it may have to be put back */
    MONITOR_LINK,      /* the link NAME is new, or something of it is not as it was */
    MONITOR_GONE,      /* the link NAME is no more, or has another name now */
    MONITOR_ADDRESS,   /* the link NAME has a new address: what waited may be reachable */
    MONITOR_UNADDRESS, /* the link NAME lost an address */
    MONITOR_NEIGHBOUR, /* a neighbour of ours on the link NAME was changed or removed */
    MONITOR_RULE,      /* a rule of ours is gone */
    MONITOR_ROUTE,     /* a route of ours is gone, or was replaced, that led over the link NAME, which is up, or over none */
    MONITOR_WAY,       /* a route that is not ours came or went: peers may be reached in another way */
    MONITOR_LOST,      /* events were lost: anything may have happened */
};

/* name is NULL for MONITOR_RULE, MONITOR_WAY and MONITOR_LOST, and for MONITOR_ROUTE of a route that leads over no link.
 * who: netlink port of whoever did it, which is most often the process's number; 0: the kernel does not say. */
typedef void (*monitor_fn)(enum monitor_event event, const char *name, uint32_t who, void *userdata);

int monitor_open(struct monitor **ret);
struct monitor *monitor_close(struct monitor *monitor);
DEFINE_CLEANUP(struct monitor *, monitor_close)

/* To poll for reading. */
int monitor_fd(const struct monitor *monitor);

/* Calls each for what has come, without waiting. most: datagrams, so that a storm does not keep the caller; 0: all. */
void monitor_read(struct monitor *monitor, unsigned most, monitor_fn each, void *userdata);
