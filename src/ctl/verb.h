/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a verb of tunnelctl is: one file each, one row each in tunnelctl.c. */
#pragma once

#include <stdbool.h>

struct options {
    const char *root; /* "" without --root */
    bool verbose;
};

/* The exit status of tunnelctl, told in tunnelctl(1). */
enum status {
    STATUS_OK = 0,
    STATUS_PROBLEM = 1, /* something asked about is not up or has a problem */
    STATUS_USAGE = 2,
    STATUS_NO_DAEMON = 3, /* the daemon cannot be reached */
    STATUS_REFUSED = 4,   /* no permission */
};

struct verb {
    const char *name;
    const char *arguments; /* for the usage */
    const char *help;
    int max_arguments; /* -1: any number */
    int (*run)(const struct options *options, int argc, char **argv);
};

int verb_check(const struct options *options, int argc, char **argv);
int verb_explain(const struct options *options, int argc, char **argv);
int verb_list(const struct options *options, int argc, char **argv);
int verb_reload(const struct options *options, int argc, char **argv);
int verb_version(const struct options *options, int argc, char **argv);
