/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One keyfile, or note of NetworkManager's beside one, as a file of the configuration. For file-read.c only. */
#pragma once

#include "read/file.h"

/* -ENOENT if it is gone, -ENOMEM; all else is its verdict. */
int file_read_keyfile(struct file *file, const struct file_context *context);

/* The same of UUID.nmmeta. Its verdict is FILE_IGNORED; it has a profile only if it is a tombstone. */
int file_read_meta(struct file *file, const struct file_context *context);
