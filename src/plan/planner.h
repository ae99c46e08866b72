/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan in the making: what the parts of the planner share; nobody else includes it. */
#pragma once

#include "base/table.h"
#include "plan/plan.h"

enum action { ACTION_NONE, ACTION_DELETE, ACTION_CREATE, ACTION_CHANGE, ACTION_RECREATE };

struct item {
    const struct tunnel *wanted, *actual;
    const struct fact *fact;
    enum action action;
    bool adopt;
    bool done;
    bool parked;
    bool cycled;  /* with a VRF entered or left the kernel sets it down and up: routes, IPv6 addresses, neighbours are lost */
    bool flushed; /* an address goes, and with the last one the kernel drops the IPv4 routes */
    uint32_t fields;
    const char *why; /* ACTION_RECREATE: why not in place */
    struct identity identity;
    size_t verdict; /* 1 + its number; 0: none yet */
};

struct planner {
    const struct plan_input *input;
    const struct set *actual;
    struct item *items;
    size_t n;
    struct table by_actual; /* ifindex -> item */
    struct identity *taken; /* of the actual tunnels */
    struct table holders;   /* identity -> actual tunnel that has it now */
    unsigned parked;

    struct route_key *route_keys; /* of the actual routes, and behind them of the wanted ones */
    struct table routes;          /* key -> actual route */
    bool *route_matched;          /* by actual route: some tunnel wants it so */
    struct table claims;          /* key -> wanted route that was planned first */
    size_t n_claims;

    struct plan plan;
    bool out_of_memory;
};

/* Text for a step or verdict. NULL when out of memory, which is noted. */
char *planner_reason(struct planner *planner, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Takes why over. item NULL: what belongs to no tunnel. Never NULL: when out of memory a step that goes nowhere. */
struct step *planner_step(struct planner *planner, const struct item *item, enum step_type type, char *why);

/* Takes why over. */
void planner_verdict(struct planner *planner, struct item *item, enum state state, enum reason code, char *why);

/* Up or down, as its file says. */
void planner_verdict_done(struct planner *planner, struct item *item);

/* A conflict of an item that has a verdict already: the first complaint stays. Takes why over. */
void planner_blame(struct planner *planner, struct item *item, enum reason code, char *why);

/* Likewise, where it is for the underlay to change; and what is up all the same. */
void planner_wait(struct planner *planner, struct item *item, enum reason code, char *why);
void planner_warn(struct planner *planner, struct item *item, enum reason code, char *why);
