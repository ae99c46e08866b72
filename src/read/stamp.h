/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a file is still the one that was read. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "base/macro.h"

enum SMALL stamp_state {
    STAMP_NONE,   /* nobody has read it */
    STAMP_SURE,   /* it was read as the stamp says, and a change would show */
    STAMP_UNSURE, /* a change might not show, or not all who read it saw the same */
};

struct stamp {
    int64_t changed; /* ns; nothing of an inode changes without it */
    uint64_t rest;   /* a hash of what else stat says: which inode it is, how large, ... */
};

/* Of a file opened no earlier than that (CLOCK_REALTIME). device: where a change shows in the times; another one, or 0, makes it unsure. */
enum stamp_state stamp_make(const struct stat *status, dev_t device, const struct timespec *opened, struct stamp *ret);

/* Does stat still say the same? */
bool stamp_holds(const struct stamp *stamp, const struct stat *status, dev_t device);

bool stamp_equal(const struct stamp *a, const struct stamp *b);

/* The device of an open directory, if its file system keeps the times of its files itself, to the full; else 0. */
dev_t stamp_device(int fd);
