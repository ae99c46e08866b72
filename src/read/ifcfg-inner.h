/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of the ifcfg reader that is about inner addresses; nobody else includes it. */
#pragma once

#include "read/ifcfg-rows.h"

/* MY_INNER_IPADDR and PEER_INNER_IPADDR. */
void reading_my_inner(struct reading *reading);
/* IPADDRn with PREFIXn or NETMASKn. */
void reading_numbered_inner(struct reading *reading);

/* What the others need of it. */
bool reading_carries(const struct reading *reading, uint8_t family);
void reading_add_inner(struct reading *reading, const struct assignment *assignment, const struct inner *inner);
/* From a length or a netmask, the first if both are there; full if none is. false: told. */
bool reading_prefix(struct reading *reading, const struct assignment *prefix, const struct assignment *netmask, struct inner *inner);
