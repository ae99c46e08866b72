/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts a new content in the place of a file's, at once. */
#pragma once

#include <stddef.h>

/* A file as it was read. */
struct original {
    char *path; /* without symbolic links */
    char *text;
    size_t size;
};

/* Negative errno. */
int original_load(const char *path, struct original *ret);
void original_done(struct original *original);

/* Puts the whole of text in its place, with the same owner, mode and extended attributes, or changes nothing. -ESTALE: it is not as
 * it was read any more, and is left so; or negative errno. */
int original_replace(const struct original *original, const char *text, size_t size);
