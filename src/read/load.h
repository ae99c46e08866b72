/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of one file. */
#pragma once

#include <stddef.h>

#include "model/problem.h"

/* The whole of a regular file of at most 1 MiB, with a 0 byte behind it. -EFBIG, -EISDIR (no regular file), or
 * what open says. */
int load_text(const char *path, char **ret, size_t *ret_size);

/* "cannot be read: ..." for one of these errors. */
void load_failed(struct problems *problems, const char *path, int error);
