/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What addresses and routes of a keyfile have in common: numbered keys, and values of several fields. */
#pragma once

#include "read/keyfile-values.h"

struct keyfile_numbered {
    const struct keyfile_entry *entry;
    int32_t number; /* -1: none */
    bool plural;
};

/* The keys WORD, WORDN and, with PLURAL behind the word, WORDS and WORDSN, in NetworkManager's order: those whose text
 * cannot be read are told and left out. Heap; NULL, *ret_n 0: none, or out of memory (noted). */
struct keyfile_numbered *keyfile_numbered(struct keyfile *keyfile, const char *group, const char *word, const char *plural, size_t *ret_n);

/* "ADDRESS[/LENGTH][,GATEWAY][,METRIC]", where each of / ; , is as good as the others. */
struct keyfile_fields {
    char *text; /* what gateway and metric are in */
    struct address address;
    uint8_t prefix;
    const char *gateway, *metric; /* NULL or "": none */
};

/* False: it has been told and is to be dropped. To be done with keyfile_fields_done in any case. */
bool keyfile_split(struct keyfile *keyfile, const struct keyfile_entry *entry, uint8_t family, bool route, struct keyfile_fields *ret);
void keyfile_fields_done(struct keyfile_fields *fields);
