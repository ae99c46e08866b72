/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The assignments of a shell fragment such as ifcfg files are, read as bash reads them, and never executed:
 * what bash would have to run, or what has a meaning only there, is an error. */
#pragma once

#include <stddef.h>

#include "model/problem.h"

struct assignment {
    char *name;
    char *value;
    const char *file;      /* borrowed from shell_parse's caller */
    unsigned line, column; /* where the assignment begins */
    unsigned value_column; /* on that line; of what stands behind = */
};

struct assignments {
    struct assignment *items; /* in the order of the text */
    size_t n;
    const struct assignments *outer; /* set before these: $NAME looks there too; may be NULL */
};

/* Appends to ret what the text assigns. Errors go to problems with line and column; reading goes on behind
 * them, so that the caller can tell what kind of file it is, but a file with an error must not be used.
 * -ENOMEM. */
int shell_parse(const char *text, size_t size, const char *file, struct assignments *ret, struct problems *problems);

void assignments_done(struct assignments *assignments);

/* The last one of that name, here only; NULL if there is none. An empty value is a value here. */
const struct assignment *assignments_get(const struct assignments *assignments, const char *name);
