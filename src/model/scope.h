/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a reconcile is about: the names of some tunnels, or all; with or without what is not on a tunnel. */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/hashes.h"

struct scope {
    bool all;
    bool outside; /* also what belongs to no one tunnel: rules, routes elsewhere */
    char (*names)[IFNAMSIZ];
    size_t n, room;
    struct hashes index;
};

/* All zeroes is nothing. A name that is in it already, or "", adds nothing. -ENOMEM: then it is "all". */
int scope_add(struct scope *scope, const char *name);
int scope_add_all(struct scope *scope, const struct scope *others); /* and what others is about beside names */
bool scope_has(const struct scope *scope, const char *name);
bool scope_is_empty(const struct scope *scope);
void scope_done(struct scope *scope);
