/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses: built with libnl-route's objects, our mark appended; decoded from the raw attributes, since libnl
 * 3.7 does not know IFA_PROTO. */
#include "kernel/address.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/addr.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/route/addr.h>
#include <string.h>

#include "base/macro.h"
#include "kernel/attributes.h"
#include "kernel/netlink.h"

DEFINE_CLEANUP(struct nl_addr *, nl_addr_put)
DEFINE_CLEANUP(struct rtnl_addr *, rtnl_addr_put)

static struct nl_addr *build_address(const struct address *address, uint8_t prefix)
{
    struct nl_addr *built = nl_addr_build(address->family, address->bytes, address_size(address));

    if (built)
        nl_addr_set_prefixlen(built, prefix);
    return built;
}

static struct rtnl_addr *build_object(const struct inner *inner, int ifindex)
{
    _cleanup_(nl_addr_putp) struct nl_addr *local = build_address(&inner->local, inner->prefix), *peer = NULL;
    _cleanup_(nl_addr_putp) struct nl_addr *broadcast = NULL;
    _cleanup_(rtnl_addr_putp) struct rtnl_addr *object = rtnl_addr_alloc();
    struct address to_all = inner_broadcast(inner);

    if (!local || !object || rtnl_addr_set_local(object, local) < 0)
        return NULL;
    if (*inner->label && rtnl_addr_set_label(object, inner->label) < 0)
        return NULL;
    if (address_is_set(&to_all)) {
        broadcast = build_address(&to_all, address_full_prefix(&to_all));
        if (!broadcast || rtnl_addr_set_broadcast(object, broadcast) < 0)
            return NULL;
    }
    if (inner->peer.family == AF_INET) {
        peer = build_address(&inner->peer, inner->prefix);
        if (!peer || rtnl_addr_set_peer(object, peer) < 0)
            return NULL;
    }
    rtnl_addr_set_ifindex(object, ifindex);
    if (inner->local.family == AF_INET6)
        rtnl_addr_set_flags(object, IFA_F_NODAD); /* there is nobody to ask on a point-to-point link */
    return steal_pointer(&object);
}

/* libnl 3.7 knows peers of IPv4 only (lib/route/addr.c rtnl_addr_set_peer): what it said is the local address
 * once more makes room for the peer. */
static void put_ipv6_peer(struct nl_msg *message, const struct inner *inner)
{
    struct nlattr *address = nlmsg_find_attr(nlmsg_hdr(message), sizeof(struct ifaddrmsg), IFA_ADDRESS);

    if (inner->peer.family == AF_INET6 && address)
        memcpy(nla_data(address), inner->peer.bytes, (size_t)nla_len(address));
}

struct nl_msg *address_add(const struct inner *inner, int ifindex)
{
    _cleanup_(rtnl_addr_putp) struct rtnl_addr *object = build_object(inner, ifindex);
    struct nl_msg *message;

    if (!object || rtnl_addr_build_add_request(object, NLM_F_CREATE | NLM_F_EXCL, &message) < 0)
        return NULL;
    put_ipv6_peer(message, inner);
    if (nla_put_u8(message, IFA_PROTO, PROTOCOL_OURS) < 0) {
        nlmsg_free(message);
        return NULL;
    }
    return message;
}

struct nl_msg *address_delete(const struct inner *inner, int ifindex)
{
    _cleanup_(rtnl_addr_putp) struct rtnl_addr *object = build_object(inner, ifindex);
    struct nl_msg *message;

    if (!object || rtnl_addr_build_delete_request(object, 0, &message) < 0)
        return NULL;
    put_ipv6_peer(message, inner);
    return message;
}

struct nl_msg *address_get_all(int ifindex)
{
    struct ifaddrmsg header = { .ifa_family = AF_UNSPEC, .ifa_index = (unsigned)ifindex };

    return netlink_message(RTM_GETADDR, NLM_F_DUMP, &header, sizeof(header));
}

int address_decode(const struct nlmsghdr *message, int *ret_ifindex, struct inner *ret)
{
    const struct ifaddrmsg *header = nlmsg_data(message);
    struct nlattr *attributes[IFA_PROTO + 1], *local, *other;
    struct inner inner = { 0 };
    int size = 4;

    if (message->nlmsg_type != RTM_NEWADDR || attributes_of_message(message, sizeof(*header), attributes, IFA_PROTO, NULL) < 0)
        return -EBADMSG;
    if (header->ifa_family != AF_INET && header->ifa_family != AF_INET6)
        return -ENODATA;
    if (header->ifa_family == AF_INET6)
        size = 16;
    /* without a peer IPv6 says only IFA_ADDRESS */
    other = attributes[IFA_ADDRESS];
    local = attributes[IFA_LOCAL] ? attributes[IFA_LOCAL] : other;
    if (!local || nla_len(local) < size || (other && nla_len(other) < size))
        return -EBADMSG;
    inner.local = address_from_bytes(header->ifa_family, nla_data(local));
    if (other)
        inner.peer = address_from_bytes(header->ifa_family, nla_data(other));
    if (attributes[IFA_BROADCAST] && header->ifa_family == AF_INET && nla_len(attributes[IFA_BROADCAST]) >= size)
        memcpy(&inner.broadcast, nla_data(attributes[IFA_BROADCAST]), sizeof(inner.broadcast));
    if (attributes[IFA_LABEL])
        nla_strlcpy(inner.label, attributes[IFA_LABEL], sizeof(inner.label));
    if (address_equal(&inner.peer, &inner.local))
        inner.peer = (struct address){ 0 };
    inner.prefix = header->ifa_prefixlen;
    inner.ours = attributes[IFA_PROTO] && nla_len(attributes[IFA_PROTO]) >= 1 && nla_get_u8(attributes[IFA_PROTO]) == PROTOCOL_OURS;
    if (!inner.ours && header->ifa_scope == RT_SCOPE_LINK && inner.local.family == AF_INET6)
        return -ENODATA;
    *ret_ifindex = (int)header->ifa_index;
    *ret = inner;
    return 0;
}
