/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The syntax of keyfiles as GLib's GKeyFile reads it (glib/gkeyfile.c): groups of keys and values. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/table.h"
#include "model/problem.h"

struct keyfile_entry {
    const char *name;
    const char *value; /* as it stands in the file, without the blanks before it */
    const char *text;  /* the same, unescaped: what g_key_file_get_string() gives; NULL: it cannot be read as text */
    const char *why;   /* then: why not, static text */
    size_t group;
    unsigned line, column, value_column; /* all from 1 */
    bool beaten;                         /* the same key comes again, and that one counts */
};

struct keyfile_group {
    const char *name;
    unsigned line, column; /* where it comes first */
};

struct keyfile_text {
    struct keyfile_group *groups; /* each name once, in the order of the file */
    size_t n_groups;
    struct table by_name;          /* the groups: their number, from 1 */
    struct keyfile_entry *entries; /* in the order of the file */
    size_t n_entries;
    const struct keyfile_entry **sorted; /* those that count, by group and name */
    size_t n_sorted;
    char *bytes; /* what all these texts are in */
};

/* A line that GKeyFile would not read is an error, and the lines after it are read all the same. -ENOMEM, -EFBIG with an
 * error told. To be done with keyfile_text_done in any case. */
int keyfile_text_parse(struct keyfile_text *text, const char *path, const char *bytes, size_t size, struct problems *problems);
void keyfile_text_done(struct keyfile_text *text);

/* NULL: there is none. */
const struct keyfile_group *keyfile_text_group(const struct keyfile_text *text, const char *name);
const struct keyfile_entry *keyfile_text_get(const struct keyfile_text *text, const char *group, const char *name);

/* Those of a group that count, by name: *ret_n of them. */
const struct keyfile_entry *const *keyfile_text_all(const struct keyfile_text *text, const char *group, size_t *ret_n);
