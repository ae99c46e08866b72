/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The alias files of a tunnel, ifcfg-DEVICE:N and ifcfg-DEVICE-rangeN; only the ifcfg reader includes it. */
#pragma once

#include "read/ifcfg-rows.h"

/* Adds what they say, in their order. A bad one costs only itself; its problems go to asides. */
void reading_aliases(struct reading *reading, struct problems *asides);
