/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tunnel means, one line a thing: the small language of tunnelctl-explain, told in tunnelctl(1). */
#pragma once

#include <stdio.h>

#include "model/tunnel.h"

/* "link NAME KIND ...", and a line "addr NAME ...", "route NAME ..." or "neigh NAME ..." for each of those. */
void explain_tunnel(const struct tunnel *tunnel, FILE *out);

/* "rule ..." for each rule: those belong to no tunnel. */
void explain_rules(const struct tunnel *tunnel, FILE *out);
