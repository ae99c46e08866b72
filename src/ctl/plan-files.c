/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the files that are named, and those beside them. What they mean is the daemon's to say. */
#include "ctl/plan-files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ctl/files.h"
#include "read/beside.h"
#include "read/load.h"

struct gathering {
    const struct options *options;
    struct config *config; /* the host's: its directories are the daemon's */
    struct plan_files files;
};

void plan_files_done(struct plan_files *files)
{
    for (size_t i = 0; i < files->n; i++) {
        free(files->items[i].path);
        free(files->items[i].shown);
        free(files->items[i].text);
    }
    free(files->items);
    config_free(files->config);
    *files = (struct plan_files){ 0 };
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The directory as it really is; heap. NULL: there is none, or no memory. */
static char *real_directory(const char *path)
{
    const char *base = base_of(path);
    _cleanup_free_ char *directory = base == path ? strdup(".") : strndup(path, (size_t)(base - path));

    return directory ? realpath(directory, NULL) : NULL;
}

/* The daemon's name for the directory, if it is one of its; else as it is. */
static const char *name_directory(const struct gathering *gathering, const char *real, bool *ret_known)
{
    size_t root = strlen(gathering->options->root);
    const char *opened;

    while (root && gathering->options->root[root - 1] == '/')
        root--;
    for (size_t i = 0; (opened = config_directory(gathering->config, i)); i++) {
        _cleanup_free_ char *same = realpath(opened, NULL);

        if (same && !strcmp(same, real)) {
            *ret_known = true;
            return opened + root;
        }
    }
    *ret_known = false;
    return real;
}

static bool has_path(const struct plan_files *files, const char *path)
{
    for (size_t i = 0; i < files->n; i++)
        if (!strcmp(files->items[i].path, path))
            return true;
    return false;
}

static int cannot_be_read(const char *path, int error)
{
    struct problems problems = { 0 };

    load_failed(&problems, path, error);
    for (size_t i = 0; i < problems.n; i++) {
        problem_print(&problems.items[i], stderr);
        fputc('\n', stderr);
    }
    problems_done(&problems);
    return STATUS_PROBLEM;
}

static int out_of_memory(void)
{
    fprintf(stderr, "tunnelctl: %s\n", strerror(ENOMEM));
    return STATUS_PROBLEM;
}

/* Adds the file, unless it is there already. */
static int add_file(struct gathering *gathering, const char *shown, const char *directory)
{
    struct plan_file file = { 0 }, *grown;
    int r;

    if (asprintf(&file.path, "%s/%s", strcmp(directory, "/") ? directory : "", base_of(shown)) < 0)
        return out_of_memory();
    if (has_path(&gathering->files, file.path)) {
        free(file.path);
        return STATUS_OK;
    }
    r = text_is_utf8(file.path, strlen(file.path)) ? load_text(shown, &file.text, &file.size) : -EILSEQ;
    if (r < 0) {
        free(file.path);
        return cannot_be_read(shown, r);
    }
    file.shown = strdup(shown);
    grown = reallocarray(gathering->files.items, gathering->files.n + 1, sizeof(*grown));
    if (grown) {
        gathering->files.items = grown;
        grown[gathering->files.n++] = file;
    }
    if (!grown || !file.shown)
        return out_of_memory();
    return STATUS_OK;
}

/* Does a file of that name stand beside the ifcfg file of that suffix, for a tunnel of that name? */
static bool stands_beside(const char *name, const char *suffix, const char *device)
{
    const char *prefix = listing_prefix(name);
    size_t size;

    if (beside_is_alias_of(name, device))
        return true;
    if (!prefix)
        return false;
    if (*prefix)
        return !strcmp(name + strlen(prefix), suffix) || !strcmp(name + strlen(prefix), device);
    size = strlen(suffix);
    return !strncmp(name, suffix, size) && !strcmp(name + size, ".route");
}

/* The name of the tunnel in that file; "" if nobody can say. */
static const char *device_of(const struct plan_files *files, const char *path)
{
    size_t n;
    struct file *const *read = config_files(files->config, &n);

    for (size_t i = 0; i < n; i++)
        if (!strcmp(read[i]->name, base_of(path)) && read[i]->tunnel)
            return read[i]->tunnel->name;
    return "";
}

static int add_beside(struct gathering *gathering, char *path, const char *directory)
{
    const char *suffix = base_of(path) + strlen("ifcfg-"), *device = device_of(&gathering->files, path);
    struct listing listing = { 0 };
    int r = STATUS_OK;

    if (listing_load(&listing, &(struct listing_place){ LISTING_OF_EITHER, directory, directory }, NULL) < 0)
        return STATUS_OK; /* what cannot be listed has nothing beside */
    for (size_t i = 0; r == STATUS_OK && i < listing.n; i++) {
        _cleanup_free_ char *shown = NULL;

        if (!stands_beside(listing.items[i].name, suffix, device))
            continue;
        if (asprintf(&shown, "%.*s%s", (int)(base_of(path) - path), path, listing.items[i].name) < 0) {
            shown = NULL;
            r = out_of_memory();
        } else {
            r = add_file(gathering, shown, directory);
        }
    }
    listing_done(&listing);
    return r;
}

static int add_named(struct gathering *gathering, char *path)
{
    _cleanup_free_ char *real = real_directory(path);
    const char *directory;
    bool known;
    int r;

    if (!real)
        return cannot_be_read(path, errno ? -errno : -ENOENT);
    directory = name_directory(gathering, real, &known);
    r = add_file(gathering, path, directory);
    return r != STATUS_OK || known || strncmp(base_of(path), "ifcfg-", 6) ? r : add_beside(gathering, path, real);
}

int plan_files_read(const struct options *options, int argc, char **argv, struct plan_files *ret)
{
    struct gathering gathering = { .options = options };
    int r = config_new(options->root, &gathering.config);

    if (r >= 0)
        r = config_load_settings(gathering.config);
    r = r < 0 ? out_of_memory() : STATUS_OK;
    if (r == STATUS_OK && argc && files_load(options, argc, argv, &gathering.files.config) < 0)
        r = STATUS_PROBLEM;
    for (int i = 0; r == STATUS_OK && i < argc; i++)
        r = add_named(&gathering, argv[i]);
    config_free(gathering.config);
    if (r == STATUS_OK)
        *ret = gathering.files;
    else
        plan_files_done(&gathering.files);
    return r;
}

bool plan_files_concern(const struct plan_files *files, const char *tunnel)
{
    if (!files->config || set_get(config_wanted(files->config), tunnel))
        return true;
    for (size_t i = 0; i < files->n; i++) {
        const char *name = base_of(files->items[i].path), *prefix = strncmp(name, "ifcfg-", 6) ? listing_prefix(name) : "ifcfg-";

        if (prefix && *prefix && !strcmp(name + strlen(prefix), tunnel))
            return true;
    }
    return false;
}

const char *plan_files_shown(const struct plan_files *files, const char *path)
{
    const char *shown = NULL;

    for (size_t i = 0; i < files->n; i++)
        if (!strcmp(files->items[i].path, path))
            return files->items[i].shown;
    for (size_t i = 0; i < files->n; i++) /* the daemon took it for one of its own of that name */
        if (!strcmp(base_of(files->items[i].path), base_of(path))) {
            if (shown)
                return path;
            shown = files->items[i].shown;
        }
    return shown ? shown : path;
}
