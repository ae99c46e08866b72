/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares prefixes. What rules lead into other tables is the kernel's business. */
#include "plan/ways.h"

#include <linux/rtnetlink.h>

enum {
    ADDRESS_METRIC = 256, /* of the route that comes with an IPv6 address (net/ipv6/addrconf.c, IP6_RT_PRIO_ADDRCONF) */
    NETWORK_LEAST = 8,    /* bits: no network on a cable is wider */
    NETWORK_LEAST6 = 32,
};

/* One bound to a device sends over that whatever the routes say. */
static bool finds_its_way(const struct tunnel *wanted)
{
    return wanted->up && !*wanted->lower && address_is_set(&wanted->remote) && !address_is_multicast(&wanted->remote);
}

static bool route_covers(const struct tunnel *wanted, const struct route *route)
{
    return route->family == wanted->remote.family && route->type == RTN_UNICAST && route->table == RT_TABLE_MAIN && !route->tos && !route->from_prefix
           && route_is_on(route, wanted->name) && address_is_within(&wanted->remote, &route->to, route->prefix);
}

/* A host is no network, but that of a peer. */
static bool has_network(const struct inner *inner)
{
    return inner->prefix < address_full_prefix(&inner->local) || address_is_set(&inner->peer);
}

static bool inner_covers(const struct tunnel *wanted, const struct fact *fact, const struct inner *inner)
{
    return !fact->vrf_table && has_network(inner) && inner->local.family == wanted->remote.family
           && address_is_within(&wanted->remote, inner_network(inner), inner->prefix);
}

bool ways_may_loop(const struct tunnel *wanted, const struct fact *fact)
{
    if (!finds_its_way(wanted))
        return false;
    for (size_t i = 0; i < wanted->routes.n; i++)
        if (route_covers(wanted, &wanted->routes.items[i]))
            return true;
    for (size_t i = 0; i < wanted->n_inner; i++)
        if (inner_covers(wanted, fact, &wanted->inner[i]))
            return true;
    return false;
}

/* Would a route into the tunnel be chosen, beside the one that is chosen now? Which one is behind that is not known while it
 * is one that came with the tunnel: all that could take its place wait until it is gone. */
static bool would_win(const struct way *way, uint8_t prefix, uint32_t metric)
{
    if (!way->asked)
        return false;
    if (way->table == RT_TABLE_UNSPEC || way->behind_main)
        return true; /* the main table has nothing */
    if (way->table != RT_TABLE_MAIN)
        return false; /* the local one, or one that a rule put before */
    if (way->into_itself && way->with_it && prefix < way->prefix)
        return true;
    if (prefix != way->prefix)
        return prefix > way->prefix;
    return way->into_itself ? metric <= way->metric : metric < way->metric;
}

bool ways_route_loops(const struct tunnel *wanted, const struct fact *fact, const struct route *route)
{
    return finds_its_way(wanted) && route_covers(wanted, route) && would_win(&fact->way, route->prefix, route_key(route).metric);
}

bool ways_inner_loops(const struct tunnel *wanted, const struct fact *fact, const struct inner *inner)
{
    return finds_its_way(wanted) && inner_covers(wanted, fact, inner)
           && would_win(&fact->way, inner->prefix, inner->local.family == AF_INET6 ? ADDRESS_METRIC : 0);
}

static unsigned lesser(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Somewhere in a network that the underlay may have? */
static bool is_near(const struct inner *inner, const struct address *outer)
{
    unsigned least = inner->local.family == AF_INET6 ? NETWORK_LEAST6 : NETWORK_LEAST;

    return address_is_set(outer) && outer->family == inner->local.family && address_common_bits(inner_network(inner), outer) >= lesser(inner->prefix, least);
}

bool ways_may_overlap(const struct tunnel *wanted, const struct fact *fact)
{
    for (size_t i = 0; !fact->vrf_table && wanted->up && i < wanted->n_inner; i++)
        if (is_near(&wanted->inner[i], &wanted->local) || is_near(&wanted->inner[i], &wanted->remote))
            return true;
    return false;
}

/* One host in a network of others is often meant so: an address that is lent, a peer that is answered for. */
static bool is_network(const struct inner *inner)
{
    return inner->prefix < address_full_prefix(&inner->local);
}

const struct inner *ways_overlap(const struct inner *inner, const struct fact *fact)
{
    const struct tunnel *underlay = fact->underlay;

    for (size_t i = 0; underlay && i < underlay->n_inner; i++) {
        const struct inner *other = &underlay->inner[i];

        if (inner->local.family == other->local.family && is_network(inner) && is_network(other)
            && address_common_bits(inner_network(inner), inner_network(other)) >= lesser(inner->prefix, other->prefix))
            return other;
    }
    return NULL;
}
