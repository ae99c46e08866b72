/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listens. Never asks, and never keeps what it heard. */
#include "kernel/monitor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "model/marks.h"

enum {
    RECEIVE_BYTES = 32 * 1024,
    SOCKET_BYTES = 32 * 1024 * 1024, /* of kernel memory only while events wait: thousands of links at once are one storm */
};

struct monitor {
    struct nl_sock *socket;
    char received[RECEIVE_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/* Of routes and rules only what is gone, and of routes only ours: a routing daemon that changes a thousand a second does not
 * wake us. Loads are in network order, the header is not. */
static int attach_filter(int fd)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWRULE), 5, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWROUTE), 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELROUTE), 0, 2),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_protocol)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROTOCOL_OURS, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };

    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0 ? -errno : 0;
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
    if (r >= 0)
        r = nl_socket_add_memberships(monitor->socket, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
                                      RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE, 0);
    if (r < 0)
        return errno ? -errno : -ENOMEM;
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

/* The kernel says in ifi_change which flags are not as they were (net/core/dev.c __dev_notify_flags). */
static void heard_link(const struct nlmsghdr *message, monitor_fn each, void *userdata)
{
    const struct ifinfomsg *header = nlmsg_data(message);
    struct nlattr *name;

    if (message->nlmsg_len < NLMSG_LENGTH(sizeof(*header)) || !(header->ifi_flags & IFF_UP) || !(header->ifi_change & IFF_UP))
        return;
    name = nlmsg_find_attr((struct nlmsghdr *)message, sizeof(*header), IFLA_IFNAME);
    if (name && nla_len(name) > 0 && nla_len(name) <= IFNAMSIZ && !((char *)nla_data(name))[nla_len(name) - 1])
        each(MONITOR_UP, nla_data(name), 0, userdata);
}

static void heard_address(const struct nlmsghdr *message, monitor_fn each, void *userdata)
{
    const struct ifaddrmsg *header = nlmsg_data(message);
    char name[IF_NAMESIZE];

    if (message->nlmsg_len >= NLMSG_LENGTH(sizeof(*header)) && if_indextoname(header->ifa_index, name))
        each(MONITOR_ADDRESS, name, 0, userdata);
}

static void heard_rule(const struct nlmsghdr *message, monitor_fn each, void *userdata)
{
    struct nlattr *protocol = nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct fib_rule_hdr), FRA_PROTOCOL);

    if (protocol && nla_len(protocol) >= 1 && nla_get_u8(protocol) == PROTOCOL_OURS)
        each(MONITOR_RULE, NULL, 0, userdata);
}

/* Routes go with a link that goes down, some with a word (IPv6), some without (IPv4): that is put right when it comes up. */
static void heard_hop(const struct monitor *monitor, int index, monitor_fn each, void *userdata)
{
    struct ifreq link = { .ifr_ifindex = index };

    if (!index)
        each(MONITOR_ROUTE, NULL, 0, userdata);
    else if (ioctl(monitor_fd(monitor), SIOCGIFNAME, &link) >= 0 && ioctl(monitor_fd(monitor), SIOCGIFFLAGS, &link) >= 0 && link.ifr_flags & IFF_UP)
        each(MONITOR_ROUTE, link.ifr_name, 0, userdata);
}

static void heard_route(const struct monitor *monitor, const struct nlmsghdr *message, monitor_fn each, void *userdata)
{
    struct nlattr *device = nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct rtmsg), RTA_OIF);
    struct nlattr *hops = nlmsg_find_attr((struct nlmsghdr *)message, sizeof(struct rtmsg), RTA_MULTIPATH);
    struct rtnexthop *hop = hops ? nla_data(hops) : NULL;
    int left = hops ? nla_len(hops) : 0;

    if (device && nla_len(device) >= (int)sizeof(uint32_t))
        heard_hop(monitor, (int)nla_get_u32(device), each, userdata);
    else if (!hops)
        heard_hop(monitor, 0, each, userdata);
    for (; hop && RTNH_OK(hop, left); left -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
        heard_hop(monitor, hop->rtnh_ifindex, each, userdata);
}

static void heard(const struct monitor *monitor, const struct nlmsghdr *message, monitor_fn each, void *userdata)
{
    if (message->nlmsg_type == RTM_NEWLINK)
        heard_link(message, each, userdata);
    else if (message->nlmsg_type == RTM_NEWADDR)
        heard_address(message, each, userdata);
    else if (message->nlmsg_type == RTM_DELRULE)
        heard_rule(message, each, userdata);
    else if (message->nlmsg_type == RTM_DELROUTE)
        heard_route(monitor, message, each, userdata);
}

void monitor_read(struct monitor *monitor, unsigned most, monitor_fn each, void *userdata)
{
    for (unsigned i = 0; !most || i < most; i++) {
        struct nlmsghdr *message = (struct nlmsghdr *)monitor->received;
        ssize_t n = recv(monitor_fd(monitor), monitor->received, sizeof(monitor->received), MSG_TRUNC);
        int left = (int)n;

        if (n < 0 && errno == EINTR)
            continue;
        if ((n < 0 && errno == ENOBUFS) || n > (ssize_t)sizeof(monitor->received)) {
            each(MONITOR_LOST, NULL, 0, userdata);
            continue;
        }
        if (n < 0)
            return;
        for (; nlmsg_ok(message, left); message = nlmsg_next(message, &left))
            heard(monitor, message, each, userdata);
    }
}
