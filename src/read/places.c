/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for names in directories. Never opens a file. */
#include "read/places.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "read/ifcfg.h"

/* Would a file so called count there, or stand beside one that does? */
static bool may_hold(const struct directory *directory, const char *name)
{
    enum listing_format format = listing_format(directory->of, name);

    if (directory->beside || !*name || strlen(name) > NAME_MAX)
        return false;
    if (format == FORMAT_IFCFG)
        return ifcfg_name_counts(name) || ifcfg_name_is_alias(name);
    return format == FORMAT_BESIDE || (format == FORMAT_KEYFILE && keyfile_name_counts(name, directory->place));
}

static int path_in(const struct directory *directory, const char *name, char **ret)
{
    return asprintf(ret, "%s/%s", directory->path, name) < 0 ? -ENOMEM : 0;
}

/* Is it there, or would it be? */
static int look(const struct directory *directory, const struct overlay *overlay, const char *name, bool *ret_there)
{
    _cleanup_free_ char *path = NULL;
    int r = path_in(directory, name, &path);

    if (r < 0) {
        path = NULL;
        return r;
    }
    *ret_there = overlay_find(overlay, path);
    return *ret_there ? 0 : directory_look(directory, name, ret_there);
}

/* The first directory that has it; NULL: none. */
static int find_name(const struct directories *directories, const struct overlay *overlay, const char *name, const struct directory **ret)
{
    *ret = NULL;
    for (size_t i = 0; i < directories->n; i++) {
        bool there = false;
        int r = may_hold(&directories->items[i], name) ? look(&directories->items[i], overlay, name, &there) : 0;

        if (r < 0)
            return r;
        if (!there)
            continue;
        *ret = &directories->items[i];
        return 0;
    }
    return 0;
}

/* The name of the file beside which one so called stands; *ret is NULL if it stands alone. */
static int main_name(const char *name, char **ret)
{
    const char *prefix = strncmp(name, "ifcfg-", 6) ? listing_prefix(name) : NULL;
    size_t size = strlen(name), alias = listing_alias(name);
    int n = 0;

    *ret = NULL;
    if (alias)
        n = asprintf(ret, "%.*s", (int)alias, name);
    else if (prefix && *prefix)
        n = asprintf(ret, "ifcfg-%s", name + strlen(prefix));
    else if (prefix) /* NAME.route */
        n = asprintf(ret, "ifcfg-%.*s", (int)(size - strlen(".route")), name);
    if (n < 0)
        *ret = NULL;
    return n < 0 ? -ENOMEM : 0;
}

static int find_directory(const struct directories *directories, const struct overlay *overlay, const char *name, const struct directory **ret)
{
    _cleanup_free_ char *beside = NULL;
    int r = find_name(directories, overlay, name, ret);

    if (r >= 0 && !*ret)
        r = main_name(name, &beside);
    if (r >= 0 && beside)
        r = find_name(directories, overlay, beside, ret);
    if (r >= 0 && (!*ret || !may_hold(*ret, name)))
        *ret = directories_find(directories, TUNNELD_CONFDIR, strlen(TUNNELD_CONFDIR));
    return r;
}

int places_find(const struct directories *directories, const struct overlay *overlay, const char *path, char **ret)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const struct directory *directory = slash ? directories_find(directories, path, (size_t)(slash - path)) : NULL;
    int r = 0;

    if (!directory || directory->beside)
        r = find_directory(directories, overlay, name, &directory);
    if (r < 0)
        return r;
    return directory && may_hold(directory, name) ? path_in(directory, name, ret) : -EINVAL;
}

int places_note(const struct overlay *overlay, struct directory *directory)
{
    size_t size = strlen(directory->path);
    int r = 0;

    for (size_t i = 0; r >= 0 && i < overlay->n; i++) {
        const char *path = overlay->items[i].path;

        if (!strncmp(path, directory->path, size) && path[size] == '/' && !strchr(path + size + 1, '/'))
            r = listing_note(&directory->listing, directory->path, path + size + 1, true);
    }
    return r;
}
