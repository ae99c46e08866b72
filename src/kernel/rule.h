/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct rule <-> RTM_NEWRULE. */
#pragma once

#include <linux/netlink.h>

#include "model/marks.h"
#include "model/rule.h"

struct nl_msg;

/* All return NULL when out of memory. */
struct nl_msg *rule_add(const struct rule *rule);
struct nl_msg *rule_delete(const struct rule *actual);
struct nl_msg *rule_get_all(uint8_t family);

/* -EBADMSG; -ENODATA: somebody else's, that says more than a file can. */
int rule_decode(const struct nlmsghdr *message, struct rule *ret);
