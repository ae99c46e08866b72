/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that a plan is asked for: read here, as the daemon opens nothing for a caller. */
#pragma once

#include <stddef.h>

#include "ctl/verb.h"

struct plan_file {
    char *path;  /* for the daemon: as seen below --root, absolute */
    char *shown; /* as it was named */
    char *text;
    size_t size;
};

struct plan_files {
    struct plan_file *items;
    size_t n;
    struct config *config; /* as they are by themselves; NULL: none is named */
};

/* Reads them, and what stands beside an ifcfg file that is in none of the daemon's directories. STATUS_*, after saying what is
 * wrong. */
int plan_files_read(const struct options *options, int argc, char **argv, struct plan_files *ret);
void plan_files_done(struct plan_files *files);

/* Is it one of these that the tunnel comes from? Of all, if none is named. */
bool plan_files_concern(const struct plan_files *files, const char *tunnel);

/* How the file was named, whose path the daemon gives; the path itself if it was not. */
const char *plan_files_shown(const struct plan_files *files, const char *path);
