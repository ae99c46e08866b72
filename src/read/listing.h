/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files of ours a directory has, so that nobody has to try the many names that a tunnel's files could
 * have. */
#pragma once

#include "base/macro.h"
#include "read/stamp.h"

/* What is looked for in a directory. */
enum SMALL listing_of {
    LISTING_OF_IFCFG,    /* ifcfg files, and what stands beside them */
    LISTING_OF_EITHER,   /* and keyfiles */
    LISTING_OF_ALL,      /* and whatever else may have been meant as one: it is our own directory */
    LISTING_OF_PROFILES, /* any name: NetworkManager's */
};

enum SMALL listing_format {
    FORMAT_NONE, /* not listed */
    FORMAT_IFCFG,
    FORMAT_BESIDE, /* it stands beside an ifcfg file */
    FORMAT_KEYFILE,
    FORMAT_META, /* UUID.nmmeta: NetworkManager's note on a profile */
};

struct listing_entry {
    const char *name; /* the end of its path, which is shared: see listing_path */
    struct stamp stamp;
    enum stamp_state state;
    uint32_t next; /* where the one is that came behind it when the directory was read: but a guess */
    bool seen;
    bool changed; /* when the directory was last read it came, or stood for something else than what had been read */
};

struct listing {
    struct listing_entry *items; /* sorted by name */
    size_t n, room;
    uint32_t first; /* the one that came first, likewise */
    dev_t device;   /* see stamp_device */
    size_t before;  /* bytes of a path before the name */
};

/* The prefix of a file that stands beside an ifcfg file ("route6-", ...); NULL if the name is none of these. */
const char *listing_prefix(const char *name);

/* The same for an alias file, ifcfg-DEVICE:N or ifcfg-DEVICE-rangeN: the length of what is before DEVICE's end,
 * "ifcfg-" included; 0 if it is none. */
size_t listing_alias(const char *name);

/* What a file of that name would be, whether or not it counts. */
enum listing_format listing_format(enum listing_of of, const char *name);

struct listing_place {
    enum listing_of of;
    const char *path;   /* of the directory, as its files are called */
    const char *opened; /* with root */
};

/* Reads the directory, anew if there is something in the list already: then it is told which have changed, and those that went are
 * taken out and put into ret_gone, which is empty before; NULL: who cares. Negative errno, and then the list is empty or not whole. */
int listing_load(struct listing *listing, const struct listing_place *place, struct listing *ret_gone);
void listing_done(struct listing *listing);

/* NULL if it is not there. */
struct listing_entry *listing_get(const struct listing *listing, const char *name);
bool listing_has(const struct listing *listing, const char *name);

/* The path of a file in it, which lives as long as the entry. */
const char *listing_path(const struct listing *listing, const struct listing_entry *entry);

/* Somebody has read it, as the stamp says. */
void listing_read(struct listing_entry *entry, enum stamp_state state, const struct stamp *stamp);

/* It came, changed, or went. path: the directory's. -ENOMEM. */
int listing_note(struct listing *listing, const char *path, const char *name, bool there);

/* The first name that is not before this one: those with a common beginning follow it. */
size_t listing_find(const struct listing *listing, const char *name);
