/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the agent remembers about itself: how each tunnel stands, and when it is tried again. Losing it changes
 * no plan. */
#pragma once

#include <stdint.h>

#include "base/macro.h"
#include "model/scope.h"
#include "model/state.h"
#include "model/tunnel.h"

struct remembered {
    char name[IFNAMSIZ];
    enum kind kind;
    enum state state;
    enum reason code;
    int error;               /* negative errno of REASON_KERNEL, else 0 */
    uint64_t since;          /* CLOCK_REALTIME in us: when it got into this state; set by memory_set */
    bool has_link;           /* it has one of ours */
    char *reason;            /* a sentence; NULL: none is needed */
    const char *source;      /* path of its file; shared */
    unsigned failures;       /* in a row */
    uint64_t retry;          /* CLOCK_MONOTONIC in us; 0: not to be tried by itself */
    bool fresh;              /* said in the pass under way */
    struct remembered *next; /* of those about to be forgotten */
};

struct memory;

struct memory *memory_new(void);
struct memory *memory_free(struct memory *memory);
DEFINE_CLEANUP(struct memory *, memory_free)

typedef void (*memory_forgotten_fn)(const struct remembered *was, void *userdata);

/* Before a pass over scope; memory_forget after it drops what was in the scope and nobody spoke of, and tells of each. */
void memory_begin(struct memory *memory, const struct scope *scope);
void memory_forget(struct memory *memory, const struct scope *scope, memory_forgotten_fn forgotten, void *userdata);

/* What memory_set found. */
struct memory_news {
    bool any;              /* it is not as it was */
    bool known;            /* it was there */
    struct remembered was; /* then */
};
void memory_news_done(struct memory_news *news);

/* -ENOMEM. now: CLOCK_MONOTONIC in us, from which the next try is counted. */
int memory_set(struct memory *memory, const struct remembered *now_so, uint64_t now, struct memory_news *ret);

/* In the order of names; NULL behind the last. */
const struct remembered *memory_get(const struct memory *memory, size_t i);

/* NULL: nothing is known of it. */
const struct remembered *memory_find(const struct memory *memory, const char *name);

size_t memory_count(const struct memory *memory, enum state state);

/* The earliest retry, 0 if there is none; and the names whose time has come. */
uint64_t memory_next_retry(const struct memory *memory);
/* Those that wait or are in conflict: something happened that may help them. How many there are, or -ENOMEM. */
int memory_waiting(const struct memory *memory, struct scope *scope);
int memory_due(struct memory *memory, uint64_t now, struct scope *scope);
