/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses of interfaces that tunnels take theirs from. Only reads. */
#pragma once

#include "kernel/netlink.h"
#include "model/address.h"

struct followed_link;

/* The interfaces that have been looked at: each once, however many tunnels follow it. Begins with nothing but netlink. */
struct followed {
    struct netlink *netlink;
    struct followed_link *links;
    size_t n;
};

/* Of global scope, in the order in which the kernel has them: the first of IPv4 that is no secondary one, the first of IPv6 that is
 * neither temporary nor tentative nor in use twice, and neither deprecated. present, if the interface still has it, comes first;
 * but it comes last if it is deprecated, or temporary. -ENODEV: there is no such interface. -EADDRNOTAVAIL: it has none. */
int followed_choose(struct followed *followed, const char *interface, uint8_t family, const struct address *present, struct address *ret);

void followed_done(struct followed *followed);
