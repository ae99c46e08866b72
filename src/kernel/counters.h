/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counters of a link, as in struct rtnl_link_stats64 (linux/if_link.h). */
#pragma once

#include "kernel/netlink.h"

#include <stdint.h>

struct counters {
    uint64_t rx_packets, tx_packets;
    uint64_t rx_bytes, tx_bytes;
    uint64_t rx_errors, tx_errors;
    uint64_t rx_dropped, tx_dropped;
};

/* -ENODEV, -ENOMEM, or what the kernel says. */
int counters_take(struct netlink *netlink, int ifindex, struct counters *ret);
