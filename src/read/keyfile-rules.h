/* SPDX-License-Identifier: GPL-2.0-or-later */
/* routing-ruleN of a keyfile. */
#pragma once

#include "read/keyfile-family.h"

/* To the tunnel, in their order. One that NetworkManager would not take is told and left out. */
void keyfile_read_rules(struct keyfile *keyfile, const struct keyfile_family *family);
