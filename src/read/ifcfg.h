/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Red Hat's ifcfg files: which of them are tunnels, and what they say. */
#pragma once

#include "model/problem.h"
#include "model/tunnel.h"
#include "read/shell.h"

enum ifcfg_verdict {
    IFCFG_TUNNEL,  /* ret_tunnel is set */
    IFCFG_IGNORED, /* not one of our tunnels; problems holds warnings only if it nearly is one */
    IFCFG_REFUSED, /* one of ours, and wrong: problems holds at least one error */
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
    bool ipv6;       /* IPv6 on the tunnel although the file does not ask for it */
    bool was_tunnel; /* before it was read anew */
};

struct ifcfg_device {
    char name[IFNAMSIZ];   /* "": the file is not ours, or names none that can be */
    unsigned line, column; /* where it is named; 0: only by the file's name */
    bool no_routes;        /* its files of routes and rules are not read */
    bool no_ipv6;          /* it turns IPv6 off by word */
    bool faulty;           /* something in the file could not be read, so it may mean more than it seems to */
};

/* enum ifcfg_verdict, or -ENOMEM. ret_device is set for refused files too. */
int ifcfg_read(const struct ifcfg_input *input, struct tunnel **ret_tunnel, struct ifcfg_device *ret_device, struct problems *problems);

/* Is this the name of a file that does not count, and that network-scripts would read? */
bool ifcfg_name_counted_there(const char *name);

/* Is this the name of a file that counts ("ifcfg-" and no backup's or package manager's ending)? */
bool ifcfg_name_counts(const char *name);

/* Is this the name of an alias file that counts? */
bool ifcfg_name_is_alias(const char *name);
