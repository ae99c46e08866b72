/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/followed.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/address.h"

struct candidate {
    struct address address;
    bool fit;   /* for a tunnel that has another one now, or none */
    bool stays; /* it may be kept where it is in use */
};

struct followed_link {
    char name[IFNAMSIZ];
    int ifindex; /* 0: there is none */
    struct candidate *candidates;
    size_t n;
};

static void begin(void *userdata)
{
    struct followed_link *link = userdata;

    link->n = 0;
}

static uint32_t flags_of(const struct nlmsghdr *message)
{
    struct nlattr *flags = nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct ifaddrmsg), IFA_FLAGS);

    return flags && nla_len(flags) >= (int)sizeof(uint32_t) ? nla_get_u32(flags) : ((const struct ifaddrmsg *)nlmsg_data(message))->ifa_flags;
}

static int each(void *userdata, const struct nlmsghdr *message)
{
    struct followed_link *link = userdata;
    const struct ifaddrmsg *header = nlmsg_data(message);
    struct candidate *grown;
    struct inner inner;
    uint32_t flags;
    int ifindex;
    bool ipv6;

    if (address_decode(message, &ifindex, &inner) < 0 || ifindex != link->ifindex || header->ifa_scope != RT_SCOPE_UNIVERSE)
        return 0;
    flags = flags_of(message);
    ipv6 = inner.local.family == AF_INET6;
    if (ipv6 && flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED))
        return 0;
    grown = reallocarray(link->candidates, link->n + 1, sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    link->candidates = grown;
    grown[link->n++] = (struct candidate){
        .address = inner.local,
        .fit = !(flags & (IFA_F_SECONDARY | IFA_F_DEPRECATED)), /* the first of them is IFA_F_TEMPORARY too */
        .stays = !(flags & ((ipv6 ? IFA_F_TEMPORARY : 0) | IFA_F_DEPRECATED)),
    };
    return 0;
}

static int look_at(struct followed *followed, const char *interface, struct followed_link **ret)
{
    unsigned ifindex;
    struct followed_link *link, *grown;
    struct nl_msg *message;
    int r;

    for (size_t i = 0; i < followed->n; i++)
        if (!strcmp(followed->links[i].name, interface)) {
            *ret = &followed->links[i];
            return 0;
        }
    ifindex = if_nametoindex(interface);
    if (!ifindex && errno != ENODEV)
        return -errno; /* a lack of descriptors says nothing of it */
    grown = reallocarray(followed->links, followed->n + 1, sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    followed->links = grown;
    link = &grown[followed->n++];
    *link = (struct followed_link){ .ifindex = (int)ifindex };
    strcpy(link->name, interface);
    *ret = link;
    if (!link->ifindex)
        return 0;
    message = address_get_all(link->ifindex);
    r = message ? netlink_dump(followed->netlink, message, begin, each, link) : -ENOMEM;
    return r == -ENODEV ? 0 : r; /* it went meanwhile */
}

int followed_choose(struct followed *followed, const char *interface, uint8_t family, const struct address *present, struct address *ret)
{
    const struct candidate *chosen = NULL;
    struct followed_link *link = NULL;
    int r = look_at(followed, interface, &link);

    if (r < 0)
        return r;
    if (!link->ifindex)
        return -ENODEV;
    for (size_t i = 0; i < link->n; i++) {
        const struct candidate *candidate = &link->candidates[i];
        bool is_present = address_equal(&candidate->address, present);

        if (candidate->address.family != family)
            continue;
        if (is_present && candidate->stays) {
            chosen = candidate;
            break;
        }
        if ((candidate->fit && !(chosen && chosen->fit)) || (!chosen && is_present))
            chosen = candidate;
    }
    if (!chosen)
        return -EADDRNOTAVAIL;
    *ret = chosen->address;
    return 0;
}

void followed_done(struct followed *followed)
{
    for (size_t i = 0; i < followed->n; i++)
        free(followed->links[i].candidates);
    free(followed->links);
    followed->links = NULL;
    followed->n = 0;
}
