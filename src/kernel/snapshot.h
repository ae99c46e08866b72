/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel has: links with their addresses and neighbours, routes, rules. Only reads. */
#pragma once

#include "kernel/netlink.h"
#include "model/scope.h"
#include "model/set.h"

struct snapshot {
    struct set *links;   /* of the scope; with scope.all every link of the host, KIND_NONE among them */
    bool complete;       /* scope.all */
    bool foreign_doomed; /* a link that is not ours is in our group of the doomed */
};

/* -ENOMEM, or what the kernel says. */
int snapshot_take(struct netlink *netlink, const struct scope *scope, struct snapshot *ret);
void snapshot_done(struct snapshot *snapshot);
