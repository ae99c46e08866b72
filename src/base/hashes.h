/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From hashes to numbers, in as little room as can be. Which of those with a hash is the one, the caller sees by comparing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hashes_slot {
    uint32_t hash;
    uint32_t behind; /* the number and 1; 0: the slot is free */
};

struct hashes {
    struct hashes_slot *slots;
    size_t n_slots, n; /* n_slots is 0 or a power of two */
};

/* All zeroes is empty. */
void hashes_done(struct hashes *hashes);

/* Room for n of them. -ENOMEM. */
int hashes_reserve(struct hashes *hashes, size_t n);

/* hash: see table_hash; number: of which there may be others of that hash. -ENOMEM. */
int hashes_add(struct hashes *hashes, uint32_t hash, uint32_t number);

/* The next number of that hash; *probe: 0 before the first. False: there is none any more. */
bool hashes_next(const struct hashes *hashes, uint32_t hash, size_t *probe, uint32_t *ret);
