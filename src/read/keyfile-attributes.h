/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The attributes of a route in a keyfile: routeN_options. */
#pragma once

#include "read/keyfile-family.h"

struct keyfile_attributes {
    bool onlink;
    uint32_t table; /* 0: not said */
};

/* Those of entry, to the route and ret. A bad one is told, and costs only itself. */
void keyfile_read_attributes(struct keyfile *keyfile, const struct keyfile_family *family, const struct keyfile_entry *entry, struct route *route,
                             struct keyfile_attributes *ret);
