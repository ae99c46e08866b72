/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SUSE's dialect of ifcfg files, as wicked reads it; only read/ifcfg.c includes it. */
#pragma once

#include "read/ifcfg-rows.h"

/* Is it SUSE's dialect that the file is in? */
bool suse_is_meant(const struct reading *reading);

/* The kind of tunnel; KIND_NONE: it is none of ours. */
enum kind suse_dispatch(const struct reading *reading);

/* Why it is none although it says so; NULL: it does not. Else *ret_assignment is what says so. */
const char *suse_near_miss(const struct reading *reading, const struct assignment **ret_assignment);

/* Reads the file into its tunnel. name: of the tunnel, as the name of the file has it. */
void suse_read(struct reading *reading, const char *name);
