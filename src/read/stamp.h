/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a file is still the one that was read. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

enum stamp_state {
    STAMP_NONE,   /* nobody has read it */
    STAMP_SURE,   /* it was read as the stamp says, and a change would show */
    STAMP_UNSURE, /* a change might not show, or not all who read it saw the same */
};

/* Owner, mode and whatever else an inode has cannot change without the time of its last change. */
struct stamp {
    uint64_t inode;
    int64_t modified, changed; /* ns */
    uint32_t size;
    uint8_t state;
};

/* Of a file opened no earlier than that (CLOCK_REALTIME). device: where a change shows in the times; another one, or 0, makes it unsure. */
struct stamp stamp_make(const struct stat *status, dev_t device, const struct timespec *opened);

/* Is it sure, and does stat still say the same? */
bool stamp_holds(const struct stamp *stamp, const struct stat *status, dev_t device);

/* Somebody has read it. */
void stamp_note(struct stamp *stamp, const struct stamp *read);

/* The device of an open directory, if its file system keeps the times of its files itself, to the full; else 0. */
dev_t stamp_device(int fd);
