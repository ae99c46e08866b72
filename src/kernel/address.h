/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct inner <-> RTM_NEWADDR. */
#pragma once

#include <linux/if_addr.h>
#include <linux/netlink.h>

#include "model/marks.h"
#include "model/tunnel.h"

#ifndef IFA_PROTO
#define IFA_PROTO 11 /* linux/if_addr.h, since 5.18; older kernels ignore it */
#endif

struct nl_msg;

/* NULL when out of memory. */
struct nl_msg *address_add(const struct inner *inner, int ifindex);
struct nl_msg *address_delete(const struct inner *inner, int ifindex);
/* ifindex 0: of all links. */
struct nl_msg *address_get_all(int ifindex);

/* -ENODATA: not one that a file could want (link-local by the kernel itself), -EBADMSG. */
int address_decode(const struct nlmsghdr *message, int *ret_ifindex, struct inner *ret);
