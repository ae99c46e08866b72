/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks for one link. Never for more: what it has is old at once. */
#include "kernel/counters.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <string.h>

/* Older kernels have less behind it, newer ones more. */
#define NEEDED offsetof(struct rtnl_link_stats64, multicast)

struct asked_for {
    struct counters *counters;
    int error;
};

static void got_link(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct asked_for *asked = userdata;
    struct nlattr *attribute;
    struct rtnl_link_stats64 stats;

    (void)text;
    if (error)
        asked->error = error;
    if (!reply || reply->nlmsg_type != RTM_NEWLINK)
        return;
    attribute = nlmsg_find_attr((struct nlmsghdr *)reply, sizeof(struct ifinfomsg), IFLA_STATS64);
    if (!attribute || nla_len(attribute) < (int)NEEDED)
        return;
    memcpy(&stats, nla_data(attribute), NEEDED); /* it may not be aligned */
    *asked->counters = (struct counters){
        .rx_packets = stats.rx_packets,
        .tx_packets = stats.tx_packets,
        .rx_bytes = stats.rx_bytes,
        .tx_bytes = stats.tx_bytes,
        .rx_errors = stats.rx_errors,
        .tx_errors = stats.tx_errors,
        .rx_dropped = stats.rx_dropped,
        .tx_dropped = stats.tx_dropped,
    };
    asked->error = 0;
}

int counters_take(struct netlink *netlink, int ifindex, struct counters *ret)
{
    struct ifinfomsg header = { .ifi_family = AF_UNSPEC, .ifi_index = ifindex };
    struct nl_msg *message = netlink_message(RTM_GETLINK, 0, &header, sizeof(header));
    struct asked_for asked = { .counters = ret, .error = -ENODEV };
    int r = message ? netlink_queue(netlink, message, got_link, &asked) : -ENOMEM;

    if (r >= 0)
        r = netlink_flush(netlink);
    if (r < 0)
        netlink_discard(netlink);
    return r < 0 ? r : asked.error;
}
