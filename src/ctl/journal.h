/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the daemon has told the journal of a tunnel. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { JOURNAL_ENTRIES = 5 };

struct journal_entry {
    uint64_t time; /* us since the epoch */
    char *text;    /* "ttl 64 -> 255" */
};

/* The last entries, the oldest first, and how many. None where there is no journal, or it may not be read, or
 * root is not "": another host's daemon does not write there. */
size_t journal_take(const char *root, const char *tunnel, struct journal_entry ret[JOURNAL_ENTRIES]);
void journal_done(struct journal_entry *entries, size_t n);
