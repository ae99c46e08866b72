/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [ip-tunnel] of a keyfile. */
#pragma once

#include "read/keyfile-values.h"

/* The kind that mode= says; KIND_NONE: it has been told why not. */
enum kind keyfile_kind(struct keyfile *keyfile);

/* All but mode, to the tunnel. */
void keyfile_read_tunnel(struct keyfile *keyfile);

/* What only shows once everything has been read. */
void keyfile_check_tunnel(struct keyfile *keyfile);
