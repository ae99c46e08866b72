/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbours of multipoint tunnels: the outer address is what Ethernet calls the link-layer address. Built with
 * libnl-route's objects, our mark appended; decoded from the raw attributes, since libnl 3.7 does not know
 * NDA_PROTOCOL. */
#include "kernel/neighbour.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/addr.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/route/neighbour.h>

#include "base/macro.h"
#include "kernel/attributes.h"
#include "kernel/netlink.h"

DEFINE_CLEANUP(struct nl_addr *, nl_addr_put)
DEFINE_CLEANUP(struct rtnl_neigh *, rtnl_neigh_put)

static struct rtnl_neigh *build_object(const struct neighbour *neighbour, int ifindex)
{
    _cleanup_(nl_addr_putp) struct nl_addr *inner = nl_addr_build(neighbour->inner.family, neighbour->inner.bytes, address_size(&neighbour->inner));
    _cleanup_(nl_addr_putp) struct nl_addr *outer = nl_addr_build(AF_UNSPEC, neighbour->outer.bytes, address_size(&neighbour->outer));
    _cleanup_(rtnl_neigh_putp) struct rtnl_neigh *object = rtnl_neigh_alloc();

    if (!inner || !outer || !object || rtnl_neigh_set_dst(object, inner) < 0)
        return NULL;
    rtnl_neigh_set_ifindex(object, ifindex);
    rtnl_neigh_set_lladdr(object, outer);
    rtnl_neigh_set_state(object, NUD_PERMANENT);
    return steal_pointer(&object);
}

struct nl_msg *neighbour_add(const struct neighbour *neighbour, int ifindex)
{
    _cleanup_(rtnl_neigh_putp) struct rtnl_neigh *object = build_object(neighbour, ifindex);
    struct nl_msg *message;

    if (!object || rtnl_neigh_build_add_request(object, NLM_F_CREATE | NLM_F_REPLACE, &message) < 0)
        return NULL;
    if (nla_put_u8(message, NDA_PROTOCOL, PROTOCOL_OURS) < 0) {
        nlmsg_free(message);
        return NULL;
    }
    return message;
}

struct nl_msg *neighbour_delete(const struct neighbour *neighbour, int ifindex)
{
    _cleanup_(rtnl_neigh_putp) struct rtnl_neigh *object = build_object(neighbour, ifindex);
    struct nl_msg *message;

    return !object || rtnl_neigh_build_delete_request(object, 0, &message) < 0 ? NULL : message;
}

struct nl_msg *neighbour_get_all(int ifindex)
{
    struct ndmsg header = { .ndm_family = AF_UNSPEC };
    struct nl_msg *message = netlink_message(RTM_GETNEIGH, NLM_F_DUMP, &header, sizeof(header));

    if (message && ifindex && nla_put_u32(message, NDA_IFINDEX, (uint32_t)ifindex) < 0) {
        nlmsg_free(message);
        return NULL;
    }
    return message;
}

int neighbour_decode(const struct nlmsghdr *message, int *ret_ifindex, struct neighbour *ret)
{
    const struct ndmsg *header = nlmsg_data(message);
    struct nlattr *attributes[NDA_MAX + 1];
    struct neighbour neighbour = { 0 };
    int size;

    if (message->nlmsg_type != RTM_NEWNEIGH || attributes_of_message(message, sizeof(*header), attributes, NDA_MAX, NULL) < 0)
        return -EBADMSG;
    if ((header->ndm_family != AF_INET && header->ndm_family != AF_INET6) || !attributes[NDA_DST] || !attributes[NDA_LLADDR])
        return -ENODATA;
    if (header->ndm_state == NUD_NONE || header->ndm_state & NUD_FAILED)
        return -ENODATA;
    size = nla_len(attributes[NDA_LLADDR]);
    if (nla_len(attributes[NDA_DST]) < (header->ndm_family == AF_INET ? 4 : 16) || (size != 4 && size != 16))
        return -ENODATA;
    neighbour.inner = address_from_bytes(header->ndm_family, nla_data(attributes[NDA_DST]));
    neighbour.outer = address_from_bytes(size == 4 ? AF_INET : AF_INET6, nla_data(attributes[NDA_LLADDR]));
    neighbour.guessed = header->ndm_state & NUD_NOARP;
    neighbour.ours = attributes[NDA_PROTOCOL] && nla_len(attributes[NDA_PROTOCOL]) >= 1 && nla_get_u8(attributes[NDA_PROTOCOL]) == PROTOCOL_OURS;
    *ret_ifindex = header->ndm_ifindex;
    *ret = neighbour;
    return 0;
}
