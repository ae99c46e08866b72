/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent as a whole: its parts, the lock that makes one writer, and what is done without a loop. */
#include "agent/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/log.h"
#include "agent/loop.h"
#include "agent/requests.h"

/* With its parent, which below --root may be missing. */
static int make_directory(const char *path)
{
    _cleanup_free_ char *parent = strndup(path, (size_t)(strrchr(path, '/') - path));

    if (!parent)
        return -ENOMEM;
    if (*parent && mkdir(parent, 0755) < 0 && errno != EEXIST)
        return -errno;
    return mkdir(path, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

/* One writer: the lock goes with the process, however it ends. */
static int take_lock(struct agent *agent)
{
    _cleanup_free_ char *directory = NULL, *path = NULL;
    int r;

    if (asprintf(&directory, "%s%s", agent->root, RUNDIR) < 0) {
        directory = NULL;
        return -ENOMEM;
    }
    if (asprintf(&path, "%s/lock", directory) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    r = make_directory(directory);
    if (r < 0) {
        log_message(LOG_ERR, "%s cannot be made: %s", directory, strerror(-r));
        return r;
    }
    agent->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (agent->lock < 0) {
        log_message(LOG_ERR, "%s cannot be opened: %s", path, strerror(errno));
        return -errno;
    }
    if (flock(agent->lock, LOCK_EX | LOCK_NB) < 0) {
        log_message(LOG_ERR, errno == EWOULDBLOCK ? "tunneld runs already (%s is locked)" : "%s cannot be locked", path);
        return -EBUSY;
    }
    return 0;
}

static int load_overrides(struct agent *agent)
{
    _cleanup_free_ char *path = NULL;

    if (asprintf(&path, "%s%s/overrides", agent->root, RUNDIR) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    return overrides_load(path, &agent->overrides);
}

/* Those that speak with others. */
static int start_services(struct agent *agent)
{
    int r = 0;

    if (!*agent->root && agent->mode == AGENT_DAEMON)
        r = system_bus_new(agent->event, &agent->system_bus);
    if (r >= 0 && !*agent->root)
        r = services_new(agent->event, agent->system_bus, &agent->services);
    return r >= 0 && agent->mode == AGENT_DAEMON ? requests_start(agent) : r;
}

int agent_new(enum agent_mode mode, const char *root, struct agent **ret)
{
    _cleanup_(agent_freep) struct agent *agent = calloc(1, sizeof(*agent));
    size_t size = strlen(root);
    int r;

    if (!agent)
        return -ENOMEM;
    agent->mode = mode;
    agent->lock = -1;
    while (size && root[size - 1] == '/')
        size--;
    agent->root = strndup(root, size);
    agent->memory = memory_new();
    agent->tell = tell_new();
    agent->repairs = repairs_new();
    if (!agent->root || !agent->memory || !agent->tell || !agent->repairs || config_new(agent->root, &agent->config) < 0)
        return -ENOMEM;
    r = mode == AGENT_PLAN ? 0 : take_lock(agent);
    if (r >= 0)
        r = load_overrides(agent);
    if (r < 0)
        return r;
    r = netlink_open(&agent->netlink);
    if (r < 0) {
        log_message(LOG_ERR, "no netlink socket: %s", strerror(-r));
        return r;
    }
    if (mode == AGENT_DAEMON)
        r = loop_start(agent);
    else
        r = endpoints_new(NULL, NULL, NULL, &agent->endpoints);
    if (r >= 0 && mode != AGENT_PLAN)
        r = start_services(agent);
    if (r < 0)
        return r;
    *ret = steal_pointer(&agent);
    return 0;
}

struct agent *agent_free(struct agent *agent)
{
    if (!agent)
        return NULL;
    bus_free(agent->bus);
    services_free(agent->services);
    system_bus_free(agent->system_bus);
    watch_free(agent->watch);
    told_free(agent->told);
    endpoints_free(agent->endpoints);
    sd_event_source_disable_unref(agent->settle);
    sd_event_source_disable_unref(agent->retry);
    sd_event_unref(agent->event);
    netlink_close(agent->netlink);
    memory_free(agent->memory);
    tell_free(agent->tell);
    overrides_free(agent->overrides);
    config_free(agent->config);
    repairs_free(agent->repairs);
    scope_done(&agent->dirty);
    scope_done(&agent->drifted);
    if (agent->lock >= 0)
        close(agent->lock);
    free(agent->root);
    free(agent);
    return NULL;
}

static int run_once(struct agent *agent)
{
    struct reconciler reconciler = loop_reconciler(agent);
    struct scope all = { .all = true }, none = { 0 };
    _cleanup_free_ char *text = NULL;
    int r = loop_load(agent);

    if (r >= 0)
        r = loop_settle(agent);
    if (r >= 0)
        endpoints_wait(agent->endpoints);
    if (r >= 0 && agent->mode == AGENT_PLAN)
        return reconcile_print(&reconciler, &all, stdout);
    if (r >= 0)
        r = reconcile(&reconciler, &all);
    if (agent->services) {
        services_follow(agent->services, agent->config, agent->memory, agent->mode == AGENT_TEARDOWN ? &none : &all);
        services_wait(agent->services);
    }
    if (r < 0)
        return r;
    if (agent->mode == AGENT_TEARDOWN)
        return memory_count(agent->memory, STATE_FAILED) > 0;
    text = loop_describe(agent);
    log_message(LOG_INFO, "%s", text ? text : "out of memory");
    return !loop_all_well(agent);
}

int agent_run(struct agent *agent)
{
    int r = agent->mode == AGENT_DAEMON ? loop_run(agent) : run_once(agent);

    if (r < 0)
        log_message(LOG_ERR, "%s", strerror(-r));
    return r;
}
