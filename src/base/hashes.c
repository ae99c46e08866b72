/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open addressing with linear probing. Nothing is ever taken out. */
#include "base/hashes.h"

#include <errno.h>
#include <stdlib.h>

void hashes_done(struct hashes *hashes)
{
    free(hashes->slots);
    *hashes = (struct hashes){ 0 };
}

static void put(struct hashes *hashes, struct hashes_slot slot)
{
    size_t mask = hashes->n_slots - 1, i = slot.hash & mask;

    while (hashes->slots[i].behind)
        i = (i + 1) & mask;
    hashes->slots[i] = slot;
}

int hashes_reserve(struct hashes *hashes, size_t n)
{
    struct hashes old = *hashes;
    size_t n_slots = old.n_slots ? old.n_slots : 16;

    while (n * 4 > n_slots * 3)
        n_slots *= 2;
    if (n_slots == old.n_slots)
        return 0;
    hashes->slots = calloc(n_slots, sizeof(*hashes->slots));
    if (!hashes->slots) {
        *hashes = old;
        return -ENOMEM;
    }
    hashes->n_slots = n_slots;
    for (size_t i = 0; i < old.n_slots; i++)
        if (old.slots[i].behind)
            put(hashes, old.slots[i]);
    free(old.slots);
    return 0;
}

int hashes_add(struct hashes *hashes, uint32_t hash, uint32_t number)
{
    int r = hashes_reserve(hashes, hashes->n + 1);

    if (r < 0)
        return r;
    put(hashes, (struct hashes_slot){ hash, number + 1 });
    hashes->n++;
    return 0;
}

bool hashes_next(const struct hashes *hashes, uint32_t hash, size_t *probe, uint32_t *ret)
{
    while (hashes->n_slots) {
        const struct hashes_slot *slot = &hashes->slots[(hash + *probe) & (hashes->n_slots - 1)];

        if (!slot->behind)
            return false;
        ++*probe;
        if (slot->hash != hash)
            continue;
        *ret = slot->behind - 1;
        return true;
    }
    return false;
}
