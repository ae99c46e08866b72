/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event loop: it gathers what is dirty and has it reconciled a moment later. Never decides anything about a
 * tunnel. */
#include "agent/loop.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <systemd/sd-daemon.h>

#include "agent/log.h"
#include "agent/requests.h"
#include "base/text.h"
#include "read/findings.h"

enum {
    SETTLE = 100 * 1000,             /* us without an event before a pass: editors write in several steps */
    SETTLE_MOST = 1000 * 1000,       /* us: somebody who writes all the time cannot put it off */
    EXTEND = 30 * 1000 * 1000,       /* us that systemd is asked for while a long pass runs */
    ACCURACY = 20 * 1000,            /* us */
    PUT_OFF_MOST = 30 * 1000 * 1000, /* us between passes that fail as a whole */
    DIRECTORIES_MOST = 64,
};

static void tick(void *userdata)
{
    struct agent *agent = userdata;

    if (agent->mode == AGENT_DAEMON)
        (void)sd_notifyf(false, "WATCHDOG=1\nEXTEND_TIMEOUT_USEC=%d", EXTEND);
}

static void came(const char *link, void *userdata)
{
    struct agent *agent = userdata;

    agent->came = true;
    if (agent->services)
        services_came(agent->services, link);
}

static void went(const char *link, void *userdata)
{
    struct agent *agent = userdata;

    if (agent->services)
        services_went(agent->services, link);
}

static void changed(const char *link, const char *why, void *userdata)
{
    struct agent *agent = userdata;

    if (agent->outcome && outcome_add(agent->outcome, link, why) < 0)
        log_message(LOG_ERR, "out of memory");
    if (agent->bus)
        bus_changed(agent->bus, link, why);
}

static void news(const struct remembered *was, const struct remembered *now, void *userdata)
{
    struct agent *agent = userdata;

    if (agent->bus)
        bus_news(agent->bus, was, now);
}

static const char *culprit(const char *link, void *userdata)
{
    const struct agent *agent = userdata;

    return agent->told ? told_culprit(agent->told, link) : "";
}

static void before_look(const struct scope *scope, void *userdata)
{
    struct agent *agent = userdata;

    if (agent->told && told_before_look(agent->told, agent->config, agent->memory, scope))
        endpoints_retry(agent->endpoints);
}

static void much_to_do(void *userdata)
{
    struct agent *agent = userdata;

    if (agent->told)
        told_pause(agent->told);
}

struct reconciler loop_reconciler(struct agent *agent)
{
    return (struct reconciler){
        .netlink = agent->netlink,
        .config = agent->config,
        .overrides = agent->overrides,
        .endpoints = agent->endpoints,
        .repairs = agent->repairs,
        .memory = agent->memory,
        .teardown = agent->mode == AGENT_TEARDOWN,
        .keeps = &agent->keeps,
        .tick = tick,
        .before_look = before_look,
        .much_to_do = much_to_do,
        .culprit = culprit,
        .came = came,
        .went = went,
        .changed = changed,
        .news = news,
        .userdata = agent,
    };
}

static size_t count_all(const struct agent *agent)
{
    size_t n = 0;

    for (enum state state = 0; state < STATE_MAX; state++)
        n += memory_count(agent->memory, state);
    return n;
}

/* "3 tunnels: 2 up, 1 refused" */
char *loop_describe(const struct agent *agent)
{
    size_t n = count_all(agent), refused = findings_count_refused(agent->config), faulty = findings_count_faulty(agent->config), size;
    const char *separator = ": ";
    char *text = NULL;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    fprintf(out, "%zu tunnel%s", n, n == 1 ? "" : "s");
    for (enum state state = 0; state < STATE_MAX; state++) {
        size_t count = memory_count(agent->memory, state);

        if (count)
            fprintf(out, "%s%zu %s", separator, count, state_name(state));
        separator = count ? ", " : separator;
    }
    if (refused)
        fprintf(out, "; %zu file%s refused", refused, refused == 1 ? "" : "s");
    if (faulty)
        fprintf(out, "; %zu tunnel%s with errors in the files beside", faulty, faulty == 1 ? "" : "s");
    return text_end(out, &text) < 0 ? NULL : text;
}

bool loop_all_well(const struct agent *agent)
{
    return !memory_count(agent->memory, STATE_FAILED) && !memory_count(agent->memory, STATE_WAITING) && !memory_count(agent->memory, STATE_CONFLICT)
           && !findings_count_refused(agent->config) && !findings_count_faulty(agent->config);
}

static void notify_status(const struct agent *agent, const char *first)
{
    _cleanup_free_ char *text = loop_describe(agent);

    (void)sd_notifyf(false, "%sSTATUS=%s", first, text ? text : "out of memory");
}

static void arm_retry(struct agent *agent)
{
    uint64_t next = memory_next_retry(agent->memory);

    if (!next) {
        (void)sd_event_source_set_enabled(agent->retry, SD_EVENT_OFF);
        return;
    }
    (void)sd_event_source_set_time(agent->retry, next);
    (void)sd_event_source_set_enabled(agent->retry, SD_EVENT_ONESHOT);
}

static void watch_directories(struct agent *agent)
{
    const char *directories[DIRECTORIES_MOST];
    size_t n = 0;
    int r;

    for (; n < DIRECTORIES_MOST && config_directory(agent->config, n); n++)
        directories[n] = config_directory(agent->config, n);
    r = watch_set(agent->watch, directories, n);
    if (r < 0)
        log_message(LOG_ERR, "a directory cannot be watched, changes in it need a reload: %s", strerror(-r));
}

/* First watch, then look: what changes in between is seen by one or the other. */
int loop_load(struct agent *agent)
{
    int r = config_load_settings(agent->config);

    if (r < 0)
        return r;
    log_set_level(config_settings(agent->config)->log_level);
    if (agent->watch)
        watch_directories(agent);
    r = config_load(agent->config);
    if (r < 0)
        return r;
    agent->reread = false;
    agent->dirty.all = true;
    return 0;
}

static int settle(struct agent *agent)
{
    int r = config_settle(agent->config, &agent->dirty);

    if (r >= 0)
        overrides_apply(agent->overrides, config_wanted(agent->config));
    return r;
}

int loop_settle(struct agent *agent)
{
    int r = settle(agent);

    if (r < 0)
        return r;
    if (agent->mode == AGENT_TEARDOWN)
        return 0;
    tell_problems(agent->tell, agent->config);
    return endpoints_follow(agent->endpoints, config_wanted(agent->config), &agent->drifted);
}

int loop_know(struct agent *agent)
{
    return config_wanted(agent->config) ? 0 : settle(agent);
}

/* A link that came may be what others wait for, and routes of theirs that led to it went with the one before. */
static void wake_others(struct agent *agent)
{
    const struct set *wanted = config_wanted(agent->config);

    (void)memory_waiting(agent->memory, &agent->drifted);
    for (size_t i = 0; i < wanted->n && !agent->drifted.outside; i++)
        agent->drifted.outside = tunnel_reaches_out(wanted->items[i]);
}

static int read_and_reconcile(struct agent *agent)
{
    struct reconciler reconciler = loop_reconciler(agent);
    struct scope asked, scope;
    int r = agent->reread ? loop_load(agent) : 0;

    if (r >= 0)
        r = loop_settle(agent);
    if (r < 0) {
        agent->reread = true;
        return r;
    }
    asked = agent->dirty;
    agent->dirty = (struct scope){ 0 };
    scope = agent->drifted;
    agent->drifted = (struct scope){ 0 };
    (void)scope_add_all(&scope, &asked);
    reconciler.asked = &asked;
    agent->came = false;
    r = scope_is_empty(&scope) ? 0 : reconcile(&reconciler, &scope);
    if (r < 0) { /* what was asked for still is, and nothing else */
        (void)scope_add_all(&agent->dirty, &asked);
        agent->drifted.all = true;
    }
    scope_done(&asked);
    if (agent->came && !scope.all)
        wake_others(agent);
    if (agent->services)
        services_follow(agent->services, agent->config, agent->memory, &scope);
    scope_done(&scope);
    return r;
}

/* A pass that fails as a whole is repeated ever later. */
static void put_off(struct agent *agent, int error)
{
    uint64_t wait = SETTLE_MOST;

    if (error != agent->last_error)
        log_message(LOG_ERR, "the kernel or the files cannot be looked at: %s; trying again", strerror(-error));
    agent->last_error = error;
    for (unsigned i = 0; i < agent->failures && wait < PUT_OFF_MOST; i++)
        wait *= 2;
    agent->failures++;
    (void)sd_event_source_set_enabled(agent->retry, SD_EVENT_OFF);
    (void)sd_event_source_set_time_relative(agent->settle, wait);
    (void)sd_event_source_set_enabled(agent->settle, SD_EVENT_ONESHOT);
}

/* wait: us until then; 0: as soon as nothing more comes. */
static void pass_soon(struct agent *agent, uint64_t wait)
{
    uint64_t now = 0, when;

    (void)sd_event_now(agent->event, CLOCK_MONOTONIC, &now);
    if (!agent->first_event)
        agent->first_event = now;
    when = now + SETTLE < agent->first_event + SETTLE_MOST ? now + SETTLE : agent->first_event + SETTLE_MOST;
    (void)sd_event_source_set_time(agent->settle, wait ? now + wait : when);
    (void)sd_event_source_set_enabled(agent->settle, SD_EVENT_ONESHOT);
}

/* For what the kernel said, with which somebody else may answer to each pass of ours. */
static void pass_in_time(struct agent *agent)
{
    uint64_t now = 0, wait;

    (void)sd_event_now(agent->event, CLOCK_MONOTONIC, &now);
    wait = pace_wait(&agent->pace, now);
    if (!agent->first_event)
        pace_spend(&agent->pace, now);
    else if (wait)
        return; /* the pass that is due sees it too */
    pass_soon(agent, wait);
}

int loop_pass(struct agent *agent)
{
    int r;

    agent->first_event = 0;
    (void)sd_event_source_set_enabled(agent->settle, SD_EVENT_OFF);
    r = read_and_reconcile(agent);
    if (r < 0) {
        put_off(agent, r);
        return r;
    }
    agent->failures = 0;
    agent->last_error = 0;
    if (agent->bus)
        bus_passed(agent->bus);
    arm_retry(agent);
    if (!scope_is_empty(&agent->drifted)) /* heard of while others were looked at */
        pass_in_time(agent);
    return 0;
}

static void pass_in_loop(struct agent *agent)
{
    (void)loop_pass(agent);
    notify_status(agent, "");
}

static int on_settled(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)source, (void)usec;
    pass_in_loop(userdata);
    return 0;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct agent *agent = userdata;

    (void)source;
    (void)memory_due(agent->memory, usec, &agent->drifted);
    agent->drifted.outside = true; /* what failed may be a rule, or a route elsewhere */
    pass_in_loop(agent);
    return 0;
}

static void on_change(size_t directory, const char *name, void *userdata)
{
    struct agent *agent = userdata;
    bool all = !name;

    if (name && !agent->reread && config_touch(agent->config, directory, name, &all) < 0)
        all = true;
    if (all && !agent->reread) {
        (void)tell_keep(agent->tell, agent->config); /* else it is told again */
        agent->reread = true;
    }
    pass_soon(agent, 0);
}

static int on_kernel(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
    struct agent *agent = userdata;

    (void)source, (void)fd, (void)events;
    (void)loop_know(agent);
    if (told_read(agent->told, agent->config, agent->memory))
        endpoints_retry(agent->endpoints);
    if (!scope_is_empty(&agent->drifted))
        pass_in_time(agent);
    return 0;
}

int loop_reload(struct agent *agent)
{
    uint64_t now = 0;
    int r;

    (void)sd_event_now(agent->event, CLOCK_MONOTONIC, &now);
    (void)sd_notifyf(false, "RELOADING=1\nMONOTONIC_USEC=%llu\nSTATUS=Reading all files again", (unsigned long long)now);
    agent->reread = true;
    r = loop_pass(agent);
    notify_status(agent, "READY=1\n");
    return r;
}

static int on_hangup(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
    struct agent *agent = userdata;
    _cleanup_free_ char *text = NULL;

    (void)source, (void)info;
    if (loop_reload(agent) < 0 || loop_all_well(agent))
        return 0;
    text = loop_describe(agent);
    log_message(LOG_WARNING, "reloaded; not all is as the files say: %s", text ? text : "out of memory");
    return 0;
}

static int on_terminate(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
    struct agent *agent = userdata;

    (void)source, (void)info;
    (void)sd_notify(false, "STOPPING=1\nSTATUS=Stopping; the tunnels stay");
    return sd_event_exit(agent->event, 0);
}

static void on_endpoint(void *userdata)
{
    pass_soon(userdata, 0);
}

static int block_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    return sigprocmask(SIG_BLOCK, &signals, NULL) < 0 ? -errno : 0;
}

static int add_timers(struct agent *agent)
{
    int r = sd_event_add_time(agent->event, &agent->settle, CLOCK_MONOTONIC, 0, ACCURACY, on_settled, agent);

    if (r >= 0)
        r = sd_event_source_set_enabled(agent->settle, SD_EVENT_OFF);
    if (r >= 0)
        r = sd_event_add_time(agent->event, &agent->retry, CLOCK_MONOTONIC, 0, 0, on_retry, agent);
    return r < 0 ? r : sd_event_source_set_enabled(agent->retry, SD_EVENT_OFF);
}

int loop_start(struct agent *agent)
{
    int r = sd_event_default(&agent->event);

    if (r >= 0)
        r = block_signals();
    if (r >= 0)
        r = sd_event_add_signal(agent->event, NULL, SIGTERM, on_terminate, agent);
    if (r >= 0)
        r = sd_event_add_signal(agent->event, NULL, SIGINT, on_terminate, agent);
    if (r >= 0)
        r = sd_event_add_signal(agent->event, NULL, SIGHUP, on_hangup, agent);
    if (r >= 0)
        r = add_timers(agent);
    if (r >= 0)
        r = told_new(&agent->drifted, &agent->told);
    if (r >= 0)
        r = endpoints_new(agent->event, on_endpoint, agent, &agent->endpoints);
    if (r >= 0)
        r = sd_event_add_io(agent->event, NULL, told_fd(agent->told), EPOLLIN, on_kernel, agent);
    if (r >= 0)
        r = watch_new(agent->event, on_change, agent, &agent->watch);
    if (r >= 0)
        r = sd_event_set_watchdog(agent->event, true);
    if (r < 0)
        log_message(LOG_ERR, "the daemon cannot start: %s", strerror(-r));
    return r;
}

int loop_run(struct agent *agent)
{
    int r;

    tick(agent);
    agent->reread = true;
    pass_in_loop(agent);
    notify_status(agent, "READY=1\n");
    r = sd_event_loop(agent->event);
    return r < 0 ? r : 0;
}
