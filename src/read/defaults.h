/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host's own files give to every tunnel: /etc/sysconfig/network, static-routes-ipv6, and iproute2's names. */
#pragma once

#include "model/problem.h"
#include "read/assignments.h"
#include "read/names.h"

#define NETWORK_SCRIPTS_PATH SYSCONFIGDIR "/network-scripts" /* Red Hat's directory of ifcfg files */
#define NETWORK_PATH SYSCONFIGDIR "/network"                 /* Red Hat's file of defaults, SUSE's directory of ifcfg files */
#define STATIC_ROUTES_PATH SYSCONFIGDIR "/static-routes-ipv6"

struct defaults {
    struct assignments network;
    bool networking_off; /* no tunnel is brought up by itself */
    char *static_routes; /* text of static-routes-ipv6; NULL: none */
    size_t n_static_routes;
    struct names *names;
};

/* Anew, below root. What is wrong is told, and stops nothing. -ENOMEM. */
int defaults_load(struct defaults *defaults, const char *root, struct problems *problems);
void defaults_done(struct defaults *defaults);

/* Would any file be read with them alike? */
bool defaults_equal(const struct defaults *a, const struct defaults *b);

/* Is this path, as seen below root, one of those files? */
bool defaults_concerns(const char *path);

/* The directories to watch for them; NULL behind the last. */
const char *defaults_directory(size_t i);
