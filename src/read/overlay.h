/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files as they would be: texts that stand for what is on the disk. */
#pragma once

#include <stddef.h>
#include <sys/stat.h>

struct overlay_file {
    char *path; /* as seen below root */
    char *text;
    size_t size;
};

/* All zeroes is none. */
struct overlay {
    struct overlay_file *items;
    size_t n;
};

void overlay_done(struct overlay *overlay);

/* text is copied. -EEXIST: there is one of that path; -ENOMEM. */
int overlay_add(struct overlay *overlay, const char *path, const char *text, size_t size);

/* NULL: the disk's own counts. */
const struct overlay_file *overlay_find(const struct overlay *overlay, const char *path);

/* As load_text_and_status. full: where it is on the disk. One that only would be is root's, of mode 0600, and new. */
int overlay_load(const struct overlay *overlay, const char *path, const char *full, char **ret, size_t *ret_size, struct stat *ret_status);
