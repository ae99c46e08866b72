/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of several profiles of one UUID counts, and which interface a profile names that others refer to. */
#pragma once

#include "read/file.h"

/* Of files sorted by directory and name: says which are hidden, leads the tunnels to the interfaces of the profiles that they
 * refer to, and adds to the conflicts, which are empty before, what cannot be. partial: there are other files, which were
 * not read, so a profile that is missing may be there. -ENOMEM. */
int profiles_settle(struct file *const *files, size_t n, bool partial);
