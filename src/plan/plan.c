/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes plans. Never sees a file or the kernel, only what others found there.
 *
 * Each wanted tunnel gets an action. Renames come first, then deletions. Then changes and recreations, each as soon as the
 * identity that it needs is free; where they wait for each other in a cycle, one is parked on an identity of
 * its own. Creations come last, in chunks: all links, then the sysctls that must be written before a link is
 * up, then all the rest, so that apply needs few round trips. */
#include "plan/plan.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "plan/diff.h"
#include "plan/held.h"
#include "plan/inner.h"
#include "plan/loops.h"
#include "plan/planner.h"
#include "plan/renames.h"
#include "plan/routes.h"

enum { CHUNK = 128 }; /* creations */

static bool same_ends(const struct item *item)
{
    uint32_t ends = FIELD_LOCAL | FIELD_REMOTE | FIELD_LOWER | FIELD_PROTO | FIELDS_KEY | FIELD_ERSPAN | FIELD_EXTERNAL | FIELD_KIND;

    return !(diff_fields(item->wanted, item->actual, item->fact) & ends);
}

static bool may_adopt(const struct planner *planner, const struct item *item)
{
    if (item->wanted->kind != item->actual->kind)
        return false;
    if (planner->input->adoption == ADOPTION_SAME)
        return same_ends(item);
    return planner->input->adoption == ADOPTION_SAME_KIND;
}

/* A link is there under a wanted name. */
static void judge_existing(struct planner *planner, struct item *item)
{
    const struct tunnel *wanted = item->wanted, *actual = item->actual;

    if (!actual->actual.ours && !may_adopt(planner, item)) {
        if (wanted->kind != actual->kind)
            planner_verdict(planner, item, STATE_CONFLICT, REASON_NAME_TAKEN,
                            planner_reason(planner, "there is a device %s of another kind, which tunneld did not make", wanted->name));
        else if (same_ends(item))
            planner_verdict(planner, item, STATE_CONFLICT, REASON_NAME_TAKEN,
                            planner_reason(planner, "there is a tunnel %s, which tunneld did not make and may not adopt", wanted->name));
        else
            planner_verdict(planner, item, STATE_CONFLICT, REASON_NAME_TAKEN,
                            planner_reason(planner, "there is a tunnel %s with other outer addresses or keys, which tunneld did not make", wanted->name));
        return;
    }
    item->adopt = !actual->actual.ours;
    item->fields = diff_fields(wanted, actual, item->fact);
    item->why = diff_needs_recreate(wanted, actual, item->fields);
    item->action = item->why ? ACTION_RECREATE : ACTION_CHANGE;
}

static char *describe_lack(struct planner *planner, const struct tunnel *wanted)
{
    if (!tunnel_lacks_remote(wanted))
        return planner_reason(planner, "for the address of %s: %s", tunnel_more(wanted)->local_name,
                              tunnel_more(wanted)->local_why ? tunnel_more(wanted)->local_why : "it is not known yet");
    if (!tunnel_more(wanted)->remote_why)
        return planner_reason(planner, "for the address of %s: it is not known yet", tunnel_more(wanted)->remote_name);
    return planner_reason(planner, "for the address of %s: %s; tried again", tunnel_more(wanted)->remote_name, tunnel_more(wanted)->remote_why);
}

static void judge(struct planner *planner, struct item *item)
{
    const struct tunnel *wanted = item->wanted;
    enum presence presence = tunnel_presence(wanted);

    if (presence == PRESENCE_MUST_NOT) {
        if (item->actual && item->actual->actual.ours)
            item->action = ACTION_DELETE;
        if (wanted->presence != PRESENCE_MUST_NOT)
            planner_verdict(planner, item, STATE_DOWN, REASON_OPERATOR, planner_reason(planner, "an operator has brought it down"));
        return;
    }
    if (!item->actual && presence != PRESENCE_MUST) {
        planner_verdict(planner, item, STATE_DOWN, REASON_ONBOOT, planner_reason(planner, "its file says that it is not brought up by itself"));
        return;
    }
    if (tunnel_lacks_remote(wanted) || tunnel_lacks_local(wanted)) {
        planner_verdict(planner, item, STATE_WAITING, REASON_NAME, describe_lack(planner, wanted));
        return;
    }
    if (*wanted->lower && !item->fact->lower_index) {
        planner_verdict(planner, item, STATE_WAITING, REASON_DEVICE, planner_reason(planner, "for the device %s", wanted->lower));
        return;
    }
    if (*wanted->controller && !item->fact->controller_index) {
        planner_verdict(planner, item, STATE_WAITING, REASON_CONTROLLER, planner_reason(planner, "for the device %s", wanted->controller));
        return;
    }
    if (item->actual)
        judge_existing(planner, item);
    else
        item->action = ACTION_CREATE;
}

static char *describe(struct planner *planner, const struct item *item, uint32_t fields)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (out)
        diff_describe(item->wanted, item->actual, item->fact, fields, out);
    if (text_end(out, &text) < 0) {
        planner->out_of_memory = true;
        return NULL;
    }
    return text;
}

static void plan_create(struct planner *planner, const struct item *item, const char *why)
{
    char local[ADDRESS_TEXT_MAX], remote[ADDRESS_TEXT_MAX];
    const struct tunnel *wanted = item->wanted;
    struct step *step;

    step = planner_step(planner, item, STEP_CREATE,
                        planner_reason(planner, "%s: %s, local %s, remote %s", why, kind_info(wanted->kind)->name, address_format(&wanted->local, local),
                                       address_format(&wanted->remote, remote)));
    step->mtu = diff_mtu(wanted, NULL, item->fact);
    /* what the kernel chooses by itself is left to it, and looked at afterwards */
    if (!(wanted->stated & FIELD_MTU))
        step->mtu = 0;
}

static void plan_rest_of_create(struct planner *planner, struct item *item)
{
    planner_step(planner, item, STEP_ALIAS, NULL);
    if (*item->wanted->controller)
        planner_step(planner, item, STEP_CONTROLLER, NULL);
    if (item->wanted->up || item->wanted->stated & FIELD_MULTICAST)
        planner_step(planner, item, STEP_FLAGS, NULL);
    inner_plan(planner, item);
    routes_plan_own(planner, item);
    loops_tell(planner, item);
}

/* drivers/net/vrf.c cycle_netdev */
static void plan_controller(struct planner *planner, struct item *item)
{
    item->cycled = item->actual->up && (item->actual->actual.in_vrf || item->fact->vrf_table);
    planner_step(planner, item, STEP_CONTROLLER, describe(planner, item, FIELD_CONTROLLER));
}

/* Its file, and whether it is in a controller because of us: said before it gets there, and taken back after it has left. */
static bool alias_differs(const struct item *item)
{
    const struct tunnel *wanted = item->wanted, *actual = item->actual;

    return !actual->source || strcmp(actual->source, wanted->source) != 0 || actual->actual.port != (*wanted->controller != 0);
}

static void plan_change(struct planner *planner, struct item *item)
{
    const struct tunnel *wanted = item->wanted, *actual = item->actual;
    uint32_t change = item->fields & (FIELDS_INFO | FIELD_MTU | FIELD_HARDWARE), flags = item->fields & (FIELD_UP | FIELD_MULTICAST);
    bool leaves = actual->actual.port && !*wanted->controller;

    if (item->adopt || actual->actual.doomed)
        planner_step(planner, item, STEP_ADOPT, item->adopt ? planner_reason(planner, "taken over: an unmarked tunnel of this name and kind") : NULL);
    if (alias_differs(item) && !leaves)
        planner_step(planner, item, STEP_ALIAS, NULL);
    if (change & FIELDS_INFO && actual->ignore_df && wanted->pmtudisc && !item->parked)
        planner_step(planner, item, STEP_HEED_DF, NULL);
    if (change) {
        struct step *step = planner_step(planner, item, STEP_CHANGE, describe(planner, item, change));

        /* an in-place change may move the MTU too, so it is said along with it */
        step->mtu = diff_mtu(wanted, actual, item->fact);
    }
    if (item->fields & FIELD_IPV6)
        planner_step(planner, item, STEP_IPV6, describe(planner, item, FIELD_IPV6));
    inner_plan_conf(planner, item);
    if (item->fields & FIELD_CONTROLLER)
        plan_controller(planner, item);
    if (leaves)
        planner_step(planner, item, STEP_ALIAS, NULL);
    if (flags)
        planner_step(planner, item, STEP_FLAGS, describe(planner, item, flags));
    planner_verdict_done(planner, item);
    inner_plan(planner, item);
    routes_plan_own(planner, item);
    loops_tell(planner, item);
}

static void plan_recreate(struct planner *planner, struct item *item)
{
    _cleanup_free_ char *what = describe(planner, item, item->fields);

    planner_step(planner, item, STEP_DELETE, planner_reason(planner, "made anew for %s: %s", what ? what : "?", item->why));
    plan_create(planner, item, "created again");
    planner_step(planner, item, STEP_IPV6, NULL);
    inner_plan_conf(planner, item);
    planner_verdict_done(planner, item);
    plan_rest_of_create(planner, item);
}

static bool changes_identity(const struct item *item)
{
    if (item->action == ACTION_CHANGE)
        return item->fields & (kind_info(item->wanted->kind)->unique | FIELD_IFLAGS);
    return item->action == ACTION_CREATE || item->action == ACTION_RECREATE;
}

/* Looked up only where something needs an identity: a pass that finds nothing to do does not pay for it. */
static int index_holders(struct planner *planner)
{
    const struct set *actual = planner->actual;

    planner->taken = calloc(actual->n + 1, sizeof(*planner->taken));
    if (!planner->taken)
        return -ENOMEM;
    for (size_t i = 0; i < actual->n; i++) {
        int r;

        if (actual->items[i]->kind == KIND_NONE)
            continue;
        planner->taken[i] = tunnel_identity(actual->items[i], actual->items[i]->lower_index);
        r = table_put(&planner->holders, &planner->taken[i], sizeof(planner->taken[i]), actual->items[i]);
        if (r < 0)
            return r;
    }
    return 0;
}

static struct item *item_of(const struct planner *planner, const struct tunnel *actual)
{
    return table_get(&planner->by_actual, &actual->actual.ifindex, sizeof(actual->actual.ifindex));
}

static void give_up_identity(struct planner *planner, const struct tunnel *actual)
{
    struct identity identity = tunnel_identity(actual, actual->lower_index);

    if (actual->kind != KIND_NONE && table_get(&planner->holders, &identity, sizeof(identity)) == actual)
        table_take(&planner->holders, &identity, sizeof(identity));
}

/* The one that stands in the way of an item's identity; NULL: nobody, or itself. */
static const struct tunnel *holder_of(const struct planner *planner, const struct item *item)
{
    const struct tunnel *holder = table_get(&planner->holders, &item->identity, sizeof(item->identity));

    return holder == item->actual ? NULL : holder;
}

static void refuse_identity(struct planner *planner, struct item *item, const struct tunnel *holder)
{
    const char *what = kind_info(item->wanted->kind)->unique & FIELD_IKEY ? "with the same outer addresses and key" : "with the same outer addresses";

    if (item->wanted->external)
        what = "for its external tunnel";
    planner_verdict(planner, item, STATE_CONFLICT, REASON_IDENTITY_TAKEN,
                    planner_reason(planner, "the kernel has %s %s, and could not tell them apart", holder->name, what));
    item->action = ACTION_NONE; /* what is on it stays, too */
    item->done = true;
}

static void carry_out(struct planner *planner, struct item *item)
{
    if (item->actual)
        give_up_identity(planner, item->actual);
    if (item->action == ACTION_RECREATE)
        plan_recreate(planner, item);
    else
        plan_change(planner, item);
    /* what it holds from now on is known by its wanted tunnel, which is nobody's actual one */
    if (table_put(&planner->holders, &item->identity, sizeof(item->identity), (void *)item->wanted) < 0)
        planner->out_of_memory = true;
    item->done = true;
}

/* Will the holder of an identity give it up in this plan? */
static bool will_move(const struct planner *planner, const struct tunnel *holder)
{
    const struct item *item = item_of(planner, holder);

    return item && item->actual == holder && !item->done && changes_identity(item);
}

static bool moves_pass(struct planner *planner)
{
    bool progress = false;

    for (size_t i = 0; i < planner->n; i++) {
        struct item *item = &planner->items[i];
        const struct tunnel *holder;

        if (item->done || !changes_identity(item) || item->action == ACTION_CREATE)
            continue;
        holder = holder_of(planner, item);
        if (!holder)
            carry_out(planner, item);
        else if (will_move(planner, holder))
            continue;
        else
            refuse_identity(planner, item, holder);
        progress = true;
    }
    return progress;
}

static struct item *first_waiting(const struct planner *planner)
{
    for (size_t i = 0; i < planner->n; i++) {
        struct item *item = &planner->items[i];

        if (!item->done && item->action != ACTION_CREATE && changes_identity(item))
            return item;
    }
    return NULL;
}

/* Everybody left waits for somebody else, so whoever one follows leads into a cycle: let one of it go aside. */
static bool park_one(struct planner *planner)
{
    struct item *item = first_waiting(planner);

    if (!item)
        return false;
    for (size_t i = 0; i < planner->n; i++)
        item = item_of(planner, holder_of(planner, item));
    give_up_identity(planner, item->actual);
    if (item->action == ACTION_RECREATE) {
        _cleanup_free_ char *what = describe(planner, item, item->fields);

        planner_step(planner, item, STEP_DELETE, planner_reason(planner, "made anew for %s: %s", what ? what : "?", item->why));
        item->actual = NULL;
        item->action = ACTION_CREATE;
    } else {
        planner_step(planner, item, STEP_PARK, NULL)->parking = ++planner->parked;
        item->parked = true;
    }
    return true;
}

static const char *why_removed(const struct item *item)
{
    return item->wanted->asked == ASKED_DOWN ? "an operator has brought it down" : "no file wants it";
}

static void plan_deletions(struct planner *planner)
{
    for (size_t i = 0; i < planner->n; i++) {
        struct item *item = &planner->items[i];

        if (item->action != ACTION_DELETE)
            continue;
        give_up_identity(planner, item->actual);
        planner_step(planner, item, STEP_DELETE, planner_reason(planner, "removed: %s", why_removed(item)))->group_delete = true;
        item->done = true;
    }
}

/* Those in place that need no identity of others. */
static void plan_plain_changes(struct planner *planner)
{
    for (size_t i = 0; i < planner->n; i++) {
        struct item *item = &planner->items[i];

        if (item->action != ACTION_CHANGE || changes_identity(item))
            continue;
        plan_change(planner, item);
        item->done = true;
    }
}

static void plan_chunk(struct planner *planner, struct item *const *chunk, size_t n)
{
    for (size_t i = 0; i < n; i++)
        plan_create(planner, chunk[i], "created");
    for (size_t i = 0; i < n; i++)
        if (kind_info(chunk[i]->wanted->kind)->fields & FIELD_IPV6) {
            planner_step(planner, chunk[i], STEP_IPV6, NULL);
            inner_plan_conf(planner, chunk[i]);
        }
    for (size_t i = 0; i < n; i++) {
        planner_verdict_done(planner, chunk[i]);
        plan_rest_of_create(planner, chunk[i]);
    }
}

static void plan_creations(struct planner *planner)
{
    struct item *chunk[CHUNK];
    size_t n = 0;

    for (size_t i = 0; i < planner->n; i++) {
        struct item *item = &planner->items[i];
        const struct tunnel *holder;

        if (item->done || item->action != ACTION_CREATE)
            continue;
        holder = holder_of(planner, item);
        if (holder) {
            refuse_identity(planner, item, holder);
            continue;
        }
        if (table_put(&planner->holders, &item->identity, sizeof(item->identity), (void *)item->wanted) < 0)
            planner->out_of_memory = true;
        chunk[n++] = item;
        if (n == CHUNK) {
            plan_chunk(planner, chunk, n);
            n = 0;
        }
    }
    plan_chunk(planner, chunk, n);
}

static int prepare(struct planner *planner)
{
    const struct set *wanted = planner->input->wanted;
    const struct facts *facts = planner->input->facts;
    bool identities = false;

    planner->n = wanted->n;
    planner->items = calloc(wanted->n + 1, sizeof(*planner->items));
    planner->plan.verdicts = calloc(wanted->n + 1, sizeof(*planner->plan.verdicts));
    if (!planner->items || !planner->plan.verdicts)
        return -ENOMEM;
    for (size_t i = 0; i < wanted->n; i++) {
        struct item *item = &planner->items[i];
        int r;

        *item = (struct item){ .wanted = wanted->items[i], .actual = set_get(planner->actual, wanted->items[i]->name), .fact = &facts->items[i] };
        judge(planner, item);
        if (changes_identity(item)) {
            item->identity = tunnel_identity(item->wanted, item->fact->lower_index);
            identities = true;
        }
        if (!item->actual)
            continue;
        r = table_put(&planner->by_actual, &item->actual->actual.ifindex, sizeof(item->actual->actual.ifindex), item);
        if (r < 0)
            return r;
    }
    return identities ? index_holders(planner) : 0;
}

int plan_make(const struct plan_input *input, struct plan *ret)
{
    struct planner planner = { .input = input, .actual = input->actual };
    int r;

    assert(input->facts->n == input->wanted->n);
    r = prepare(&planner);
    if (r >= 0)
        r = routes_index(&planner);
    if (r >= 0)
        r = renames_plan(&planner);
    if (r >= 0) {
        plan_deletions(&planner);
        plan_plain_changes(&planner);
        do
            while (moves_pass(&planner))
                ;
        while (park_one(&planner));
        plan_creations(&planner);
        routes_plan_outside(&planner);
        held_leave(&planner);
        r = planner.out_of_memory ? -ENOMEM : 0;
    }
    routes_forget(&planner);
    table_done(&planner.by_actual);
    table_done(&planner.holders);
    free(planner.taken);
    free(planner.items);
    if (r < 0)
        plan_done(&planner.plan);
    else
        *ret = planner.plan;
    return r;
}

void plan_done(struct plan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        free(plan->steps[i].reason);
        free(plan->steps[i].message);
    }
    for (size_t i = 0; i < plan->n_verdicts; i++)
        free(plan->verdicts[i].reason);
    free(plan->steps);
    free(plan->verdicts);
    *plan = (struct plan){ 0 };
}
