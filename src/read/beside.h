/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files beside an ifcfg file: keys, aliases, routes and rules. */
#pragma once

#include "read/defaults.h"
#include "read/directories.h"
#include "read/ifcfg.h"

/* The ifcfg file that they are beside of, and what is known of it. All of it is borrowed. */
struct beside_of {
    const char *path; /* as seen below --root */
    struct directory *directory;
    const struct overlay *overlay;
    const struct defaults *defaults;
    const struct ifcfg_device *device;
    struct tunnel *tunnel;
    struct problems *problems;
};

/* Texts that ifcfg_read takes along; paths as seen below --root. */
struct beside {
    struct ifcfg_text keys;
    struct ifcfg_text *aliases;
    size_t n_aliases;
};
void beside_done(struct beside *beside);

/* Reads keys-NAME and the alias files of the device. *ret_path: the one that cannot be read, if one cannot.
 * -ENOMEM, or why. */
int beside_read(const struct beside_of *of, struct beside *ret, char **ret_path);

/* Reads the files of routes and rules into the tunnel. -ENOMEM. */
int beside_read_routes(const struct beside_of *of);

/* Is an alias file of that name one of the tunnel's? */
bool beside_is_alias_of(const char *name, const char *device);

/* What a file of that name can stand beside: the ifcfg file of that suffix or of a device so called. */
struct beside_stem {
    const char *text; /* in the name, of size bytes */
    size_t size;
    bool of_file; /* the suffix alone counts */
};
enum { BESIDE_STEMS = 2 };
size_t beside_stems(const char *name, struct beside_stem ret[BESIDE_STEMS]);

/* Is the ifcfg file so called, of that device, one of them? */
bool beside_has_stem(const struct beside_stem *stems, size_t n, const char *file, const char *device);

/* Is a file of that name, in the same directory, one of those that go with the ifcfg file of that device? */
bool beside_goes_with(const char *name, const char *file, const char *device);
