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
bool reading_parse_inner(struct reading *reading, const struct assignment *assignment, struct address *ret, uint8_t *ret_prefix);
void reading_add_inner(struct reading *reading, const struct assignment *assignment, const struct inner *inner);
/* Leaves out a peer that cannot be one. false: it is an error. */
bool reading_check_peer(struct reading *reading, const struct assignment *mine, const struct assignment *peer, struct inner *inner);
void reading_broadcast(struct reading *reading, const struct assignment *said, struct inner *inner);
void reading_label(struct reading *reading, const struct assignment *at, const char *label, struct inner *inner);
/* NAME and its suffix as one key. */
const struct assignment *reading_get_suffixed(const struct reading *reading, const char *name, const char *suffix);
/* From a length or a netmask, the first if both are there; full if none is. false: told. */
bool reading_prefix(struct reading *reading, const struct assignment *prefix, const struct assignment *netmask, struct inner *inner);
