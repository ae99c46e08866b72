/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open addressing with linear probing; a removal closes the gap, so there are no tombstones. */
#include "base/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a (draft-eastlake-fnv), but eight bytes at a time; what its low bits lack is taken from the high ones. */
uint32_t table_hash(const void *key, size_t size)
{
    const uint8_t *bytes = key;
    uint64_t hash = UINT64_C(14695981039346656037), word;

    for (; size >= sizeof(word); size -= sizeof(word), bytes += sizeof(word)) {
        memcpy(&word, bytes, sizeof(word));
        hash = (hash ^ word) * UINT64_C(1099511628211);
        hash ^= hash >> 32;
    }
    for (; size; size--, bytes++)
        hash = (hash ^ *bytes) * UINT64_C(1099511628211);
    return (uint32_t)(hash ^ hash >> 32);
}

static struct table_slot *find_slot(const struct table *table, const void *key, size_t size, uint32_t hash)
{
    size_t i = hash & (table->n_slots - 1);

    for (;; i = (i + 1) & (table->n_slots - 1)) {
        struct table_slot *slot = &table->slots[i];

        if (!slot->value || (slot->hash == hash && slot->size == size && !memcmp(slot->key, key, size)))
            return slot;
    }
}

void table_done(struct table *table)
{
    free(table->slots);
    *table = (struct table){ 0 };
}

void *table_get(const struct table *table, const void *key, size_t size)
{
    return table->n_slots ? find_slot(table, key, size, table_hash(key, size))->value : NULL;
}

static int grow(struct table *table)
{
    struct table old = *table;

    table->n_slots = old.n_slots ? old.n_slots * 2 : 16;
    table->slots = calloc(table->n_slots, sizeof(*table->slots));
    if (!table->slots) {
        *table = old;
        return -ENOMEM;
    }
    for (size_t i = 0; i < old.n_slots; i++)
        if (old.slots[i].value)
            *find_slot(table, old.slots[i].key, old.slots[i].size, old.slots[i].hash) = old.slots[i];
    free(old.slots);
    return 0;
}

int table_put(struct table *table, const void *key, size_t size, void *value)
{
    uint32_t hash = table_hash(key, size);
    struct table_slot *slot;

    if ((table->n + 1) * 4 > table->n_slots * 3) {
        int r = grow(table);

        if (r < 0)
            return r;
    }
    slot = find_slot(table, key, size, hash);
    if (!slot->value)
        table->n++;
    *slot = (struct table_slot){ .key = key, .value = value, .size = (uint32_t)size, .hash = hash };
    return 0;
}

void *table_take(struct table *table, const void *key, size_t size)
{
    struct table_slot *slot;
    size_t mask = table->n_slots - 1, hole;
    void *value;

    if (!table->n_slots)
        return NULL;
    slot = find_slot(table, key, size, table_hash(key, size));
    value = slot->value;
    if (!value)
        return NULL;
    hole = (size_t)(slot - table->slots);
    for (size_t i = (hole + 1) & mask; table->slots[i].value; i = (i + 1) & mask) {
        size_t home = table->slots[i].hash & mask;

        /* it may move into the hole only if the hole is not before its home */
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            table->slots[hole] = table->slots[i];
            hole = i;
        }
    }
    table->slots[hole] = (struct table_slot){ 0 };
    table->n--;
    return value;
}
