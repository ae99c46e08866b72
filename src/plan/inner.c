/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares addresses, neighbours and settings. Never the link itself: that is plan/diff. */
#include "plan/inner.h"

#include <stdio.h>
#include <string.h>

/* Of our own the label and the broadcast address count too; somebody else's serves as it is. */
static bool is_same(const struct tunnel *wanted, const struct inner *inner, const struct inner *actual)
{
    if (!inner_equal(inner, actual))
        return false;
    if (!actual->ours || inner->local.family != AF_INET)
        return true;
    return !strcmp(*inner->label ? inner->label : wanted->name, *actual->label ? actual->label : wanted->name)
           && address_equal(&inner->broadcast, &actual->broadcast);
}

/* The kernel drops a link's IPv6 addresses when IPv6 is turned off on it. */
static bool goes_with_ipv6(const struct item *item)
{
    return item->fields & FIELD_IPV6 && !item->wanted->ipv6;
}

static void plan_addresses(struct planner *planner, struct item *item)
{
    const struct tunnel *wanted = item->wanted, *actual = item->action == ACTION_CHANGE ? item->actual : NULL;
    char text[ADDRESS_TEXT_MAX];

    for (size_t i = 0; actual && i < actual->n_inner; i++) {
        const struct inner *inner = &actual->inner[i];
        bool keep = !inner->ours || wanted->doubts & DOUBT_ADDRESSES || (inner->local.family == AF_INET6 && goes_with_ipv6(item));

        for (size_t j = 0; j < wanted->n_inner; j++)
            keep = keep || is_same(wanted, &wanted->inner[j], inner);
        if (!keep)
            item->flushed = item->flushed || inner->local.family == AF_INET;
        if (!keep)
            planner_step(planner, item, STEP_DELETE_ADDRESS,
                         planner_reason(planner, "address %s/%u removed", address_format(&inner->local, text), inner->prefix))
                ->inner = inner;
    }
    for (size_t i = 0; i < wanted->n_inner; i++) {
        const struct inner *inner = &wanted->inner[i];
        bool there = false;

        for (size_t j = 0; actual && j < actual->n_inner; j++)
            there = there || is_same(wanted, inner, &actual->inner[j]);
        if (!there)
            planner_step(planner, item, STEP_ADD_ADDRESS,
                         actual ? planner_reason(planner, "address %s/%u added", address_format(&inner->local, text), inner->prefix) : NULL)
                ->inner = inner;
    }
}

static const struct neighbour *find_neighbour(const struct tunnel *tunnel, const struct address *inner)
{
    for (size_t i = 0; tunnel && i < tunnel->n_neighbours; i++)
        if (address_equal(&tunnel->neighbours[i].inner, inner))
            return &tunnel->neighbours[i];
    return NULL;
}

static char *describe_neighbour(struct planner *planner, const struct neighbour *neighbour, const char *what)
{
    char inner[ADDRESS_TEXT_MAX], outer[ADDRESS_TEXT_MAX];

    return planner_reason(planner, "neighbour %s behind %s %s", address_format(&neighbour->inner, inner), address_format(&neighbour->outer, outer), what);
}

static void plan_neighbour(struct planner *planner, struct item *item, const struct neighbour *wanted)
{
    const struct neighbour *actual = item->action == ACTION_CHANGE ? find_neighbour(item->actual, &wanted->inner) : NULL;
    char text[ADDRESS_TEXT_MAX];

    if (actual && actual->guessed && !actual->ours)
        actual = NULL; /* the kernel's own guess gives way */
    if (actual && address_equal(&actual->outer, &wanted->outer))
        return;
    if (actual && !actual->ours) {
        planner_blame(planner, item, STATE_CONFLICT,
                      planner_reason(planner, "there is another neighbour %s, which tunneld did not make", address_format(&wanted->inner, text)));
        return;
    }
    planner_step(planner, item, STEP_ADD_NEIGHBOUR, item->action == ACTION_CHANGE ? describe_neighbour(planner, wanted, actual ? "instead" : "added") : NULL)
        ->neighbour = wanted;
}

static void plan_neighbours(struct planner *planner, struct item *item)
{
    const struct tunnel *actual = item->action == ACTION_CHANGE ? item->actual : NULL;

    for (size_t i = 0; actual && i < actual->n_neighbours; i++)
        if (actual->neighbours[i].ours && !find_neighbour(item->wanted, &actual->neighbours[i].inner))
            planner_step(planner, item, STEP_DELETE_NEIGHBOUR, describe_neighbour(planner, &actual->neighbours[i], "removed"))->neighbour =
                &actual->neighbours[i];
    for (size_t i = 0; item->wanted->up && i < item->wanted->n_neighbours; i++) /* a link that is down keeps none */
        plan_neighbour(planner, item, &item->wanted->neighbours[i]);
}

void inner_plan_conf(struct planner *planner, const struct item *item)
{
    const struct tunnel *wanted = item->wanted, *actual = item->action == ACTION_CHANGE ? item->actual : NULL;

    for (enum conf conf = 0; wanted->ipv6 && conf < CONF_MAX; conf++) {
        bool known = actual && actual->conf_stated & (1u << conf);

        if (!(wanted->conf_stated & (1u << conf)) || (known && actual->conf[conf] == wanted->conf[conf]))
            continue;
        planner_step(planner, item, STEP_CONF, known ? planner_reason(planner, "%s %u -> %u", conf_name(conf), actual->conf[conf], wanted->conf[conf]) : NULL)
            ->conf = conf;
    }
}

void inner_plan(struct planner *planner, struct item *item)
{
    plan_addresses(planner, item);
    plan_neighbours(planner, item);
}
