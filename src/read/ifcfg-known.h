/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which keys a dialect knows, and which one was probably meant; only the ifcfg readers include it. */
#pragma once

#include "read/ifcfg-rows.h"

struct known {
    const char *name; /* '#' stands for digits, at least one; '*' at the end for anything, or nothing */
    int meaning;      /* the dialect's own */
};

/* The first one that matches; NULL: none. */
const struct known *known_find(const struct known *table, size_t n, const char *name);

/* Warns of a key that is not in the table and nearly is. */
void reading_warn_misspelt(struct reading *reading, const struct assignment *assignment, const struct known *table, size_t n);
