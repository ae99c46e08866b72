/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of an ifcfg file is of meaning on some kinds of tunnels only, and what must go together there. */
#pragma once

#include "read/ifcfg-rows.h"

/* BRIDGE, VRF and MACADDR. */
void reading_controller(struct reading *reading);

/* After all rows: combinations that the kernel refuses, or takes for something else. */
void reading_check_kind(struct reading *reading);

/* "GRE, IPIP, ...": static text. */
const char *kinds_list(void);
