/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes snapshots. A whole one is a dump of each thing; one of some names asks for what those links have. */
#include "kernel/snapshot.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <string.h>

#include "base/macro.h"
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
        struct nl_msg *message = link_get(*scope->names[i]);

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

struct path {
    struct fact *fact;
    int own_index; /* of the tunnel itself */
    int out_index; /* of the device that leads to the peer */
};

static void got_lower(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct fact *fact = userdata;

    (void)error, (void)text;
    if (reply)
        fact->lower_index = ((const struct ifinfomsg *)nlmsg_data(reply))->ifi_index;
}

static void set_controller(struct fact *fact, const struct tunnel *controller)
{
    fact->controller_index = controller->actual.ifindex;
    fact->vrf_table = controller->actual.vrf_table;
}

static void got_controller(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct tunnel *controller = NULL;

    (void)error, (void)text;
    if (reply && link_decode(reply, &controller) >= 0)
        set_controller(userdata, controller);
    tunnel_free(controller);
}

/* The devices that it needs: by the snapshot, or else by asking. */
static int ask_devices(struct netlink *netlink, const struct snapshot *snapshot, const struct tunnel *wanted, struct fact *fact)
{
    const struct tunnel *lower = set_get(snapshot->links, wanted->lower), *controller = set_get(snapshot->links, wanted->controller);
    struct nl_msg *message;
    int r = 0;

    if (lower)
        fact->lower_index = lower->actual.ifindex;
    if (controller)
        set_controller(fact, controller);
    if (*wanted->lower && !lower && !snapshot->complete) {
        message = link_get(wanted->lower);
        r = message ? netlink_queue(netlink, message, got_lower, fact) : -ENOMEM;
    }
    if (r >= 0 && *wanted->controller && !controller && !snapshot->complete) {
        message = link_get(wanted->controller);
        r = message ? netlink_queue(netlink, message, got_controller, fact) : -ENOMEM;
    }
    return r;
}

static void got_route(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct path *path = userdata;
    struct nlattr *out;

    (void)error, (void)text;
    if (!reply || reply->nlmsg_type != RTM_NEWROUTE)
        return;
    out = nlmsg_find_attr((struct nlmsghdr *)reply, sizeof(struct rtmsg), RTA_OIF);
    if (out && nla_len(out) >= (int)sizeof(uint32_t))
        path->out_index = (int)nla_get_u32(out);
}

/* As the kernel looks for it when a tunnel is made (net/ipv4/ip_tunnel.c ip_tunnel_bind_dev). */
static struct nl_msg *route_get(const struct tunnel *wanted, int lower_index)
{
    struct rtmsg header = { .rtm_family = wanted->remote.family, .rtm_dst_len = address_full_prefix(&wanted->remote) };
    struct nl_msg *message;
    int r = -ENOMEM;

    if (address_is_set(&wanted->local))
        header.rtm_src_len = header.rtm_dst_len;
    message = netlink_message(RTM_GETROUTE, 0, &header, sizeof(header));
    if (message)
        r = nla_put(message, RTA_DST, (int)address_size(&wanted->remote), wanted->remote.bytes);
    if (r >= 0 && address_is_set(&wanted->local))
        r = nla_put(message, RTA_SRC, (int)address_size(&wanted->local), wanted->local.bytes);
    if (r >= 0 && lower_index)
        r = nla_put_u32(message, RTA_OIF, (uint32_t)lower_index);
    if (r >= 0 && wanted->fwmark)
        r = nla_put_u32(message, RTA_MARK, wanted->fwmark);
    if (r >= 0)
        return message;
    nlmsg_free(message);
    return NULL;
}

static void got_mtu(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct path *path = userdata;
    struct nlattr *mtu;

    (void)error, (void)text;
    if (!reply || reply->nlmsg_type != RTM_NEWLINK)
        return;
    mtu = nlmsg_find_attr((struct nlmsghdr *)reply, sizeof(struct ifinfomsg), IFLA_MTU);
    if (mtu && nla_len(mtu) >= (int)sizeof(uint32_t))
        path->fact->path_mtu = nla_get_u32(mtu);
}

static struct nl_msg *link_get_index(int ifindex)
{
    struct ifinfomsg header = { .ifi_family = AF_UNSPEC, .ifi_index = ifindex };

    return netlink_message(RTM_GETLINK, 0, &header, sizeof(header));
}

static int index_links(const struct set *links, struct table *ret)
{
    for (size_t i = 0; i < links->n; i++) {
        int r = table_put(ret, &links->items[i]->actual.ifindex, sizeof(links->items[i]->actual.ifindex), links->items[i]);

        if (r < 0)
            return r;
    }
    return 0;
}

/* A tunnel whose peer is reached through the tunnel itself would shrink with every look. */
static int ask_mtus(struct netlink *netlink, const struct snapshot *snapshot, struct path *paths, size_t n)
{
    struct table by_index = { 0 };
    int r = index_links(snapshot->links, &by_index);

    for (size_t i = 0; r >= 0 && i < n; i++) {
        struct path *path = &paths[i];
        const struct tunnel *out;

        if (!path->out_index || path->out_index == path->own_index)
            continue;
        out = table_get(&by_index, &path->out_index, sizeof(path->out_index));
        if (out) {
            path->fact->path_mtu = out->mtu;
        } else {
            struct nl_msg *message = link_get_index(path->out_index);

            r = message ? netlink_queue(netlink, message, got_mtu, path) : -ENOMEM;
        }
    }
    table_done(&by_index);
    return r < 0 ? r : netlink_flush(netlink);
}

static bool needs_path(const struct tunnel *wanted, const struct tunnel *actual)
{
    return actual && actual->kind != KIND_NONE && tunnel_presence(wanted) != PRESENCE_MUST_NOT && !(wanted->stated & FIELD_MTU)
           && address_is_set(&wanted->remote) && !address_is_multicast(&wanted->remote);
}

static int ask_paths(struct netlink *netlink, const struct snapshot *snapshot, const struct set *wanted, struct facts *facts)
{
    struct path *paths = calloc(wanted->n + 1, sizeof(*paths));
    size_t n = 0;
    int r = paths ? 0 : -ENOMEM;

    for (size_t i = 0; r >= 0 && i < wanted->n; i++) {
        const struct tunnel *actual = set_get(snapshot->links, wanted->items[i]->name);
        struct nl_msg *message;

        if (!needs_path(wanted->items[i], actual))
            continue;
        paths[n] = (struct path){ .fact = &facts->items[i], .own_index = actual->actual.ifindex };
        message = route_get(wanted->items[i], facts->items[i].lower_index);
        r = message ? netlink_queue(netlink, message, got_route, &paths[n++]) : -ENOMEM;
    }
    if (r >= 0)
        r = netlink_flush(netlink);
    if (r >= 0)
        r = ask_mtus(netlink, snapshot, paths, n);
    if (r < 0)
        netlink_discard(netlink);
    free(paths);
    return r;
}

int snapshot_facts(struct netlink *netlink, const struct snapshot *snapshot, const struct set *wanted, struct facts *ret)
{
    struct facts facts = { .items = calloc(wanted->n + 1, sizeof(*facts.items)), .n = wanted->n };
    int r = facts.items ? 0 : -ENOMEM;

    for (size_t i = 0; r >= 0 && i < wanted->n; i++)
        if (*wanted->items[i]->lower || *wanted->items[i]->controller)
            r = ask_devices(netlink, snapshot, wanted->items[i], &facts.items[i]);
    if (r >= 0)
        r = netlink_flush(netlink);
    if (r >= 0)
        r = ask_paths(netlink, snapshot, wanted, &facts);
    if (r < 0) {
        netlink_discard(netlink);
        free(facts.items);
    } else {
        *ret = facts;
    }
    return r;
}

void snapshot_facts_done(struct facts *facts)
{
    free(facts->items);
    *facts = (struct facts){ 0 };
}
