/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorts the steps and verdicts of a plan by tunnel. */
#include "agent/preview.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/pass.h"
#include "base/table.h"
#include "base/text.h"
#include "plan/diff.h"
#include "read/findings.h"
#include "write/ip.h"

/* A preview in the making. */
struct making {
    const struct pass *pass;
    struct preview preview; /* with room for all that can be in it: by_name points to its names */
    struct table by_name;
    bool out_of_memory;
};

const char *preview_action_name(enum preview_action action)
{
    static const char *const names[] = { "nothing", "create", "change", "recreate", "delete" };

    return names[action];
}

static struct preview_item *item_of(struct making *making, const char *name)
{
    struct preview_item *item = table_get(&making->by_name, name, strlen(name));

    if (item)
        return item;
    item = &making->preview.items[making->preview.n++];
    item->state = STATE_MAX;
    strcpy(item->name, name);
    if (table_put(&making->by_name, item->name, strlen(item->name), item) < 0)
        making->out_of_memory = true;
    return item;
}

static char *copy_of(struct making *making, const char *text)
{
    char *copy = text ? strdup(text) : NULL;

    if (text && !copy)
        making->out_of_memory = true;
    return copy;
}

static void add_text(struct making *making, struct texts *texts, const char *text)
{
    char **grown = reallocarray(texts->items, texts->n + 1, sizeof(*grown));

    if (!grown) {
        making->out_of_memory = true;
        return;
    }
    texts->items = grown;
    grown[texts->n] = copy_of(making, text);
    if (grown[texts->n])
        texts->n++;
}

/* Some say behind the command what it is for. */
static void cut_comment(const struct step *step, char *command)
{
    char *comment = step->type == STEP_PARK || step->type == STEP_HEED_DF ? strstr(command, " # ") : NULL;

    if (comment)
        *comment = 0;
}

static void add_commands(struct making *making, struct preview_item *item, const struct step *step)
{
    _cleanup_free_ char *text = NULL;
    char *next;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (out)
        ip_step(step, out);
    if (text_end(out, &text) < 0) {
        making->out_of_memory = true;
        return;
    }
    next = text;
    for (char *line = strsep(&next, "\n"); line; line = strsep(&next, "\n")) {
        if (!*line || *line == '#')
            continue;
        cut_comment(step, line);
        add_text(making, &item->commands, line);
    }
}

static void add_action(struct preview_item *item, const struct step *step)
{
    if (step->type == STEP_DELETE)
        item->action = step->group_delete ? PREVIEW_DELETE : PREVIEW_RECREATE;
    else if (item->action == PREVIEW_NOTHING)
        item->action = step->type == STEP_CREATE ? PREVIEW_CREATE : PREVIEW_CHANGE;
}

static void add_step(struct making *making, const struct step *step)
{
    struct preview_item *item = item_of(making, step_name(step));

    add_action(item, step);
    if (step->reason)
        add_text(making, &item->changes, step->reason);
    if (step->type == STEP_DELETE && !step->group_delete && !item->message)
        item->message = copy_of(making, diff_needs_recreate(step->wanted, step->actual, step->fields));
    add_commands(making, item, step);
}

static void add_verdict(struct making *making, const struct verdict *verdict)
{
    const char *name = verdict->wanted->name;
    bool fine = verdict->state == STATE_UP || verdict->state == STATE_DOWN;
    struct preview_item *item;

    if (fine && !table_get(&making->by_name, name, strlen(name)))
        return;
    item = item_of(making, name);
    item->state = verdict->state;
    item->code = verdict->code;
    if (verdict->reason) {
        free(item->message);
        item->message = copy_of(making, verdict->reason);
    }
}

static void add_refused(const char *name, const struct problem *problem, void *userdata)
{
    struct making *making = userdata;
    const struct tunnel *link = set_get(making->pass->snapshot.links, name);
    struct preview_item *item;

    if (!*name || !scope_has(making->pass->scope, name) || set_get(making->pass->wanted, name))
        return;
    item = item_of(making, name);
    if (item->message)
        return; /* two files of one name are refused */
    item->state = STATE_REFUSED;
    item->code = REASON_FILE;
    item->message = pass_describe_refusal(problem, link && link->actual.ours);
    if (!item->message)
        making->out_of_memory = true;
}

static int make_room(struct making *making)
{
    size_t n_files;

    config_files(making->pass->reconciler->config, &n_files);
    making->preview.items = calloc(making->pass->wanted->n + n_files + 1, sizeof(*making->preview.items));
    return making->preview.items ? 0 : -ENOMEM;
}

static int sort(const struct pass *pass, struct preview *ret)
{
    struct making making = { .pass = pass };
    int r = make_room(&making);

    for (size_t i = 0; r >= 0 && i < pass->plan.n_steps; i++)
        add_step(&making, &pass->plan.steps[i]);
    for (size_t i = 0; r >= 0 && i < pass->plan.n_verdicts; i++)
        add_verdict(&making, &pass->plan.verdicts[i]);
    if (r >= 0 && !pass->reconciler->teardown)
        findings_each_refused(pass->reconciler->config, add_refused, &making);
    table_done(&making.by_name);
    if (r >= 0 && making.out_of_memory)
        r = -ENOMEM;
    if (r < 0)
        preview_done(&making.preview);
    else
        *ret = making.preview;
    return r;
}

int preview_make(struct reconciler *reconciler, const struct scope *scope, struct preview *ret)
{
    bool keeps;
    struct reconciler looking = pass_only_looking(reconciler, &keeps);
    struct pass pass = { .reconciler = &looking, .scope = scope };
    int r = pass_make(&pass);

    if (r >= 0)
        r = sort(&pass, ret);
    pass_done(&pass);
    return r;
}

static void texts_done(struct texts *texts)
{
    for (size_t i = 0; i < texts->n; i++)
        free(texts->items[i]);
    free(texts->items);
}

void preview_done(struct preview *preview)
{
    for (size_t i = 0; i < preview->n; i++) {
        free(preview->items[i].message);
        texts_done(&preview->items[i].changes);
        texts_done(&preview->items[i].commands);
    }
    free(preview->items);
    *preview = (struct preview){ 0 };
}
