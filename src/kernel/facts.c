/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the kernel for what neither a file nor a link says. Only reads. */
#include "kernel/facts.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <stdlib.h>

#include "base/table.h"
#include "kernel/address.h"
#include "kernel/attributes.h"
#include "kernel/link.h"
#include "kernel/rule.h"
#include "model/marks.h"
#include "plan/ways.h"

enum { LOOPBACK = 1 }; /* include/linux/netdevice.h LOOPBACK_IFINDEX */

/* A question for the way to a peer. */
struct path {
    struct fact *fact;
    int own_index; /* of the tunnel itself; 0: it is not there */
    int out_index; /* of the device that leads to the peer */
    uint8_t family;
    bool for_mtu, for_underlay, for_loop;
};

static void got_lower(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct fact *fact = userdata;

    (void)error, (void)text;
    if (reply && reply->nlmsg_type == RTM_NEWLINK && reply->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifinfomsg)))
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

/* One hop of several is as good as another. */
static int first_hop(struct nlattr *const *attributes, int own_index, bool *ret_into_itself)
{
    const struct rtnexthop *hop = attributes[RTA_MULTIPATH] ? nla_data(attributes[RTA_MULTIPATH]) : NULL;
    int left = attributes[RTA_MULTIPATH] ? nla_len(attributes[RTA_MULTIPATH]) : 0;
    int first = attributes[RTA_OIF] ? (int)nla_get_u32(attributes[RTA_OIF]) : 0;

    *ret_into_itself = first && first == own_index;
    for (; left >= (int)sizeof(*hop) && RTNH_OK(hop, left); left -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop)) {
        first = first ? first : hop->rtnh_ifindex;
        *ret_into_itself = *ret_into_itself || hop->rtnh_ifindex == own_index;
    }
    return first;
}

static void got_way(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    static const struct nla_policy policy[RTA_MAX + 1] = {
        [RTA_OIF] = { .type = NLA_U32 },
        [RTA_TABLE] = { .type = NLA_U32 },
        [RTA_PRIORITY] = { .type = NLA_U32 },
    };
    struct path *path = userdata;
    struct way *way = &path->fact->way;
    struct nlattr *attributes[RTA_MAX + 1];
    const struct rtmsg *header;

    (void)error, (void)text;
    way->asked = true;
    if (!reply || reply->nlmsg_type != RTM_NEWROUTE || attributes_of_message(reply, sizeof(*header), attributes, RTA_MAX, policy) < 0)
        return;
    header = nlmsg_data(reply);
    path->out_index = first_hop(attributes, path->own_index, &way->into_itself);
    if (header->rtm_type == RTN_LOCAL)
        path->out_index = LOOPBACK;
    way->with_it = header->rtm_protocol == PROTOCOL_OURS || header->rtm_protocol == RTPROT_KERNEL;
    way->prefix = header->rtm_dst_len;
    way->table = attributes[RTA_TABLE] ? nla_get_u32(attributes[RTA_TABLE]) : header->rtm_table;
    way->metric = attributes[RTA_PRIORITY] ? nla_get_u32(attributes[RTA_PRIORITY]) : 0;
}

/* As the kernel looks for it when a tunnel is made (net/ipv4/ip_tunnel.c ip_tunnel_bind_dev). The route itself is told, not
 * what is made of it: but over a device that is said the kernel sends without any route too. */
static struct nl_msg *way_get(const struct tunnel *wanted, int lower_index)
{
    struct rtmsg header = { .rtm_family = wanted->remote.family, .rtm_dst_len = address_full_prefix(&wanted->remote) };
    struct nl_msg *message;
    int r = -ENOMEM;

    if (address_is_set(&wanted->local))
        header.rtm_src_len = header.rtm_dst_len;
    if (!lower_index) /* IPv6 tells the table in any case, and refuses to be asked (net/ipv6/route.c) */
        header.rtm_flags = RTM_F_FIB_MATCH | (header.rtm_family == AF_INET ? RTM_F_LOOKUP_TABLE : 0);
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

        if (!path->for_mtu || !path->out_index || path->out_index == path->own_index)
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

static void begin_rules(void *userdata)
{
    struct rules *rules = userdata;

    rules->n = 0;
}

static int each_rule(void *userdata, const struct nlmsghdr *message)
{
    struct rule rule;

    return rule_decode(message, &rule) < 0 ? 0 : rules_add(userdata, &rule);
}

/* In the order in which the kernel goes by them. */
static bool main_comes_first(const struct rules *rules, uint32_t table)
{
    bool found = false;

    for (size_t i = 0; i < rules->n; i++) {
        if (rules->items[i].table == table)
            return found;
        found = found || rules->items[i].table == RT_TABLE_MAIN;
    }
    return false;
}

static bool is_elsewhere(const struct path *path)
{
    uint32_t table = path->fact->way.table;

    return path->for_loop && table != RT_TABLE_UNSPEC && table != RT_TABLE_MAIN && table != RT_TABLE_LOCAL;
}

/* Most hosts have but one table, and are not asked. */
static int ask_rules(struct netlink *netlink, uint8_t family, const struct path *paths, size_t n)
{
    struct rules rules = { 0 };
    int r = 0;

    for (size_t i = 0; r >= 0 && i < n; i++) {
        if (!is_elsewhere(&paths[i]) || paths[i].family != family)
            continue;
        if (!rules.n) {
            struct nl_msg *message = rule_get_all(family);

            r = message ? netlink_dump(netlink, message, begin_rules, each_rule, &rules) : -ENOMEM;
        }
        paths[i].fact->way.behind_main = main_comes_first(&rules, paths[i].fact->way.table);
    }
    rules_done(&rules);
    return r;
}

static bool needs_mtu(const struct tunnel *wanted, const struct tunnel *actual)
{
    return actual && actual->kind != KIND_NONE && !(wanted->stated & FIELD_MTU);
}

static bool begin_path(const struct tunnel *wanted, const struct tunnel *actual, struct fact *fact, struct path *ret)
{
    *ret = (struct path){ .fact = fact, .own_index = actual ? actual->actual.ifindex : 0, .family = wanted->remote.family };
    if (tunnel_presence(wanted) == PRESENCE_MUST_NOT || !address_is_set(&wanted->remote) || address_is_multicast(&wanted->remote))
        return false;
    ret->for_mtu = needs_mtu(wanted, actual);
    ret->for_underlay = ways_may_overlap(wanted, fact);
    ret->for_loop = ways_may_loop(wanted, fact);
    return ret->for_mtu || ret->for_underlay || ret->for_loop;
}

static void begin_addresses(void *userdata)
{
    struct tunnel *underlay = userdata;

    underlay->n_inner = 0;
}

static int each_address(void *userdata, const struct nlmsghdr *message)
{
    struct tunnel *underlay = userdata;
    struct inner inner;
    int ifindex;

    if (address_decode(message, &ifindex, &inner) < 0 || ifindex != underlay->actual.ifindex)
        return 0;
    return tunnel_add_inner(underlay, &inner);
}

/* The device with its addresses, asked once. NULL without an error: it is gone. */
static int ask_underlay(struct netlink *netlink, struct facts *facts, int ifindex, const struct tunnel **ret)
{
    char name[IFNAMSIZ];
    struct nl_msg *message;
    struct tunnel *underlay;
    int r;

    if (!if_indextoname((unsigned)ifindex, name))
        return 0;
    *ret = set_get(facts->underlays, name);
    if (*ret)
        return 0;
    underlay = tunnel_new(name, KIND_NONE);
    r = underlay ? set_add(facts->underlays, underlay) : -ENOMEM;
    if (r < 0) {
        tunnel_free(underlay);
        return r;
    }
    underlay->actual.ifindex = ifindex;
    *ret = underlay;
    message = address_get_all(ifindex);
    r = message ? netlink_dump(netlink, message, begin_addresses, each_address, underlay) : -ENOMEM;
    return r == -ENODEV ? 0 : r;
}

static int ask_underlays(struct netlink *netlink, struct facts *facts, const struct path *paths, size_t n)
{
    int r = 0;

    for (size_t i = 0; r >= 0 && i < n; i++) {
        if (!paths[i].for_underlay || !paths[i].out_index || paths[i].fact->way.into_itself)
            continue;
        if (!facts->underlays)
            facts->underlays = set_new(true);
        r = facts->underlays ? ask_underlay(netlink, facts, paths[i].out_index, &paths[i].fact->underlay) : -ENOMEM;
    }
    return r;
}

static int ask_ways(struct netlink *netlink, const struct snapshot *snapshot, const struct set *wanted, struct facts *facts)
{
    struct path *paths = calloc(wanted->n + 1, sizeof(*paths));
    size_t n = 0;
    int r = paths ? 0 : -ENOMEM;

    for (size_t i = 0; r >= 0 && i < wanted->n; i++) {
        const struct tunnel *actual = set_get(snapshot->links, wanted->items[i]->name);
        struct nl_msg *message;

        if (!begin_path(wanted->items[i], actual, &facts->items[i], &paths[n]))
            continue;
        message = way_get(wanted->items[i], facts->items[i].lower_index);
        r = message ? netlink_queue(netlink, message, got_way, &paths[n++]) : -ENOMEM;
    }
    if (r >= 0)
        r = netlink_flush(netlink);
    if (r >= 0)
        r = ask_mtus(netlink, snapshot, paths, n);
    if (r >= 0)
        r = ask_rules(netlink, AF_INET, paths, n);
    if (r >= 0)
        r = ask_rules(netlink, AF_INET6, paths, n);
    if (r >= 0)
        r = ask_underlays(netlink, facts, paths, n);
    if (r < 0)
        netlink_discard(netlink);
    free(paths);
    return r;
}

int facts_find(struct netlink *netlink, const struct snapshot *snapshot, const struct set *wanted, struct facts *ret)
{
    struct facts facts = { .items = calloc(wanted->n + 1, sizeof(*facts.items)), .n = wanted->n };
    int r = facts.items ? 0 : -ENOMEM;

    for (size_t i = 0; r >= 0 && i < wanted->n; i++)
        if (*wanted->items[i]->lower || *wanted->items[i]->controller)
            r = ask_devices(netlink, snapshot, wanted->items[i], &facts.items[i]);
    if (r >= 0)
        r = netlink_flush(netlink);
    if (r >= 0)
        r = ask_ways(netlink, snapshot, wanted, &facts);
    if (r < 0) {
        netlink_discard(netlink);
        facts_done(&facts);
    } else {
        *ret = facts;
    }
    return r;
}

void facts_done(struct facts *facts)
{
    free(facts->items);
    set_free(facts->underlays);
    *facts = (struct facts){ 0 };
}
