/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads any file of the configuration. */
#pragma once

#include "read/file.h"

/* It and what stands beside it, anew. -ENOENT if it is gone, -ENOMEM; all else is its verdict. */
int file_read(struct file *file, const struct file_context *context);
