/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes snapshots. A whole one is a dump of each thing; one of some names asks for what those links have. */
#include "kernel/snapshot.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <string.h>

#include "base/macro.h"
#include "base/table.h"
#include "kernel/address.h"
#include "kernel/link.h"
#include "kernel/neighbour.h"
#include "kernel/route.h"
#include "kernel/rule.h"

struct taking {
    struct snapshot *snapshot;
    struct table by_index; /* ifindex -> tunnel */
    struct tunnel *only;   /* the one whose addresses or neighbours are dumped; NULL: all */
    size_t kept;           /* routes or rules of dumps before this one */
    int error;
};

static int add_link(struct taking *taking, const struct nlmsghdr *message)
{
    struct tunnel *tunnel = NULL;
    int r = link_decode(message, &tunnel);

    if (r == -EBADMSG)
        return 0;
    if (r >= 0)
        r = set_add(taking->snapshot->links, tunnel);
    if (r == -EEXIST) { /* renamed between two parts of a dump */
        tunnel_free(tunnel);
        return 0;
    }
    if (r < 0) {
        tunnel_free(tunnel);
        return r;
    }
    if (tunnel->actual.doomed && !tunnel->actual.ours)
        taking->snapshot->foreign_doomed = true;
    return table_put(&taking->by_index, &tunnel->actual.ifindex, sizeof(tunnel->actual.ifindex), tunnel);
}

static void begin_links(void *userdata)
{
    struct taking *taking = userdata;

    set_free(taking->snapshot->links);
    table_done(&taking->by_index);
    taking->snapshot->links = set_new(true);
}

static int each_link(void *userdata, const struct nlmsghdr *message)
{
    struct taking *taking = userdata;

    return taking->snapshot->links ? add_link(taking, message) : -ENOMEM;
}

static void begin_addresses(void *userdata)
{
    struct taking *taking = userdata;

    if (taking->only)
        taking->only->n_inner = 0;
    for (size_t i = 0; !taking->only && i < taking->snapshot->links->n; i++)
        taking->snapshot->links->items[i]->n_inner = 0;
}

static int each_address(void *userdata, const struct nlmsghdr *message)
{
    struct taking *taking = userdata;
    struct tunnel *tunnel;
    struct inner inner;
    int ifindex;

    if (address_decode(message, &ifindex, &inner) < 0)
        return 0;
    tunnel = table_get(&taking->by_index, &ifindex, sizeof(ifindex));
    return tunnel && tunnel->kind != KIND_NONE ? tunnel_add_inner(tunnel, &inner) : 0;
}

/* A multipoint tunnel: only those have neighbours that a file can name. */
static bool has_neighbours(const struct tunnel *tunnel)
{
    return tunnel_has_neighbours(tunnel) && (!address_is_set(&tunnel->remote) || address_is_multicast(&tunnel->remote));
}

static void begin_neighbours(void *userdata)
{
    struct taking *taking = userdata;

    if (taking->only)
        taking->only->n_neighbours = 0;
    for (size_t i = 0; !taking->only && i < taking->snapshot->links->n; i++)
        taking->snapshot->links->items[i]->n_neighbours = 0;
}

static int each_neighbour(void *userdata, const struct nlmsghdr *message)
{
    struct taking *taking = userdata;
    struct neighbour neighbour;
    struct tunnel *tunnel;
    int ifindex;

    if (neighbour_decode(message, &ifindex, &neighbour) < 0)
        return 0;
    tunnel = table_get(&taking->by_index, &ifindex, sizeof(ifindex));
    return tunnel && has_neighbours(tunnel) ? tunnel_add_neighbour(tunnel, &neighbour) : 0;
}

/* What a dump that was disturbed had brought so far goes again. */
static void begin_routes(void *userdata)
{
    struct taking *taking = userdata;
    struct routes *routes = &taking->snapshot->links->routes;

    while (routes->n > taking->kept)
        route_done(&routes->items[--routes->n]);
}

static void name_hops(const struct taking *taking, struct route *route)
{
    for (size_t i = 0; i < route->n_hops; i++) {
        struct hop *hop = &route->hops[i];
        const struct tunnel *link = table_get(&taking->by_index, &hop->index, sizeof(hop->index));

        if (link)
            strcpy(hop->device, link->name);
        else if (!hop->index || taking->snapshot->complete || !if_indextoname((unsigned)hop->index, hop->device))
            hop->device[0] = 0;
    }
}

static int each_route(void *userdata, const struct nlmsghdr *message)
{
    struct taking *taking = userdata;
    struct route route;
    int r = route_decode(message, &route);

    if (r < 0)
        return r == -ENOMEM ? r : 0;
    name_hops(taking, &route);
    return routes_add(&taking->snapshot->links->routes, &route);
}

static void begin_rules(void *userdata)
{
    struct taking *taking = userdata;

    taking->snapshot->links->rules.n = taking->kept;
}

static int each_rule(void *userdata, const struct nlmsghdr *message)
{
    struct taking *taking = userdata;
    struct rule rule;

    return rule_decode(message, &rule) < 0 ? 0 : rules_add(&taking->snapshot->links->rules, &rule);
}

static int dump(struct netlink *netlink, struct nl_msg *message, netlink_begin_fn begin, netlink_each_fn each, struct taking *taking)
{
    return message ? netlink_dump(netlink, message, begin, each, taking) : -ENOMEM;
}

static int take_routes(struct netlink *netlink, struct taking *taking, uint8_t family, uint8_t protocol, int ifindex)
{
    int r;

    taking->kept = taking->snapshot->links->routes.n;
    r = dump(netlink, route_get_all(family, protocol, ifindex), begin_routes, each_route, taking);
    /* a kernel without IPv6, or without the table yet */
    return r == -EOPNOTSUPP || r == -EAFNOSUPPORT || r == -ENOENT ? 0 : r;
}

/* Ours, and those that people and their scripts make; what routing daemons have may be a million. */
static int take_outside(struct netlink *netlink, struct taking *taking)
{
    static const uint8_t families[] = { AF_INET, AF_INET6 }, protocols[] = { PROTOCOL_OURS, RTPROT_BOOT, RTPROT_STATIC };
    int r = 0;

    for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(families); i++) {
        for (size_t j = 0; r >= 0 && j < ARRAY_SIZE(protocols); j++)
            r = take_routes(netlink, taking, families[i], protocols[j], 0);
        taking->kept = taking->snapshot->links->rules.n;
        if (r >= 0)
            r = dump(netlink, rule_get_all(families[i]), begin_rules, each_rule, taking);
        if (r == -EOPNOTSUPP || r == -EAFNOSUPPORT)
            r = 0;
    }
    return r;
}

static bool any_has_neighbours(const struct set *links)
{
    for (size_t i = 0; i < links->n; i++)
        if (has_neighbours(links->items[i]))
            return true;
    return false;
}

static int take_all(struct netlink *netlink, struct taking *taking)
{
    int r = dump(netlink, link_get_all(), begin_links, each_link, taking);

    if (r >= 0)
        r = dump(netlink, address_get_all(0), begin_addresses, each_address, taking);
    if (r >= 0 && any_has_neighbours(taking->snapshot->links))
        r = dump(netlink, neighbour_get_all(0), begin_neighbours, each_neighbour, taking);
    return r < 0 ? r : take_outside(netlink, taking);
}

/* What is on one tunnel. -ENODEV: it went meanwhile. */
static int take_one(struct netlink *netlink, struct taking *taking, struct tunnel *tunnel, bool routes)
{
    int ifindex = tunnel->actual.ifindex, r;

    taking->only = tunnel;
    r = dump(netlink, address_get_all(ifindex), begin_addresses, each_address, taking);
    if (r >= 0 && has_neighbours(tunnel))
        r = dump(netlink, neighbour_get_all(ifindex), begin_neighbours, each_neighbour, taking);
    if (r >= 0 && routes && tunnel->up)
        r = take_routes(netlink, taking, AF_INET, 0, ifindex);
    return r >= 0 && routes && tunnel->up && tunnel->ipv6 ? take_routes(netlink, taking, AF_INET6, 0, ifindex) : r;
}

static void got_link(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct taking *taking = userdata;

    (void)text;
    if (reply)
        error = add_link(taking, reply);
    else if (error == -ENODEV)
        error = 0;
    if (error < 0 && !taking->error)
        taking->error = error;
}

/* A link that goes while it is looked at is told of again. */
static int forgive(int error)
{
    return error == -ENODEV ? 0 : error;
}

static int take_names(struct netlink *netlink, struct taking *taking, const struct scope *scope)
{
    int r = 0;

    begin_links(taking);
    if (!taking->snapshot->links)
        return -ENOMEM;
    for (size_t i = 0; r >= 0 && i < scope->n; i++) {
        struct nl_msg *message = link_get(scope->names[i]);

        r = message ? netlink_queue(netlink, message, got_link, taking) : -ENOMEM;
    }
    if (r >= 0)
        r = netlink_flush(netlink);
    if (r >= 0)
        r = taking->error;
    for (size_t i = 0; r >= 0 && i < taking->snapshot->links->n; i++)
        if (taking->snapshot->links->items[i]->kind != KIND_NONE)
            r = forgive(take_one(netlink, taking, taking->snapshot->links->items[i], !scope->outside));
    return r >= 0 && scope->outside ? take_outside(netlink, taking) : r;
}

int snapshot_take(struct netlink *netlink, const struct scope *scope, struct snapshot *ret)
{
    struct snapshot snapshot = { .complete = scope->all };
    struct taking taking = { .snapshot = &snapshot };
    int r = scope->all ? take_all(netlink, &taking) : take_names(netlink, &taking, scope);

    table_done(&taking.by_index);
    if (r < 0) {
        netlink_discard(netlink);
        snapshot_done(&snapshot);
    } else {
        *ret = snapshot;
    }
    return r;
}

void snapshot_done(struct snapshot *snapshot)
{
    set_free(snapshot->links);
    *snapshot = (struct snapshot){ 0 };
}
