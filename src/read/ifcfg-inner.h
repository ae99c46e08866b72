/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inner addresses of an ifcfg file; only read/ifcfg.c includes it. */
#pragma once

#include "read/ifcfg-rows.h"

/* MY_INNER, PEER_INNER, IPV6*, and what MTU they allow. After the rows. */
void reading_inner(struct reading *reading);
