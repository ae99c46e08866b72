/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The objects of io.tunneld, on the system bus and on the daemon's own socket: told in io.tunneld(5). Acts only through the
 * callbacks that it is handed. */
#pragma once

#include <systemd/sd-event.h>

#include "agent/memory.h"
#include "agent/outcome.h"
#include "agent/preview.h"
#include "agent/view.h"
#include "base/macro.h"
#include "model/problem.h"
#include "service/system-bus.h"

/* A file that would be in place. */
struct bus_file {
    const char *path;
    const char *text;
    size_t size;
};

/* All return 0 or a negative errno; what they give is the caller's to end. */
struct bus_callbacks {
    /* Reads all files again and applies everything. */
    int (*reload)(struct outcome *ret, void *userdata);
    /* Looks at these, or all (n is 0), and makes them as the files say. -ENOENT: *ret_bad is a name of which nothing is known. */
    int (*reconcile)(const char *const *names, size_t n, struct outcome *ret, const char **ret_bad, void *userdata);
    /* Keeps it so until the next boot. -ENOENT: nothing is known of it. -EPERM: its file is refused, so it cannot be brought up. */
    int (*ask)(const char *name, enum asked asked, struct outcome *ret, void *userdata);
    /* What would be done if these files were in place; problems: those of these files. -EINVAL: *ret_bad (heap) says what is wrong
     * with what was given. */
    int (*plan)(const struct bus_file *files, size_t n, struct preview *ret, struct problems *ret_problems, char **ret_bad, void *userdata);
    /* -ENOENT */
    int (*view)(const char *name, struct view *ret, void *userdata);

    const struct memory *(*memory)(void *userdata);
    /* What its file wants; NULL: none. */
    const struct tunnel *(*wanted)(const char *name, void *userdata);
    enum asked (*asked)(const char *name, void *userdata);
    /* Is it to be looked at in a moment? "": is anything? */
    bool (*is_changing)(const char *name, void *userdata);
    void (*count_files)(size_t *ret_refused, size_t *ret_faulty, void *userdata);
    void *userdata;
};

struct bus;

/* Listens on the socket at path, which is replaced. system_bus is borrowed, and must outlive it; NULL: the socket alone. */
int bus_new(sd_event *event, const char *path, struct system_bus *system_bus, const struct bus_callbacks *callbacks, struct bus **ret);
struct bus *bus_free(struct bus *bus);
DEFINE_CLEANUP(struct bus *, bus_free)

/* Signals, for whoever listens: a change that was made; a state that is another (was or now may be NULL); after each pass. */
void bus_changed(struct bus *bus, const char *name, const char *why);
void bus_news(struct bus *bus, const struct remembered *was, const struct remembered *now);
void bus_passed(struct bus *bus);
