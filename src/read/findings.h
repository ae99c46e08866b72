/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found in the files: which of them are what, and what is wrong with them. */
#pragma once

#include "read/config.h"

/* Calls each for every refused or unreadable file, with the first error; name is "" where it names no device. */
typedef void (*findings_refused_fn)(const char *name, const struct problem *problem, void *userdata);
void findings_each_refused(const struct config *config, findings_refused_fn each, void *userdata);

/* Calls each for every file but NetworkManager's notes, in order of precedence and name. */
typedef void (*findings_file_fn)(const struct file *file, void *userdata);
void findings_each_file(const struct config *config, findings_file_fn each, void *userdata);

/* All problems: of the settings, of files, of files with each other. */
typedef void (*findings_problem_fn)(const struct problem *problem, void *userdata);
void findings_each_problem(const struct config *config, findings_problem_fn each, void *userdata);

/* The same for those that are new since the last call. */
void findings_tell(struct config *config, findings_problem_fn each, void *userdata);

/* Of the files only. */
size_t findings_count_refused(const struct config *config);

/* Is there a file of which nobody knows all that it means, so that a route or rule which no other says may be its? */
bool findings_are_doubtful(const struct config *config);

/* Tunnels that are wanted, but a line or a file beside theirs is wrong. */
size_t findings_count_faulty(const struct config *config);
