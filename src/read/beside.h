/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files beside an ifcfg file: keys, aliases, routes and rules. */
#pragma once

#include "read/file.h"

/* Texts that ifcfg_read takes along; paths as seen below --root. */
struct beside {
    struct ifcfg_text keys;
    struct ifcfg_text *aliases;
    size_t n_aliases;
};
void beside_done(struct beside *beside);

/* Reads keys-NAME and the alias files of the device. *ret_path: the one that cannot be read, if one cannot.
 * -ENOMEM, or why. */
int beside_read(const struct file *file, const char *opened, const struct listing *listing, const char *device, struct beside *ret, char **ret_path);

/* Reads the files of routes and rules into the file's tunnel. -ENOMEM. */
int beside_read_routes(struct file *file, const char *opened, const struct file_context *context);

/* Is an alias file of that name one of the tunnel's? */
bool beside_is_alias_of(const char *name, const char *device);
