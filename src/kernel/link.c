/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links. Messages are built here rather than with libnl's link modules: those lack attributes, and libnl 3.7
 * sends IFLA_GRE_OFLAGS under the wrong condition (lib/route/link/ipgre.c, ipgre_put_attrs). */
#include "kernel/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "base/shared.h"
#include "kernel/attributes.h"
#include "kernel/netlink.h"

enum wire { WIRE_NONE, WIRE_U8, WIRE_BOOL, WIRE_U32, WIRE_BE16, WIRE_BE32, WIRE_ADDRESS, WIRE_LOWER, WIRE_U16, WIRE_PRESENT };

struct row {
    enum wire wire; /* WIRE_NONE: no such attribute, or none that is a field */
    uint32_t field;
    size_t offset; /* in struct tunnel */
};

#define AT(member) offsetof(struct tunnel, member)

static const struct row gre_rows[] = {
    [IFLA_GRE_LINK] = { WIRE_LOWER, FIELD_LOWER, 0 },
    [IFLA_GRE_IFLAGS] = { WIRE_BE16, FIELD_IFLAGS, AT(iflags) },
    [IFLA_GRE_OFLAGS] = { WIRE_BE16, FIELD_OFLAGS, AT(oflags) },
    [IFLA_GRE_IKEY] = { WIRE_BE32, FIELD_IKEY, AT(ikey) },
    [IFLA_GRE_OKEY] = { WIRE_BE32, FIELD_OKEY, AT(okey) },
    [IFLA_GRE_LOCAL] = { WIRE_ADDRESS, FIELD_LOCAL, AT(local) },
    [IFLA_GRE_REMOTE] = { WIRE_ADDRESS, FIELD_REMOTE, AT(remote) },
    [IFLA_GRE_TTL] = { WIRE_U8, FIELD_TTL, AT(ttl) },
    [IFLA_GRE_TOS] = { WIRE_U8, FIELD_TOS, AT(tos) },
    [IFLA_GRE_PMTUDISC] = { WIRE_BOOL, FIELD_PMTUDISC, AT(pmtudisc) },
    [IFLA_GRE_ENCAP_LIMIT] = { WIRE_U8, FIELD_ENCAP_LIMIT, AT(encap_limit) },
    [IFLA_GRE_FLOWINFO] = { WIRE_BE32, FIELD_FLOWINFO, AT(flowinfo) },
    [IFLA_GRE_FLAGS] = { WIRE_U32, FIELD_IP6_FLAGS, AT(ip6_flags) },
    [IFLA_GRE_FWMARK] = { WIRE_U32, FIELD_FWMARK, AT(fwmark) },
    [IFLA_GRE_ENCAP_TYPE] = { WIRE_U16, FIELD_ENCAP, AT(encap.type) },
    [IFLA_GRE_ENCAP_FLAGS] = { WIRE_U16, FIELD_ENCAP, AT(encap.flags) },
    [IFLA_GRE_ENCAP_SPORT] = { WIRE_BE16, FIELD_ENCAP, AT(encap.sport) },
    [IFLA_GRE_ENCAP_DPORT] = { WIRE_BE16, FIELD_ENCAP, AT(encap.dport) },
    [IFLA_GRE_IGNORE_DF] = { WIRE_BOOL, FIELD_IGNORE_DF, AT(ignore_df) },
    [IFLA_GRE_ERSPAN_VER] = { WIRE_U8, FIELD_ERSPAN, AT(erspan.version) },
    [IFLA_GRE_ERSPAN_INDEX] = { WIRE_U32, FIELD_ERSPAN, AT(erspan.index) },
    [IFLA_GRE_ERSPAN_DIR] = { WIRE_U8, FIELD_ERSPAN, AT(erspan.direction) },
    [IFLA_GRE_ERSPAN_HWID] = { WIRE_U16, FIELD_ERSPAN, AT(erspan.hwid) },
    [IFLA_GRE_COLLECT_METADATA] = { WIRE_PRESENT, FIELD_EXTERNAL, AT(external) },
};

static const struct row iptun_rows[] = {
    [IFLA_IPTUN_LINK] = { WIRE_LOWER, FIELD_LOWER, 0 },
    [IFLA_IPTUN_LOCAL] = { WIRE_ADDRESS, FIELD_LOCAL, AT(local) },
    [IFLA_IPTUN_REMOTE] = { WIRE_ADDRESS, FIELD_REMOTE, AT(remote) },
    [IFLA_IPTUN_TTL] = { WIRE_U8, FIELD_TTL, AT(ttl) },
    [IFLA_IPTUN_TOS] = { WIRE_U8, FIELD_TOS, AT(tos) },
    [IFLA_IPTUN_ENCAP_LIMIT] = { WIRE_U8, FIELD_ENCAP_LIMIT, AT(encap_limit) },
    [IFLA_IPTUN_FLOWINFO] = { WIRE_BE32, FIELD_FLOWINFO, AT(flowinfo) },
    [IFLA_IPTUN_FLAGS] = { WIRE_U32, FIELD_IP6_FLAGS, AT(ip6_flags) }, /* of ip6tnl; of sit see put_isatap */
    [IFLA_IPTUN_PROTO] = { WIRE_U8, FIELD_PROTO, AT(proto) },
    [IFLA_IPTUN_PMTUDISC] = { WIRE_BOOL, FIELD_PMTUDISC, AT(pmtudisc) },
    [IFLA_IPTUN_FWMARK] = { WIRE_U32, FIELD_FWMARK, AT(fwmark) },
    [IFLA_IPTUN_ENCAP_TYPE] = { WIRE_U16, FIELD_ENCAP, AT(encap.type) },
    [IFLA_IPTUN_ENCAP_FLAGS] = { WIRE_U16, FIELD_ENCAP, AT(encap.flags) },
    [IFLA_IPTUN_ENCAP_SPORT] = { WIRE_BE16, FIELD_ENCAP, AT(encap.sport) },
    [IFLA_IPTUN_ENCAP_DPORT] = { WIRE_BE16, FIELD_ENCAP, AT(encap.dport) },
    [IFLA_IPTUN_COLLECT_METADATA] = { WIRE_PRESENT, FIELD_EXTERNAL, AT(external) },
};

static const struct row vti_rows[] = {
    [IFLA_VTI_LINK] = { WIRE_LOWER, FIELD_LOWER, 0 },
    [IFLA_VTI_IKEY] = { WIRE_BE32, FIELD_IKEY, AT(ikey) },
    [IFLA_VTI_OKEY] = { WIRE_BE32, FIELD_OKEY, AT(okey) },
    [IFLA_VTI_LOCAL] = { WIRE_ADDRESS, FIELD_LOCAL, AT(local) },
    [IFLA_VTI_REMOTE] = { WIRE_ADDRESS, FIELD_REMOTE, AT(remote) },
    [IFLA_VTI_FWMARK] = { WIRE_U32, FIELD_FWMARK, AT(fwmark) },
};

/* By the type of the attribute. */
struct rows {
    const struct row *items;
    size_t n;
};

static struct rows rows_of(enum kind kind)
{
    switch (kind) {
    case KIND_IPIP:
    case KIND_SIT:
    case KIND_ISATAP:
    case KIND_IPIP6:
    case KIND_IP6IP6:
    case KIND_EXTERNAL:
        return (struct rows){ iptun_rows, ARRAY_SIZE(iptun_rows) };
    case KIND_VTI:
    case KIND_VTI6:
        return (struct rows){ vti_rows, ARRAY_SIZE(vti_rows) };
    default:
        return (struct rows){ gre_rows, ARRAY_SIZE(gre_rows) };
    }
}

static int put_row(struct nl_msg *message, int type, const struct row *row, const struct tunnel *tunnel, int lower_index)
{
    const void *field = (const char *)tunnel + row->offset;
    const struct address *address = field;

    switch (row->wire) {
    case WIRE_U8:
        return nla_put_u8(message, type, *(const uint8_t *)field);
    case WIRE_BOOL:
        return nla_put_u8(message, type, *(const bool *)field);
    case WIRE_U16:
        return nla_put_u16(message, type, *(const uint16_t *)field);
    case WIRE_U32:
        return nla_put_u32(message, type, *(const uint32_t *)field);
    case WIRE_BE16:
        return nla_put_u16(message, type, htons(*(const uint16_t *)field));
    case WIRE_BE32:
        return nla_put_u32(message, type, htonl(*(const uint32_t *)field));
    case WIRE_ADDRESS: /* absent is "any"; some kinds refuse zeroes */
        return address_is_set(address) ? nla_put(message, type, (int)address_size(address), address->bytes) : 0;
    case WIRE_LOWER:
        return nla_put_u32(message, type, (uint32_t)lower_index);
    case WIRE_PRESENT:
        return *(const bool *)field ? nla_put_flag(message, type) : 0;
    default:
        return 0;
    }
}

/* Of sit the flags are these, not swapped, as in linux/if_tunnel.h. */
static int put_isatap(struct nl_msg *message, const struct tunnel *tunnel)
{
    return nla_put_u16(message, IFLA_IPTUN_FLAGS, tunnel->kind == KIND_ISATAP ? SIT_ISATAP : 0);
}

static int put_info(struct nl_msg *message, const struct tunnel *tunnel, int lower_index)
{
    struct nlattr *link_info = nla_nest_start(message, IFLA_LINKINFO), *data;
    struct rows rows = rows_of(tunnel->kind);
    uint32_t fields = tunnel_fields(tunnel);

    if (!link_info || nla_put_string(message, IFLA_INFO_KIND, kind_info(tunnel->kind)->kernel_kind) < 0)
        return -ENOMEM;
    data = nla_nest_start(message, IFLA_INFO_DATA);
    if (!data)
        return -ENOMEM;
    for (size_t type = 0; type < rows.n; type++)
        if (fields & rows.items[type].field && put_row(message, (int)type, &rows.items[type], tunnel, lower_index) < 0)
            return -ENOMEM;
    if (fields & FIELD_ISATAP && put_isatap(message, tunnel) < 0)
        return -ENOMEM;
    nla_nest_end(message, data);
    nla_nest_end(message, link_info);
    return 0;
}

static struct nl_msg *link_message(int type, int flags, int ifindex)
{
    struct ifinfomsg header = { .ifi_family = AF_UNSPEC, .ifi_index = ifindex };

    return netlink_message(type, flags, &header, sizeof(header));
}

/* Hands on the message, or drops it if something could not be put into it. */
static struct nl_msg *if_good(struct nl_msg *message, int r)
{
    if (message && r >= 0)
        return message;
    nlmsg_free(message);
    return NULL;
}

struct nl_msg *link_create(const struct tunnel *wanted, int lower_index, uint32_t mtu)
{
    struct nl_msg *message = link_message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
    int r = message ? nla_put_string(message, IFLA_IFNAME, wanted->name) : -ENOMEM;

    if (r >= 0)
        r = nla_put_u32(message, IFLA_GROUP, GROUP_OURS);
    if (r >= 0 && mtu)
        r = nla_put_u32(message, IFLA_MTU, mtu);
    if (r >= 0 && wanted->stated & FIELD_HARDWARE)
        r = nla_put(message, IFLA_ADDRESS, HARDWARE_SIZE, wanted->hardware);
    if (r >= 0)
        r = put_info(message, wanted, lower_index);
    return if_good(message, r);
}

struct nl_msg *link_change(const struct tunnel *wanted, int ifindex, int lower_index, uint32_t fields, uint32_t mtu)
{
    struct nl_msg *message = link_message(RTM_NEWLINK, 0, ifindex);
    int r = message ? 0 : -ENOMEM;

    if (r >= 0 && mtu)
        r = nla_put_u32(message, IFLA_MTU, mtu);
    if (r >= 0 && fields & FIELD_HARDWARE)
        r = nla_put(message, IFLA_ADDRESS, HARDWARE_SIZE, wanted->hardware);
    if (r >= 0 && fields & FIELDS_INFO)
        r = put_info(message, wanted, lower_index);
    return if_good(message, r);
}

struct nl_msg *link_park(const struct tunnel *actual, int ifindex, unsigned number)
{
    struct tunnel parked = tunnel_parked(actual, number);

    return link_change(&parked, ifindex, actual->lower_index, FIELDS_INFO, actual->mtu);
}

struct nl_msg *link_heed_df(const struct tunnel *actual, int ifindex)
{
    struct tunnel heeding = *actual;

    heeding.ignore_df = false;
    return link_change(&heeding, ifindex, actual->lower_index, FIELDS_INFO, actual->mtu);
}

struct nl_msg *link_set_controller(int ifindex, int controller_index)
{
    struct nl_msg *message = link_message(RTM_SETLINK, 0, ifindex);

    return if_good(message, message ? nla_put_u32(message, IFLA_MASTER, (uint32_t)controller_index) : -ENOMEM);
}

struct nl_msg *link_set_flags(const struct tunnel *wanted, int ifindex)
{
    struct ifinfomsg header = { .ifi_family = AF_UNSPEC, .ifi_index = ifindex };

    header.ifi_change = IFF_UP | (wanted->stated & FIELD_MULTICAST ? IFF_MULTICAST : 0);
    header.ifi_flags = (wanted->up ? IFF_UP : 0) | (wanted->multicast ? IFF_MULTICAST : 0);
    header.ifi_flags &= header.ifi_change;
    return netlink_message(RTM_SETLINK, 0, &header, sizeof(header));
}

struct nl_msg *link_set_alias(const struct tunnel *wanted, int ifindex)
{
    struct nl_msg *message = link_message(RTM_SETLINK, 0, ifindex);
    char alias[IFALIASZ];
    int n = snprintf(alias, sizeof(alias), "%s%s%s", ALIAS_PREFIX, *wanted->controller ? ALIAS_PORT : "", wanted->source);

    if (n < 0 || (size_t)n >= sizeof(alias))
        return if_good(message, -EINVAL);
    return if_good(message, message ? nla_put(message, IFLA_IFALIAS, n, alias) : -ENOMEM);
}

struct nl_msg *link_set_group(int ifindex, uint32_t group)
{
    struct nl_msg *message = link_message(RTM_SETLINK, 0, ifindex);

    return if_good(message, message ? nla_put_u32(message, IFLA_GROUP, group) : -ENOMEM);
}

struct nl_msg *link_rename(int ifindex, const char *name)
{
    struct nl_msg *message = link_message(RTM_SETLINK, 0, ifindex);

    return if_good(message, message ? nla_put_string(message, IFLA_IFNAME, name) : -ENOMEM);
}

struct nl_msg *link_delete(int ifindex)
{
    return link_message(RTM_DELLINK, 0, ifindex);
}

struct nl_msg *link_delete_group(uint32_t group)
{
    struct nl_msg *message = link_message(RTM_DELLINK, 0, 0);

    return if_good(message, message ? nla_put_u32(message, IFLA_GROUP, group) : -ENOMEM);
}

/* What it has counted for IPv6 would be a quarter of all that is told. */
static int leave_out_counters(struct nl_msg *message)
{
    return nla_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

struct nl_msg *link_get(const char *name)
{
    struct nl_msg *message = link_message(RTM_GETLINK, 0, 0);
    int r = message ? leave_out_counters(message) : -ENOMEM;

    return if_good(message, r < 0 ? r : nla_put_string(message, IFLA_IFNAME, name));
}

struct nl_msg *link_get_all(void)
{
    struct nl_msg *message = link_message(RTM_GETLINK, NLM_F_DUMP, 0);

    return if_good(message, message ? leave_out_counters(message) : -ENOMEM);
}

static void get_row(const struct row *row, const struct nlattr *attribute, struct tunnel *tunnel)
{
    void *field = (char *)tunnel + row->offset;
    uint8_t family = kind_info(tunnel->kind)->family;
    int size = nla_len(attribute);

    if (row->wire == WIRE_ADDRESS && size == (family == AF_INET ? 4 : 16))
        *(struct address *)field = address_from_bytes(family, nla_data(attribute));
    else if (row->wire == WIRE_U8 && size >= 1)
        *(uint8_t *)field = nla_get_u8(attribute);
    else if (row->wire == WIRE_BOOL && size >= 1)
        *(bool *)field = nla_get_u8(attribute) != 0;
    else if (row->wire == WIRE_U16 && size >= 2)
        *(uint16_t *)field = nla_get_u16(attribute);
    else if (row->wire == WIRE_PRESENT)
        *(bool *)field = true;
    else if (row->wire == WIRE_BE16 && size >= 2)
        *(uint16_t *)field = ntohs(nla_get_u16(attribute));
    else if (row->wire == WIRE_U32 && size >= 4)
        *(uint32_t *)field = nla_get_u32(attribute);
    else if (row->wire == WIRE_BE32 && size >= 4)
        *(uint32_t *)field = ntohl(nla_get_u32(attribute));
    else if (row->wire == WIRE_LOWER && size >= 4)
        tunnel->lower_index = (int)nla_get_u32(attribute);
}

/* So that both sides of a comparison are alike. */
static void canonicalise(struct tunnel *tunnel)
{
    enum { CONFIGURABLE = 0xffff }; /* the kernel's own IP6_TNL_F_CAP_* lie above */

    tunnel->ip6_flags &= CONFIGURABLE;
    tunnel->iflags &= GRE_HAS_KEY | GRE_HAS_SEQ | GRE_HAS_CSUM;
    tunnel->oflags &= GRE_HAS_KEY | GRE_HAS_SEQ | GRE_HAS_CSUM;
    if (!(tunnel->iflags & GRE_HAS_KEY))
        tunnel->ikey = 0;
    if (!(tunnel->oflags & GRE_HAS_KEY))
        tunnel->okey = 0;
    if (!tunnel->encap.type)
        tunnel->encap = (struct encap){ 0 };
}

static struct kind_mark mark_of(const char *kernel_kind, const struct nlattr *data)
{
    /* the numbers are the same for all kinds that have them but GRE's */
    bool gre = strstr(kernel_kind, "gre") || strstr(kernel_kind, "erspan"), vti = !strncmp(kernel_kind, "vti", 3);
    struct nlattr *proto = attributes_find(data, IFLA_IPTUN_PROTO), *flags = attributes_find(data, IFLA_IPTUN_FLAGS);

    if (vti)
        return (struct kind_mark){ 0 };
    return (struct kind_mark){
        .proto = !gre && proto && nla_len(proto) >= 1 ? nla_get_u8(proto) : 0,
        .isatap = !strcmp(kernel_kind, "sit") && flags && nla_len(flags) >= 2 && nla_get_u16(flags) & SIT_ISATAP,
        .external = attributes_find(data, gre ? IFLA_GRE_COLLECT_METADATA : IFLA_IPTUN_COLLECT_METADATA) != NULL,
    };
}

static uint32_t vrf_table(const struct nlattr *data)
{
    struct nlattr *table = attributes_find(data, IFLA_VRF_TABLE);

    return table && nla_len(table) >= 4 ? nla_get_u32(table) : 0;
}

static void decode_info(struct nlattr *link_info, struct tunnel *tunnel)
{
    struct nlattr *info[IFLA_INFO_MAX + 1], *attribute;
    char kind[16] = "", controller[16] = "";
    struct kind_mark mark;
    struct rows rows;
    uint32_t fields;
    int left;

    if (attributes_parse(nla_data(link_info), nla_len(link_info), info, IFLA_INFO_MAX, NULL) < 0 || !info[IFLA_INFO_KIND] || !info[IFLA_INFO_DATA])
        return;
    nla_strlcpy(kind, info[IFLA_INFO_KIND], sizeof(kind));
    tunnel->actual.vrf_table = !strcmp(kind, "vrf") ? vrf_table(info[IFLA_INFO_DATA]) : 0;
    if (info[IFLA_INFO_SLAVE_KIND]) {
        nla_strlcpy(controller, info[IFLA_INFO_SLAVE_KIND], sizeof(controller));
        tunnel->actual.in_bridge = !strcmp(controller, "bridge");
        tunnel->actual.in_vrf = !strcmp(controller, "vrf");
    }
    mark = mark_of(kind, info[IFLA_INFO_DATA]);
    tunnel->kind = kind_from_kernel(kind, &mark);
    if (tunnel->kind == KIND_NONE)
        return;
    tunnel->external = mark.external;
    rows = rows_of(tunnel->kind);
    fields = tunnel_fields(tunnel);
    attributes_for_each (attribute, nla_data(info[IFLA_INFO_DATA]), nla_len(info[IFLA_INFO_DATA]), left) {
        size_t type = (size_t)attribute_type(attribute);

        if (type < rows.n && fields & rows.items[type].field)
            get_row(&rows.items[type], attribute, tunnel);
    }
    if (rows.items == vti_rows) { /* it has no flags, and key 0 is none (net/ipv4/ip_vti.c) */
        tunnel->iflags = tunnel->ikey ? GRE_HAS_KEY : 0;
        tunnel->oflags = tunnel->okey ? GRE_HAS_KEY : 0;
    }
    canonicalise(tunnel);
}

/* disable_ipv6 and others: IFLA_AF_SPEC, AF_INET6, IFLA_INET6_CONF[DEVCONF_*]. false: the kernel has no IPv6 on it. */
static bool get_ipv6(const struct nlattr *af_spec, bool *ret_ipv6, uint8_t ret_conf[static CONF_MAX])
{
    static const int places[CONF_MAX] = {
        [CONF_FORWARDING] = DEVCONF_FORWARDING, [CONF_ACCEPT_RA] = DEVCONF_ACCEPT_RA,       [CONF_ACCEPT_REDIRECTS] = DEVCONF_ACCEPT_REDIRECTS,
        [CONF_AUTOCONF] = DEVCONF_AUTOCONF,     [CONF_USE_TEMPADDR] = DEVCONF_USE_TEMPADDR,
    };
    struct nlattr *inet6 = attributes_find(af_spec, AF_INET6), *conf;
    int32_t values[DEVCONF_DISABLE_IPV6 + 1];

    if (!inet6)
        return false;
    conf = attributes_find(inet6, IFLA_INET6_CONF);
    if (!conf || nla_len(conf) < (int)sizeof(values))
        return false;
    memcpy(values, nla_data(conf), sizeof(values));
    *ret_ipv6 = !values[DEVCONF_DISABLE_IPV6];
    for (enum conf i = 0; i < CONF_MAX; i++)
        ret_conf[i] = (uint8_t)values[places[i]];
    return true;
}

static bool is_our_alias(const char *alias)
{
    return !strncmp(alias, ALIAS_PREFIX, strlen(ALIAS_PREFIX));
}

/* In the group of the doomed it is one of ours whose deletion was cut short, or somebody else's. */
static bool is_ours(uint32_t group, bool named)
{
    return group == GROUP_OURS || (group == GROUP_DOOMED && named);
}

static const struct nla_policy policy[IFLA_MAX + 1] = {
    [IFLA_IFNAME] = { .type = NLA_STRING },
    [IFLA_MTU] = { .type = NLA_U32 },
    [IFLA_GROUP] = { .type = NLA_U32 },
    [IFLA_IFALIAS] = { .type = NLA_STRING },
};

static uint32_t group_of(struct nlattr *const *attributes)
{
    return attributes[IFLA_GROUP] ? nla_get_u32(attributes[IFLA_GROUP]) : 0;
}

static const char *alias_of(struct nlattr *const *attributes)
{
    return attributes[IFLA_IFALIAS] ? nla_get_string(attributes[IFLA_IFALIAS]) : "";
}

static int decode_marks(struct nlattr *const *attributes, struct tunnel *tunnel)
{
    const char *alias = alias_of(attributes);
    uint32_t group = group_of(attributes);
    bool named = is_our_alias(alias);

    tunnel->actual.doomed = group == GROUP_DOOMED;
    tunnel->actual.ours = tunnel->kind != KIND_NONE && is_ours(group, named);
    if (!named)
        return 0;
    alias += strlen(ALIAS_PREFIX);
    tunnel->actual.port = !strncmp(alias, ALIAS_PORT, strlen(ALIAS_PORT));
    tunnel->source = shared_get(tunnel->actual.port ? alias + strlen(ALIAS_PORT) : alias);
    return tunnel->source ? 0 : -ENOMEM;
}

int link_decode(const struct nlmsghdr *message, struct tunnel **ret)
{
    const struct ifinfomsg *header = nlmsg_data(message);
    struct nlattr *attributes[IFLA_MAX + 1];
    struct tunnel *tunnel;
    int r;

    if (message->nlmsg_type != RTM_NEWLINK || attributes_of_message(message, sizeof(*header), attributes, IFLA_MAX, policy) < 0 || !attributes[IFLA_IFNAME])
        return -EBADMSG;
    tunnel = calloc(1, sizeof(*tunnel));
    if (!tunnel)
        return -ENOMEM;
    nla_strlcpy(tunnel->name, attributes[IFLA_IFNAME], sizeof(tunnel->name));
    tunnel->actual.ifindex = header->ifi_index;
    tunnel->up = header->ifi_flags & IFF_UP;
    tunnel->multicast = header->ifi_flags & IFF_MULTICAST;
    tunnel->mtu = attributes[IFLA_MTU] ? nla_get_u32(attributes[IFLA_MTU]) : 0;
    if (attributes[IFLA_LINKINFO])
        decode_info(attributes[IFLA_LINKINFO], tunnel);
    if (attributes[IFLA_AF_SPEC] && get_ipv6(attributes[IFLA_AF_SPEC], &tunnel->ipv6, tunnel->conf)) {
        tunnel->conf_stated = (1u << CONF_MAX) - 1;
        tunnel->stated |= FIELD_IPV6;
    }
    if (attributes[IFLA_MASTER] && nla_len(attributes[IFLA_MASTER]) >= 4)
        tunnel->controller_index = (int)nla_get_u32(attributes[IFLA_MASTER]);
    if (attributes[IFLA_ADDRESS] && nla_len(attributes[IFLA_ADDRESS]) == HARDWARE_SIZE)
        memcpy(tunnel->hardware, nla_data(attributes[IFLA_ADDRESS]), HARDWARE_SIZE);
    r = decode_marks(attributes, tunnel);
    if (r < 0) {
        tunnel_free(tunnel);
        return r;
    }
    *ret = tunnel;
    return 0;
}

int link_decode_brief(const struct nlmsghdr *message, struct link_brief *ret)
{
    const struct ifinfomsg *header = nlmsg_data(message);
    struct nlattr *attributes[IFLA_MAX + 1];
    struct link_brief brief = { 0 };

    if (message->nlmsg_type != RTM_NEWLINK || attributes_of_message(message, sizeof(*header), attributes, IFLA_MAX, policy) < 0)
        return -EBADMSG;
    brief.ifindex = header->ifi_index;
    brief.ours = is_ours(group_of(attributes), is_our_alias(alias_of(attributes)));
    brief.tells_ipv6 = attributes[IFLA_AF_SPEC] && get_ipv6(attributes[IFLA_AF_SPEC], &brief.ipv6, brief.conf);
    *ret = brief;
    return 0;
}
