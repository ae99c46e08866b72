/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One ifcfg file as a file of the configuration. For file-read.c only. */
#pragma once

#include "read/file.h"

/* -ENOENT if it is gone, -ENOMEM; all else is its verdict. */
int file_read_ifcfg(struct file *file, const struct file_context *context);
