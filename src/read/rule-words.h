/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arguments of `ip rule add`. */
#pragma once

#include "model/rule.h"
#include "read/words.h"

/* Reads the line that words is at. *ret_protocol: one that is not ours was said. -EINVAL: see why and fault. */
int rule_parse(struct words *words, uint8_t family, struct rule *ret, bool *ret_protocol);
