/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the names of hosts stand for: asked when a name is new, again and again in time, and sooner where there was no
 * answer. Never forgets an answer for want of a newer one, and never says which of several addresses is to be taken. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "base/macro.h"
#include "model/address.h"

struct resolved {
    struct address *addresses; /* of the last good answer, in its order, and those only that a peer could have */
    size_t n;                  /* 0: nothing is known */
    const char *why;           /* static text: why the last question had no answer; NULL: it had, or there was none */
    bool lost;                 /* there was an answer once, and then none several times */
};

struct resolve;

struct resolve_callbacks {
    void (*news)(void *userdata);                                                    /* there are some for the next round, below */
    void (*lost)(const char *host, const struct resolved *resolved, void *userdata); /* it is now lost, or no more */
    void *userdata;
};

int resolve_new(sd_event *event, const struct resolve_callbacks *callbacks, struct resolve **ret);
struct resolve *resolve_free(struct resolve *resolve);
DEFINE_CLEANUP(struct resolve *, resolve_free)

/* A round: each name that is wanted from now on, some of them often, and then resolve_settle, which forgets all others.
 * *ret_news: its addresses, or why there are none, are not as they were in the round before. -ENOMEM. */
int resolve_want(struct resolve *resolve, const char *host, uint8_t family, bool *ret_news);
void resolve_settle(struct resolve *resolve);

/* NULL: it is not asked for. */
const struct resolved *resolve_get(const struct resolve *resolve, const char *host, uint8_t family);

/* Each was answered, or could not be, at least once. */
bool resolve_knows_all(const struct resolve *resolve);

/* Other answers are likely: what has none is asked for now, the rest soon; if that is said often, not each time. */
void resolve_retry(struct resolve *resolve);

/* us until a name is asked for again that had no answer so many times in a row. chance: any number; of many names each has
 * its own, so that not all are asked for at once. */
uint64_t resolve_delay(unsigned failures, uint32_t chance);

/* Could a peer have it? Not: nobody's, everybody's, and what means another host on each host. */
bool resolve_is_usable(const struct address *address);
