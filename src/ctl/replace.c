/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes beside the file and renames: no reader ever sees half of it. */
#include "ctl/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/macro.h"
#include "read/load.h"

int original_load(const char *path, struct original *ret)
{
    _cleanup_free_ char *real = realpath(path, NULL), *text = NULL;
    struct stat status;
    size_t size;
    int r = real ? load_text_and_status(real, &text, &size, &status) : -errno;

    if (r < 0)
        return r;
    *ret = (struct original){ steal_pointer(&real), steal_pointer(&text), size };
    return 0;
}

void original_done(struct original *original)
{
    free(original->path);
    free(original->text);
    *original = (struct original){ 0 };
}

static int write_all(int fd, const char *text, size_t size)
{
    while (size) {
        ssize_t n = write(fd, text, size);

        if (n < 0 && errno != EINTR)
            return -errno;
        text += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* Those of integrity are of the content: they are made anew. */
static bool is_of_content(const char *attribute)
{
    return !strcmp(attribute, "security.ima") || !strcmp(attribute, "security.evm");
}

static int copy_attribute(int from, int to, const char *name)
{
    ssize_t size = fgetxattr(from, name, NULL, 0);
    _cleanup_free_ char *value = size >= 0 ? malloc((size_t)size + 1) : NULL;

    if (size < 0)
        return errno == ENODATA ? 0 : -errno;
    if (!value)
        return -ENOMEM;
    size = fgetxattr(from, name, value, (size_t)size);
    if (size < 0)
        return errno == ENODATA ? 0 : -errno;
    return fsetxattr(to, name, value, (size_t)size, 0) < 0 ? -errno : 0;
}

/* The label of SELinux, access lists, whatever there is. */
static int copy_attributes(int from, int to)
{
    ssize_t size = flistxattr(from, NULL, 0);
    _cleanup_free_ char *names = size > 0 ? malloc((size_t)size) : NULL;
    int r = 0;

    if (size <= 0)
        return !size || errno == ENOTSUP ? 0 : -errno;
    if (!names)
        return -ENOMEM;
    size = flistxattr(from, names, (size_t)size);
    if (size < 0)
        return -errno;
    for (const char *name = names; r >= 0 && name < names + size; name += strlen(name) + 1)
        if (!is_of_content(name))
            r = copy_attribute(from, to, name);
    return r;
}

/* All that the file has but its content, as it is now. */
static int dress(int fd, const char *path)
{
    int from = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), r = 0;
    struct stat status;

    if (from < 0)
        return -errno;
    fremovexattr(fd, "system.posix_acl_access"); /* that of its directory */
    if (fstat(from, &status) < 0 || fchown(fd, status.st_uid, status.st_gid) < 0 || fchmod(fd, status.st_mode & 07777) < 0)
        r = -errno;
    if (r >= 0)
        r = copy_attributes(from, fd);
    close(from);
    return r;
}

static bool is_as_it_was(const struct original *original)
{
    struct original now = { 0 };
    int r = original_load(original->path, &now);
    bool same = r >= 0 && !strcmp(now.path, original->path) && now.size == original->size && !memcmp(now.text, original->text, now.size);

    original_done(&now);
    return same;
}

/* Not every file system has it: nothing is lost without. */
static void sync_directory(const char *path)
{
    _cleanup_free_ char *directory = strndup(path, (size_t)(strrchr(path, '/') - path) + 1);
    int fd = directory ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

/* A name that begins with a dot is read by nobody: not here, nor by network-scripts, wicked or NetworkManager. */
static int open_beside(const char *path, char **ret)
{
    _cleanup_free_ char *name = NULL;
    const char *base = strrchr(path, '/') + 1;
    int fd;

    if (asprintf(&name, "%.*s.%s.XXXXXX", (int)(base - path), path, base) < 0) {
        name = NULL;
        return -ENOMEM;
    }
    fd = mkostemp(name, O_CLOEXEC);
    if (fd < 0)
        return -errno;
    *ret = steal_pointer(&name);
    return fd;
}

int original_replace(const struct original *original, const char *text, size_t size)
{
    _cleanup_free_ char *name = NULL;
    int fd = open_beside(original->path, &name), r;

    if (fd < 0)
        return fd;
    r = write_all(fd, text, size);
    if (r >= 0)
        r = dress(fd, original->path);
    if (r >= 0 && fsync(fd) < 0)
        r = -errno;
    if (close(fd) < 0 && r >= 0)
        r = -errno;
    if (r >= 0 && !is_as_it_was(original))
        r = -ESTALE;
    if (r >= 0 && rename(name, original->path) < 0)
        r = -errno;
    if (r < 0)
        unlink(name);
    else
        sync_directory(original->path);
    return r;
}
