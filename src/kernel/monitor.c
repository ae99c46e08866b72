/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listens. Never asks, and never keeps what it heard. */
#include "kernel/monitor.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
    RECEIVE_BYTES = 32 * 1024,
    SOCKET_BYTES = 32 * 1024 * 1024, /* of kernel memory only while events wait: thousands of links at once are one storm */
};

struct monitor {
    struct nl_sock *socket;
    char received[RECEIVE_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
};

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
        r = nl_socket_add_memberships(monitor->socket, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, 0);
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
        each(MONITOR_UP, nla_data(name), userdata);
}

static void heard_address(const struct nlmsghdr *message, monitor_fn each, void *userdata)
{
    const struct ifaddrmsg *header = nlmsg_data(message);
    char name[IF_NAMESIZE];

    if (message->nlmsg_len >= NLMSG_LENGTH(sizeof(*header)) && if_indextoname(header->ifa_index, name))
        each(MONITOR_ADDRESS, name, userdata);
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
            each(MONITOR_LOST, NULL, userdata);
            continue;
        }
        if (n < 0)
            return;
        for (; nlmsg_ok(message, left); message = nlmsg_next(message, &left))
            if (message->nlmsg_type == RTM_NEWLINK)
                heard_link(message, each, userdata);
            else if (message->nlmsg_type == RTM_NEWADDR)
                heard_address(message, each, userdata);
    }
}
