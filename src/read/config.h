/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration: which files there are, what each says, and who wins where two want the same. The only
 * place that opens configuration directories. */
#pragma once

#include "base/macro.h"
#include "model/problem.h"
#include "model/scope.h"
#include "model/set.h"
#include "read/file.h"
#include "read/settings.h"

struct config;

/* root: "" or a directory below which every path is looked for. Nothing is read yet. -ENOMEM. */
int config_new(const char *root, struct config **ret);
struct config *config_free(struct config *config);
DEFINE_CLEANUP(struct config *, config_free)

/* Reads tunneld.conf, after which the directories are known, and forgets the files. -ENOMEM. */
int config_load_settings(struct config *config);

/* Reads every file of the directories. 0 also when files have problems; -ENOMEM. */
int config_load(struct config *config);

/* Reads just these files, wherever they lie, with nothing but tunneld.conf and the defaults of
 * /etc/sysconfig/network from root. A file that is not there has a problem. -ENOMEM. */
int config_load_files(struct config *config, char *const *paths, size_t n);

/* Between config_load_settings, which forgets it, and config_load: that file, whether it is there or not, would hold this. It is never opened, and counts as
 * root's own of mode 0600. path: as seen below root, in one of the directories; one whose directory is none of them (or that has none) stands for the file of
 * that name that counts most, or else for one beside the file that it goes with (route-NAME), or else for one in /etc/tunneld. *ret_path (heap) says which it
 * is. tunneld.conf and what no file of tunnels is called cannot be given: -EINVAL. -EEXIST: it was given already. -ENOMEM. */
int config_overlay(struct config *config, const char *path, const char *text, size_t size, char **ret_path);

/* Something happened to the file NAME in that directory (an index of config_directory). *ret_all: it may
 * concern every tunnel: config_load_settings and config_load must be called. -ENOMEM. */
int config_touch(struct config *config, size_t directory, const char *name, bool *ret_all);

/* After config_touch: decides anew who wins, and adds to dirty every name whose file or winner changed. -ENOMEM. */
int config_settle(struct config *config, struct scope *dirty);

/* Owned by config, valid until it loads, is touched or settles again; keyed by name. */
const struct set *config_wanted(const struct config *config);
const struct settings *config_settings(const struct config *config);

/* Is it safe to say that no file wants the link NAME, whose alias names the file source? Only if that file is
 * positively absent, or was read without fault and says something else (a file of no bytes says nothing yet). */
bool config_released(const struct config *config, const char *source, const char *name);

/* The directories to watch, as opened (with root), those of tunneld.conf and of /etc/sysconfig/network among
 * them; NULL behind the last. */
const char *config_directory(const struct config *config, size_t i);

/* All of them, in order of precedence and name. */
struct file *const *config_files(const struct config *config, size_t *ret_n);

/* Of the settings and of the host's defaults. */
const struct problems *config_own_problems(const struct config *config);

/* One that is there, and whose files nobody can know. */
bool config_has_unreadable_directory(const struct config *config);

/* Were those told before this call? */
bool config_was_told(struct config *config);
