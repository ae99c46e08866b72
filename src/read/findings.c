/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Goes through the files of a settled configuration. Never reads one. */
#include "read/findings.h"

#include <string.h>

void findings_each_refused(const struct config *config, findings_refused_fn each, void *userdata)
{
    size_t n;
    struct file *const *files = config_files(config, &n);

    for (size_t i = 0; i < n; i++) {
        const struct problem *problem = file_first_error(files[i]);

        if (problem && files[i]->verdict != FILE_TUNNEL)
            each(files[i]->device.name, problem, userdata);
    }
}

/* By a tunnel of its directory. */
static bool is_taken_alias(struct file *const *files, size_t n, const struct file *alias)
{
    if (alias->format != FORMAT_IFCFG || !ifcfg_name_is_alias(alias->name))
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; files[i]->directory == alias->directory && j < files[i]->n_aliases; j++)
            if (!strcmp(files[i]->aliases[j], alias->name))
                return true;
    return false;
}

void findings_each_file(const struct config *config, findings_file_fn each, void *userdata)
{
    size_t n;
    struct file *const *files = config_files(config, &n);

    for (size_t i = 0; i < n; i++)
        if (files[i]->format != FORMAT_META && !is_taken_alias(files, n, files[i]))
            each(files[i], userdata);
}

static void each_problem(const struct problems *problems, findings_problem_fn each, void *userdata)
{
    for (size_t i = 0; i < problems->n; i++)
        each(&problems->items[i], userdata);
}

static void each_problem_of(const struct file *file, findings_problem_fn each, void *userdata)
{
    if (file->hidden)
        return;
    each_problem(&file->problems, each, userdata);
    each_problem(&file->conflicts, each, userdata);
}

void findings_each_problem(const struct config *config, findings_problem_fn each, void *userdata)
{
    size_t n;
    struct file *const *files = config_files(config, &n);

    each_problem(config_own_problems(config), each, userdata);
    for (size_t i = 0; i < n; i++)
        each_problem_of(files[i], each, userdata);
}

void findings_tell(struct config *config, findings_problem_fn each, void *userdata)
{
    size_t n;
    struct file *const *files = config_files(config, &n);

    if (!config_was_told(config))
        each_problem(config_own_problems(config), each, userdata);
    for (size_t i = 0; i < n; i++) {
        if (!files[i]->told)
            each_problem_of(files[i], each, userdata);
        files[i]->told = true;
    }
}

static bool is_refused(const struct file *file)
{
    return file->verdict == FILE_REFUSED || file->verdict == FILE_UNREADABLE;
}

static bool is_faulty(const struct file *file)
{
    return file->verdict == FILE_TUNNEL && file_has_fault(file);
}

static bool is_doubtful(const struct file *file)
{
    if (file->hidden)
        return false;
    return file->tunnel ? file->tunnel->doubts & DOUBT_ROUTES : is_refused(file) || file->empty;
}

static size_t count(const struct config *config, bool (*is)(const struct file *file))
{
    size_t n, found = 0;
    struct file *const *files = config_files(config, &n);

    for (size_t i = 0; i < n; i++)
        found += is(files[i]);
    return found;
}

size_t findings_count_refused(const struct config *config)
{
    return count(config, is_refused);
}

size_t findings_count_faulty(const struct config *config)
{
    return count(config, is_faulty);
}

bool findings_are_doubtful(const struct config *config)
{
    return config_has_unreadable_directory(config) || count(config, is_doubtful) > 0;
}
