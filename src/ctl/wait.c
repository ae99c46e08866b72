/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl wait: until tunnels are up, told by the daemon's signals; and, first, until there is a daemon. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "ctl/client.h"
#include "ctl/terminal.h"
#include "ctl/tunnels.h"
#include "ctl/writer.h"
#include "model/state.h"

enum {
    SOON = 200 * 1000,  /* us until the next try at a socket that refuses */
    LOOK = 1000 * 1000, /* us until the next try to reach a daemon of which nothing can be heard */
};

struct waiting {
    const struct options *options;
    int n;
    char **names; /* n is 0: all */
    uint64_t end; /* CLOCK_MONOTONIC in us; UINT64_MAX: none */
    sd_bus *bus;
    struct tunnels tunnels; /* as they were last seen */
    bool seen;              /* they were, by the daemon that runs now */
};

static uint64_t now(void)
{
    struct timespec time = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

/* At most that many us, and not beyond the end. */
static uint64_t time_left(const struct waiting *waiting, uint64_t most)
{
    uint64_t time = now(), left = waiting->end == UINT64_MAX ? UINT64_MAX : waiting->end > time ? waiting->end - time : 0;

    return left < most ? left : most;
}

static bool is_over(const struct waiting *waiting)
{
    return time_left(waiting, UINT64_MAX) == 0;
}

static int on_signal(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    (void)message, (void)userdata, (void)error; /* that there is one is all: what it is about is asked */
    return 0;
}

/* Nobody may be there yet. Negative errno. */
static int look(struct waiting *waiting)
{
    struct tunnels tunnels = { 0 };
    int r = 0;

    if (!waiting->bus) {
        r = connection_open(waiting->options, &waiting->bus);
        if (r >= 0)
            r = connection_subscribe(waiting->bus, on_signal, NULL);
    }
    if (r >= 0)
        r = tunnels_ask(waiting->bus, &tunnels);
    waiting->seen = r >= 0;
    if (r < 0)
        return r;
    tunnels_done(&waiting->tunnels);
    waiting->tunnels = tunnels;
    return 0;
}

static bool is_up(const struct row *row)
{
    return row && !strcmp(row->state, state_name(STATE_UP));
}

/* The i-th of those that are waited for; false behind the last. *ret_row: NULL if nothing is known of it. */
static bool get_awaited(const struct waiting *waiting, size_t i, const char **ret_name, const struct row **ret_row)
{
    if (waiting->n) {
        if (i >= (size_t)waiting->n)
            return false;
        *ret_name = waiting->names[i];
        *ret_row = tunnels_find(&waiting->tunnels, *ret_name);
        return true;
    }
    if (i >= waiting->tunnels.n)
        return false;
    *ret_row = &waiting->tunnels.items[i];
    *ret_name = (*ret_row)->name;
    return true;
}

/* Of all, one that is down on purpose is not waited for. */
static bool is_awaited(const struct waiting *waiting, const struct row *row)
{
    return !is_up(row) && (waiting->n || !state_is_well(row->state));
}

static bool all_are_up(const struct waiting *waiting)
{
    const struct row *row;
    const char *name;

    for (size_t i = 0; get_awaited(waiting, i, &name, &row); i++)
        if (is_awaited(waiting, row))
            return false;
    return true;
}

/* Until the socket may be there: the nearest directory on its way says when something is new in it. */
static void wait_for_socket(const struct waiting *waiting, bool refuses)
{
    struct pollfd pollfd = { .fd = inotify_init1(IN_CLOEXEC), .events = POLLIN };
    _cleanup_free_ char *path = NULL;
    int watch = -1;
    char *slash;

    if (asprintf(&path, "%s%s/private", waiting->options->root, RUNDIR) < 0)
        path = NULL;
    while (path && pollfd.fd >= 0 && watch < 0 && (slash = strrchr(path, '/')) && slash > path) {
        *slash = 0;
        watch = inotify_add_watch(pollfd.fd, path, IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
    }
    /* a socket that refuses is of a daemon that is gone, or of one that will listen to it in a moment; and what has come
     * before the watch began, nobody tells */
    (void)poll(&pollfd, watch >= 0 ? 1 : 0, (int)(time_left(waiting, refuses ? SOON : LOOK) / 1000) + 1);
    if (pollfd.fd >= 0)
        close(pollfd.fd);
}

/* Until a signal comes. Negative errno: the connection is lost. */
static int wait_for_signal(const struct waiting *waiting)
{
    int r = sd_bus_wait(waiting->bus, time_left(waiting, UINT64_MAX));

    if (r == -EINTR)
        r = 0;
    while (r >= 0 && (r = sd_bus_process(waiting->bus, NULL)) > 0)
        ;
    return r;
}

static void wait_for_daemon(struct waiting *waiting, int error)
{
    bool on_bus = waiting->bus && sd_bus_is_bus_client(waiting->bus) > 0 && sd_bus_is_open(waiting->bus) > 0;

    if (on_bus) { /* it tells when somebody takes the name */
        (void)wait_for_signal(waiting);
        return;
    }
    waiting->bus = sd_bus_flush_close_unref(waiting->bus);
    wait_for_socket(waiting, error == -ECONNREFUSED);
}

static void put_json(const struct waiting *waiting, bool up)
{
    struct json json = { .out = stdout };
    const struct row *row;
    const char *name;

    json_begin(&json, NULL, '{');
    json_bool(&json, "up", up);
    json_begin(&json, "missing", '[');
    for (size_t i = 0; !up && get_awaited(waiting, i, &name, &row); i++) {
        if (!is_awaited(waiting, row))
            continue;
        json_begin(&json, NULL, '{');
        json_text(&json, "name", name);
        json_text(&json, "state", row ? row->state : NULL);
        json_text(&json, "reason", row && *row->reason ? row->reason : NULL);
        json_text(&json, "message", row && *row->message ? row->message : NULL);
        json_end(&json, '}');
    }
    json_end(&json, ']');
    json_end(&json, '}');
}

/* What is still waited for. */
static void tell_missing(const struct waiting *waiting)
{
    const struct row *row;
    const char *name;

    for (size_t i = 0; get_awaited(waiting, i, &name, &row); i++)
        if (is_awaited(waiting, row))
            row_tell(name, row);
}

static int give_up(const struct waiting *waiting, int error)
{
    if (waiting->options->json)
        put_json(waiting, false);
    if (waiting->seen) {
        tell_missing(waiting);
        return STATUS_PROBLEM;
    }
    if (error == -EACCES || error == -EPERM) {
        fputs("tunnelctl: only root can do that\n", stderr);
        return STATUS_REFUSED;
    }
    fputs("tunnelctl: tunneld does not run\n", stderr);
    return STATUS_NO_DAEMON;
}

static int wait_until_up(struct waiting *waiting)
{
    for (;;) {
        int r = look(waiting);

        if (r >= 0 && all_are_up(waiting)) {
            if (waiting->options->json)
                put_json(waiting, true);
            return STATUS_OK;
        }
        if (is_over(waiting) || r == -EACCES || r == -EPERM || r == -ENOMEM)
            return give_up(waiting, r);
        if (r >= 0)
            r = wait_for_signal(waiting);
        if (r < 0)
            wait_for_daemon(waiting, r);
    }
}

int verb_wait(const struct options *options, int argc, char **argv)
{
    struct waiting waiting = { .options = options, .n = argc, .names = argv, .end = UINT64_MAX };
    uint64_t begin = now();
    int r;

    if (options->timeout < UINT64_MAX - begin)
        waiting.end = begin + options->timeout;
    r = wait_until_up(&waiting);
    tunnels_done(&waiting.tunnels);
    sd_bus_flush_close_unref(waiting.bus);
    return terminal_end(r);
}
