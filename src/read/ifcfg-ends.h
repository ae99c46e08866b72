/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is checked of a tunnel's outer ends, whatever the dialect; only the ifcfg readers include it. */
#pragma once

#include "read/ifcfg-rows.h"

/* Once all rows are read, local and remote being the keys of the ends. lonely: what is wrong with a multicast peer, of the key remote, that has no local
 * address. */
void reading_check_ends(struct reading *reading, const char *local, const char *remote, const char *lonely);

/* For tunnelctl-check: what KEEPALIVE asks for is not done. */
void reading_note_keepalive(struct reading *reading);
