/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the readers of [ipv4] and [ipv6] tell each other: which of the two it is, and what it says for all its routes. */
#pragma once

#include "read/keyfile-values.h"

struct keyfile_family {
    const char *group; /* "ipv4" */
    uint8_t family;
    bool on;         /* it may have addresses and routes */
    uint32_t metric; /* of a route that says none */
    uint32_t table;  /* the same; 0: the main one */
};
