/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as what the kernel says of links, addresses, routes, rules and neighbours. */
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/address.h"
#include "kernel/link.h"
#include "kernel/neighbour.h"
#include "kernel/route.h"
#include "kernel/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length = NLMSG_HDRLEN + (size < sizeof(struct ifinfomsg) ? sizeof(struct ifinfomsg) : size);
    struct nlmsghdr *message = calloc(1, length);
    struct tunnel *tunnel = NULL;
    struct neighbour neighbour;
    struct inner inner;
    struct route route;
    struct rule rule;
    int ifindex;

    memcpy((char *)message + NLMSG_HDRLEN, data, size);
    message->nlmsg_len = (uint32_t)length;
    message->nlmsg_type = RTM_NEWLINK;
    if (link_decode(message, &tunnel) == 0)
        tunnel_free(tunnel);
    message->nlmsg_type = RTM_NEWADDR;
    (void)address_decode(message, &ifindex, &inner);
    message->nlmsg_type = RTM_NEWROUTE;
    if (route_decode(message, &route) == 0)
        route_done(&route);
    message->nlmsg_type = RTM_NEWRULE;
    (void)rule_decode(message, &rule);
    message->nlmsg_type = RTM_NEWNEIGH;
    (void)neighbour_decode(message, &ifindex, &neighbour);
    free(message);
    return 0;
}
