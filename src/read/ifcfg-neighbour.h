/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The static neighbours of a multipoint tunnel; only the ifcfg reader includes it. */
#pragma once

#include "read/ifcfg-rows.h"

/* NEIGHBORn_INNER_IPADDR and NEIGHBORn_OUTER_IPADDR. with_peer: why there are none on a tunnel with a peer. */
void reading_neighbours(struct reading *reading, const char *with_peer);
