/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [ipv4] and [ipv6] of a keyfile. */
#pragma once

#include "read/keyfile-values.h"

/* Both groups, to the tunnel; routes and rules too. */
void keyfile_read_ip(struct keyfile *keyfile);
