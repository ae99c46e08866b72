/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/pass.h"

#include <errno.h>
#include <stdlib.h>

#include "kernel/facts.h"
#include "read/findings.h"

void pass_done(struct pass *pass)
{
    plan_done(&pass->plan);
    facts_done(&pass->facts);
    free(pass->holds);
    set_free(pass->wanted);
    set_free(pass->unwanted);
    snapshot_done(&pass->snapshot);
}

static int want_from_files(struct pass *pass)
{
    const struct set *all = config_wanted(pass->reconciler->config);
    int r = 0;

    for (size_t i = 0; r >= 0 && i < all->n; i++) /* in their own order: who comes first has what two want */
        if (scope_has(pass->scope, all->items[i]->name))
            r = set_add(pass->wanted, all->items[i]);
    return r;
}

/* A link of ours that nobody speaks of goes only if that is sure. */
static bool may_go(const struct pass *pass, const struct tunnel *link)
{
    if (!link->actual.ours || set_get(pass->wanted, link->name))
        return false;
    if (pass->reconciler->teardown) /* without an alias it is ours only if a file claims it */
        return link->source || set_get(config_wanted(pass->reconciler->config), link->name);
    if (link->source && overrides_get(pass->reconciler->overrides, link->name) == ASKED_DOWN)
        return true;
    return link->source && config_released(pass->reconciler->config, link->source, link->name);
}

static int want_gone(struct pass *pass)
{
    const struct set *links = pass->snapshot.links;

    if (pass->scope->all)
        *pass->reconciler->keeps = false;
    for (size_t i = 0; i < links->n; i++) {
        struct tunnel *tunnel;
        int r;

        if (!may_go(pass, links->items[i])) {
            if (pass->scope->all && links->items[i]->actual.ours && links->items[i]->source && !set_get(pass->wanted, links->items[i]->name))
                *pass->reconciler->keeps = true; /* its rules stay too, whichever they are */
            continue;
        }
        tunnel = tunnel_new(links->items[i]->name, links->items[i]->kind);
        if (!tunnel)
            return -ENOMEM;
        tunnel->presence = PRESENCE_MUST_NOT;
        tunnel->asked = overrides_get(pass->reconciler->overrides, tunnel->name);
        r = set_add(pass->unwanted, tunnel);
        if (r < 0) {
            tunnel_free(tunnel);
            return r;
        }
        r = set_add(pass->wanted, tunnel);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Only what was as its file says can have drifted: what never was so far is made so. */
static struct hold hold_of(const struct reconciler *reconciler, const struct tunnel *wanted)
{
    enum drift drift = wanted->drift ? wanted->drift : config_settings(reconciler->config)->drift;
    const struct remembered *known = memory_find(reconciler->memory, wanted->name);
    const char *by = repairs_given_up(reconciler->repairs, wanted->name);

    if (by)
        return (struct hold){ HOLD_FIGHT, by, repairs_over_followed(reconciler->repairs, wanted->name) };
    if (drift == DRIFT_REPAIR || !known || (known->state != STATE_UP && known->state != STATE_DOWN && known->code != REASON_DRIFT))
        return (struct hold){ .type = HOLD_NOTHING };
    return (struct hold){ .type = drift == DRIFT_REPORT ? HOLD_REPORT : HOLD_IGNORE };
}

static int find_holds(struct pass *pass)
{
    const struct reconciler *reconciler = pass->reconciler;

    if (!reconciler->asked || !reconciler->repairs)
        return 0;
    pass->holds = calloc(pass->wanted->n + 1, sizeof(*pass->holds));
    if (!pass->holds)
        return -ENOMEM;
    for (size_t i = 0; i < pass->wanted->n; i++)
        if (scope_has(reconciler->asked, pass->wanted->items[i]->name))
            repairs_resume(reconciler->repairs, pass->wanted->items[i]->name);
        else
            pass->holds[i] = hold_of(reconciler, pass->wanted->items[i]);
    return 0;
}

int pass_make(struct pass *pass)
{
    static const enum adoption adoptions[] = { [ADOPT_NO] = ADOPTION_NO, [ADOPT_SAME] = ADOPTION_SAME, [ADOPT_SAME_KIND] = ADOPTION_SAME_KIND };
    struct reconciler *reconciler = pass->reconciler;
    struct plan_input input = { .adoption = adoptions[config_settings(reconciler->config)->adopt], .everyone = config_wanted(reconciler->config) };
    int r;

    if (reconciler->before_look)
        reconciler->before_look(pass->scope, reconciler->userdata);
    r = snapshot_take(reconciler->netlink, pass->scope, &pass->snapshot);
    if (r < 0)
        return r;
    pass->wanted = set_new(false);
    pass->unwanted = set_new(true);
    if (!pass->wanted || !pass->unwanted)
        return -ENOMEM;
    r = reconciler->teardown ? 0 : want_from_files(pass);
    if (r >= 0)
        r = want_gone(pass);
    if (r >= 0 && reconciler->endpoints)
        r = endpoints_write(reconciler->endpoints, reconciler->netlink, &pass->snapshot, pass->wanted);
    if (r >= 0)
        r = facts_find(reconciler->netlink, &pass->snapshot, pass->wanted, &pass->facts);
    if (r >= 0)
        r = find_holds(pass);
    if (reconciler->teardown)
        input.everyone = pass->wanted;
    input.wanted = pass->wanted;
    input.actual = pass->snapshot.links;
    input.facts = &pass->facts;
    input.holds = pass->holds;
    input.whole = pass->scope->all;
    input.outside = pass->scope->all || pass->scope->outside;
    input.doubtful = !reconciler->teardown && (*reconciler->keeps || findings_are_doubtful(reconciler->config));
    return r < 0 ? r : plan_make(&input, &pass->plan);
}

struct reconciler pass_only_looking(const struct reconciler *reconciler, bool *keeps)
{
    struct reconciler looking = *reconciler;

    *keeps = *reconciler->keeps;
    looking.keeps = keeps;
    looking.before_look = NULL;
    looking.asked = NULL;
    return looking;
}

int pass_close_scope(const struct reconciler *reconciler, struct scope *scope)
{
    const struct set *wanted = config_wanted(reconciler->config);
    int r = 0;

    if (scope->outside && *reconciler->keeps)
        scope->all = true; /* to see whether it still does */
    for (size_t i = 0; scope->outside && !scope->all && r >= 0 && i < wanted->n; i++)
        if (tunnel_reaches_out(wanted->items[i]))
            r = scope_add(scope, wanted->items[i]->name);
    return r;
}

char *pass_describe_refusal(const struct problem *problem, bool runs)
{
    return problem_describe(problem, runs ? "; the tunnel runs on as it was" : "");
}
