/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arguments of `ip route add`. */
#pragma once

#include "model/route.h"
#include "read/words.h"

/* Reads the line that words is at. A hop without a device has none yet; *ret_protocol: one that is not ours was said.
 * -EINVAL: see why and fault; -ENOMEM. */
int route_parse(struct words *words, uint8_t family, struct route *ret, bool *ret_protocol);
