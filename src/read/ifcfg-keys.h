/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of an ifcfg file that are no rows; only read/ifcfg.c includes it. */
#pragma once

#include "read/ifcfg-rows.h"

/* ONBOOT, LINKSTATUS, BOOTPROTO. */
void reading_life(struct reading *reading);

/* A word on every other key: known and of no effect, or misspelt. */
void reading_other_keys(struct reading *reading);
