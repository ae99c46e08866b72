/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [ethernet] of a keyfile, of meaning on tunnels that carry Ethernet. */
#pragma once

#include "read/keyfile-values.h"

void keyfile_read_ethernet(struct keyfile *keyfile);
