/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pairs what would go with what would come: by the file that made it, or by what the kernel knows it by. */
#include "plan/renames.h"

#include <string.h>

#include "plan/diff.h"

static bool may_be_renamed(const struct item *item)
{
    return item->action == ACTION_DELETE && item->wanted->asked != ASKED_DOWN && item->actual->source;
}

static int index_sources(const struct planner *planner, struct table *ret)
{
    for (size_t i = 0; i < planner->n; i++) {
        const char *source = may_be_renamed(&planner->items[i]) ? planner->items[i].actual->source : NULL;
        int r = source ? table_put(ret, source, strlen(source), &planner->items[i]) : 0;

        if (r < 0)
            return r;
    }
    return 0;
}

/* Made by a file that is now another tunnel's. */
static bool has_heir(const struct planner *planner, const char *source)
{
    const struct set *everyone = planner->input->everyone;

    for (size_t i = 0; i < everyone->n; i++)
        if (!strcmp(everyone->items[i]->source, source))
            return true;
    return false;
}

static struct item *find_old(const struct planner *planner, const struct item *item, const struct table *by_source)
{
    struct item *old = table_get(by_source, item->wanted->source, strlen(item->wanted->source));
    const struct tunnel *holder;

    if (old)
        return old;
    holder = table_get(&planner->holders, &item->identity, sizeof(item->identity));
    old = holder ? table_get(&planner->by_actual, &holder->actual.ifindex, sizeof(holder->actual.ifindex)) : NULL;
    return old && may_be_renamed(old) && !has_heir(planner, old->actual->source) ? old : NULL;
}

static int rename_link(struct planner *planner, struct item *item, struct item *old)
{
    struct step *step = planner_step(planner, item, STEP_RENAME, planner_reason(planner, "renamed from %s", old->actual->name));

    step->actual = old->actual;
    item->actual = old->actual;
    old->action = item->action = ACTION_NONE;
    old->done = item->done = true;
    planner_verdict_done(planner, item);
    return table_put(&planner->by_actual, &item->actual->actual.ifindex, sizeof(item->actual->actual.ifindex), item);
}

int renames_plan(struct planner *planner)
{
    struct table by_source = { 0 };
    int r = index_sources(planner, &by_source);

    for (size_t i = 0; r >= 0 && i < planner->n; i++) {
        struct item *item = &planner->items[i], *old = item->action == ACTION_CREATE ? find_old(planner, item, &by_source) : NULL;

        if (old && old->action == ACTION_DELETE && item->wanted->kind == old->actual->kind
            && !diff_needs_recreate(item->wanted, old->actual, diff_fields(item->wanted, old->actual, item->fact)))
            r = rename_link(planner, item, old);
    }
    table_done(&by_source);
    return r;
}
