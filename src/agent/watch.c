/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watches directories. Never reads one: it only says that something happened to a name in it. */
#include "agent/watch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

struct watched {
    struct watch *watch;
    size_t directory; /* its index */
    char *wanted;     /* as handed over */
    char *path;       /* the directory, or the nearest one above it that exists */
    char *awaited;    /* what must appear in that one; NULL: it is the directory itself */
    sd_event_source *source;
};

struct watch {
    sd_event *event;
    watch_fn changed;
    void *userdata;
    struct watched **items;
    size_t n;
    bool lost; /* a directory appeared, went, or cannot be watched: arm them all again */
};

/* IN_CLOSE_WRITE says that a file is done; IN_CREATE is all that comes of a link. A file of no bytes yet is taken
 * for what it is by whoever reads it. */
enum {
    CONTENT = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ATTRIB,
    ITSELF = IN_DELETE_SELF | IN_MOVE_SELF,
    ARM_TRIES = 5,
    LOST = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT | IN_Q_OVERFLOW,
};

int watch_new(sd_event *event, watch_fn changed, void *userdata, struct watch **ret)
{
    struct watch *watch = calloc(1, sizeof(*watch));

    if (!watch)
        return -ENOMEM;
    watch->event = sd_event_ref(event);
    watch->changed = changed;
    watch->userdata = userdata;
    *ret = watch;
    return 0;
}

static void drop(struct watch *watch)
{
    for (size_t i = 0; i < watch->n; i++) {
        sd_event_source_disable_unref(watch->items[i]->source);
        free(watch->items[i]->wanted);
        free(watch->items[i]->path);
        free(watch->items[i]->awaited);
        free(watch->items[i]);
    }
    free(watch->items);
    watch->items = NULL;
    watch->n = 0;
}

struct watch *watch_free(struct watch *watch)
{
    if (watch) {
        drop(watch);
        sd_event_unref(watch->event);
        free(watch);
    }
    return NULL;
}

static void lose(struct watched *watched)
{
    watched->watch->lost = true;
    watched->watch->changed(watched->directory, NULL, watched->watch->userdata);
}

static int on_event(sd_event_source *source, const struct inotify_event *event, void *userdata)
{
    struct watched *watched = userdata;
    struct watch *watch = watched->watch;

    (void)source;
    if (event->mask & LOST)
        lose(watched);
    else if (!event->len && event->mask & IN_ATTRIB && !watched->awaited) /* its own rights: what is in it may be readable only now */
        watch->changed(watched->directory, NULL, watch->userdata);
    else if (!event->len)
        return 0;
    else if (watched->awaited && !strcmp(event->name, watched->awaited) && event->mask & (IN_CREATE | IN_MOVED_TO))
        lose(watched);
    else if (!watched->awaited)
        watch->changed(watched->directory, event->name, watch->userdata);
    return 0;
}

/* One level up: the last part of the path is what is awaited. */
static int go_up(struct watched *watched)
{
    char *slash = strrchr(watched->path, '/');
    char *awaited;

    if (!slash || !slash[1])
        return -ENOENT;
    awaited = strdup(slash + 1);
    if (!awaited)
        return -ENOMEM;
    free(watched->awaited);
    watched->awaited = awaited;
    slash[slash == watched->path] = 0; /* "/" stays */
    return 0;
}

static int arm_once(struct watched *watched)
{
    for (;;) {
        int r = sd_event_add_inotify(watched->watch->event, &watched->source, watched->path, CONTENT | ITSELF | IN_ONLYDIR, on_event, watched);

        if (r != -ENOENT && r != -ENOTDIR)
            return r;
        r = go_up(watched);
        if (r < 0)
            return r;
    }
}

/* Did what is awaited appear before the watch was there? */
static bool came_meanwhile(const struct watched *watched)
{
    _cleanup_free_ char *path = NULL;
    struct stat status;

    if (!watched->awaited || asprintf(&path, "%s/%s", watched->path, watched->awaited) < 0)
        return false;
    return stat(path, &status) >= 0 && S_ISDIR(status.st_mode);
}

static int arm(struct watched *watched)
{
    int r = arm_once(watched);

    for (int i = 0; r >= 0 && i < ARM_TRIES && came_meanwhile(watched); i++) {
        watched->source = sd_event_source_disable_unref(watched->source);
        free(steal_pointer(&watched->awaited));
        free(watched->path);
        watched->path = strdup(watched->wanted);
        r = watched->path ? arm_once(watched) : -ENOMEM;
    }
    return r;
}

static int add(struct watch *watch, const char *directory, size_t index)
{
    struct watched *watched = calloc(1, sizeof(*watched));

    if (!watched)
        return -ENOMEM;
    watched->watch = watch;
    watched->directory = index;
    watched->wanted = strdup(directory);
    watched->path = strdup(directory);
    watch->items[watch->n++] = watched;
    return watched->wanted && watched->path ? arm(watched) : -ENOMEM;
}

static bool is_watched(const struct watch *watch, const char *const *directories, size_t n)
{
    if (watch->lost || watch->n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(watch->items[i]->wanted, directories[i]) != 0)
            return false;
    return true;
}

int watch_set(struct watch *watch, const char *const *directories, size_t n)
{
    int result = 0;

    if (is_watched(watch, directories, n))
        return 0;
    drop(watch);
    watch->lost = false;
    watch->items = calloc(n + 1, sizeof(*watch->items));
    if (!watch->items)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        int r = add(watch, directories[i], i);

        if (r < 0)
            result = r;
    }
    watch->lost = result < 0;
    return result;
}
