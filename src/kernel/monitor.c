/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listens. Never asks, and never keeps what it heard. */
#include "kernel/monitor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/filter.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "kernel/address.h"
#include "model/marks.h"

enum {
    RECEIVE_BYTES = 32 * 1024,
    SOCKET_BYTES = 32 * 1024 * 1024, /* of kernel memory only while events wait: thousands of links at once are one storm */
};

struct monitor {
    struct nl_sock *socket;
    char received[RECEIVE_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/* Instructions to where a message is dropped or taken, from the one at here. */
#define TO(target, here) ((target) - (here)-1)

/* Routes of routing daemons, who change a thousand a second, and neighbours that are not ours do not wake us, nor do new
 * rules. Loads are in network order, the header of a message is not. */
static int attach_filter(int fd)
{
    enum {
        FIRST,
        RULE,
        NEW_ROUTE,
        GONE_ROUTE,
        NEW_NEIGHBOUR,
        GONE_NEIGHBOUR,
        OTHERS,
        PROTOCOL,
        OURS,
        BOOT,
        STATIC,
        RA,
        DHCP,
        FOREIGN,
        OFFSET,
        ATTRIBUTE,
        FIND,
        FOUND,
        INDEX,
        MARK,
        MARKED,
        TAKE,
        DROP
    };
    struct sock_filter code[] = {
        [FIRST] = BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
        [RULE] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWRULE), TO(DROP, RULE), 0),
        [NEW_ROUTE] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWROUTE), TO(PROTOCOL, NEW_ROUTE), 0),
        [GONE_ROUTE] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELROUTE), TO(PROTOCOL, GONE_ROUTE), 0),
        [NEW_NEIGHBOUR] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWNEIGH), TO(OFFSET, NEW_NEIGHBOUR), 0),
        [GONE_NEIGHBOUR] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELNEIGH), TO(OFFSET, GONE_NEIGHBOUR), 0),
        [OTHERS] = BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        [PROTOCOL] = BPF_STMT(BPF_LD | BPF_B | BPF_ABS, NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_protocol)),
        [OURS] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROTOCOL_OURS, TO(TAKE, OURS), 0),
        [BOOT] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RTPROT_BOOT, TO(TAKE, BOOT), 0),
        [STATIC] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RTPROT_STATIC, TO(TAKE, STATIC), 0),
        [RA] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RTPROT_RA, TO(TAKE, RA), 0),
        [DHCP] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RTPROT_DHCP, TO(TAKE, DHCP), 0),
        [FOREIGN] = BPF_STMT(BPF_RET | BPF_K, 0),
        [OFFSET] = BPF_STMT(BPF_LD | BPF_IMM, NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct ndmsg))),
        [ATTRIBUTE] = BPF_STMT(BPF_LDX | BPF_IMM, NDA_PROTOCOL),
        [FIND] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_NLATTR)),
        [FOUND] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, TO(DROP, FOUND), 0),
        [INDEX] = BPF_STMT(BPF_MISC | BPF_TAX, 0),
        [MARK] = BPF_STMT(BPF_LD | BPF_B | BPF_IND, NLA_HDRLEN),
        [MARKED] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROTOCOL_OURS, TO(TAKE, MARKED), TO(DROP, MARKED)),
        [TAKE] = BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        [DROP] = BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };

    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0 ? -errno : 0;
}

static const int groups[] = { RTNLGRP_LINK,       RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE,
                              RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE,   RTNLGRP_IPV6_RULE,   RTNLGRP_NEIGH };

void monitor_pause(struct monitor *monitor)
{
    for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
        (void)nl_socket_drop_membership(monitor->socket, groups[i]);
}

int monitor_resume(struct monitor *monitor)
{
    int r = 0;

    errno = 0;
    for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(groups); i++)
        r = nl_socket_add_membership(monitor->socket, groups[i]);
    return r >= 0 ? 0 : errno ? -errno : -ENOMEM;
}

int monitor_open(struct monitor **ret)
{
    _cleanup_(monitor_closep) struct monitor *monitor = calloc(1, sizeof(*monitor));
    int bytes = SOCKET_BYTES, r;

    if (!monitor)
        return -ENOMEM;
    monitor->socket = nl_socket_alloc();
    if (!monitor->socket)
        return -ENOMEM;
    errno = 0;
    r = nl_connect(monitor->socket, NETLINK_ROUTE);
    if (r >= 0)
        r = nl_socket_set_nonblocking(monitor->socket);
    if (r >= 0 && setsockopt(nl_socket_get_fd(monitor->socket), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) < 0)
        (void)setsockopt(nl_socket_get_fd(monitor->socket), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    if (r >= 0)
        r = attach_filter(nl_socket_get_fd(monitor->socket));
    if (r < 0)
        return errno ? -errno : -ENOMEM;
    r = monitor_resume(monitor);
    if (r < 0)
        return r;
    *ret = steal_pointer(&monitor);
    return 0;
}

struct monitor *monitor_close(struct monitor *monitor)
{
    if (monitor) {
        nl_socket_free(monitor->socket);
        free(monitor);
    }
    return NULL;
}

int monitor_fd(const struct monitor *monitor)
{
    return nl_socket_get_fd(monitor->socket);
}

struct hearing {
    int fd;
    monitor_fn each;
    void *userdata;
};

static void tell(const struct hearing *hearing, const struct nlmsghdr *message, struct heard heard)
{
    heard.who = message->nlmsg_pid;
    hearing->each(&heard, hearing->userdata);
}

/* An attribute of that size at least; NULL: there is none. */
static const void *find(const struct nlmsghdr *message, size_t header, int type, size_t least)
{
    struct nlattr *found = nlmsg_find_attr((struct nlmsghdr *)message, (int)header, type);

    return found && (size_t)nla_len(found) >= least ? nla_data(found) : NULL;
}

static uint32_t find_u32(const struct nlmsghdr *message, size_t header, int type)
{
    const void *found = find(message, header, type, sizeof(uint32_t));
    uint32_t value = 0;

    if (found)
        memcpy(&value, found, sizeof(value));
    return value;
}

static const char *find_name(const struct nlmsghdr *message)
{
    struct nlattr *found = nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct ifinfomsg), IFLA_IFNAME);
    const char *name = found ? nla_data(found) : NULL;

    return name && *name && nla_len(found) > 1 && nla_len(found) <= IFNAMSIZ && !name[nla_len(found) - 1] ? name : NULL;
}

/* NULL: there is no such link. */
static const char *name_of(int fd, int index, struct ifreq *link)
{
    *link = (struct ifreq){ .ifr_ifindex = index };
    return ioctl(fd, SIOCGIFNAME, link) >= 0 ? link->ifr_name : NULL;
}

static bool is_there(int fd, int index)
{
    struct ifreq link;

    return name_of(fd, index, &link);
}

/* The kernel says in ifi_change which flags are not as they were, and all of them where the link is new (net/core/dev.c
 * __dev_notify_flags, net/core/rtnetlink.c). Bridges and radios tell of themselves in such messages too. One that goes is down first. */
static void heard_link(const struct hearing *hearing, const struct nlmsghdr *message)
{
    const struct ifinfomsg *header = nlmsg_data(message);
    struct heard heard = { .name = find_name(message), .ifindex = header->ifi_index };

    if (header->ifi_family != AF_UNSPEC || !heard.name || find(message, sizeof(*header), IFLA_WIRELESS, 0))
        return;
    if (message->nlmsg_type == RTM_DELLINK) {
        heard.event = MONITOR_GONE;
        tell(hearing, message, heard);
        return;
    }
    heard.event = MONITOR_LINK;
    heard.mtu = find_u32(message, sizeof(*header), IFLA_MTU);
    heard.marked = find_u32(message, sizeof(*header), IFLA_GROUP) == GROUP_OURS;
    heard.created = header->ifi_change == UINT32_MAX;
    tell(hearing, message, heard);
    if (!(header->ifi_change & IFF_UP) || (!(header->ifi_flags & IFF_UP) && (heard.created || !is_there(hearing->fd, header->ifi_index))))
        return;
    heard.event = header->ifi_flags & IFF_UP ? MONITOR_UP : MONITOR_DOWN;
    tell(hearing, message, heard);
}

static void heard_address(const struct hearing *hearing, const struct nlmsghdr *message)
{
    const struct ifaddrmsg *header = nlmsg_data(message);
    struct heard heard = { .event = message->nlmsg_type == RTM_NEWADDR ? MONITOR_ADDRESS : MONITOR_UNADDRESS, .ifindex = (int)header->ifa_index };
    const uint8_t *protocol = find(message, sizeof(*header), IFA_PROTO, 1);
    size_t size = header->ifa_family == AF_INET6 ? 16 : 4;
    const void *to = find(message, sizeof(*header), IFA_ADDRESS, size), *local = find(message, sizeof(*header), IFA_LOCAL, size);
    struct ifreq link;

    if (header->ifa_family == AF_INET || header->ifa_family == AF_INET6) {
        heard.prefix = header->ifa_prefixlen;
        heard.to = to ? address_from_bytes(header->ifa_family, to) : heard.to;
        heard.local = local ? address_from_bytes(header->ifa_family, local) : heard.to; /* IPv6 says it only where there is a peer */
    }
    heard.ours = protocol && *protocol == PROTOCOL_OURS;
    heard.name = name_of(hearing->fd, heard.ifindex, &link);
    if (heard.name || heard.event == MONITOR_UNADDRESS)
        tell(hearing, message, heard);
}

static void heard_neighbour(const struct hearing *hearing, const struct nlmsghdr *message)
{
    const struct ndmsg *header = nlmsg_data(message);
    const uint8_t *protocol = find(message, sizeof(*header), NDA_PROTOCOL, 1);
    struct heard heard = { .event = MONITOR_NEIGHBOUR, .ifindex = header->ndm_ifindex };
    struct ifreq link;

    heard.name = name_of(hearing->fd, heard.ifindex, &link);
    if (heard.name && protocol && *protocol == PROTOCOL_OURS)
        tell(hearing, message, heard);
}

static void heard_rule(const struct hearing *hearing, const struct nlmsghdr *message)
{
    const uint8_t *protocol = find(message, sizeof(struct fib_rule_hdr), FRA_PROTOCOL, 1);

    if (protocol && *protocol == PROTOCOL_OURS)
        tell(hearing, message, (struct heard){ .event = MONITOR_RULE });
}

/* Routes go with a link that goes down, some with a word (IPv6), some without (IPv4): that is put right when it comes up. */
static void heard_hop(const struct hearing *hearing, const struct nlmsghdr *message, int index)
{
    struct ifreq link;

    if (!index)
        tell(hearing, message, (struct heard){ .event = MONITOR_ROUTE });
    else if (name_of(hearing->fd, index, &link) && ioctl(hearing->fd, SIOCGIFFLAGS, &link) >= 0 && link.ifr_flags & IFF_UP)
        tell(hearing, message, (struct heard){ .event = MONITOR_ROUTE, .name = link.ifr_name, .ifindex = index });
}

static void heard_our_route_gone(const struct hearing *hearing, const struct nlmsghdr *message)
{
    int device = (int)find_u32(message, sizeof(struct rtmsg), RTA_OIF);
    struct nlattr *hops = nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct rtmsg), RTA_MULTIPATH);
    struct rtnexthop *hop = hops ? nla_data(hops) : NULL;
    int left = hops ? nla_len(hops) : 0;

    if (device || !hops)
        heard_hop(hearing, message, device);
    for (; !device && left >= (int)sizeof(*hop) && RTNH_OK(hop, left); left -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
        heard_hop(hearing, message, hop->rtnh_ifindex);
}

static void heard_way(const struct hearing *hearing, const struct nlmsghdr *message)
{
    const struct rtmsg *header = nlmsg_data(message);
    struct heard heard = { .event = MONITOR_WAY, .to.family = header->rtm_family, .prefix = header->rtm_dst_len };
    const void *to = find(message, sizeof(*header), RTA_DST, address_size(&heard.to));

    if (to)
        memcpy(heard.to.bytes, to, address_size(&heard.to));
    if (header->rtm_family == AF_INET || header->rtm_family == AF_INET6)
        tell(hearing, message, heard);
}

/* What takes the place of one of ours is not ours any more, and of that one no word is said (NLM_F_REPLACE). */
static void heard_route(const struct hearing *hearing, const struct nlmsghdr *message)
{
    const struct rtmsg *header = nlmsg_data(message);

    if (header->rtm_protocol != PROTOCOL_OURS)
        heard_way(hearing, message);
    else if (message->nlmsg_type == RTM_DELROUTE || message->nlmsg_flags & NLM_F_REPLACE)
        heard_our_route_gone(hearing, message);
}

static void heard(const struct hearing *hearing, const struct nlmsghdr *message)
{
    static const struct {
        uint16_t type;
        size_t header;
        void (*hear)(const struct hearing *hearing, const struct nlmsghdr *message);
    } kinds[] = {
        { RTM_NEWLINK, sizeof(struct ifinfomsg), heard_link },    { RTM_DELLINK, sizeof(struct ifinfomsg), heard_link },
        { RTM_NEWADDR, sizeof(struct ifaddrmsg), heard_address }, { RTM_DELADDR, sizeof(struct ifaddrmsg), heard_address },
        { RTM_NEWNEIGH, sizeof(struct ndmsg), heard_neighbour },  { RTM_DELNEIGH, sizeof(struct ndmsg), heard_neighbour },
        { RTM_DELRULE, sizeof(struct fib_rule_hdr), heard_rule }, { RTM_NEWROUTE, sizeof(struct rtmsg), heard_route },
        { RTM_DELROUTE, sizeof(struct rtmsg), heard_route },
    };

    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
        if (message->nlmsg_type == kinds[i].type && message->nlmsg_len >= NLMSG_LENGTH(kinds[i].header))
            kinds[i].hear(hearing, message);
}

void monitor_hear(int fd, const void *datagram, size_t size, monitor_fn each, void *userdata)
{
    struct hearing hearing = { fd, each, userdata };
    struct nlmsghdr *message = (struct nlmsghdr *)datagram;
    int left = (int)size;

    for (; nlmsg_ok(message, left); message = nlmsg_next(message, &left))
        heard(&hearing, message);
}

void monitor_read(struct monitor *monitor, unsigned most, monitor_fn each, void *userdata)
{
    for (unsigned i = 0; !most || i < most; i++) {
        ssize_t n = recv(monitor_fd(monitor), monitor->received, sizeof(monitor->received), MSG_TRUNC);

        if (n < 0 && errno == EINTR)
            continue;
        if ((n < 0 && errno == ENOBUFS) || n > (ssize_t)sizeof(monitor->received))
            each(&(struct heard){ .event = MONITOR_LOST }, userdata);
        else if (n < 0)
            return;
        else
            monitor_hear(monitor_fd(monitor), monitor->received, (size_t)n, each, userdata);
    }
}
