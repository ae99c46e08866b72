/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes views of a pass that is never applied: what it would do is what is not as it should be. */
#include "agent/view.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "agent/pass.h"
#include "agent/view-items.h"
#include "kernel/facts.h"
#include "plan/diff.h"
#include "read/findings.h"

const char *view_mark_name(enum view_mark mark)
{
    static const char *const names[] = { "present", "missing", "surplus", "foreign" };

    return names[mark];
}

struct refusal {
    const char *name;
    bool found;
};

static void find_refused(const char *name, const struct problem *problem, void *userdata)
{
    struct refusal *refusal = userdata;

    (void)problem;
    refusal->found = refusal->found || !strcmp(name, refusal->name);
}

static bool is_known(const struct pass *pass, const char *name)
{
    const struct tunnel *link = set_get(pass->snapshot.links, name);
    struct refusal refusal = { .name = name };

    if (set_get(config_wanted(pass->reconciler->config), name) || (link && link->actual.ours))
        return true;
    findings_each_refused(pass->reconciler->config, find_refused, &refusal);
    return refusal.found;
}

static struct fact fact_of(const struct pass *pass, const struct tunnel *wanted)
{
    for (size_t i = 0; i < pass->wanted->n; i++)
        if (pass->wanted->items[i] == wanted)
            return pass->facts.items[i];
    return (struct fact){ 0 };
}

static int view_wanted(const struct pass *pass, const struct view_ends *ends, struct view *view)
{
    const struct tunnel *wanted = ends->wanted, *actual = ends->actual;
    struct fact fact;

    if (!wanted)
        return 0;
    fact = fact_of(pass, wanted);
    if (actual && actual->kind != wanted->kind)
        actual = NULL; /* it goes, and its MTU with it */
    return attributes_of(wanted, diff_mtu(wanted, actual, &fact), &view->wanted);
}

static void put_name(char to[static IFNAMSIZ], int ifindex)
{
    if (ifindex && !if_indextoname((unsigned)ifindex, to))
        snprintf(to, IFNAMSIZ, "if%d", ifindex); /* as ip(8) calls one that it cannot see */
}

/* With names for what the kernel has numbers for. Only to be looked at: its lists are the other's. */
static struct tunnel with_names(const struct tunnel *actual, const struct tunnel *wanted)
{
    struct tunnel named = *actual;

    put_name(named.lower, actual->lower_index);
    put_name(named.controller, actual->controller_index);
    named.stated |= FIELD_MULTICAST | FIELD_HARDWARE;
    named.conf_stated &= wanted && actual->actual.ours ? wanted->conf_stated : 0; /* others are the system's */
    return named;
}

static uint32_t differing(const struct pass *pass, const char *name)
{
    uint32_t fields = 0;

    for (size_t i = 0; i < pass->plan.n_steps; i++)
        if (!strcmp(step_name(&pass->plan.steps[i]), name))
            fields |= pass->plan.steps[i].fields;
    return fields;
}

/* A pass does not ask where the file says the MTU. */
static int look_at_path(const struct pass *pass, const struct tunnel *tunnel, uint32_t *ret_mtu)
{
    struct tunnel asked = *tunnel;
    struct facts facts = { 0 };
    struct set *one = set_new(false);
    int r = one ? 0 : -ENOMEM;

    asked.stated &= ~(uint32_t)FIELD_MTU;
    asked.presence = PRESENCE_MUST;
    if (r >= 0)
        r = set_add(one, &asked);
    if (r >= 0)
        r = facts_find(pass->reconciler->netlink, &pass->snapshot, one, &facts);
    if (r >= 0)
        *ret_mtu = facts.items[0].path_mtu;
    facts_done(&facts);
    set_free(one);
    return r;
}

static int view_actual(const struct pass *pass, const struct view_ends *ends, struct view *view)
{
    struct tunnel named;
    int r;

    if (!ends->actual)
        return 0;
    named = with_names(ends->actual, ends->wanted);
    r = attributes_of(&named, named.mtu, &view->actual);
    if (r >= 0 && ends->actual->kind != KIND_NONE)
        r = look_at_path(pass, ends->wanted ? ends->wanted : &named, &view->path_mtu);
    if (r < 0)
        return r;
    view->ifindex = ends->actual->actual.ifindex;
    r = counters_take(pass->reconciler->netlink, view->ifindex, &view->counters);
    return r == -ENODEV ? 0 : r; /* it went meanwhile */
}

static int fill_in(const struct pass *pass, struct view *view)
{
    struct view_ends ends = {
        .wanted = set_get(config_wanted(pass->reconciler->config), view->name),
        .actual = set_get(pass->snapshot.links, view->name),
    };
    const struct tunnel *subject = ends.wanted ? ends.wanted : ends.actual;
    int r = is_known(pass, view->name) ? 0 : -ENOENT;

    if (r >= 0)
        r = view_wanted(pass, &ends, view);
    if (r >= 0)
        r = view_actual(pass, &ends, view);
    if (r >= 0)
        r = view_items_fill(pass, &ends, view);
    if (r < 0)
        return r;
    view->differing = differing(pass, view->name);
    view->n_parts = subject ? tunnel_overhead_parts(subject, view->parts) : 0;
    return 0;
}

static int look(struct reconciler *reconciler, struct scope *scope, struct view *view)
{
    struct pass pass = { .reconciler = reconciler, .scope = scope };
    const struct tunnel *wanted = set_get(config_wanted(reconciler->config), view->name);
    int r = scope_add(scope, view->name);

    scope->outside = wanted && tunnel_reaches_out(wanted);
    if (r >= 0)
        r = pass_close_scope(reconciler, scope);
    if (r >= 0)
        r = pass_make(&pass);
    if (r >= 0)
        r = fill_in(&pass, view);
    pass_done(&pass);
    return r;
}

int view_make(struct reconciler *reconciler, const char *name, struct view *ret)
{
    struct scope scope = { 0 };
    struct view view = { 0 };
    struct reconciler looking;
    const char *why;
    bool keeps;
    int r;

    if (tunnel_check_name(name, &why) < 0)
        return -ENOENT;
    strcpy(view.name, name);
    looking = pass_only_looking(reconciler, &keeps);
    r = look(&looking, &scope, &view);
    scope_done(&scope);
    if (r < 0)
        view_done(&view);
    else
        *ret = view;
    return r;
}

void view_done(struct view *view)
{
    attributes_done(&view->wanted);
    attributes_done(&view->actual);
    view_items_done(&view->addresses);
    view_items_done(&view->neighbours);
    view_items_done(&view->routes);
    view_items_done(&view->rules);
    *view = (struct view){ 0 };
}
