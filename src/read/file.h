/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file of the configuration: what it says, and what is wrong with it. */
#pragma once

#include "base/macro.h"
#include "model/problem.h"
#include "read/defaults.h"
#include "read/ifcfg.h"
#include "read/listing.h"

enum file_verdict {
    FILE_TUNNEL,     /* it describes a tunnel (and, once settled: which is in the wanted set) */
    FILE_IGNORED,    /* not one of ours, by content or by name */
    FILE_REFUSED,    /* ours, but wrong, or somebody else has what it wants */
    FILE_UNREADABLE, /* nobody knows what it says */
};

struct file {
    char *path; /* as seen below --root */
    const char *name;
    size_t directory;
    enum file_verdict verdict;
    struct tunnel *tunnel;
    struct ifcfg_device device; /* also of a refused file; of one that became unreadable, what it was */
    struct problems problems;   /* its own */
    struct problems conflicts;  /* with others */
    char **aliases;             /* names of the alias files that its tunnel takes */
    size_t n_aliases;
    char held[IFNAMSIZ]; /* the name that it won when last settled */
    bool changed;
    bool reached_out; /* before it was read anew its tunnel said something elsewhere, or may have */
    bool told;        /* its problems, since they came up */
    bool empty;       /* of no bytes, as a file is that is just being written */
};

/* What files are read with. */
struct file_context {
    const struct defaults *defaults;
    const struct listing *listing; /* of the file's directory */
    enum ifcfg_place place;        /* the file's directory, too */
    bool ipv6;                     /* on every tunnel that can carry it */
    bool wicked_keys;              /* see struct ifcfg_input */
};

/* folder: as seen below --root. -ENOMEM; not read yet. */
int file_new(const char *folder, size_t directory, const char *name, struct file **ret);
struct file *file_free(struct file *file);
DEFINE_CLEANUP(struct file *, file_free)

/* Reads it and what stands beside it anew, from the folder as opened. -ENOENT if it is gone, -ENOMEM; all else is its
 * verdict. */
int file_read(struct file *file, const char *opened, const struct file_context *context);

/* NULL if there is none. */
const struct problem *file_first_error(const struct file *file);

/* An error in it or beside it, be it of one line. */
bool file_has_fault(const struct file *file);
