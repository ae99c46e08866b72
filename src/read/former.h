/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was read the last time: a file of which nothing has changed, nor of what stands beside it, need not be read again. */
#pragma once

#include "base/table.h"
#include "model/scope.h"
#include "read/file.h"

/* All zeroes is nothing. */
struct former {
    struct file **files; /* by directory and name; NULL where one was taken */
    size_t n;
    struct directories directories;
    bool ipv6, wicked_keys, all_profiles; /* what they were read with, see struct file_context */
    size_t at, end;                       /* files of the directory that was listed last, those that were asked for excepted */
    struct table stems;                   /* of it: what something that came, changed or went goes with */
};

/* Were they read with the same settings? */
bool former_fits(const struct former *former, const struct settings *settings);

/* Lists the directory, starting from what was in it. -ENOMEM. */
int former_list(struct former *former, struct directory *directory, struct problems *problems);

/* Then, for each name in its order: the file so called, which is the caller's now, or NULL if it has to be read. */
struct file *former_take(struct former *former, const struct listing_entry *entry);

/* Forgets it; the names that its files held are lost. -ENOMEM. */
int former_drop(struct former *former, struct scope *lost);
