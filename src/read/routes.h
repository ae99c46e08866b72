/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files route-NAME, route6-NAME, rule-NAME and rule6-NAME: lines of arguments of `ip route` and `ip rule`, or
 * ADDRESSn, NETMASKn and GATEWAYn. */
#pragma once

#include "model/problem.h"
#include "model/tunnel.h"
#include "read/names.h"
#include "read/words.h"

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

/* The same with a syntax of one's own: read_line makes what words has of a line into arguments of `ip route`, in place,
 * and hands them to routes_take; or it says what is wrong with it (words_fail). */
struct routes_reading {
    struct tunnel *tunnel;
    const struct routes_input *input;
    struct problems *problems;
    const char *file; /* path, which lives as long as the tunnel */
};
typedef int (*routes_line_fn)(struct routes_reading *reading, struct words *words);
int routes_read_lines(struct tunnel *tunnel, const struct routes_input *input, routes_line_fn read_line, struct problems *problems);

/* What a line leaves open. */
struct routes_defaults {
    uint8_t family;
    const char *device; /* of a hop that names none */
    bool all_hops;      /* also of several: else the kernel finds it by the gateway */
};

/* -EINVAL: see words; -ENOMEM. */
int routes_take(struct routes_reading *reading, struct words *words, const struct routes_defaults *defaults);

void routes_warn(struct routes_reading *reading, const struct word *word, const char *why);

/* One of its own, for what is not in such a file. Leaves out one that is there already, and one that the kind of
 * tunnel cannot carry; takes it over in any case. -ENOMEM. */
int routes_want(struct tunnel *tunnel, struct route *route, struct problems *problems);

/* The lines of static-routes-ipv6 that begin with the tunnel's name: "DEVICE NETWORK [GATEWAY]". -ENOMEM. */
int routes_read_static(struct tunnel *tunnel, const struct routes_input *input, struct problems *problems);
