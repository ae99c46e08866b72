/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens and reads one file with its keys file. Never compares it with others. */
#include "read/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 1024 * 1024 }; /* bytes: no honest file is larger */

struct file *file_free(struct file *file)
{
    if (file) {
        tunnel_free(file->tunnel);
        problems_done(&file->problems);
        problems_done(&file->conflicts);
        free(file->path);
        free(file);
    }
    return NULL;
}

int file_new(const char *folder, size_t directory, const char *name, struct file **ret)
{
    _cleanup_(file_freep) struct file *file = calloc(1, sizeof(*file));

    if (!file || asprintf(&file->path, "%s/%s", folder, name) < 0)
        return -ENOMEM;
    file->name = strrchr(file->path, '/') + 1;
    file->directory = directory;
    *ret = steal_pointer(&file);
    return 0;
}

int file_read_text(const char *path, char **ret, size_t *ret_size)
{
    /* O_NONBLOCK: not to hang on a FIFO */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), r = 0;
    _cleanup_free_ char *text = NULL;
    struct stat status;
    size_t size = 0;

    if (fd < 0)
        return -errno;
    if (fstat(fd, &status) < 0)
        r = -errno;
    else if (!S_ISREG(status.st_mode))
        r = -EISDIR;
    else if (status.st_size > FILE_MAX)
        r = -EFBIG;
    else if (!(text = malloc((size_t)status.st_size + 1)))
        r = -ENOMEM;
    while (r >= 0 && size < (size_t)status.st_size) {
        ssize_t n = read(fd, text + size, (size_t)status.st_size - size);

        if (n < 0 && errno != EINTR)
            r = -errno;
        if (!n)
            break;
        size += n > 0 ? (size_t)n : 0;
    }
    close(fd);
    if (r < 0)
        return r;
    text[size] = 0;
    *ret = steal_pointer(&text);
    *ret_size = size;
    return 0;
}

void file_add_problem(struct problems *problems, const char *path, int error)
{
    problems_add(problems, SEVERITY_ERROR, (struct place){ path, 0, 0 }, "cannot be read: %s",
                 error == -EFBIG    ? "larger than 1 MiB"
                 : error == -EISDIR ? "not a regular file"
                                    : strerror(-error));
}

/* keys-NAME beside ifcfg-NAME; none is fine. */
static int read_keys(const struct file *file, const char *opened, char **ret_path, char **ret_text, size_t *ret_size)
{
    _cleanup_free_ char *full = NULL;
    const char *suffix = file->name + strlen("ifcfg-");
    int r;

    if (asprintf(ret_path, "%.*s/keys-%s", (int)(file->name - file->path - 1), file->path, suffix) < 0) {
        *ret_path = NULL;
        return -ENOMEM;
    }
    if (asprintf(&full, "%s/keys-%s", opened, suffix) < 0)
        return -ENOMEM;
    r = file_read_text(full, ret_text, ret_size);
    return r == -ENOENT ? 0 : r;
}

static int cannot_be_read(struct file *file, const char *path, int error)
{
    if (error == -ENOMEM)
        return error;
    file->tunnel = tunnel_free(file->tunnel);
    problems_done(&file->problems);
    file_add_problem(&file->problems, path, error);
    file->verdict = FILE_UNREADABLE;
    return 0;
}

/* NULL keys.text: as if there were none. */
static int judge(struct file *file, const struct ifcfg_input *input)
{
    file->tunnel = tunnel_free(file->tunnel);
    problems_done(&file->problems);
    return ifcfg_read(input, &file->tunnel, &file->device, &file->problems);
}

/* What stands beside a tunnel and is not read: nobody should find that out by missing routes. */
static int warn_of_companion(struct file *file, const char *opened, const char *kind, const char *name)
{
    _cleanup_free_ char *full = NULL, *shown = NULL;

    if (asprintf(&full, "%s/%s-%s", opened, kind, name) < 0) {
        full = NULL;
        return -ENOMEM;
    }
    if (access(full, F_OK) < 0)
        return 0;
    if (asprintf(&shown, "%.*s/%s-%s", (int)(file->name - file->path - 1), file->path, kind, name) < 0) {
        shown = NULL;
        return -ENOMEM;
    }
    problems_add(&file->problems, SEVERITY_WARNING, (struct place){ shown, 0, 0 }, "of no effect in this version of tunneld");
    return 0;
}

static int warn_of_companions(struct file *file, const char *opened)
{
    static const char *const kinds[] = { "route", "route6", "rule", "rule6" };
    const char *suffix = file->name + strlen("ifcfg-");
    int r = 0;

    for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(kinds); i++) {
        r = warn_of_companion(file, opened, kinds[i], file->tunnel->name);
        if (r >= 0 && strcmp(suffix, file->tunnel->name) != 0)
            r = warn_of_companion(file, opened, kinds[i], suffix);
    }
    return r;
}

static int read_whole(struct file *file, const char *opened, const struct file_context *context)
{
    _cleanup_free_ char *full = NULL, *text = NULL, *keys_path = NULL, *keys_text = NULL;
    struct ifcfg_input input = { .file.path = file->path, .network = context->network, .ipv6 = context->ipv6, .was_tunnel = *file->held };
    int r;

    if (asprintf(&full, "%s/%s", opened, file->name) < 0)
        return -ENOMEM;
    r = file_read_text(full, &text, &input.file.size);
    if (r == -ENOENT)
        return r;
    if (r < 0)
        return cannot_be_read(file, file->path, r);
    file->empty = !input.file.size;
    input.file.text = text;
    r = judge(file, &input);
    if (r < 0)
        return r;
    if (r != IFCFG_IGNORED) { /* the keys of somebody else's file are none of our business */
        int k = read_keys(file, opened, &keys_path, &keys_text, &input.keys.size);

        if (k < 0)
            return cannot_be_read(file, keys_path ? keys_path : file->path, k);
        input.keys.path = keys_path;
        input.keys.text = keys_text;
        r = keys_text ? judge(file, &input) : r;
    }
    if (r < 0)
        return r;
    file->verdict = r == IFCFG_TUNNEL ? FILE_TUNNEL : r == IFCFG_IGNORED ? FILE_IGNORED : FILE_REFUSED;
    if (file->tunnel && context->networking_off && file->tunnel->presence == PRESENCE_MUST)
        file->tunnel->presence = PRESENCE_MAY;
    return file->tunnel ? warn_of_companions(file, opened) : 0;
}

int file_read(struct file *file, const char *opened, const struct file_context *context)
{
    file->tunnel = tunnel_free(file->tunnel);
    problems_done(&file->problems);
    problems_done(&file->conflicts);
    file->changed = true;
    file->told = false;
    file->empty = false;
    if (ifcfg_name_counts(file->name))
        return read_whole(file, opened, context);
    file->verdict = FILE_IGNORED;
    file->device = (struct ifcfg_device){ 0 };
    return 0;
}

const struct problem *file_first_error(const struct file *file)
{
    const struct problems *lists[] = { &file->problems, &file->conflicts };

    for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
        for (size_t j = 0; j < lists[i]->n; j++)
            if (lists[i]->items[j].severity == SEVERITY_ERROR)
                return &lists[i]->items[j];
    return NULL;
}
