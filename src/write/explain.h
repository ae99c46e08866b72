/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tunnel means, one line a thing: the small language of tunnelctl-explain, told in tunnelctl(1). */
#pragma once

#include <stdio.h>

#include "model/tunnel.h"

/* "link NAME KIND ..." and an "addr NAME ..." line for each inner address. */
void explain_tunnel(const struct tunnel *tunnel, FILE *out);
