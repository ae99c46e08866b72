/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules. Messages are built here: libnl 3.7's rule objects know no uidrange and no suppress_*. */
#include "kernel/rule.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "base/macro.h"
#include "kernel/attributes.h"
#include "kernel/netlink.h"

DEFINE_CLEANUP(struct nl_msg *, nlmsg_free)

/* 0.0.0.0/1 too, whose address is none in itself. */
static int put_prefix(struct nl_msg *message, int type, uint8_t family, const struct address *address, uint8_t prefix)
{
    return prefix ? nla_put(message, type, family == AF_INET6 ? 16 : 4, address->bytes) : 0;
}

static int put_ports(struct nl_msg *message, int type, const struct range *range)
{
    struct fib_rule_port_range ports = { .start = (uint16_t)range->first, .end = (uint16_t)range->last };

    return range->last ? nla_put(message, type, sizeof(ports), &ports) : 0;
}

static int put_selector(struct nl_msg *message, const struct rule *rule)
{
    struct fib_rule_uid_range uids = { .start = rule->uids.first, .end = rule->uids.last };

    if (put_prefix(message, FRA_SRC, rule->family, &rule->from, rule->from_prefix) < 0
        || put_prefix(message, FRA_DST, rule->family, &rule->to, rule->to_prefix) < 0
        || (rule->mask && (nla_put_u32(message, FRA_FWMARK, rule->mark) < 0 || nla_put_u32(message, FRA_FWMASK, rule->mask) < 0))
        || (*rule->iif && nla_put_string(message, FRA_IIFNAME, rule->iif) < 0) || (*rule->oif && nla_put_string(message, FRA_OIFNAME, rule->oif) < 0)
        || (rule->protocol && nla_put_u8(message, FRA_IP_PROTO, rule->protocol) < 0) || put_ports(message, FRA_SPORT_RANGE, &rule->sports) < 0
        || put_ports(message, FRA_DPORT_RANGE, &rule->dports) < 0 || (rule->has_uids && nla_put(message, FRA_UID_RANGE, sizeof(uids), &uids) < 0)
        || (rule->l3mdev && nla_put_u8(message, FRA_L3MDEV, 1) < 0))
        return -ENOMEM;
    return 0;
}

static int put_action(struct nl_msg *message, const struct rule *rule)
{
    if ((rule->table && nla_put_u32(message, FRA_TABLE, rule->table) < 0) || (rule->action == FR_ACT_GOTO && nla_put_u32(message, FRA_GOTO, rule->target) < 0)
        || (rule->realms && nla_put_u32(message, FRA_FLOW, rule->realms) < 0)
        || (rule->suppress_prefixlength >= 0 && nla_put_u32(message, FRA_SUPPRESS_PREFIXLEN, (uint32_t)rule->suppress_prefixlength) < 0)
        || (rule->suppress_ifgroup >= 0 && nla_put_u32(message, FRA_SUPPRESS_IFGROUP, (uint32_t)rule->suppress_ifgroup) < 0)
        || (rule->has_preference && nla_put_u32(message, FRA_PRIORITY, rule->preference) < 0) || nla_put_u8(message, FRA_PROTOCOL, PROTOCOL_OURS) < 0)
        return -ENOMEM;
    return 0;
}

static struct nl_msg *build(int type, int flags, const struct rule *rule)
{
    struct fib_rule_hdr header = {
        .family = rule->family,
        .dst_len = rule->to_prefix,
        .src_len = rule->from_prefix,
        .tos = rule->tos,
        .table = rule->table < 256 ? (uint8_t)rule->table : RT_TABLE_UNSPEC,
        .action = rule->action,
        .flags = rule->invert ? FIB_RULE_INVERT : 0,
    };
    _cleanup_(nlmsg_freep) struct nl_msg *message = netlink_message(type, flags, &header, sizeof(header));

    return message && put_selector(message, rule) >= 0 && put_action(message, rule) >= 0 ? steal_pointer(&message) : NULL;
}

struct nl_msg *rule_add(const struct rule *rule)
{
    return build(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, rule);
}

/* With its preference and our protocol, it is this one and no other. */
struct nl_msg *rule_delete(const struct rule *actual)
{
    return build(RTM_DELRULE, 0, actual);
}

struct nl_msg *rule_get_all(uint8_t family)
{
    struct fib_rule_hdr header = { .family = family };

    return netlink_message(RTM_GETRULE, NLM_F_DUMP, &header, sizeof(header));
}

static uint32_t get_u32(const struct nlattr *attribute, uint32_t otherwise)
{
    return attribute ? nla_get_u32(attribute) : otherwise;
}

static void get_device(const struct nlattr *attribute, char ret[static IFNAMSIZ])
{
    if (attribute)
        nla_strlcpy(ret, attribute, IFNAMSIZ);
}

static struct range get_ports(const struct nlattr *attribute)
{
    struct fib_rule_port_range ports = { 0 };

    if (attribute)
        memcpy(&ports, nla_data(attribute), sizeof(ports));
    return (struct range){ ports.start, ports.end };
}

static void get_selector(struct nlattr *const *attributes, struct rule *rule)
{
    int size = rule->family == AF_INET ? 4 : 16;
    struct fib_rule_uid_range uids = { 0 };

    if (attributes[FRA_SRC] && nla_len(attributes[FRA_SRC]) >= size)
        rule->from = address_from_bytes(rule->family, nla_data(attributes[FRA_SRC]));
    if (attributes[FRA_DST] && nla_len(attributes[FRA_DST]) >= size)
        rule->to = address_from_bytes(rule->family, nla_data(attributes[FRA_DST]));
    rule->mark = get_u32(attributes[FRA_FWMARK], 0);
    rule->mask = get_u32(attributes[FRA_FWMASK], rule->mark ? UINT32_MAX : 0);
    get_device(attributes[FRA_IIFNAME], rule->iif);
    get_device(attributes[FRA_OIFNAME], rule->oif);
    rule->protocol = attributes[FRA_IP_PROTO] ? nla_get_u8(attributes[FRA_IP_PROTO]) : 0;
    rule->sports = get_ports(attributes[FRA_SPORT_RANGE]);
    rule->dports = get_ports(attributes[FRA_DPORT_RANGE]);
    rule->l3mdev = attributes[FRA_L3MDEV] && nla_get_u8(attributes[FRA_L3MDEV]);
    rule->has_uids = attributes[FRA_UID_RANGE];
    if (rule->has_uids)
        memcpy(&uids, nla_data(attributes[FRA_UID_RANGE]), sizeof(uids));
    rule->uids = (struct range){ uids.start, uids.end };
}

/* Somebody else's rule with a selector that a file cannot say is like none of ours. */
static bool says_more(const struct nlmsghdr *message, struct nlattr *const *attributes)
{
    struct nlattr *attribute;
    int left;

    nlmsg_for_each_attr (attribute, (struct nlmsghdr *)message, sizeof(struct fib_rule_hdr), left)
        if (nla_type(attribute) > FRA_MAX)
            return true;
    return attributes[FRA_TUN_ID];
}

int rule_decode(const struct nlmsghdr *message, struct rule *ret)
{
    static const struct nla_policy policy[FRA_MAX + 1] = {
        [FRA_FWMARK] = { .type = NLA_U32 },
        [FRA_FWMASK] = { .type = NLA_U32 },
        [FRA_TABLE] = { .type = NLA_U32 },
        [FRA_PRIORITY] = { .type = NLA_U32 },
        [FRA_GOTO] = { .type = NLA_U32 },
        [FRA_FLOW] = { .type = NLA_U32 },
        [FRA_SUPPRESS_PREFIXLEN] = { .type = NLA_U32 },
        [FRA_SUPPRESS_IFGROUP] = { .type = NLA_U32 },
        [FRA_PROTOCOL] = { .type = NLA_U8 },
        [FRA_IP_PROTO] = { .type = NLA_U8 },
        [FRA_L3MDEV] = { .type = NLA_U8 },
        [FRA_SPORT_RANGE] = { .minlen = sizeof(struct fib_rule_port_range) },
        [FRA_DPORT_RANGE] = { .minlen = sizeof(struct fib_rule_port_range) },
        [FRA_UID_RANGE] = { .minlen = sizeof(struct fib_rule_uid_range) },
    };
    const struct fib_rule_hdr *header = nlmsg_data(message);
    struct nlattr *attributes[FRA_MAX + 1];
    struct rule rule;

    if (message->nlmsg_type != RTM_NEWRULE || attributes_of_message(message, sizeof(*header), attributes, FRA_MAX, policy) < 0)
        return -EBADMSG;
    rule = rule_init(header->family);
    rule.action = header->action;
    rule.invert = header->flags & FIB_RULE_INVERT;
    rule.tos = header->tos;
    rule.from_prefix = header->src_len;
    rule.to_prefix = header->dst_len;
    get_selector(attributes, &rule);
    rule.table = get_u32(attributes[FRA_TABLE], header->table);
    rule.target = get_u32(attributes[FRA_GOTO], 0);
    rule.realms = get_u32(attributes[FRA_FLOW], 0);
    rule.suppress_prefixlength = (int32_t)get_u32(attributes[FRA_SUPPRESS_PREFIXLEN], (uint32_t)RULE_NO_SUPPRESS);
    rule.suppress_ifgroup = (int32_t)get_u32(attributes[FRA_SUPPRESS_IFGROUP], (uint32_t)RULE_NO_SUPPRESS);
    rule.preference = get_u32(attributes[FRA_PRIORITY], 0);
    rule.has_preference = true;
    rule.ours = attributes[FRA_PROTOCOL] && nla_get_u8(attributes[FRA_PROTOCOL]) == PROTOCOL_OURS;
    if (!rule.ours && says_more(message, attributes))
        return -ENODATA;
    if (rule.action != FR_ACT_TO_TBL || rule.l3mdev)
        rule.table = 0;
    *ret = rule;
    return 0;
}
