/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash table from a run of bytes to a pointer. The table owns neither keys nor values: a key lies in its
 * value, and stays there unchanged for as long as the value is in the table. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct table_slot {
    const void *key;
    size_t size;
    uint32_t hash;
    void *value; /* NULL: the slot is free */
};

struct table {
    struct table_slot *slots;
    size_t n_slots, n; /* n_slots is 0 or a power of two */
};

/* All zeroes is an empty table. */
void table_done(struct table *table);

void *table_get(const struct table *table, const void *key, size_t size);

/* Adds, or replaces what has the same key. -ENOMEM. */
int table_put(struct table *table, const void *key, size_t size, void *value);

/* Takes out and returns it; NULL if there was none. */
void *table_take(struct table *table, const void *key, size_t size);
