/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a verb of tunnelctl is: one file each, one row each in tunnelctl.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct writer;

struct options {
    const char *root; /* "" without --root */
    bool verbose;
    bool json;
    bool ip; /* plan: as commands of ip(8) */
    bool no_pager;
    uint64_t timeout; /* us; UINT64_MAX: none */
};

/* Those that only some verbs take; all take the others. */
enum { OPTION_VERBOSE = 1, OPTION_JSON = 2, OPTION_IP = 4, OPTION_NO_PAGER = 8, OPTION_TIMEOUT = 16 };

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
    const char *arguments;            /* for the usage */
    const char *help;                 /* one line of it */
    int min_arguments, max_arguments; /* -1: any number */
    unsigned options;                 /* OPTION_* */
    int (*run)(const struct options *options, int argc, char **argv);
};

int verb_cat(const struct options *options, int argc, char **argv);
int verb_check(const struct options *options, int argc, char **argv);
int verb_down(const struct options *options, int argc, char **argv);
int verb_edit(const struct options *options, int argc, char **argv);
int verb_explain(const struct options *options, int argc, char **argv);
int verb_list(const struct options *options, int argc, char **argv);
int verb_monitor(const struct options *options, int argc, char **argv);
int verb_plan(const struct options *options, int argc, char **argv);
int verb_reload(const struct options *options, int argc, char **argv);
int verb_status(const struct options *options, int argc, char **argv);
int verb_up(const struct options *options, int argc, char **argv);
int verb_version(const struct options *options, int argc, char **argv);
int verb_wait(const struct options *options, int argc, char **argv);
