/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In what a wanted and an actual tunnel differ, and whether the kernel can change it in place. */
#pragma once

#include <stdio.h>

#include "model/facts.h"
#include "model/tunnel.h"

/* The MTU that it should have now, in bytes; 0: whatever the kernel chooses (there is no link yet and the file
 * says nothing). actual may be NULL. */
uint32_t diff_mtu(const struct tunnel *wanted, const struct tunnel *actual, const struct fact *fact);

/* FIELD_* that differ, of those that the kind has and that can be compared. */
uint32_t diff_fields(const struct tunnel *wanted, const struct tunnel *actual, const struct fact *fact);

/* NULL if the kernel can make that change in place, else why it cannot (static text). */
const char *diff_needs_recreate(const struct tunnel *wanted, const struct tunnel *actual, uint32_t fields);

/* "ttl 64 -> 255, mtu 1476 -> 1400" */
void diff_describe(const struct tunnel *wanted, const struct tunnel *actual, const struct fact *fact, uint32_t fields, FILE *out);
