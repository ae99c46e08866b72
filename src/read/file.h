/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file of the configuration: what it says, and what is wrong with it. */
#pragma once

#include <time.h>

#include "base/macro.h"
#include "model/problem.h"
#include "read/defaults.h"
#include "read/directories.h"
#include "read/ifcfg.h"
#include "read/keyfile.h"
#include "read/overlay.h"

enum SMALL file_verdict {
    FILE_TUNNEL,     /* it describes a tunnel (and, once settled: which is in the wanted set) */
    FILE_IGNORED,    /* not one of ours, by content or by name, or another profile of its UUID counts */
    FILE_REFUSED,    /* ours, but wrong, or somebody else has what it wants */
    FILE_UNREADABLE, /* nobody knows what it says */
};

struct file {
    const char *path; /* as seen below --root; shared */
    const char *name;
    struct tunnel *tunnel;
    struct keyfile_profile *profile; /* of a keyfile that others may refer to; of a tombstone, the UUID that it hides; or NULL */
    struct problems problems;        /* its own */
    struct problems conflicts;       /* with others */
    char **aliases;                  /* names of the alias files that its tunnel takes */
    unsigned n_aliases;
    unsigned n_conflicts;       /* before it was settled */
    struct ifcfg_device device; /* also of a refused file; of one that became unreadable, what it was */
    char held[IFNAMSIZ];        /* the name that it won when last settled */
    uint32_t identity;          /* of its tunnel's identity: table_hash */
    uint16_t directory;
    enum listing_format format; /* FORMAT_IFCFG, FORMAT_KEYFILE or FORMAT_META */
    enum keyfile_place place;   /* of a keyfile */
    enum file_verdict verdict;
    bool named_after_it; /* the file after its tunnel */
    bool changed;
    bool reached_out; /* before it was read anew its tunnel said something elsewhere, or may have */
    bool told;        /* its problems, since they came up */
    bool empty;       /* of no bytes, as a file is that is just being written */
    bool hidden;      /* once settled: another profile, or a tombstone, of its UUID comes before it: nobody asks what is wrong with it */
    bool kept;        /* once settled: that one is refused, so nobody knows what the profile says */
    bool by_history;  /* what it is was decided by what it was before */
    bool renamed;     /* by its keys file: what stands beside it may be called otherwise than its device */
};

/* What files are read with. */
struct file_context {
    const struct defaults *defaults;
    struct directory *directory; /* the file's */
    const struct overlay *overlay;
    bool ipv6;         /* on every tunnel that can carry it */
    bool wicked_keys;  /* see struct ifcfg_input */
    bool all_profiles; /* see struct keyfile_input */
};

/* index: the directory's among those of the configuration. -ENOMEM; not read yet. */
int file_new(const struct directory *directory, size_t index, const char *name, struct file **ret);
struct file *file_free(struct file *file);
DEFINE_CLEANUP(struct file *, file_free)

/* Makes it one that cannot be read, for that reason. -ENOMEM. */
int file_cannot_be_read(struct file *file, const char *path, int error);

void file_drop_aliases(struct file *file);

/* Forgets what came of comparing it with others, and of looking for what it names. To be settled again. */
void file_unsettle(struct file *file);

/* Keeps what its tunnel is compared with others by. */
void file_note_identity(struct file *file);

/* Is its name one that counts? */
bool file_name_counts(const struct file *file);

/* The name that the tunnel of a file so called has at first sight, of *ret_size bytes. */
const char *file_stem(const struct file *file, size_t *ret_size);

/* NULL if there is none, or nobody asks. */
const struct problem *file_first_error(const struct file *file);

/* An error in it or beside it, be it of one line. */
bool file_has_fault(const struct file *file);
