/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ifcfg files, Red Hat's and SUSE's: which of them are tunnels, and what they say. */
#pragma once

#include "model/problem.h"
#include "model/tunnel.h"
#include "read/shell.h"

enum ifcfg_verdict {
    IFCFG_TUNNEL,  /* ret_tunnel is set */
    IFCFG_IGNORED, /* not one of our tunnels; problems holds warnings only if it nearly is one */
    IFCFG_REFUSED, /* one of ours, and wrong: problems holds at least one error */
};

/* Whose files lie in a directory. */
enum ifcfg_place {
    IFCFG_PLACE_RED_HAT, /* TUNNEL= makes nothing a tunnel there */
    IFCFG_PLACE_SUSE,    /* a file that says neither TUNNEL= nor TYPE= is none of ours */
    IFCFG_PLACE_EITHER,  /* our own directory, and wherever an administrator points: each file says it itself */
};

struct ifcfg_text {
    const char *path; /* as seen below --root; its last part is the file's name */
    const char *text;
    size_t size;
    bool used; /* of an alias file: the tunnel takes it */
};

struct ifcfg_input {
    struct ifcfg_text file, keys;      /* keys.text is NULL where there is no keys file */
    const struct assignments *network; /* what /etc/sysconfig/network assigns */
    struct ifcfg_text *aliases;        /* those without a text could not be read */
    size_t n_aliases;
    enum ifcfg_place place;
    bool ipv6;        /* IPv6 on the tunnel although the file does not ask for it */
    bool wicked_keys; /* in SUSE's dialect: keys as wicked sends them */
    bool was_tunnel;  /* before it was read anew */
};

struct ifcfg_device {
    char name[IFNAMSIZ];   /* "": the file is not ours, or names none that can be */
    unsigned line, column; /* where it is named; 0: only by the file's name */
    bool suse;             /* it is in SUSE's dialect: ifroute-NAME stands beside it, and nothing else */
    bool no_routes;        /* its files of routes and rules are not read */
    bool no_ipv6;          /* it turns IPv6 off by word */
    bool late_ipv6;        /* an alias file turned IPv6 on, after all that the file itself says of it was read */
    bool faulty;           /* something in the file could not be read, so it may mean more than it seems to */
};

/* enum ifcfg_verdict, or -ENOMEM. ret_device is set for refused files too. */
int ifcfg_read(const struct ifcfg_input *input, struct tunnel **ret_tunnel, struct ifcfg_device *ret_device, struct problems *problems);

/* By the directory's path, as seen below --root. */
enum ifcfg_place ifcfg_place_of(const char *path);

/* Which program would read a file of this path (as seen below --root) that by its name does not count; NULL: none. */
const char *ifcfg_counted_by(const char *path);

/* Is this the name of a file that counts ("ifcfg-" and no backup's or package manager's ending)? */
bool ifcfg_name_counts(const char *name);

/* Is this the name of an alias file that counts? */
bool ifcfg_name_is_alias(const char *name);
