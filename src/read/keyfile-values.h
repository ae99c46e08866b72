/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One keyfile being read: its values as NetworkManager gets them, and problems with the user's own key and value. */
#pragma once

#include "model/tunnel.h"
#include "read/keyfile-text.h"
#include "read/keyfile.h"
#include "read/option.h"

struct keyfile {
    const struct keyfile_input *input;
    struct keyfile_text text;
    struct tunnel *tunnel;
    const char *path; /* once there is a tunnel: as long as that lives */
    struct keyfile_profile *profile;
    struct problems *problems;
    bool rejected; /* NetworkManager would not load it */
    bool out_of_memory;
};

/* The entry wherever its value can be got: a text that cannot be read is a warning, and counts as absent. */
const struct keyfile_entry *keyfile_get(struct keyfile *keyfile, const char *group, const char *name);

/* The number or boolean there, NULL if there is none: one that cannot be read, or is not in min..max, is a warning and
 * counts as absent. */
const struct keyfile_entry *keyfile_get_number(struct keyfile *keyfile, const char *group, const char *name, int64_t min, int64_t max, int64_t *ret);
const struct keyfile_entry *keyfile_get_bool(struct keyfile *keyfile, const char *group, const char *name, bool *ret);

/* As NetworkManager reads integers: decimal, octal behind 0, hexadecimal behind 0x, blanks around it. -EINVAL, -ERANGE. */
int keyfile_parse_number(const char *value, int64_t min, int64_t max, int64_t *ret);

/* A copy without the blanks around it; NULL when out of memory (noted). */
char *keyfile_stripped(struct keyfile *keyfile, const char *value);

/* entry NULL: the file as a whole. An error that is NetworkManager's too is a rejection. */
void keyfile_note(struct keyfile *keyfile, const struct keyfile_entry *entry, const char *why);
void keyfile_warn(struct keyfile *keyfile, const struct keyfile_entry *entry, const char *why);
void keyfile_fail(struct keyfile *keyfile, const struct keyfile_entry *entry, const char *why);
void keyfile_reject(struct keyfile *keyfile, const struct keyfile_entry *entry, const char *why);

/* 36 characters: hexadecimal digits in groups of 8, 4, 4, 4 and 12. In lower case then. */
bool keyfile_parse_uuid(const char *text, char ret[static 37]);

/* An interface by its name (to name) or by the UUID of its profile (to reference). Says what is wrong with it. */
void keyfile_read_interface(struct keyfile *keyfile, const struct keyfile_entry *entry, char name[static IFNAMSIZ], struct keyfile_reference *reference);
