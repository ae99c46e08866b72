/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who wins where two files want the same. */
#pragma once

#include "model/set.h"
#include "read/file.h"

/* Of files sorted by directory and name: hides profiles that others of their UUID come before, sets the verdict of each
 * other file that describes a tunnel, with a conflict where it lost, and makes the set of the winners' tunnels, which stay
 * the files'. partial: see profiles_settle. -ENOMEM. */
int settle_files(struct file *const *files, size_t n, bool partial, struct set **ret);
