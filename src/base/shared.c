/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open addressing with linear probing, of texts that know their hash; a removal closes the gap. */
#include "base/shared.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"

struct shared {
    uint32_t hash, holders;
    char text[];
};

static struct {
    struct shared **slots; /* NULL: free */
    size_t n_slots, n;     /* n_slots is 0 or a power of two */
} all;

static struct shared **find(const char *text, uint32_t hash)
{
    size_t mask = all.n_slots - 1, i = hash & mask;

    while (all.slots[i] && (all.slots[i]->hash != hash || strcmp(all.slots[i]->text, text) != 0))
        i = (i + 1) & mask;
    return &all.slots[i];
}

/* Never full. */
static int make_room(void)
{
    struct shared **old = all.slots;
    size_t n_old = all.n_slots, n_slots = n_old ? n_old * 2 : 16;

    if ((all.n + 1) * 4 <= n_old * 3)
        return 0;
    all.slots = calloc(n_slots, sizeof(*all.slots));
    if (!all.slots) {
        all.slots = old;
        return -1;
    }
    all.n_slots = n_slots;
    for (size_t i = 0; i < n_old; i++)
        if (old[i])
            *find(old[i]->text, old[i]->hash) = old[i];
    free(old);
    return 0;
}

const char *shared_get(const char *text)
{
    size_t size = strlen(text);
    uint32_t hash = table_hash(text, size);
    struct shared **slot;

    if (make_room() < 0)
        return NULL;
    slot = find(text, hash);
    if (!*slot) {
        *slot = malloc(sizeof(**slot) + size + 1);
        if (!*slot)
            return NULL;
        **slot = (struct shared){ .hash = hash };
        memcpy((*slot)->text, text, size + 1);
        all.n++;
    }
    (*slot)->holders++;
    return (*slot)->text;
}

static void take_out(size_t hole)
{
    size_t mask = all.n_slots - 1;

    for (size_t i = (hole + 1) & mask; all.slots[i]; i = (i + 1) & mask) {
        size_t home = all.slots[i]->hash & mask;

        /* it may move into the hole only if the hole is not before its home */
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            all.slots[hole] = all.slots[i];
            hole = i;
        }
    }
    all.slots[hole] = NULL;
    if (--all.n)
        return;
    free(all.slots);
    all.slots = NULL;
    all.n_slots = 0;
}

const char *shared_drop(const char *text)
{
    struct shared *shared = text ? (struct shared *)(uintptr_t)(text - offsetof(struct shared, text)) : NULL;

    if (!shared || --shared->holders)
        return NULL;
    take_out((size_t)(find(shared->text, shared->hash) - all.slots));
    free(shared);
    return NULL;
}
