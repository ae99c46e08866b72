/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct neighbour <-> RTM_NEWNEIGH. */
#pragma once

#include <linux/netlink.h>

#include "model/marks.h"
#include "model/tunnel.h"

struct nl_msg;

/* All return NULL when out of memory. */
struct nl_msg *neighbour_add(const struct neighbour *neighbour, int ifindex);
struct nl_msg *neighbour_delete(const struct neighbour *neighbour, int ifindex);
/* ifindex 0: of all links. */
struct nl_msg *neighbour_get_all(int ifindex);

/* -ENODATA: not one that a file could want. -EBADMSG. */
int neighbour_decode(const struct nlmsghdr *message, int *ret_ifindex, struct neighbour *ret);
