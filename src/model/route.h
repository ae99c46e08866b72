/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A route, with the words of ip-route(8): as a file wants it, or as the kernel has it. */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/address.h"

struct hop {
    struct address via;    /* AF_UNSPEC: straight on; may be of the other family */
    char device[IFNAMSIZ]; /* "": none is said (wanted), or it is gone (actual) */
    int index;             /* of the device; wanted: filled in by kernel/apply */
    uint16_t weight;       /* 1..256, among several */
    bool onlink;
};

enum { HOPS_MOST = 64, METRIC_MAX = 18 };

/* What few routes say; all zeroes is nothing. */
struct route_more {
    struct address from;   /* of IPv6; of meaning with from_prefix */
    struct address source; /* AF_UNSPEC: none */
    uint32_t realms;       /* of the source << 16 | of the destination */

    /* RTAX_* of linux/rtnetlink.h by number, in its units */
    uint32_t mask; /* 1 << RTAX_*: those that are said */
    uint32_t lock; /* 1 << RTAX_*: those that path MTU discovery must not change */
    uint32_t values[METRIC_MAX];
    char congestion[16]; /* RTAX_CC_ALGO */
};

struct route {
    uint8_t family;
    uint8_t type;  /* RTN_* */
    uint8_t scope; /* RT_SCOPE_* */
    uint8_t tos;
    uint8_t prefix, from_prefix;
    uint8_t preference;          /* RFC 4191, 2.1: 0 medium, 1 high, 3 low */
    bool ours;                   /* actual: it carries our protocol number */
    bool says_table, says_scope; /* wanted: to be told even if it is what others have that say none */
    uint16_t n_hops;             /* none for blackhole and its like */
    uint32_t table;
    uint32_t metric; /* 0: the family's default */
    struct address to;
    struct hop *hops;
    struct route_more *more; /* NULL: it says no more; see route_more */

    const char *file; /* wanted: where it is said, borrowed; actual: NULL */
    unsigned line, column;
};

/* A unicast one to everywhere in the main table. */
struct route route_init(uint8_t family);
void route_done(struct route *route);

/* -ENOMEM. */
int route_add_hop(struct route *route, const struct hop *hop);
struct route_more *route_need_more(struct route *route); /* NULL when out of memory */

/* To be read only; all zeroes where it says no more. */
const struct route_more *route_more(const struct route *route);

/* Says one of its RTAX_* as the kernel keeps it. -ENOMEM. */
int route_set_metric(struct route *route, unsigned number, uint32_t value);

/* The scope that it has where none is said. */
uint8_t route_usual_scope(const struct route *route);

/* What must not be twice in one kernel (net/ipv4/fib_trie.c fib_table_insert, net/ipv6/ip6_fib.c). */
struct route_key {
    uint8_t family, prefix, from_prefix, tos;
    uint32_t table, metric;
    uint8_t to[16], from[16];
};
struct route_key route_key(const struct route *route); /* comparable by its bytes */

/* Does the actual one do what the wanted one says? A hop without a device may have any. */
bool route_equal(const struct route *wanted, const struct route *actual);

/* Does it go through this device and nowhere else? */
bool route_is_on(const struct route *route, const char *device);

struct routes {
    struct route *items;
    size_t n;
};

/* Takes it over, also if it fails: -ENOMEM. */
int routes_add(struct routes *routes, struct route *route);
void routes_done(struct routes *routes);
