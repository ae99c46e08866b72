/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inotify on the directories of the configuration, also on those that do not exist yet. */
#pragma once

#include <stddef.h>
#include <systemd/sd-event.h>

#include "base/macro.h"

struct watch;

/* name: a file in the directory with that index; NULL: anything may have happened to any of them, and the
 * directories should be handed over again. */
typedef void (*watch_fn)(size_t directory, const char *name, void *userdata);

int watch_new(sd_event *event, watch_fn changed, void *userdata, struct watch **ret);
struct watch *watch_free(struct watch *watch);
DEFINE_CLEANUP(struct watch *, watch_free)

/* Watches these from now on; their indices are those of the callback. Does nothing if they are watched already
 * and none was lost. */
int watch_set(struct watch *watch, const char *const *directories, size_t n);
