/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of one file. Never opens it. */
#include "read/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/shared.h"
#include "base/table.h"
#include "read/load.h"

void file_drop_aliases(struct file *file)
{
    for (size_t i = 0; i < file->n_aliases; i++)
        free(file->aliases[i]);
    free(file->aliases);
    file->aliases = NULL;
    file->n_aliases = 0;
}

struct file *file_free(struct file *file)
{
    if (file) {
        file_drop_aliases(file);
        tunnel_free(file->tunnel);
        problems_done(&file->problems);
        problems_done(&file->conflicts);
        free(file->profile);
        shared_drop(file->path);
        free(file);
    }
    return NULL;
}

int file_new(const struct directory *directory, size_t index, const char *name, struct file **ret)
{
    _cleanup_(file_freep) struct file *file = calloc(1, sizeof(*file));
    _cleanup_free_ char *path = NULL;

    if (asprintf(&path, "%s/%s", directory->path, name) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    if (file)
        file->path = shared_get(path);
    if (!file || !file->path)
        return -ENOMEM;
    file->name = strrchr(file->path, '/') + 1;
    file->directory = index;
    file->format = listing_format(directory->of, name);
    file->place = directory->place;
    *ret = steal_pointer(&file);
    return 0;
}

int file_cannot_be_read(struct file *file, const char *path, int error)
{
    if (error == -ENOMEM)
        return error;
    file->tunnel = tunnel_free(file->tunnel);
    problems_done(&file->problems);
    load_failed(&file->problems, path, error);
    file->verdict = FILE_UNREADABLE;
    return 0;
}

void file_unsettle(struct file *file)
{
    struct tunnel *tunnel = file->tunnel;

    file->told = false;
    problems_done(&file->conflicts);
    if (!tunnel)
        return;
    file->verdict = FILE_TUNNEL;
    tunnel->asked = ASKED_NOTHING;
    if (!tunnel->more)
        return;
    tunnel->more->local_why = tunnel->more->remote_why = NULL;
    if (tunnel->more->local_name)
        tunnel->local = (struct address){ 0 };
    if (tunnel->more->remote_name)
        tunnel->remote = (struct address){ 0 };
}

void file_note_identity(struct file *file)
{
    struct identity identity = tunnel_identity(file->tunnel, -1);
    size_t size;
    const char *stem = file_stem(file, &size);

    file->identity = table_hash(&identity, sizeof(identity));
    file->named_after_it = size == strlen(file->tunnel->name) && !memcmp(stem, file->tunnel->name, size);
}

bool file_name_counts(const struct file *file)
{
    if (file->format == FORMAT_IFCFG)
        return ifcfg_name_counts(file->name);
    return file->format == FORMAT_META || keyfile_name_counts(file->name, file->place);
}

const char *file_stem(const struct file *file, size_t *ret_size)
{
    static const char ending[] = ".nmconnection";
    const char *stem = file->format == FORMAT_IFCFG ? file->name + strlen("ifcfg-") : file->name;
    size_t size = strlen(stem);

    if (file->format == FORMAT_KEYFILE && size >= strlen(ending) && !strcmp(stem + size - strlen(ending), ending))
        size -= strlen(ending);
    *ret_size = size;
    return stem;
}

const struct problem *file_first_error(const struct file *file)
{
    const struct problems *lists[] = { &file->problems, &file->conflicts };

    for (size_t i = 0; !file->hidden && i < ARRAY_SIZE(lists); i++)
        for (size_t j = 0; j < lists[i]->n; j++)
            if (lists[i]->items[j].severity == SEVERITY_ERROR)
                return &lists[i]->items[j];
    return NULL;
}

bool file_has_fault(const struct file *file)
{
    const struct problems *lists[] = { &file->problems, &file->conflicts };

    for (size_t i = 0; !file->hidden && i < ARRAY_SIZE(lists); i++)
        for (size_t j = 0; j < lists[i]->n; j++)
            if (lists[i]->items[j].severity >= SEVERITY_LINE)
                return true;
    return false;
}
