/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct route <-> RTM_NEWROUTE. */
#pragma once

#include <linux/netlink.h>

#include "model/marks.h"
#include "model/route.h"

struct nl_msg;

/* All return NULL when out of memory. The hops' indexes are what is sent, not their names.
 * replace: in place of the one with the same key, without a gap; else it fails with -EEXIST if there is one. */
struct nl_msg *route_add(const struct route *route, bool replace);
struct nl_msg *route_delete(const struct route *actual);

/* Of one protocol, or one device; 0: of any. */
struct nl_msg *route_get_all(uint8_t family, uint8_t protocol, int ifindex);

/* The devices' names are not filled in. -ENODATA: not one that a file could want (of the kernel itself or of a routing
 * daemon, or made of what a file cannot say). -EBADMSG, -ENOMEM. */
int route_decode(const struct nlmsghdr *message, struct route *ret);
