/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "service/hook.h"

#include <errno.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define SYSTEMD "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define SYSTEMD_MANAGER SYSTEMD ".Manager"

enum {
    LIMIT = 30 * 1000 * 1000,     /* us that a hook may take */
    LIMIT_STOP = 5 * 1000 * 1000, /* us between SIGTERM and SIGKILL */
    WAITING_MOST = 16384,
};

struct run {
    enum hook_event event;
    char link[IFNAMSIZ];
    struct run *next;
};

struct hook {
    struct system_bus *bus;
    struct report report;
    sd_bus *connection; /* NULL: none */
    struct run *first, **last;
    size_t n_waiting;
    bool told; /* that none can run now */

    struct run *current; /* NULL: none runs */
    char *unit;
    sd_bus_slot *removed, *call;
};

static const char *path_of(enum hook_event event)
{
    return event == HOOK_CAME ? "/sbin/ifup-local" : "/sbin/ifdown-local";
}

/* A connection that was lost answers all calls itself before it says so. */
static bool is_open(const struct hook *hook)
{
    return hook->connection && sd_bus_is_open(hook->connection) > 0;
}

static struct run *dequeue(struct hook *hook)
{
    struct run *run = hook->first;

    hook->first = run->next;
    if (!hook->first)
        hook->last = &hook->first;
    hook->n_waiting--;
    return run;
}

static void drop_waiting(struct hook *hook)
{
    while (hook->first)
        free(dequeue(hook));
}

static void finish(struct hook *hook)
{
    hook->removed = sd_bus_slot_unref(hook->removed);
    hook->call = sd_bus_slot_unref(hook->call);
    free(steal_pointer(&hook->unit));
    free(steal_pointer(&hook->current));
}

static void pump(struct hook *hook);

static void finish_and_go_on(struct hook *hook)
{
    finish(hook);
    pump(hook);
}

/* The unit was held, so that it could still be asked for its result. */
static void release(struct hook *hook)
{
    (void)sd_bus_call_method_async(hook->connection, NULL, SYSTEMD, SYSTEMD_PATH, SYSTEMD_MANAGER, "UnrefUnit", NULL, NULL, "s", hook->unit);
    finish_and_go_on(hook);
}

static int on_result(sd_bus_message *answer, void *userdata, sd_bus_error *error)
{
    struct hook *hook = userdata;
    const char *path = path_of(hook->current->event), *result = "unknown";

    (void)error;
    if (!is_open(hook))
        return 0; /* on_lost is next */
    if (!sd_bus_message_is_method_error(answer, NULL))
        (void)sd_bus_message_read(answer, "v", "s", &result);
    if (!strcmp(result, "timeout"))
        report_say(&hook->report, LOG_WARNING, hook->current->link, "%s took too long, and was ended (%s)", path, hook->unit);
    else
        report_say(&hook->report, LOG_WARNING, hook->current->link, "%s failed: %s (%s)", path, result, hook->unit);
    release(hook);
    return 0;
}

static int ask_result(struct hook *hook)
{
    _cleanup_free_ char *path = NULL;
    int r = sd_bus_path_encode(SYSTEMD_PATH "/unit", hook->unit, &path);

    if (r < 0)
        return r;
    hook->call = sd_bus_slot_unref(hook->call);
    return sd_bus_call_method_async(hook->connection, &hook->call, SYSTEMD, path, "org.freedesktop.DBus.Properties", "Get", on_result, hook, "ss",
                                    SYSTEMD ".Service", "Result");
}

/* The job of a oneshot unit ends when its process does. */
static int on_removed(sd_bus_message *signal, void *userdata, sd_bus_error *error)
{
    struct hook *hook = userdata;
    const char *path = path_of(hook->current->event), *unit, *result;

    (void)error;
    if (sd_bus_message_read(signal, "uoss", NULL, NULL, &unit, &result) < 0 || strcmp(unit, hook->unit) != 0)
        return 0;
    hook->removed = sd_bus_slot_unref(hook->removed);
    if (!strcmp(result, "done")) {
        report_say(&hook->report, LOG_DEBUG, hook->current->link, "%s has run", path);
        release(hook);
    } else if (!strcmp(result, "canceled")) { /* by somebody else, who does not want it to run */
        report_say(&hook->report, LOG_WARNING, hook->current->link, "%s was stopped (%s)", path, hook->unit);
        release(hook);
    } else if (ask_result(hook) < 0) {
        report_say(&hook->report, LOG_WARNING, hook->current->link, "%s failed: %s (%s)", path, result, hook->unit);
        release(hook);
    }
    return 0;
}

static void refuse(struct hook *hook, const char *why)
{
    report_say(&hook->report, LOG_WARNING, hook->current->link, "%s cannot be run: %s", path_of(hook->current->event), why);
    finish(hook);
}

static int on_started(sd_bus_message *answer, void *userdata, sd_bus_error *ret_error)
{
    struct hook *hook = userdata;
    const sd_bus_error *error = sd_bus_message_get_error(answer);

    (void)ret_error;
    if (!error || !is_open(hook))
        return 0;
    if (sd_bus_error_has_name(error, SD_BUS_ERROR_SERVICE_UNKNOWN) || sd_bus_error_has_name(error, SD_BUS_ERROR_NAME_HAS_NO_OWNER)) {
        if (!hook->told)
            report_say(&hook->report, LOG_WARNING, NULL, "hooks cannot run: systemd does not run here");
        hook->told = true;
        drop_waiting(hook);
        finish(hook);
        return 0;
    }
    refuse(hook, error->message ? error->message : error->name);
    pump(hook);
    return 0;
}

/* Unlike any other in one boot. A label of D-Bus has letters, digits and underscores only, whatever the name is. */
static char *format_unit(const struct run *run)
{
    _cleanup_free_ char *label = NULL;
    struct timespec now;
    char *unit;

    clock_gettime(CLOCK_BOOTTIME, &now);
    if (sd_bus_path_encode("/", run->link, &label) < 0)
        return NULL;
    if (asprintf(&unit, "tunneld-hook-%s-%s-%lld%06ld.service", strrchr(label, '/') + 1, run->event == HOOK_CAME ? "up" : "down", (long long)now.tv_sec,
                 now.tv_nsec / 1000)
        < 0)
        return NULL;
    return unit;
}

/* systemd expands variables in arguments, systemd.service(5). (ExecStartEx can turn that off, but systemd 252 does not
 * read what it writes for it when it loads its files again.) */
static void escape_argument(const char *argument, char ret[static 2 * IFNAMSIZ])
{
    for (; *argument; argument++) {
        if (*argument == '$')
            *ret++ = '$';
        *ret++ = *argument;
    }
    *ret = 0;
}

/* Type=oneshot is limited by the time that its start takes; RuntimeMaxSec= has no effect on it, systemd.service(5). */
static int append_properties(sd_bus_message *call, const struct run *run)
{
    const char *path = path_of(run->event);
    char argument[2 * IFNAMSIZ];
    _cleanup_free_ char *description = NULL;
    int r;

    if (asprintf(&description, "%s %s, run by tunneld", path, run->link) < 0) {
        description = NULL;
        return -ENOMEM;
    }
    escape_argument(run->link, argument);
    r = sd_bus_message_open_container(call, 'a', "(sv)");
    if (r >= 0)
        r = sd_bus_message_append(call, "(sv)(sv)(sv)(sv)", "Description", "s", description, "Type", "s", "oneshot", "CollectMode", "s", "inactive-or-failed",
                                  "AddRef", "b", true);
    if (r >= 0)
        r = sd_bus_message_append(call, "(sv)(sv)", "TimeoutStartUSec", "t", (uint64_t)LIMIT, "TimeoutStopUSec", "t", (uint64_t)LIMIT_STOP);
    if (r >= 0)
        r = sd_bus_message_append(call, "(sv)", "ExecStart", "a(sasb)", 1, path, 2, path, argument, false);
    return r < 0 ? r : sd_bus_message_close_container(call);
}

static int start(struct hook *hook)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
    int r;

    hook->unit = format_unit(hook->current);
    if (!hook->unit)
        return -ENOMEM;
    r = sd_bus_match_signal_async(hook->connection, &hook->removed, SYSTEMD, SYSTEMD_PATH, SYSTEMD_MANAGER, "JobRemoved", on_removed, NULL, hook);
    if (r >= 0)
        r = sd_bus_message_new_method_call(hook->connection, &call, SYSTEMD, SYSTEMD_PATH, SYSTEMD_MANAGER, "StartTransientUnit");
    if (r >= 0)
        r = sd_bus_message_set_auto_start(call, false);
    if (r >= 0)
        r = sd_bus_message_append(call, "ss", hook->unit, "fail");
    if (r >= 0)
        r = append_properties(call, hook->current);
    if (r >= 0)
        r = sd_bus_message_append(call, "a(sa(sv))", 0);
    return r < 0 ? r : sd_bus_call_async(hook->connection, &hook->call, call, on_started, hook, 0);
}

static void pump(struct hook *hook)
{
    while (hook->first && !hook->current && is_open(hook)) {
        int r;

        hook->current = dequeue(hook);
        r = start(hook);
        if (r < 0)
            refuse(hook, strerror(-r));
    }
}

static void on_connected(sd_bus *connection, void *userdata)
{
    struct hook *hook = userdata;

    hook->connection = connection;
    hook->told = false;
    pump(hook);
}

/* systemd has the one that runs now come to its end. */
static void on_lost(void *userdata)
{
    struct hook *hook = userdata;

    hook->connection = NULL;
    if (hook->current)
        report_say(&hook->report, LOG_DEBUG, hook->current->link, "what came of %s is not known", path_of(hook->current->event));
    finish(hook);
    if (hook->first && !hook->told) {
        report_say(&hook->report, LOG_WARNING, NULL, "hooks cannot run while there is no system bus");
        hook->told = true;
    }
}

int hook_add(struct hook *hook, enum hook_event event, const char *link)
{
    struct run *run;

    if (access(path_of(event), X_OK) < 0)
        return 0;
    if (hook->n_waiting == WAITING_MOST)
        return -ENOBUFS;
    run = calloc(1, sizeof(*run));
    if (!run)
        return -ENOMEM;
    run->event = event;
    strcpy(run->link, link);
    *hook->last = run;
    hook->last = &run->next;
    hook->n_waiting++;
    (void)system_bus_connection(hook->bus);
    pump(hook);
    return 0;
}

bool hook_is_busy(const struct hook *hook)
{
    return hook->current || (hook->first && system_bus_is_connecting(hook->bus));
}

size_t hook_count_waiting(const struct hook *hook)
{
    return hook->n_waiting;
}

int hook_new(struct system_bus *bus, const struct report *report, struct hook **ret)
{
    _cleanup_(hook_freep) struct hook *hook = calloc(1, sizeof(*hook));
    int r;

    if (!hook)
        return -ENOMEM;
    hook->bus = bus;
    hook->report = *report;
    hook->last = &hook->first;
    r = system_bus_add_user(bus, &(struct system_bus_user){ .connected = on_connected, .lost = on_lost, .userdata = hook });
    if (r < 0)
        return r;
    *ret = steal_pointer(&hook);
    return 0;
}

struct hook *hook_free(struct hook *hook)
{
    if (!hook)
        return NULL;
    finish(hook);
    drop_waiting(hook);
    free(hook);
    return NULL;
}
