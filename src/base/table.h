/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash table from a run of bytes to a pointer. The table owns neither keys nor values: a key lies in its
 * value, and stays there unchanged for as long as the value is in the table. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct table_slot {
    const void *key;
    void *value; /* NULL: the slot is free */
    uint32_t size, hash;
};

struct table {
    struct table_slot *slots;
    size_t n_slots, n; /* n_slots is 0 or a power of two */
};

/* Of a run of bytes. Our keys come from root's own files and from the kernel. */
uint32_t table_hash(const void *key, size_t size);

/* All zeroes is an empty table. */
void table_done(struct table *table);

void *table_get(const struct table *table, const void *key, size_t size);

/* Adds, or replaces what has the same key. -ENOMEM. */
int table_put(struct table *table, const void *key, size_t size, void *value);

/* Takes out and returns it; NULL if there was none. */
void *table_take(struct table *table, const void *key, size_t size);
