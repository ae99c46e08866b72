/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a file, as "file:line:column: message": readers fill such lists, programs print them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/macro.h"

enum SMALL severity {
    SEVERITY_NOTE,    /* nothing is wrong: a word on what is deliberately not done */
    SEVERITY_WARNING, /* it works all the same */
    SEVERITY_LINE,    /* an error that costs this line, and no more */
    SEVERITY_ERROR,   /* nothing is wanted of the file */
};

struct problem {
    enum severity severity;
    unsigned line, column; /* both from 1; 0: the file as a whole */
    char *file;            /* path as seen below --root */
    char *text;
};

struct problems {
    struct problem *items;
    unsigned n;
    bool incomplete; /* memory ran out: something is not in the list */
};

struct place {
    const char *file;
    unsigned line, column;
};

/* All zeroes is an empty list. Adding never fails to the caller's face: see incomplete. */
void problems_add(struct problems *problems, enum severity severity, struct place place, const char *format, ...) __attribute__((format(printf, 4, 5)));
void problems_done(struct problems *problems);

/* Appends what is in from to to; from is empty afterwards. */
void problems_move(struct problems *from, struct problems *to);

/* One that costs the whole file. */
bool problems_has_error(const struct problems *problems);

/* "FILE:LINE:COLUMN: error: TEXT", without what is 0, and no newline. */
void problem_print(const struct problem *problem, FILE *out);

/* The same, and more behind it. Heap; NULL when out of memory. */
char *problem_describe(const struct problem *problem, const char *more);
