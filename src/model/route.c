/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routes. Never knows where they come from. */
#include "model/route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

enum { IPV6_METRIC = 1024 }; /* what the kernel makes of none (net/ipv6/route.c, IP6_RT_PRIO_USER) */

struct route route_init(uint8_t family)
{
    return (struct route){ .family = family, .type = RTN_UNICAST, .table = RT_TABLE_MAIN, .scope = RT_SCOPE_UNIVERSE };
}

void route_done(struct route *route)
{
    free(route->hops);
    free(route->more);
    *route = (struct route){ 0 };
}

int route_add_hop(struct route *route, const struct hop *hop)
{
    struct hop *grown = reallocarray(route->hops, route->n_hops + 1, sizeof(*grown));

    if (!grown)
        return -ENOMEM;
    grown[route->n_hops++] = *hop;
    route->hops = grown;
    return 0;
}

const struct route_more *route_more(const struct route *route)
{
    static const struct route_more nothing;

    return route->more ? route->more : &nothing;
}

struct route_more *route_need_more(struct route *route)
{
    if (!route->more)
        route->more = calloc(1, sizeof(*route->more));
    return route->more;
}

/* The kernel tells no 0, and no more than these (net/ipv4/metrics.c, net/core/rtnetlink.c). */
int route_set_metric(struct route *route, unsigned number, uint32_t value)
{
    struct route_more *metrics = route_need_more(route);

    if (!metrics)
        return -ENOMEM;
    if (number == RTAX_MTU && value > 65535 - 15)
        value = 65535 - 15;
    if (number == RTAX_ADVMSS && value > 65535 - 40)
        value = 65535 - 40;
    metrics->values[number] = value;
    if (value || number == RTAX_CC_ALGO)
        metrics->mask |= 1u << number;
    else
        metrics->mask &= ~(1u << number);
    return 0;
}

uint8_t route_usual_scope(const struct route *route)
{
    if (route->family != AF_INET)
        return RT_SCOPE_UNIVERSE;
    if (route->type == RTN_LOCAL)
        return RT_SCOPE_HOST;
    if (route->type == RTN_BROADCAST || route->type == RTN_MULTICAST || route->type == RTN_ANYCAST)
        return RT_SCOPE_LINK;
    return route->type == RTN_UNICAST && route->n_hops == 1 && !address_is_set(&route->hops[0].via) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

struct route_key route_key(const struct route *route)
{
    struct route_key key;

    memset(&key, 0, sizeof(key)); /* padding too */
    key.family = route->family;
    key.prefix = route->prefix;
    key.from_prefix = route->from_prefix;
    key.tos = route->tos;
    key.table = route->table;
    key.metric = route->family == AF_INET6 && !route->metric ? IPV6_METRIC : route->metric;
    memcpy(key.to, route->to.bytes, sizeof(key.to));
    memcpy(key.from, route_more(route)->from.bytes, sizeof(key.from));
    return key;
}

static bool hop_equal(const struct hop *wanted, const struct hop *actual, bool alone)
{
    return address_equal(&wanted->via, &actual->via) && wanted->onlink == actual->onlink && (alone || wanted->weight == actual->weight)
           && (!*wanted->device || !strcmp(wanted->device, actual->device));
}

/* The kernel may give them back in another order. */
static bool hops_equal(const struct route *wanted, const struct route *actual)
{
    uint64_t taken = 0;

    if (wanted->n_hops != actual->n_hops || wanted->n_hops > HOPS_MOST)
        return false;
    for (size_t i = 0; i < wanted->n_hops; i++) {
        size_t j = 0;

        while (j < actual->n_hops && (taken & (UINT64_C(1) << j) || !hop_equal(&wanted->hops[i], &actual->hops[j], wanted->n_hops == 1)))
            j++;
        if (j == actual->n_hops)
            return false;
        taken |= UINT64_C(1) << j;
    }
    return true;
}

static bool more_equal(const struct route_more *a, const struct route_more *b)
{
    return a->mask == b->mask && a->lock == b->lock && !memcmp(a->values, b->values, sizeof(a->values)) && !strcmp(a->congestion, b->congestion)
           && a->realms == b->realms && address_equal(&a->source, &b->source);
}

bool route_equal(const struct route *wanted, const struct route *actual)
{
    struct route_key a = route_key(wanted), b = route_key(actual);

    return !memcmp(&a, &b, sizeof(a)) && wanted->type == actual->type && wanted->scope == actual->scope && wanted->preference == actual->preference
           && hops_equal(wanted, actual) && more_equal(route_more(wanted), route_more(actual));
}

bool route_is_on(const struct route *route, const char *device)
{
    return route->n_hops == 1 && !strcmp(route->hops[0].device, device);
}

int routes_add(struct routes *routes, struct route *route)
{
    if (!(routes->n & (routes->n - 1))) { /* a power of two: full */
        struct route *grown = reallocarray(routes->items, routes->n ? routes->n * 2 : 1, sizeof(*grown));

        if (!grown) {
            route_done(route);
            return -ENOMEM;
        }
        routes->items = grown;
    }
    routes->items[routes->n++] = *route;
    *route = (struct route){ 0 };
    return 0;
}

void routes_done(struct routes *routes)
{
    for (size_t i = 0; i < routes->n; i++)
        route_done(&routes->items[i]);
    free(routes->items);
    *routes = (struct routes){ 0 };
}
