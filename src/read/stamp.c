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
    const uint64_t rest[] = { status->st_ino, (uint64_t)nsec_of(&status->st_mtim), (uint64_t)status->st_size, status->st_mode, status->st_uid };
    uint64_t hash = 0;

    for (size_t i = 0; i < ARRAY_SIZE(rest); i++) {
        hash = (hash ^ rest[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return (struct stamp){ .changed = nsec_of(&status->st_ctim), .rest = hash };
}

enum stamp_state stamp_make(const struct stat *status, dev_t device, const struct timespec *opened, struct stamp *ret)
{
    *ret = make(status);
    return device && status->st_dev == device && ret->changed < nsec_of(opened) - TICK * NSEC ? STAMP_SURE : STAMP_UNSURE;
}

bool stamp_equal(const struct stamp *a, const struct stamp *b)
{
    return a->changed == b->changed && a->rest == b->rest;
}

bool stamp_holds(const struct stamp *stamp, const struct stat *status, dev_t device)
{
    struct stamp now = make(status);

    return status->st_dev == device && S_ISREG(status->st_mode) && stamp_equal(stamp, &now);
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
