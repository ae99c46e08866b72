/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of one file. */
#pragma once

#include <stddef.h>
#include <sys/stat.h>

#include "model/problem.h"

enum { LOAD_MOST = 1024 * 1024 }; /* bytes: no honest file is larger */

/* The whole of a regular file of at most 1 MiB, with a 0 byte behind it. -EFBIG, -EISDIR (no regular file), -EAGAIN (it
 * shrinks under the reader: half of a file would be another file), or what open says. */
int load_text(const char *path, char **ret, size_t *ret_size);

/* The same, with what the opened file is. */
int load_text_and_status(const char *path, char **ret, size_t *ret_size, struct stat *ret_status);

/* -errno of an open; a lack of descriptors is -ENOMEM: no fault of the file, and whoever reads must read all again. */
int load_open_error(int error);

/* May somebody else than its owner, or than who runs this, know or change what is in it? Why a profile of such an owner
 * or mode must not be used, in words, or "" if it may. NULL when out of memory. */
char *load_insecurity(const struct stat *status);

/* "cannot be read: ..." for one of these errors. */
void load_failed(struct problems *problems, const char *path, int error);
