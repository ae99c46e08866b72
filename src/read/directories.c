/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which directories are looked at. Never reads a file in one. */
#include "read/directories.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/macro.h"
#include "read/defaults.h"
#include "read/load.h"

/* In NetworkManager's order of precedence. */
static const struct {
    const char *path;
    enum keyfile_place place;
} profiles[] = {
    { "/run/NetworkManager/system-connections", KEYFILE_PLACE_RUN },
    { "/etc/NetworkManager/system-connections", KEYFILE_PLACE_ETC },
    { "/usr/lib/NetworkManager/system-connections", KEYFILE_PLACE_LIB },
};

void directories_done(struct directories *directories)
{
    for (size_t i = 0; i < directories->n; i++) {
        listing_done(&directories->items[i].listing);
        free(directories->items[i].path);
        free(directories->items[i].opened);
    }
    free(directories->items);
    *directories = (struct directories){ 0 };
}

struct directory *directories_find(const struct directories *directories, const char *path, size_t size)
{
    for (size_t i = 0; i < directories->n; i++)
        if (strlen(directories->items[i].path) == size && !strncmp(directories->items[i].path, path, size))
            return &directories->items[i];
    return NULL;
}

/* Once; a later one of the same path adds nothing. */
static int add(struct directories *directories, const char *path, const char *root, struct directory directory)
{
    struct directory *items;

    if (directories_find(directories, path, strlen(path)))
        return 0;
    items = reallocarray(directories->items, directories->n + 1, sizeof(*items));
    if (!items)
        return -ENOMEM;
    directories->items = items;
    directory.path = strdup(path);
    if (asprintf(&directory.opened, "%s%s", root, path) < 0)
        directory.opened = NULL;
    if (!directory.path || !directory.opened) {
        free(directory.path);
        free(directory.opened);
        return -ENOMEM;
    }
    items[directories->n++] = directory;
    return 0;
}

int directories_add(struct directories *directories, const char *path, const char *root)
{
    return add(directories, path, root, (struct directory){ .of = LISTING_OF_EITHER });
}

static bool is_network_managers(const char *path)
{
    for (size_t i = 0; i < ARRAY_SIZE(profiles); i++)
        if (!strcmp(path, profiles[i].path))
            return true;
    return false;
}

static int add_path(struct directories *directories, const char *path, const char *root)
{
    enum listing_of of = LISTING_OF_EITHER;

    if (is_network_managers(path)) /* it has its place already */
        return 0;
    if (!strcmp(path, TUNNELD_CONFDIR))
        of = LISTING_OF_ALL;
    else if (!strcmp(path, NETWORK_SCRIPTS_PATH) || !strcmp(path, NETWORK_PATH))
        of = LISTING_OF_IFCFG;
    return add(directories, path, root, (struct directory){ .of = of });
}

/* Where it is not looked at for tunnels anyway. */
static int add_beside(struct directories *directories, const char *path, const char *root)
{
    return add(directories, path, root, (struct directory){ .beside = true });
}

int directories_add_all(struct directories *directories, const struct settings *settings, const char *root)
{
    int r = 0;

    for (size_t i = 0; r >= 0 && i < settings->n_paths; i++)
        r = add_path(directories, settings->paths[i], root);
    if (r >= 0)
        r = add_beside(directories, TUNNELD_CONFDIR, root);
    for (size_t i = 0; r >= 0 && defaults_directory(i); i++)
        r = add_beside(directories, defaults_directory(i), root);
    for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(profiles); i++)
        r = add(directories, profiles[i].path, root, (struct directory){ .of = LISTING_OF_PROFILES, .place = profiles[i].place });
    return r;
}

int directory_list(struct directory *directory, struct listing *ret_gone, struct problems *problems)
{
    int r = listing_load(&directory->listing, &(struct listing_place){ directory->of, directory->path, directory->opened }, ret_gone);

    directory->readable = r >= 0;
    directory->unreadable = r < 0 && r != -ENOENT && r != -ENOTDIR;
    if (r == -ENOMEM)
        return r;
    if (directory->unreadable && directory->of == LISTING_OF_PROFILES) /* most often somebody who is not root looks at all files */
        problems_add(problems, SEVERITY_WARNING, (struct place){ directory->path, 0, 0 }, "cannot be read: %s", strerror(-r));
    else if (directory->unreadable)
        load_failed(problems, directory->path, r);
    return 0;
}

int directory_look(const struct directory *directory, const char *name, bool *ret_there)
{
    _cleanup_free_ char *full = NULL;
    enum listing_format format = listing_format(directory->of, name);
    struct stat status;

    if (asprintf(&full, "%s/%s", directory->opened, name) < 0) {
        full = NULL;
        return -ENOMEM;
    }
    *ret_there = (format == FORMAT_META ? lstat(full, &status) : stat(full, &status)) == 0;
    if (*ret_there && S_ISDIR(status.st_mode)) /* as in listing_load */
        *ret_there = format == FORMAT_IFCFG || format == FORMAT_BESIDE;
    return 0;
}

int directory_load(struct directory *directory, const struct overlay *overlay, const char *path, struct loaded *ret)
{
    _cleanup_free_ char *full = NULL;
    const char *name = strrchr(path, '/') + 1;
    struct listing_entry *entry = listing_get(&directory->listing, name);
    enum stamp_state state = STAMP_UNSURE;
    struct stamp stamp = { 0 };
    struct timespec now;
    int r;

    if (asprintf(&full, "%s/%s", directory->opened, name) < 0) {
        full = NULL;
        return -ENOMEM;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    r = overlay_load(overlay, path, full, &ret->text, &ret->size, &ret->status);
    if (r >= 0)
        state = stamp_make(&ret->status, directory->listing.device, &now, &stamp);
    if (entry)
        listing_read(entry, state, &stamp);
    return r;
}
