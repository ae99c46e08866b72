/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares what stat says. Never opens a file. Where in doubt, a file has changed. */
#include "read/stamp.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include "base/macro.h"

/* What is written in the same tick of a file system's clock as what was read before it has the same times; ext3's tick is a second. */
enum { TICK = 2 };

#define NSEC INT64_C(1000000000)

static int64_t nsec_of(const struct timespec *time)
{
    return time->tv_sec * NSEC + time->tv_nsec;
}

static struct stamp make(const struct stat *status)
{
    return (struct stamp){
        .inode = status->st_ino,
        .modified = nsec_of(&status->st_mtim),
        .changed = nsec_of(&status->st_ctim),
        .size = (uint32_t)status->st_size,
        .state = STAMP_UNSURE,
    };
}

struct stamp stamp_make(const struct stat *status, dev_t device, const struct timespec *opened)
{
    struct stamp stamp = make(status);

    if (device && status->st_dev == device && stamp.changed < nsec_of(opened) - TICK * NSEC)
        stamp.state = STAMP_SURE;
    return stamp;
}

static bool is_same(const struct stamp *a, const struct stamp *b)
{
    return a->inode == b->inode && a->modified == b->modified && a->changed == b->changed && a->size == b->size;
}

bool stamp_holds(const struct stamp *stamp, const struct stat *status, dev_t device)
{
    struct stamp other = make(status);

    return stamp->state == STAMP_SURE && status->st_dev == device && S_ISREG(status->st_mode) && is_same(stamp, &other);
}

void stamp_note(struct stamp *stamp, const struct stamp *read)
{
    if (stamp->state == STAMP_NONE)
        *stamp = *read;
    else if (read->state != STAMP_SURE || !is_same(stamp, read))
        stamp->state = STAMP_UNSURE;
}

/* Elsewhere a server or another system may write by a clock of its own, or sees no need of ctime. */
dev_t stamp_device(int fd)
{
    static const uint32_t kept[] = {
        EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC, F2FS_SUPER_MAGIC, TMPFS_MAGIC, RAMFS_MAGIC, OVERLAYFS_SUPER_MAGIC, SQUASHFS_MAGIC,
    };
    struct statfs system;
    struct stat status;

    if (fstatfs(fd, &system) < 0 || fstat(fd, &status) < 0)
        return 0;
    for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
        if ((uint32_t)system.f_type == kept[i])
            return status.st_dev;
    return 0;
}
