/* SPDX-License-Identifier: GPL-2.0-or-later */
/* routeN and routeN_options of a keyfile. */
#pragma once

#include "read/keyfile-family.h"

/* To the tunnel, in their order. How many are well formed. */
size_t keyfile_read_routes(struct keyfile *keyfile, const struct keyfile_family *family);

/* One that entry says, through the tunnel by hop (NULL: it leads nowhere). Leaves out one that is there already, or that the
 * tunnel cannot have. Takes it over in any case; a scope that it does not say becomes the usual one. */
void keyfile_add_route(struct keyfile *keyfile, const struct keyfile_family *family, const struct keyfile_entry *entry, struct route *route, struct hop *hop);
