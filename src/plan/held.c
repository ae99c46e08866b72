/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes steps back. Never decides which tunnels are held. */
#include "plan/held.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "base/text.h"

/* What is said of one tunnel. */
struct left {
    char *text;
    size_t size;
    FILE *out; /* NULL: nothing is left undone */
};

static uint32_t followed(const struct tunnel *wanted)
{
    return (wanted->stated & FIELD_MTU ? 0 : FIELD_MTU) | (*wanted->lower ? FIELD_LOWER : 0) | (tunnel_more(wanted)->local_name ? FIELD_LOCAL : 0)
           | (tunnel_more(wanted)->remote_name ? FIELD_REMOTE : 0);
}

bool held_follows(const struct step *step)
{
    return step->type == STEP_CHANGE && !(step->fields & (FIELDS_INFO | FIELD_MTU | FIELD_HARDWARE) & ~followed(step->wanted));
}

static void leave(struct planner *planner, struct left *left, struct step *step)
{
    if (!left->out) {
        left->out = open_memstream(&left->text, &left->size);
        planner->out_of_memory = planner->out_of_memory || !left->out;
    } else if (step->reason) {
        fputs("; ", left->out);
    }
    if (left->out && step->reason)
        fputs(step->reason, left->out);
    free(step->reason);
}

static void say(struct planner *planner, size_t i, const char *undone)
{
    const struct hold *hold = &planner->input->holds[i];
    const struct item *item = &planner->items[i];
    struct verdict *verdict = item->verdict ? &planner->plan.verdicts[item->verdict - 1] : NULL;
    char *reason;

    if (!verdict)
        return;
    verdict->has_link = item->actual && item->actual->actual.ours;
    if (hold->type == HOLD_IGNORE && item->actual && item->actual->up == item->wanted->up)
        return;
    verdict->state = hold->type == HOLD_IGNORE ? STATE_DOWN : STATE_CONFLICT;
    verdict->code = hold->type == HOLD_FIGHT ? REASON_FIGHT : REASON_DRIFT;
    if (hold->type == HOLD_IGNORE)
        reason = planner_reason(planner, item->actual ? "its link was set down by somebody, and drift is ignored"
                                                      : "its link was removed by somebody, and drift is ignored");
    else if (hold->type == HOLD_REPORT)
        reason = planner_reason(planner, "it drifted, which is only reported; it needs: %s", undone);
    else
        reason = planner_reason(planner, "what was put right is undone again and again%s%s: left so until its file changes or a reload; it needs: %s",
                                *hold->by ? " by " : "", hold->by, undone);
    free(verdict->reason);
    verdict->reason = reason;
}

/* NULL: it may be done. */
static const struct item *who_holds(const struct planner *planner, const struct table *held, const struct step *step)
{
    const struct tunnel *wanted = step->wanted;
    const struct item *item = wanted ? table_get(held, wanted->name, strlen(wanted->name)) : NULL;

    return item && (planner->input->holds[item - planner->items].whole || !held_follows(step)) ? item : NULL;
}

static void take_back(struct planner *planner, const struct table *held, struct left *lefts)
{
    struct plan *plan = &planner->plan;
    size_t kept = 0;

    for (size_t i = 0; i < plan->n_steps; i++) {
        struct step *step = &plan->steps[i];
        const struct item *item = who_holds(planner, held, step);

        if (item)
            leave(planner, &lefts[item - planner->items], step);
        else
            plan->steps[kept++] = *step;
    }
    plan->n_steps = kept;
}

void held_leave(struct planner *planner)
{
    const struct hold *holds = planner->input->holds;
    struct table held = { 0 };
    struct left *lefts;

    for (size_t i = 0; holds && i < planner->n; i++) {
        struct item *item = &planner->items[i];

        if (holds[i].type != HOLD_NOTHING && table_put(&held, item->wanted->name, strlen(item->wanted->name), item) < 0)
            planner->out_of_memory = true;
    }
    lefts = held.n ? calloc(planner->n, sizeof(*lefts)) : NULL;
    planner->out_of_memory = planner->out_of_memory || (held.n && !lefts);
    if (lefts)
        take_back(planner, &held, lefts);
    for (size_t i = 0; lefts && i < planner->n; i++) {
        if (!lefts[i].out)
            continue;
        if (text_end(lefts[i].out, &lefts[i].text) < 0)
            planner->out_of_memory = true;
        else
            say(planner, i, lefts[i].text);
        free(lefts[i].text);
    }
    free(lefts);
    table_done(&held);
}
