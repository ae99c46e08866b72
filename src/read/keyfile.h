/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NetworkManager keyfiles, as its own reader and GKeyFile take them: which of them are tunnels of ours, and what they
 * say. */
#pragma once

#include <time.h>

#include "base/macro.h"
#include "model/problem.h"
#include "model/tunnel.h"

enum keyfile_verdict {
    KEYFILE_TUNNEL,  /* ret_tunnel is set */
    KEYFILE_IGNORED, /* no tunnel, or not ours: problems says at the most that its tunneld.manage is neither yes nor no */
    KEYFILE_REFUSED, /* one of ours, and wrong: problems holds at least one error */
};

/* Where a file lies. NetworkManager's directories in its order of precedence. */
enum SMALL keyfile_place {
    KEYFILE_PLACE_OURS,
    KEYFILE_PLACE_RUN, /* /run/NetworkManager/system-connections */
    KEYFILE_PLACE_ETC, /* /etc/NetworkManager/system-connections */
    KEYFILE_PLACE_LIB, /* /usr/lib/NetworkManager/system-connections */
};

struct keyfile_input {
    const char *path; /* as seen below --root */
    const char *text;
    size_t size;
    const char *insecure; /* why its owner or mode make it unusable, in words; NULL: they do not */
    enum keyfile_place place;
    bool all;        /* those in NetworkManager's directories need not say that they are ours */
    bool ipv6;       /* IPv6 on the tunnel although the file does not ask for it */
    bool was_tunnel; /* one of ours, before it was read anew */
};

/* Another profile, or what a profile says of itself; uuid "" and lines 0 where it says nothing. */
struct keyfile_reference {
    char uuid[37]; /* as GLib's g_ascii_strdown leaves it */
    unsigned line, column;
};

struct file;

struct keyfile_profile {
    bool readable;                                     /* it takes part in the precedence by UUID, tunnel or not */
    char interface[IFNAMSIZ];                          /* "": none that can be */
    unsigned line, column;                             /* of that name */
    struct keyfile_reference self, parent, controller; /* the latter two only where they are UUIDs */
    struct timespec modified;                          /* the file; set by who has read it */
    const struct file *hidden_by;                      /* the file for which its own is hidden, while files are settled */
    bool faulty;                                       /* it cannot be read as a keyfile at all, so nobody knows what it is */
};

/* Is NAME one that counts in such a directory? */
bool keyfile_name_counts(const char *name, enum keyfile_place place);

/* The verdict, or -ENOMEM. ret_profile is filled in whatever the verdict; problems gets what is wrong, sorted by line. Of
 * a tunnel whose parent or controller is named by UUID, lower or controller is still empty. */
int keyfile_read(const struct keyfile_input *input, struct tunnel **ret_tunnel, struct keyfile_profile *ret_profile, struct problems *problems);
