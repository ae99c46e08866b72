/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file assigns: names and values in its order. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct assignment {
    char *name;
    char *value;
    const char *file;      /* borrowed from whoever reads it */
    unsigned line, column; /* where the assignment begins */
    unsigned value_column; /* on that line; of what stands behind = */
};

struct assignments {
    struct assignment *items; /* in the order of the text */
    size_t n;
    const struct assignments *outer; /* set before these: $NAME looks there too; may be NULL */
};

void assignments_done(struct assignments *assignments);

/* The last one of that name, here only; NULL if there is none. An empty value is a value here. */
const struct assignment *assignments_get(const struct assignments *assignments, const char *name);

/* The value of the last one of that name, here or in what was set before; NULL if there is none. */
const char *assignments_lookup(const struct assignments *assignments, const char *name);

/* Word for word, at the same places; without what was set before. */
bool assignments_equal(const struct assignments *a, const struct assignments *b);

/* Is the value of that name nobody's business? Of what stands behind it nothing is shown either: it may be the rest of it. */
bool assignment_is_secret(const char *name);
