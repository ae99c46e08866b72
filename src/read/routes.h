/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files route-NAME, route6-NAME, rule-NAME and rule6-NAME: lines of arguments of `ip route` and `ip rule`, or
 * ADDRESSn, NETMASKn and GATEWAYn. */
#pragma once

#include "model/problem.h"
#include "model/tunnel.h"
#include "read/names.h"

struct routes_input {
    const char *path; /* as seen below --root */
    const char *text;
    size_t size;
    uint8_t family;
    bool rules; /* else routes */
    const struct names *names;
};

/* Adds what the file says to the tunnel. A bad line costs that line; a file of ADDRESSn with a fault says
 * nothing; both make the tunnel doubtful. -ENOMEM. */
int routes_read(struct tunnel *tunnel, const struct routes_input *input, struct problems *problems);

/* One of its own, for what is not in such a file. Leaves out one that is there already, and one that the kind of
 * tunnel cannot carry; takes it over in any case. -ENOMEM. */
int routes_want(struct tunnel *tunnel, struct route *route, struct problems *problems);

/* The lines of static-routes-ipv6 that begin with the tunnel's name: "DEVICE NETWORK [GATEWAY]". -ENOMEM. */
int routes_read_static(struct tunnel *tunnel, const struct routes_input *input, struct problems *problems);
