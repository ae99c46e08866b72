/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [user] of a keyfile, where tunneld's own keys are: tunneld.NAME. */
#pragma once

#include "read/keyfile-values.h"

/* Does it say that it is for tunneld? *ret_said: it says something about it; a value that is none is a no. */
bool keyfile_is_managed(struct keyfile *keyfile, bool *ret_said);

/* Warns of such a value. */
void keyfile_check_manage(struct keyfile *keyfile);

/* The kind by mode, or the one that tunneld.type makes of it. KIND_NONE: told why not. */
enum kind keyfile_user_kind(struct keyfile *keyfile, enum kind kind);

/* The rest, to the tunnel. */
void keyfile_read_user(struct keyfile *keyfile);
