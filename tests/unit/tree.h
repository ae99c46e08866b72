/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A root directory of a test's own, and the configuration that is read from it. */
#pragma once

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/config.h"
#include "read/findings.h"
#include "test.h"

#define RH SYSCONFIGDIR "/network-scripts/"
#define OWN TUNNELD_CONFDIR "/"
#define SUSE SYSCONFIGDIR "/network/"

static char root[64];
static struct config *config;

static inline const char *below_root(const char *path)
{
    static char full[PATH_MAX];

    CHECK((size_t)snprintf(full, sizeof(full), "%s%s", root, path) < sizeof(full));
    return full;
}

/* Root's alone, as a profile must be. */
static inline void put(const char *path, const char *text)
{
    FILE *out = fopen(below_root(path), "w");

    CHECK(out && fputs(text, out) >= 0 && fclose(out) == 0 && chmod(below_root(path), 0600) == 0);
}

static inline void drop(const char *path)
{
    CHECK(unlink(below_root(path)) == 0);
}

static inline size_t directory_of(const char *path)
{
    size_t i = 0;

    while (config_directory(config, i) && strcmp(config_directory(config, i), below_root(path)) != 0)
        i++;
    CHECK(config_directory(config, i) != NULL);
    return i;
}

/* Settles, and tells which names that made dirty. */
static inline const char *settle(bool all)
{
    static char dirty_names[256];
    struct scope dirty = { 0 };

    CHECK(config_settle(config, &dirty) == 0);
    dirty_names[0] = 0;
    for (size_t i = 0; i < dirty.n; i++) {
        strcat(dirty_names, dirty.names[i]);
        strcat(dirty_names, " ");
    }
    if (all)
        strcat(dirty_names, "ALL");
    scope_done(&dirty);
    return dirty_names;
}

static inline const char *touch(size_t directory, const char *name)
{
    bool all = false;

    CHECK(config_touch(config, directory, name, &all) == 0);
    return settle(all);
}

static inline void load(void)
{
    CHECK(config_load_settings(config) == 0 && config_load(config) == 0);
    settle(false);
}

static inline void begin(void)
{
    char command[2 * PATH_MAX];

    strcpy(root, "/tmp/tunneld-config-XXXXXX");
    CHECK(mkdtemp(root) != NULL);
    snprintf(command, sizeof(command), "mkdir -p %s" OWN " %s" RH, root, root);
    CHECK(system(command) == 0);
    CHECK(config_new(root, &config) == 0);
}

static inline void end(void)
{
    char command[256];

    config = config_free(config);
    snprintf(command, sizeof(command), "rm -r %s", root);
    CHECK(system(command) == 0);
}

static inline const struct tunnel *wanted(const char *name)
{
    return set_get(config_wanted(config), name);
}

static inline const char *source_of(const char *name)
{
    return wanted(name) ? wanted(name)->source : "nobody";
}

static inline void count_problem(const struct problem *problem, void *userdata)
{
    (void)problem;
    (*(size_t *)userdata)++;
}

/* The problems that are new since the last call. */
static inline size_t count_told(void)
{
    size_t told = 0;

    findings_tell(config, count_problem, &told);
    return told;
}
