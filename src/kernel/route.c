/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routes. Messages are built here: libnl 3.7's route objects know neither RTA_PREF nor RTAX_CC_ALGO, and leave no
 * way into RTA_METRICS. */
#include "kernel/route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "base/macro.h"
#include "kernel/attributes.h"
#include "kernel/netlink.h"

enum {
    MESSAGE_BYTES = 512, /* of all but its hops */
    HOP_BYTES = 64,
};

DEFINE_CLEANUP(struct nl_msg *, nlmsg_free)

static int put_address(struct nl_msg *message, int type, const struct address *address)
{
    return nla_put(message, type, (int)address_size(address), address->bytes);
}

/* A gateway of the other family goes into RTA_VIA (linux/rtnetlink.h, struct rtvia). */
static int put_gateway(struct nl_msg *message, uint8_t family, const struct address *via)
{
    unsigned char buffer[sizeof(struct rtvia) + 16];
    struct rtvia other = { .rtvia_family = via->family };

    if (!address_is_set(via))
        return 0;
    if (via->family == family)
        return put_address(message, RTA_GATEWAY, via);
    memcpy(buffer, &other, sizeof(other));
    memcpy(buffer + sizeof(other), via->bytes, address_size(via));
    return nla_put(message, RTA_VIA, (int)(sizeof(other) + address_size(via)), buffer);
}

/* 0.0.0.0/1 too, whose address is none in itself. */
static int put_network(struct nl_msg *message, int type, uint8_t family, const struct address *network, uint8_t prefix)
{
    return prefix ? nla_put(message, type, family == AF_INET6 ? 16 : 4, network->bytes) : 0;
}

static int put_hops(struct nl_msg *message, const struct route *route)
{
    struct nlattr *nest = nla_nest_start(message, RTA_MULTIPATH);

    if (!nest)
        return -ENOMEM;
    for (size_t i = 0; i < route->n_hops; i++) {
        const struct hop *hop = &route->hops[i];
        struct rtnexthop *next = nlmsg_reserve(message, sizeof(*next), NLMSG_ALIGNTO);

        if (!next)
            return -ENOMEM;
        *next = (struct rtnexthop){ .rtnh_flags = hop->onlink ? RTNH_F_ONLINK : 0, .rtnh_hops = (unsigned char)(hop->weight - 1), .rtnh_ifindex = hop->index };
        if (put_gateway(message, route->family, &hop->via) < 0)
            return -ENOMEM;
        next->rtnh_len = (unsigned short)((char *)nlmsg_tail(nlmsg_hdr(message)) - (char *)next);
    }
    nla_nest_end(message, nest);
    return 0;
}

static int put_metrics(struct nl_msg *message, const struct route_more *metrics)
{
    struct nlattr *nest = nla_nest_start(message, RTA_METRICS);
    int r = nest ? 0 : -ENOMEM;

    if (r >= 0 && metrics->lock)
        r = nla_put_u32(message, RTAX_LOCK, metrics->lock);
    for (int i = RTAX_LOCK + 1; r >= 0 && i < METRIC_MAX; i++) {
        if (!(metrics->mask & (1u << i)))
            continue;
        r = i == RTAX_CC_ALGO ? nla_put_string(message, i, metrics->congestion) : nla_put_u32(message, i, metrics->values[i]);
    }
    if (r >= 0)
        nla_nest_end(message, nest);
    return r;
}

static int put_rest(struct nl_msg *message, const struct route *route)
{
    const struct hop *hop = route->n_hops == 1 ? &route->hops[0] : NULL;
    const struct route_more *more = route_more(route);

    if (nla_put_u32(message, RTA_TABLE, route->table) < 0 || put_network(message, RTA_DST, route->family, &route->to, route->prefix) < 0
        || put_network(message, RTA_SRC, route->family, &more->from, route->from_prefix) < 0
        || (route->metric && nla_put_u32(message, RTA_PRIORITY, route->metric) < 0)
        || (address_is_set(&more->source) && put_address(message, RTA_PREFSRC, &more->source) < 0)
        || (more->realms && nla_put_u32(message, RTA_FLOW, more->realms) < 0) || (route->preference && nla_put_u8(message, RTA_PREF, route->preference) < 0)
        || (hop && hop->index && nla_put_u32(message, RTA_OIF, (uint32_t)hop->index) < 0) || (hop && put_gateway(message, route->family, &hop->via) < 0)
        || (route->n_hops > 1 && put_hops(message, route) < 0) || ((more->mask || more->lock) && put_metrics(message, more) < 0))
        return -ENOMEM;
    return 0;
}

static struct nl_msg *build(int type, int flags, const struct route *route)
{
    struct rtmsg header = {
        .rtm_family = route->family,
        .rtm_dst_len = route->prefix,
        .rtm_src_len = route->from_prefix,
        .rtm_tos = route->tos,
        .rtm_table = route->table < 256 ? (uint8_t)route->table : RT_TABLE_COMPAT,
        .rtm_protocol = PROTOCOL_OURS,
        .rtm_scope = route->scope,
        .rtm_type = route->type,
        .rtm_flags = route->n_hops == 1 && route->hops[0].onlink ? RTNH_F_ONLINK : 0,
    };
    size_t room = MESSAGE_BYTES + route->n_hops * HOP_BYTES;
    _cleanup_(nlmsg_freep) struct nl_msg *message = netlink_message_of(room, type, flags, &header, sizeof(header));

    return message && put_rest(message, route) >= 0 ? steal_pointer(&message) : NULL;
}

struct nl_msg *route_add(const struct route *route, bool replace)
{
    return build(RTM_NEWROUTE, NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL), route);
}

/* The protocol goes along, so that nobody else's is ever taken for it. */
struct nl_msg *route_delete(const struct route *actual)
{
    return build(RTM_DELROUTE, 0, actual);
}

struct nl_msg *route_get_all(uint8_t family, uint8_t protocol, int ifindex)
{
    struct rtmsg header = { .rtm_family = family, .rtm_protocol = protocol };
    struct nl_msg *message = netlink_message(RTM_GETROUTE, NLM_F_DUMP, &header, sizeof(header));

    if (message && ifindex && nla_put_u32(message, RTA_OIF, (uint32_t)ifindex) < 0) {
        nlmsg_free(message);
        return NULL;
    }
    return message;
}

static struct address get_address(const struct nlattr *attribute, uint8_t family)
{
    return nla_len(attribute) >= (family == AF_INET ? 4 : 16) ? address_from_bytes(family, nla_data(attribute)) : (struct address){ 0 };
}

static struct address get_gateway(struct nlattr *const *attributes, uint8_t family)
{
    const struct nlattr *via = attributes[RTA_VIA];
    struct rtvia other;

    if (attributes[RTA_GATEWAY])
        return get_address(attributes[RTA_GATEWAY], family);
    if (!via || nla_len(via) < (int)sizeof(other))
        return (struct address){ 0 };
    memcpy(&other, nla_data(via), sizeof(other));
    if ((other.rtvia_family != AF_INET && other.rtvia_family != AF_INET6) || nla_len(via) < (int)sizeof(other) + (other.rtvia_family == AF_INET ? 4 : 16))
        return (struct address){ 0 };
    return address_from_bytes((uint8_t)other.rtvia_family, (char *)nla_data(via) + sizeof(other));
}

static int get_hops(const struct nlattr *multipath, struct route *route)
{
    const struct rtnexthop *next = nla_data(multipath);
    int left = nla_len(multipath), r = 0;

    while (r >= 0 && left >= (int)sizeof(*next) && next->rtnh_len >= sizeof(*next) && next->rtnh_len <= left) {
        struct nlattr *attributes[RTA_MAX + 1];
        struct hop hop = { .index = next->rtnh_ifindex, .weight = (uint16_t)(next->rtnh_hops + 1), .onlink = next->rtnh_flags & RTNH_F_ONLINK };

        if (nla_parse(attributes, RTA_MAX, (struct nlattr *)((char *)next + sizeof(*next)), next->rtnh_len - (int)sizeof(*next), NULL) < 0)
            return -EBADMSG;
        hop.via = get_gateway(attributes, route->family);
        r = route_add_hop(route, &hop);
        left -= NLMSG_ALIGN(next->rtnh_len);
        next = (const struct rtnexthop *)((const char *)next + NLMSG_ALIGN(next->rtnh_len));
    }
    return r;
}

static void get_metrics(struct nlattr *nest, struct route_more *more)
{
    struct nlattr *attribute;
    int left;

    nla_for_each_nested (attribute, nest, left) {
        int type = nla_type(attribute);

        if (type >= METRIC_MAX || (type != RTAX_CC_ALGO && nla_len(attribute) < (int)sizeof(uint32_t)))
            continue;
        if (type == RTAX_LOCK) {
            more->lock = nla_get_u32(attribute);
            continue;
        }
        more->mask |= 1u << type;
        if (type == RTAX_CC_ALGO)
            nla_strlcpy(more->congestion, attribute, sizeof(more->congestion));
        else
            more->values[type] = nla_get_u32(attribute);
    }
}

static int get_more(struct nlattr *const *attributes, struct route *route)
{
    struct route_more *more = route_need_more(route);

    if (!more)
        return -ENOMEM;
    if (attributes[RTA_SRC])
        more->from = get_address(attributes[RTA_SRC], route->family);
    if (attributes[RTA_PREFSRC])
        more->source = get_address(attributes[RTA_PREFSRC], route->family);
    if (attributes[RTA_FLOW])
        more->realms = nla_get_u32(attributes[RTA_FLOW]);
    if (attributes[RTA_METRICS])
        get_metrics(attributes[RTA_METRICS], more);
    return 0;
}

static bool leads_somewhere(uint8_t type)
{
    return type == RTN_UNICAST || type == RTN_LOCAL || type == RTN_BROADCAST || type == RTN_ANYCAST || type == RTN_MULTICAST;
}

static int get_rest(struct nlattr *const *attributes, const struct rtmsg *header, struct route *route)
{
    struct hop hop = { .weight = 1, .onlink = header->rtm_flags & RTNH_F_ONLINK };
    int r = 0;

    if (attributes[RTA_DST])
        route->to = get_address(attributes[RTA_DST], route->family);
    if (attributes[RTA_TABLE])
        route->table = nla_get_u32(attributes[RTA_TABLE]);
    if (attributes[RTA_PRIORITY])
        route->metric = nla_get_u32(attributes[RTA_PRIORITY]);
    if (attributes[RTA_PREF])
        route->preference = nla_get_u8(attributes[RTA_PREF]);
    if (attributes[RTA_SRC] || attributes[RTA_PREFSRC] || attributes[RTA_FLOW] || attributes[RTA_METRICS])
        r = get_more(attributes, route);
    if (r < 0 || !leads_somewhere(route->type))
        return r;
    if (attributes[RTA_MULTIPATH])
        return get_hops(attributes[RTA_MULTIPATH], route);
    if (attributes[RTA_OIF])
        hop.index = (int)nla_get_u32(attributes[RTA_OIF]);
    hop.via = get_gateway(attributes, route->family);
    return route_add_hop(route, &hop);
}

int route_decode(const struct nlmsghdr *message, struct route *ret)
{
    static const struct nla_policy policy[RTA_MAX + 1] = {
        [RTA_TABLE] = { .type = NLA_U32 }, [RTA_PRIORITY] = { .type = NLA_U32 }, [RTA_FLOW] = { .type = NLA_U32 },
        [RTA_PREF] = { .type = NLA_U8 },   [RTA_OIF] = { .type = NLA_U32 },
    };
    const struct rtmsg *header = nlmsg_data(message);
    struct nlattr *attributes[RTA_MAX + 1];
    struct route route;
    int r;

    if (message->nlmsg_type != RTM_NEWROUTE || attributes_of_message(message, sizeof(*header), attributes, RTA_MAX, policy) < 0)
        return -EBADMSG;
    if ((header->rtm_family != AF_INET && header->rtm_family != AF_INET6) || header->rtm_flags & RTM_F_CLONED || attributes[RTA_NH_ID] || attributes[RTA_ENCAP])
        return -ENODATA;
    if (header->rtm_protocol != PROTOCOL_OURS && header->rtm_protocol != RTPROT_BOOT && header->rtm_protocol != RTPROT_STATIC)
        return -ENODATA;
    route = route_init(header->rtm_family);
    route.type = header->rtm_type;
    route.scope = header->rtm_scope;
    route.tos = header->rtm_tos;
    route.prefix = header->rtm_dst_len;
    route.from_prefix = header->rtm_src_len;
    route.table = header->rtm_table;
    route.ours = header->rtm_protocol == PROTOCOL_OURS;
    r = get_rest(attributes, header, &route);
    if (r < 0)
        route_done(&route);
    else
        *ret = route;
    return r;
}
