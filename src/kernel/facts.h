/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lower devices, controllers, and the ways to the peers: what plans need beside the files and the links. */
#pragma once

#include "kernel/netlink.h"
#include "kernel/snapshot.h"
#include "model/facts.h"
#include "model/set.h"

/* One for each wanted. -ENOMEM, or what the kernel says. */
int facts_find(struct netlink *netlink, const struct snapshot *snapshot, const struct set *wanted, struct facts *ret);
void facts_done(struct facts *facts);
