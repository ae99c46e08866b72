/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct tunnel <-> RTM_NEWLINK: encoded and decoded from one attribute table per kind. */
#pragma once

#include <linux/netlink.h>

#include "model/marks.h"
#include "model/tunnel.h"

struct nl_msg;

/* All return NULL when out of memory. The name of a link that is made, the ifindex of one that is changed. */
struct nl_msg *link_create(const struct tunnel *wanted, int lower_index, uint32_t mtu);
/* fields: FIELD_*; of those in INFO_DATA all are sent if one is, since what is absent becomes a default. */
struct nl_msg *link_change(const struct tunnel *wanted, int ifindex, int lower_index, uint32_t fields, uint32_t mtu);
/* Onto an identity that nobody else has: number makes it one of its own. */
struct nl_msg *link_park(const struct tunnel *actual, int ifindex, unsigned number);
/* As it is, but that it no longer ignores the DF flag: until then path MTU discovery cannot be turned on (net/ipv4/ip_gre.c). */
struct nl_msg *link_heed_df(const struct tunnel *actual, int ifindex);
/* Into a bridge or VRF; 0: out of any. */
struct nl_msg *link_set_controller(int ifindex, int controller_index);
struct nl_msg *link_set_flags(const struct tunnel *wanted, int ifindex);
struct nl_msg *link_set_alias(const struct tunnel *wanted, int ifindex);
struct nl_msg *link_set_group(int ifindex, uint32_t group);
struct nl_msg *link_rename(int ifindex, const char *name);
struct nl_msg *link_delete(int ifindex);
struct nl_msg *link_delete_group(uint32_t group);
struct nl_msg *link_get(const char *name);
struct nl_msg *link_get_all(void);

/* Makes a tunnel of a RTM_NEWLINK; one of KIND_NONE for a link of a kind that is not ours. -ENOMEM, -EBADMSG. */
int link_decode(const struct nlmsghdr *message, struct tunnel **ret);

/* What must be known of a link that was just made, or is to go. */
struct link_brief {
    int ifindex;
    bool ours;       /* by its marks */
    bool tells_ipv6; /* the two below are known */
    bool ipv6;       /* not disable_ipv6 */
    uint8_t conf[CONF_MAX];
};

/* -EBADMSG */
int link_decode_brief(const struct nlmsghdr *message, struct link_brief *ret);
