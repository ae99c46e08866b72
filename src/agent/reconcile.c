/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only file that knows the whole road. Never keeps anything: what it must know it asks anew. */
#include "agent/reconcile.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "agent/log.h"
#include "agent/pass.h"
#include "base/macro.h"
#include "base/table.h"
#include "base/text.h"
#include "kernel/apply.h"
#include "model/marks.h"
#include "model/route-text.h"
#include "read/findings.h"
#include "write/ip.h"

enum {
    DELETIONS_MANY = 8, /* links */
    SCOPE_MOST = 256,   /* names; more are cheaper with whole dumps */
    MUCH = 512,         /* steps, each of which the kernel tells of: they would cost more to be told than to be done */
    PASSES = 4,         /* one to act, one to see that it holds, two more for what the kernel only then let be said */
};

static uint64_t monotonic_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* One line for each change that succeeded, with its reason; failures are told with the tunnel's state. */
static void log_steps(const struct pass *pass)
{
    for (size_t i = 0; i < pass->plan.n_steps; i++) {
        const struct step *step = &pass->plan.steps[i];

        if (step->reason && !step->error && step_tunnel(step))
            log_tunnel(LOG_INFO, LOG_ID_TUNNEL_CHANGED, step_name(step), "%s", step->reason);
        else if (step->reason && !step->error)
            log_message(LOG_INFO, "%s", step->reason);
        else if (step->error && !step_tunnel(step))
            log_message(LOG_WARNING, "%s: %s", step->reason ? step->reason : "?", step->message ? step->message : strerror(-step->error));
    }
}

static bool is_repair(const struct reconciler *reconciler, const struct step *step)
{
    if (step->error || !step->reason || !step->wanted || tunnel_presence(step->wanted) == PRESENCE_MUST_NOT)
        return false;
    return !scope_has(reconciler->asked, step->wanted->name);
}

static const char *culprit_of(const struct reconciler *reconciler, const struct step *step)
{
    return reconciler->culprit ? reconciler->culprit(step_name(step), reconciler->userdata) : "";
}

/* Where it is put right again and again somebody undoes it: two who fight help nobody. */
static void count_repairs(const struct pass *pass)
{
    const struct reconciler *reconciler = pass->reconciler;

    for (size_t i = 0; reconciler->asked && reconciler->repairs && i < pass->plan.n_steps; i++) {
        const struct step *step = &pass->plan.steps[i];

        if (is_repair(reconciler, step))
            repairs_count(reconciler->repairs, step, culprit_of(reconciler, step), monotonic_now());
    }
}

static void tell_of_rename(const struct reconciler *reconciler, const struct step *step)
{
    if (reconciler->went)
        reconciler->went(step->actual->name, reconciler->userdata);
    if (reconciler->came)
        reconciler->came(step->wanted->name, reconciler->userdata);
}

/* What others must be told of: who listens, hooks, the firewall's zones. */
static void tell_others(const struct pass *pass)
{
    const struct reconciler *reconciler = pass->reconciler;

    for (size_t i = 0; i < pass->plan.n_steps; i++) {
        const struct step *step = &pass->plan.steps[i];

        if (step->error)
            continue;
        if (reconciler->changed && step->reason)
            reconciler->changed(step_name(step), step->reason, reconciler->userdata);
        if (reconciler->came && (step->type == STEP_CREATE || step->type == STEP_ADOPT))
            reconciler->came(step_name(step), reconciler->userdata);
        else if (reconciler->went && step->type == STEP_DELETE && step->group_delete)
            reconciler->went(step_name(step), reconciler->userdata);
        else if (step->type == STEP_RENAME)
            tell_of_rename(reconciler, step);
    }
}

static void remember(struct pass *pass, const struct remembered *now_so)
{
    const struct reconciler *reconciler = pass->reconciler;
    bool bad = now_so->state == STATE_FAILED || now_so->state == STATE_CONFLICT;
    struct memory_news news;

    if (memory_set(reconciler->memory, now_so, monotonic_now(), &news) < 0) {
        log_tunnel(LOG_ERR, LOG_ID_NONE, now_so->name, "out of memory");
        return;
    }
    if (news.any && (bad || now_so->state == STATE_WAITING))
        log_tunnel(bad ? LOG_ERR : LOG_NOTICE, LOG_ID_TUNNEL_FAILED, now_so->name, "%s: %s", state_name(now_so->state), now_so->reason);
    if (news.any && now_so->state == STATE_UP && now_so->code == REASON_OVERLAP)
        log_tunnel(LOG_WARNING, LOG_ID_NONE, now_so->name, "%s", now_so->reason);
    if (news.any && reconciler->news)
        reconciler->news(news.known ? &news.was : NULL, memory_find(reconciler->memory, now_so->name), reconciler->userdata);
    memory_news_done(&news);
}

static void forgotten(const struct remembered *was, void *userdata)
{
    const struct reconciler *reconciler = userdata;

    if (reconciler->news)
        reconciler->news(was, NULL, reconciler->userdata);
}

static const char *step_word(const struct step *step)
{
    static const char *const words[] = {
        [STEP_DELETE] = "it cannot be removed",
        [STEP_RENAME] = "it cannot be renamed",
        [STEP_CREATE] = "it cannot be created",
        [STEP_IPV6] = "IPv6 cannot be turned on or off",
        [STEP_CONTROLLER] = "it cannot be put into its bridge or VRF, or taken out of it",
        [STEP_FLAGS] = "it cannot be set up or down",
        [STEP_CONF] = "a setting of IPv6 cannot be changed",
        [STEP_DELETE_ADDRESS] = "an address cannot be removed",
        [STEP_ADD_ADDRESS] = "an address cannot be added",
        [STEP_DELETE_NEIGHBOUR] = "a neighbour cannot be removed",
        [STEP_ADD_NEIGHBOUR] = "a neighbour cannot be added",
        [STEP_DELETE_ROUTE] = "a route cannot be removed",
        [STEP_ADD_ROUTE] = "a route cannot be added",
        [STEP_DELETE_RULE] = "a rule cannot be removed",
        [STEP_ADD_RULE] = "a rule cannot be added",
    };

    return step->type < ARRAY_SIZE(words) && words[step->type] ? words[step->type] : "it cannot be changed";
}

/* In brackets: what it is about, where that is not the tunnel as a whole. */
static void put_subject(const struct step *step, FILE *out)
{
    char text[ADDRESS_TEXT_MAX];

    switch (step->type) {
    case STEP_ADD_ADDRESS:
    case STEP_DELETE_ADDRESS:
        fprintf(out, " (%s/%u)", address_format(&step->inner->local, text), step->inner->prefix);
        break;
    case STEP_ADD_NEIGHBOUR:
    case STEP_DELETE_NEIGHBOUR:
        fprintf(out, " (%s)", address_format(&step->neighbour->inner, text));
        break;
    case STEP_ADD_ROUTE:
        fputs(" (", out);
        route_put(step->route, out);
        fprintf(out, ", %s:%u)", step->route->file, step->route->line);
        break;
    case STEP_ADD_RULE:
        fprintf(out, " (%s:%u)", step->rule->file, step->rule->line);
        break;
    default:
        break;
    }
}

static char *describe_failure(const struct step *step)
{
    char *reason = NULL;
    size_t size;
    FILE *out = open_memstream(&reason, &size);

    if (!out)
        return NULL;
    if (!step->error)
        fprintf(out, "the kernel takes it, but does not keep it so: %s", step->reason ? step->reason : step_word(step));
    else
        fputs(step_word(step), out);
    if (step->error) {
        put_subject(step, out);
        fprintf(out, ": %s", step->message ? step->message : strerror(-step->error));
    }
    return text_end(out, &reason) < 0 ? NULL : reason;
}

/* A route waits for what leads to its next hop, and gives way to one that is not ours. */
static enum state state_after(const struct step *failed, enum reason *ret_code)
{
    *ret_code = REASON_ROUTE;
    if (failed->type == STEP_ADD_ROUTE
        && (failed->error == -ENETUNREACH || failed->error == -EHOSTUNREACH || failed->error == -ENETDOWN || failed->error == -ENODEV))
        return STATE_WAITING;
    if (failed->type == STEP_ADD_ROUTE && failed->error == -EEXIST)
        return STATE_CONFLICT;
    *ret_code = failed->error ? REASON_KERNEL : REASON_NOT_KEPT;
    return STATE_FAILED;
}

static void remember_tunnel(struct pass *pass, const struct verdict *verdict)
{
    struct remembered now_so = {
        .kind = verdict->wanted->kind,
        .state = verdict->state,
        .code = verdict->code,
        .has_link = verdict->has_link,
        .reason = verdict->reason,
        .source = verdict->wanted->source,
    };

    strcpy(now_so.name, verdict->wanted->name);
    remember(pass, &now_so);
}

static void remember_failure(struct pass *pass, const struct step *failed, const struct tunnel *tunnel, bool has_link)
{
    _cleanup_free_ char *reason = describe_failure(failed);
    struct remembered now_so = { .kind = tunnel->kind, .has_link = has_link, .reason = reason, .source = tunnel->source, .error = failed->error };

    now_so.state = state_after(failed, &now_so.code);
    strcpy(now_so.name, tunnel->name);
    remember(pass, &now_so);
}

/* The first step of each tunnel that failed; after the last pass also one that should not have been needed. */
static int index_failures(const struct pass *pass, bool last, struct table *ret)
{
    for (size_t i = 0; i < pass->plan.n_steps; i++) {
        struct step *step = &pass->plan.steps[i];
        const char *name = step_name(step);
        int r;

        if (!*name || step->error == -ECANCELED || (!step->error && !last) || table_get(ret, name, strlen(name)))
            continue;
        r = table_put(ret, name, strlen(name), step);
        if (r < 0)
            return r;
    }
    return 0;
}

/* One word on each tunnel, so that what failed again counts as once more. */
static void remember_outcome(struct pass *pass, bool last)
{
    struct table failures = { 0 };

    if (index_failures(pass, last, &failures) < 0)
        log_message(LOG_ERR, "out of memory");
    for (size_t i = 0; i < pass->plan.n_verdicts; i++) {
        const struct verdict *verdict = &pass->plan.verdicts[i];
        const struct step *failed = table_take(&failures, verdict->wanted->name, strlen(verdict->wanted->name));

        if (failed)
            remember_failure(pass, failed, verdict->wanted, verdict->has_link);
        else
            remember_tunnel(pass, verdict);
    }
    for (size_t i = 0; i < failures.n_slots; i++) /* those that should have gone */
        if (failures.slots[i].value)
            remember_failure(pass, failures.slots[i].value, step_tunnel(failures.slots[i].value), true);
    table_done(&failures);
}

static void remember_refused(const char *name, const struct problem *problem, void *userdata)
{
    struct pass *pass = userdata;
    const struct tunnel *link = set_get(pass->snapshot.links, name), *wanted = set_get(pass->wanted, name);
    struct remembered now_so = { .kind = link ? link->kind : KIND_NONE, .state = STATE_REFUSED, .code = REASON_FILE, .source = problem->file };
    bool runs = link && link->actual.ours;
    _cleanup_free_ char *reason = NULL;

    if (!*name || !scope_has(pass->scope, name) || (wanted && wanted->presence != PRESENCE_MUST_NOT))
        return;
    reason = pass_describe_refusal(problem, runs);
    now_so.has_link = runs;
    now_so.reason = reason;
    strcpy(now_so.name, name);
    remember(pass, &now_so);
}

static void remember_all(struct pass *pass, bool last)
{
    memory_begin(pass->reconciler->memory, pass->scope);
    remember_outcome(pass, last);
    if (!pass->reconciler->teardown)
        findings_each_refused(pass->reconciler->config, remember_refused, pass);
    memory_forget(pass->reconciler->memory, pass->scope, forgotten, pass->reconciler);
}

/* Some tunnel that is not in the scope holds what one in it needs. */
static bool collided(const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].error == -EEXIST && plan->steps[i].type < STEP_CONF)
            return true;
    return false;
}

static bool any_done(const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++)
        if (!plan->steps[i].error)
            return true;
    return false;
}

/* Deletes or parks something of whose place only the whole kernel says whether it can be had: a recreation that
 * finds the identity taken would be a loss. Or deletes several, which go at once only where it is known who is in the group
 * of the doomed, and each by itself costs as much as a look at a thousand links. */
static bool needs_whole_view(const struct plan *plan)
{
    size_t deletions = 0;

    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct step *step = &plan->steps[i];

        if (step->type == STEP_PARK || (step->type == STEP_DELETE && !step->group_delete))
            return true;
        deletions += step->type == STEP_DELETE;
    }
    return deletions >= DELETIONS_MANY;
}

/* A link in our group that no file made and none claims: somebody else uses the number. */
static void warn_of_strangers(const struct pass *pass)
{
    const struct set *links = pass->snapshot.links;

    for (size_t i = 0; pass->scope->all && i < links->n; i++)
        if (links->items[i]->actual.ours && !links->items[i]->source && !set_get(pass->wanted, links->items[i]->name))
            log_tunnel(LOG_WARNING, LOG_ID_NONE, links->items[i]->name, "is in netdev group %u without an alias of ours: left alone", (unsigned)GROUP_OURS);
}

enum outcome {
    OUTCOME_SETTLED,
    OUTCOME_AGAIN, /* something was done: another look is due */
    OUTCOME_WIDEN, /* only a look at everything can help */
};

static int run_pass(struct reconciler *reconciler, const struct scope *scope, int number, enum outcome *ret)
{
    bool last = number == PASSES;
    struct pass pass = { .reconciler = reconciler, .scope = scope };
    struct apply_options options = { .tick = reconciler->tick, .userdata = reconciler->userdata };
    int r = pass_make(&pass);

    if (r >= 0 && !scope->all && needs_whole_view(&pass.plan)) {
        *ret = OUTCOME_WIDEN;
        pass_done(&pass);
        return 0;
    }
    if (r >= 0) {
        if (scope->all && !last && pass.plan.n_steps > MUCH && reconciler->much_to_do)
            reconciler->much_to_do(reconciler->userdata);
        options.group_delete = pass.snapshot.complete && !pass.snapshot.foreign_doomed;
        r = apply_plan(reconciler->netlink, &pass.plan, &options);
    }
    if (r >= 0) {
        log_steps(&pass);
        tell_others(&pass);
        if (number == 1) /* what is found once more the kernel did not keep */
            count_repairs(&pass);
        *ret = collided(&pass.plan) && !scope->all ? OUTCOME_WIDEN : any_done(&pass.plan) ? OUTCOME_AGAIN : OUTCOME_SETTLED;
        if (*ret == OUTCOME_SETTLED || last) {
            remember_all(&pass, last);
            warn_of_strangers(&pass);
        }
    }
    pass_done(&pass);
    return r;
}

int reconcile(struct reconciler *reconciler, struct scope *scope)
{
    enum outcome outcome = OUTCOME_AGAIN;
    int r = pass_close_scope(reconciler, scope);

    if (!scope->all && scope->n > SCOPE_MOST)
        scope->all = true;
    for (int i = 1; r >= 0 && outcome != OUTCOME_SETTLED && i <= PASSES; i++) {
        r = run_pass(reconciler, scope, i, &outcome);
        if (outcome == OUTCOME_WIDEN) {
            scope->all = true;
            i = 0;
        }
    }
    return r;
}

int reconcile_print(struct reconciler *reconciler, const struct scope *scope, FILE *out)
{
    struct pass pass = { .reconciler = reconciler, .scope = scope };
    int r = pass_make(&pass);

    for (size_t i = 0; r >= 0 && i < pass.plan.n_steps; i++)
        ip_step(&pass.plan.steps[i], out);
    for (size_t i = 0; r >= 0 && i < pass.plan.n_verdicts; i++)
        if (pass.plan.verdicts[i].reason)
            fprintf(out, "# %s: %s: %s\n", pass.plan.verdicts[i].wanted->name, state_name(pass.plan.verdicts[i].state), pass.plan.verdicts[i].reason);
    pass_done(&pass);
    return r;
}
