/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carries out what is asked for: each as a pass of the loop, or by looking only. */
#include "agent/requests.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/log.h"
#include "agent/loop.h"
#include "read/findings.h"

static const struct tunnel *find_wanted(const char *name, void *userdata)
{
    struct agent *agent = userdata;

    return loop_know(agent) < 0 ? NULL : set_get(config_wanted(agent->config), name);
}

/* A pass now, whose changes are told to who asked for it. */
static int pass_for(struct agent *agent, int (*pass)(struct agent *agent), struct outcome *ret)
{
    struct outcome outcome = { 0 };
    int r;

    agent->outcome = &outcome;
    r = pass(agent);
    agent->outcome = NULL;
    if (r >= 0 && !(outcome.summary = loop_describe(agent)))
        r = -ENOMEM;
    if (r < 0) {
        outcome_done(&outcome);
        return r;
    }
    outcome.well = loop_all_well(agent);
    *ret = outcome;
    return 0;
}

static int reload(struct outcome *ret, void *userdata)
{
    return pass_for(userdata, loop_reload, ret);
}

/* Is it as its file says? */
static bool is_well(const struct agent *agent, const char *name)
{
    const struct remembered *tunnel = memory_find(agent->memory, name);

    return !tunnel || tunnel->state == STATE_UP || tunnel->state == STATE_DOWN;
}

static int make_dirty(struct agent *agent, const char *name)
{
    const struct tunnel *wanted = find_wanted(name, agent);

    if (!wanted || tunnel_reaches_out(wanted))
        agent->dirty.outside = true;
    return scope_add(&agent->dirty, name);
}

static int reconcile_names(const char *const *names, size_t n, struct outcome *ret, const char **ret_bad, void *userdata)
{
    struct agent *agent = userdata;
    int r = 0;

    for (size_t i = 0; i < n; i++)
        if (!memory_find(agent->memory, names[i])) {
            *ret_bad = names[i];
            return -ENOENT;
        }
    for (size_t i = 0; r >= 0 && i < n; i++)
        r = make_dirty(agent, names[i]);
    if (!n)
        agent->dirty.all = true;
    if (r >= 0)
        r = pass_for(agent, loop_pass, ret);
    if (r < 0 || !n)
        return r;
    ret->well = true;
    for (size_t i = 0; i < n; i++)
        ret->well = ret->well && is_well(agent, names[i]);
    return 0;
}

/* ASKED_NOTHING where the file alone has it so. */
static enum asked asked_beyond(const struct tunnel *wanted, enum asked asked)
{
    return asked == ASKED_UP && wanted->presence == PRESENCE_MUST ? ASKED_NOTHING : asked;
}

/* There is nothing to make it of; but when its file is mended it shall not be down. */
static int refuse_up(struct agent *agent, const struct remembered *known)
{
    if (known->state != STATE_REFUSED)
        return -ENOENT;
    (void)overrides_set(agent->overrides, known->name, ASKED_NOTHING);
    return -EPERM;
}

/* A refused file says nothing of what its tunnel should be: down is that no link of ours is there. */
static bool is_down(const struct remembered *tunnel)
{
    return !tunnel || tunnel->state == STATE_DOWN || (tunnel->state == STATE_REFUSED && !tunnel->has_link);
}

static int ask(const char *name, enum asked asked, struct outcome *ret, void *userdata)
{
    struct agent *agent = userdata;
    const struct remembered *known = memory_find(agent->memory, name);
    const struct tunnel *wanted = find_wanted(name, agent);
    int r;

    if (!known && !wanted)
        return -ENOENT;
    if (asked == ASKED_UP && !wanted)
        return refuse_up(agent, known);
    if (asked == ASKED_UP)
        asked = asked_beyond(wanted, asked);
    r = overrides_set(agent->overrides, name, asked);
    if (r < 0) {
        log_tunnel(LOG_ERR, LOG_ID_NONE, name, "what is asked for cannot be kept: %s", strerror(-r));
        return r;
    }
    if (wanted)
        overrides_apply(agent->overrides, config_wanted(agent->config));
    r = make_dirty(agent, name);
    if (r >= 0)
        r = pass_for(agent, loop_pass, ret);
    if (r < 0)
        return r;
    known = memory_find(agent->memory, name);
    if (asked == ASKED_DOWN)
        ret->well = is_down(known);
    else
        ret->well = known && known->state == STATE_UP;
    return 0;
}

/* Reads all files, those that are given instead of the ones on disk; paths: as the configuration calls them. */
static int load_with(struct agent *agent, struct config *config, const struct bus_file *files, size_t n, char **paths, char **ret_bad)
{
    struct scope dirty = { 0 };
    int r = config_load_settings(config);

    for (size_t i = 0; r >= 0 && i < n; i++) {
        r = config_overlay(config, files[i].path, files[i].text, files[i].size, &paths[i]);
        if (r != -EINVAL && r != -EEXIST)
            continue;
        if (asprintf(ret_bad, "%s: %s", files[i].path, r == -EEXIST ? "this file is given twice" : "no file of tunnels is called so") < 0) {
            *ret_bad = NULL;
            return -ENOMEM;
        }
        return -EINVAL;
    }
    if (r >= 0)
        r = config_load(config);
    if (r >= 0)
        r = config_settle(config, &dirty);
    scope_done(&dirty);
    if (r >= 0)
        overrides_apply(agent->overrides, config_wanted(config));
    return r;
}

struct collecting {
    char *const *paths;
    size_t n;
    struct problems *problems;
};

static void collect(const struct problem *problem, void *userdata)
{
    struct collecting *collecting = userdata;

    for (size_t i = 0; i < collecting->n; i++)
        if (!strcmp(problem->file, collecting->paths[i])) {
            problems_add(collecting->problems, problem->severity, (struct place){ problem->file, problem->line, problem->column }, "%s", problem->text);
            return;
        }
}

/* The problems of those files only: of the others everybody knows already. */
static int collect_problems(const struct config *config, char *const *paths, size_t n, struct problems *ret)
{
    struct problems problems = { 0 };
    struct collecting collecting = { paths, n, &problems };

    findings_each_problem(config, collect, &collecting);
    if (problems.incomplete) {
        problems_done(&problems);
        return -ENOMEM;
    }
    *ret = problems;
    return 0;
}

static int plan(const struct bus_file *files, size_t n, struct preview *ret, struct problems *ret_problems, char **ret_bad, void *userdata)
{
    struct agent *agent = userdata;
    _cleanup_(config_freep) struct config *config = NULL;
    _cleanup_free_ char **paths = calloc(n + 1, sizeof(*paths));
    struct reconciler reconciler = loop_reconciler(agent);
    struct scope all = { .all = true };
    int r = paths ? config_new(agent->root, &config) : -ENOMEM;

    if (r >= 0)
        r = load_with(agent, config, files, n, paths, ret_bad);
    reconciler.config = config;
    if (r >= 0)
        r = preview_make(&reconciler, &all, ret);
    if (r >= 0 && (r = collect_problems(config, paths, n, ret_problems)) < 0)
        preview_done(ret);
    for (size_t i = 0; paths && i < n; i++)
        free(paths[i]);
    return r;
}

static int view(const char *name, struct view *ret, void *userdata)
{
    struct reconciler reconciler = loop_reconciler(userdata);
    int r = loop_know(userdata);

    return r < 0 ? r : view_make(&reconciler, name, ret);
}

static const struct memory *lend_memory(void *userdata)
{
    return ((struct agent *)userdata)->memory;
}

static enum asked asked(const char *name, void *userdata)
{
    return overrides_get(((struct agent *)userdata)->overrides, name);
}

static bool is_changing(const char *name, void *userdata)
{
    struct agent *agent = userdata;

    if (agent->reread || loop_know(agent) < 0)
        return true;
    if (*name)
        return scope_has(&agent->dirty, name) || scope_has(&agent->drifted, name);
    return !scope_is_empty(&agent->dirty) || !scope_is_empty(&agent->drifted);
}

static void count_files(size_t *ret_refused, size_t *ret_faulty, void *userdata)
{
    const struct agent *agent = userdata;

    *ret_refused = findings_count_refused(agent->config);
    *ret_faulty = findings_count_faulty(agent->config);
}

int requests_start(struct agent *agent)
{
    const struct bus_callbacks callbacks = {
        .reload = reload,
        .reconcile = reconcile_names,
        .ask = ask,
        .plan = plan,
        .view = view,
        .memory = lend_memory,
        .wanted = find_wanted,
        .asked = asked,
        .is_changing = is_changing,
        .count_files = count_files,
        .userdata = agent,
    };
    _cleanup_free_ char *path = NULL;
    int r;

    if (asprintf(&path, "%s%s/private", agent->root, RUNDIR) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    r = bus_new(agent->event, path, agent->system_bus, &callbacks, &agent->bus);
    if (r < 0)
        log_message(LOG_ERR, "%s: %s", path, strerror(-r));
    return r;
}
