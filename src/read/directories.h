/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directories of the configuration: which there are, in what order, and what is looked for in each. */
#pragma once

#include "model/problem.h"
#include "read/keyfile.h"
#include "read/listing.h"
#include "read/overlay.h"
#include "read/settings.h"

struct directory {
    char *path;   /* as seen below root */
    char *opened; /* with root */
    enum listing_of of;
    enum keyfile_place place; /* of keyfiles in it */
    struct listing listing;
    bool readable;
    bool unreadable; /* there, but it cannot be listed */
    bool beside;     /* only for a file of settings or defaults in it */
};

struct directories {
    struct directory *items; /* in order of precedence */
    size_t n;
};

/* All zeroes is none. */
void directories_done(struct directories *directories);

/* The one of that path, of size bytes; NULL if it is none of these. */
struct directory *directories_find(const struct directories *directories, const char *path, size_t size);

/* One that takes either format; root: "" or what is before path. -ENOMEM; one of that path may be there already. */
int directories_add(struct directories *directories, const char *path, const char *root);

/* Those of the settings, those of tunneld.conf and of the host's defaults, then NetworkManager's. -ENOMEM. */
int directories_add_all(struct directories *directories, const struct settings *settings, const char *root);

/* Reads the names (see listing_load); one that is there and cannot be read is a problem. -ENOMEM. */
int directory_list(struct directory *directory, struct listing *ret_gone, struct problems *problems);

/* A file as it was when it was read. text: heap, with a 0 byte behind it. */
struct loaded {
    char *text;
    size_t size;
    struct stat status;
};

/* The file of that path (of the directory's, as seen below root), or what the overlay has in its place; what it was is noted in the listing. As load_text. */
int directory_load(struct directory *directory, const struct overlay *overlay, const char *path, struct loaded *ret);

/* Is there such a file in it now? -ENOMEM. */
int directory_look(const struct directory *directory, const char *name, bool *ret_there);
