/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys in SUSE's dialect that are no rows; only read/suse.c includes it. */
#pragma once

#include "read/ifcfg-rows.h"

/* STARTMODE, BOOTPROTO. */
void suse_life(struct reading *reading);

/* A word on every other key: without effect, of the other dialect, or misspelt. */
void suse_other_keys(struct reading *reading);
