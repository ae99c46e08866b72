/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tunnel has inside, against the way to its peer outside: routes that would lead that way into the tunnel itself, and
 * networks that are there twice. */
#pragma once

#include "model/facts.h"
#include "model/tunnel.h"

/* Is the way to the peer worth asking for? Both are cheap, and seldom true. fact: all but the way and the underlay. */
bool ways_may_loop(const struct tunnel *wanted, const struct fact *fact);
bool ways_may_overlap(const struct tunnel *wanted, const struct fact *fact);

/* Would it, or does it, lead the way to the tunnel's own peer into the tunnel? For one of its wanted routes, and for the
 * network that comes with one of its addresses. */
bool ways_route_loops(const struct tunnel *wanted, const struct fact *fact, const struct route *route);
bool ways_inner_loops(const struct tunnel *wanted, const struct fact *fact, const struct inner *inner);

/* The address of the underlay whose network is also that of inner, in part or as a whole; NULL: none. */
const struct inner *ways_overlap(const struct inner *inner, const struct fact *fact);
