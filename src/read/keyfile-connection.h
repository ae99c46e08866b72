/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [connection] of a keyfile: what it is and whose, what its interface is called, when it is up, and in what it is. */
#pragma once

#include "read/keyfile-values.h"

/* Fills in the profile. Is it a tunnel? */
bool keyfile_identify(struct keyfile *keyfile);

/* What must be right before there is a tunnel: a name, a group, nobody's own. */
void keyfile_check_connection(struct keyfile *keyfile);

/* The rest of it, to the tunnel. */
void keyfile_read_connection(struct keyfile *keyfile);

/* Is the tunnel to be the port of a bridge? */
bool keyfile_is_port(struct keyfile *keyfile);
