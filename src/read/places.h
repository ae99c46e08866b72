/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which file of the configuration is meant by a name. */
#pragma once

#include "read/directories.h"
#include "read/overlay.h"

/* The path of the file that config_overlay's path stands for, as seen below root. -EINVAL: it can be none of ours. -ENOMEM. */
int places_find(const struct directories *directories, const struct overlay *overlay, const char *path, char **ret);

/* Adds the names of those that would be in it to a directory's listing. -ENOMEM. */
int places_note(const struct overlay *overlay, struct directory *directory);
