/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads files whole. Never knows what is in them. */
#include "read/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macro.h"

enum { LOAD_TRIES = 3 };

int load_text(const char *path, char **ret, size_t *ret_size)
{
    struct stat status;

    return load_text_and_status(path, ret, ret_size, &status);
}

int load_open_error(int error)
{
    return error == EMFILE || error == ENFILE ? -ENOMEM : -error;
}

static int read_all(int fd, char *text, size_t most, size_t *ret_size)
{
    size_t size = 0;

    while (size < most) {
        ssize_t n = read(fd, text + size, most - size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (!n)
            break;
        size += (size_t)n;
    }
    *ret_size = size;
    return 0;
}

/* -EAGAIN: it shrank under the reader. Half of a file is another file. */
static int load_once(const char *path, char **ret, size_t *ret_size, struct stat *ret_status)
{
    /* O_NONBLOCK: not to hang on a FIFO */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), r = 0;
    _cleanup_free_ char *text = NULL;
    struct stat status;
    size_t size = 0;

    if (fd < 0)
        return load_open_error(errno);
    if (fstat(fd, &status) < 0)
        r = -errno;
    else if (!S_ISREG(status.st_mode))
        r = -EISDIR;
    else if (status.st_size > LOAD_MOST)
        r = -EFBIG;
    else if (!(text = malloc((size_t)status.st_size + 1)))
        r = -ENOMEM;
    else
        r = read_all(fd, text, (size_t)status.st_size, &size);
    close(fd);
    if (r >= 0 && size < (size_t)status.st_size)
        r = -EAGAIN;
    if (r < 0)
        return r;
    text[size] = 0;
    *ret = steal_pointer(&text);
    *ret_size = size;
    *ret_status = status;
    return 0;
}

int load_text_and_status(const char *path, char **ret, size_t *ret_size, struct stat *ret_status)
{
    int r = -EAGAIN;

    for (int i = 0; r == -EAGAIN && i < LOAD_TRIES; i++)
        r = load_once(path, ret, ret_size, ret_status);
    return r;
}

char *load_insecurity(const struct stat *status)
{
    unsigned mode = status->st_mode & 0777, open = mode & 0077;
    char *text;
    int n;

    if (status->st_uid && status->st_uid != geteuid())
        n = asprintf(&text, "it belongs to user %u; a profile must be root's (chown root)", (unsigned)status->st_uid);
    else if (open)
        n = asprintf(&text, "its mode is %04o: %s may %s it; a profile must be root's alone (chmod 600)", mode, open & 07 ? "others" : "its group",
                     open & 044   ? "read"
                     : open & 022 ? "write"
                                  : "run");
    else
        n = asprintf(&text, "%s", "");
    return n < 0 ? NULL : text;
}

void load_failed(struct problems *problems, const char *path, int error)
{
    problems_add(problems, SEVERITY_ERROR, (struct place){ path, 0, 0 }, "cannot be read: %s",
                 error == -EFBIG    ? "larger than 1 MiB"
                 : error == -EISDIR ? "not a regular file"
                 : error == -EAGAIN ? "it changes while it is read"
                                    : strerror(-error));
}
