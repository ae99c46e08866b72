/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tunnels by name, and beside them what belongs to no one tunnel. */
#pragma once

#include "base/hashes.h"
#include "base/macro.h"
#include "model/tunnel.h"

/* What only few say, so that the others need not be asked. */
enum { SET_REACHES_OUT = 1, SET_SENDS_FROM = 2, SET_NEEDS = 4, SET_TAKES_FROM = 8 };

struct set {
    struct tunnel **items; /* in the order in which they came */
    size_t n, room;
    bool owns;       /* items are freed with the set */
    unsigned traits; /* SET_*, of any of them when it was added: see tunnel_reaches_out, a route's source, lower and controller, local_name */
    struct hashes by_name;
    struct routes routes; /* actual: those that were looked at, on whatever device */
    struct rules rules;   /* actual: of all or, where nobody asked, none */
};

struct set *set_new(bool owns);
struct set *set_free(struct set *set);
DEFINE_CLEANUP(struct set *, set_free)

/* Room for n of them, if nobody adds more. -ENOMEM. */
int set_reserve(struct set *set, size_t n);

/* Takes the tunnel over if the set owns. -EEXIST: the name is there already (nothing is taken over). */
int set_add(struct set *set, struct tunnel *tunnel);

struct tunnel *set_get(const struct set *set, const char *name);
