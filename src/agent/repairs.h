/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often what others undid was put right: where two fight over one thing, we give in. Losing it changes no plan but of
 * those. Times are in us, CLOCK_MONOTONIC. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"
#include "plan/plan.h"

enum {
    REPAIRS_MOST = 10,                 /* of one thing */
    REPAIRS_WITHIN = 60 * 1000 * 1000, /* us */
};

struct repairs;

struct repairs *repairs_new(void); /* NULL when out of memory */
struct repairs *repairs_free(struct repairs *repairs);
DEFINE_CLEANUP(struct repairs *, repairs_free)

/* The step put something of a tunnel right. Once too often: the tunnel is given up from now on. by: who else, in words, or "". */
void repairs_count(struct repairs *repairs, const struct step *step, const char *by, uint64_t now);

/* Is it given up? Who else, in words; NULL: it is not. */
const char *repairs_given_up(const struct repairs *repairs, const char *tunnel);

/* Was it over what the tunnel follows, which is no drift (plan/held.h)? */
bool repairs_over_followed(const struct repairs *repairs, const char *tunnel);

/* A change of its file, or a request: it begins anew. */
void repairs_resume(struct repairs *repairs, const char *tunnel);
