/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration for the verbs that need no daemon, and whose file is whose. */
#pragma once

#include "ctl/verb.h"
#include "ctl/writer.h"
#include "read/config.h"

/* Reads the named files, or all; says on stderr why it cannot. */
int files_load(const struct options *options, int argc, char **argv, struct config **ret);

struct paths {
    char **items; /* as seen below --root */
    size_t n;
};
void paths_done(struct paths *paths);

/* The file of a tunnel, and those beside it: by the name of the tunnel, of a file, or by a path. STATUS_OK; or what is wrong, after
 * saying it on stderr. */
int files_find(const struct config *config, const char *name, struct paths *ret);

/* Says on stderr what is the matter with the file. */
void files_complain(const char *path, const char *what, int error);

/* "HEAD TEXT" on standard output; where that is a terminal on which it has no room, the text in lines of their own. */
void files_put(const char *head, const char *text);

/* The same of a problem, as problem_print has it. */
void files_problem_put(const struct problem *problem);

/* Of the array begun before: an object of the words of problem_print. */
void files_problem_json(const struct problem *problem, struct json *json);
