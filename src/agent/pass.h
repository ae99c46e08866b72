/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first half of the road, from files and kernel to a plan: what is done from it, shown of it or printed is up to others.
 * Never changes anything. */
#pragma once

#include "agent/reconcile.h"
#include "kernel/snapshot.h"
#include "plan/plan.h"

/* All that one pass lives on. */
struct pass {
    struct reconciler *reconciler;
    const struct scope *scope;
    struct snapshot snapshot;
    struct set *wanted;
    struct set *unwanted; /* owns those in wanted that no file speaks of */
    struct facts facts;
    struct hold *holds; /* one for each wanted; NULL: nothing is left as it is */
    struct plan plan;
};

/* With reconciler and scope set, and all else nothing: fills in the rest. Negative errno; pass_done is called then too. */
int pass_make(struct pass *pass);
void pass_done(struct pass *pass);

/* For who only looks: events stay unheard, and what it finds is not remembered. keeps: a place that outlives it. */
struct reconciler pass_only_looking(const struct reconciler *reconciler, bool *keeps);

/* Rules, and routes that are not on their own tunnel, are looked at all together: scope grows. -ENOMEM. */
int pass_close_scope(const struct reconciler *reconciler, struct scope *scope);

/* "FILE:LINE: error: ...": the sentence for a file that cannot be used. Heap; NULL when out of memory. */
char *pass_describe_refusal(const struct problem *problem, bool runs);
