/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of steps and verdicts. Never decides which. */
#include "plan/planner.h"

#include <stdarg.h>
#include <stdio.h>

const struct tunnel *step_tunnel(const struct step *step)
{
    return step->wanted ? step->wanted : step->actual;
}

const char *step_name(const struct step *step)
{
    const struct tunnel *tunnel = step_tunnel(step);

    return tunnel ? tunnel->name : "";
}

__attribute__((format(printf, 2, 0))) static char *format_reason(struct planner *planner, const char *format, va_list arguments)
{
    char *text = NULL;

    if (vasprintf(&text, format, arguments) < 0) {
        planner->out_of_memory = true;
        return NULL;
    }
    return text;
}

char *planner_reason(struct planner *planner, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = format_reason(planner, format, arguments);
    va_end(arguments);
    return text;
}

struct step *planner_step(struct planner *planner, const struct item *item, enum step_type type, char *why)
{
    static struct step nowhere;
    struct plan *plan = &planner->plan;
    struct step *step;

    if (!(plan->n_steps & (plan->n_steps - 1))) { /* a power of two: full */
        struct step *steps = reallocarray(plan->steps, plan->n_steps ? plan->n_steps * 2 : 1, sizeof(*steps));

        if (!steps) {
            planner->out_of_memory = true;
            free(why);
            return &nowhere;
        }
        plan->steps = steps;
    }
    step = &plan->steps[plan->n_steps++];
    *step = (struct step){ .type = type, .reason = why };
    if (item) {
        step->wanted = item->wanted;
        step->actual = item->action == ACTION_CHANGE || type == STEP_DELETE ? item->actual : NULL;
        if (type == STEP_CONTROLLER) {
            step->controller_index = item->fact->controller_index;
        } else {
            step->fields = item->fields;
            step->lower_index = item->fact->lower_index;
        }
    }
    return step;
}

/* The verdicts have room for every item from the start. */
void planner_verdict(struct planner *planner, struct item *item, enum state state, enum reason code, char *why)
{
    planner->plan.verdicts[planner->plan.n_verdicts++] = (struct verdict){
        .wanted = item->wanted,
        .state = state,
        .code = code,
        .has_link = item->action == ACTION_CREATE || item->action == ACTION_CHANGE || item->action == ACTION_RECREATE
                    || (item->action == ACTION_NONE && item->actual && item->actual->actual.ours),
        .reason = why,
    };
    item->verdict = planner->plan.n_verdicts;
}

void planner_verdict_done(struct planner *planner, struct item *item)
{
    char text[ADDRESS_TEXT_MAX];

    if (item->wanted->up && tunnel_more(item->wanted)->remote_why) /* since its daemon runs, or since its file names this one */
        planner_verdict(planner, item, STATE_UP, REASON_NAME,
                        planner_reason(planner, "the address of %s is not known: %s; it stays %s", tunnel_more(item->wanted)->remote_name,
                                       tunnel_more(item->wanted)->remote_why, address_format(&item->wanted->remote, text)));
    else if (item->wanted->up)
        planner_verdict(planner, item, STATE_UP, REASON_NONE, NULL);
    else
        planner_verdict(planner, item, STATE_DOWN, REASON_FILE, planner_reason(planner, "its file says that it is made, but not set up"));
}

/* Its verdict, if that may still be another one. */
static struct verdict *open_verdict(const struct planner *planner, const struct item *item)
{
    struct verdict *verdict = item->verdict ? &planner->plan.verdicts[item->verdict - 1] : NULL;

    return verdict && (verdict->state == STATE_UP || verdict->state == STATE_DOWN) ? verdict : NULL;
}

static void replace_verdict(struct verdict *verdict, enum state state, enum reason code, char *why)
{
    free(verdict->reason);
    verdict->state = state;
    verdict->code = code;
    verdict->reason = why;
}

static void complain(struct planner *planner, struct item *item, enum state state, enum reason code, char *why)
{
    struct verdict *verdict = open_verdict(planner, item);

    if (verdict)
        replace_verdict(verdict, state, code, why);
    else
        free(why);
}

void planner_blame(struct planner *planner, struct item *item, enum reason code, char *why)
{
    complain(planner, item, STATE_CONFLICT, code, why);
}

void planner_wait(struct planner *planner, struct item *item, enum reason code, char *why)
{
    complain(planner, item, STATE_WAITING, code, why);
}

void planner_warn(struct planner *planner, struct item *item, enum reason code, char *why)
{
    struct verdict *verdict = open_verdict(planner, item);

    if (verdict && verdict->state == STATE_UP && !verdict->reason)
        replace_verdict(verdict, STATE_UP, code, why);
    else
        free(why);
}
