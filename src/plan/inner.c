/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares addresses, neighbours and settings. Never the link itself: that is plan/diff. */
#include "plan/inner.h"

#include <stdio.h>
#include <string.h>

#include "plan/loops.h"
#include "plan/ways.h"

/* Of our own the label and the broadcast address count too; somebody else's serves as it is. */
static bool is_same(const struct tunnel *wanted, const struct inner *inner, const struct inner *actual)
{
    if (!inner_equal(inner, actual))
        return false;
    if (!actual->ours || inner->local.family != AF_INET)
        return true;
    return !strcmp(*inner->label ? inner->label : wanted->name, *actual->label ? actual->label : wanted->name)
           && inner->broadcast.s_addr == actual->broadcast.s_addr;
}

/* The kernel drops a link's IPv6 addresses when IPv6 is turned off on it, or it is set down. */
static bool goes_with_ipv6(const struct item *item, const struct inner *actual)
{
    return actual->local.family == AF_INET6 && (item->cycled || (item->fields & FIELD_IPV6 && !item->wanted->ipv6));
}

static bool is_unwanted(const struct item *item, const struct inner *actual)
{
    if (!actual->ours || item->wanted->doubts & DOUBT_ADDRESSES || goes_with_ipv6(item, actual))
        return false;
    for (size_t i = 0; i < item->wanted->n_inner; i++)
        if (is_same(item->wanted, &item->wanted->inner[i], actual))
            return ways_inner_loops(item->wanted, item->fact, &item->wanted->inner[i]);
    return true;
}

static bool is_missing(const struct item *item, const struct inner *inner)
{
    for (size_t i = 0; item->action == ACTION_CHANGE && i < item->actual->n_inner; i++)
        if (is_same(item->wanted, inner, &item->actual->inner[i]) && !goes_with_ipv6(item, &item->actual->inner[i]))
            return false;
    return true;
}

/* Must it go before what is missing can come, or would what comes go with it? */
static bool is_in_the_way(const struct item *item, const struct inner *actual)
{
    for (size_t i = 0; i < item->wanted->n_inner; i++) {
        const struct inner *inner = &item->wanted->inner[i];

        if ((inner_collides(inner, actual) || inner_same_subnet(inner, actual)) && is_missing(item, inner))
            return true;
    }
    return false;
}

static void drop_addresses(struct planner *planner, struct item *item, bool in_the_way)
{
    char text[ADDRESS_TEXT_MAX];

    for (size_t i = 0; item->action == ACTION_CHANGE && i < item->actual->n_inner; i++) {
        const struct inner *inner = &item->actual->inner[i];

        if (!is_unwanted(item, inner) || is_in_the_way(item, inner) != in_the_way)
            continue;
        item->flushed = item->flushed || inner->local.family == AF_INET;
        planner_step(planner, item, STEP_DELETE_ADDRESS, planner_reason(planner, "address %s/%u removed", address_format(&inner->local, text), inner->prefix))
            ->inner = inner;
    }
}

static const struct inner *find_foreign(const struct item *item, const struct inner *wanted)
{
    for (size_t i = 0; item->action == ACTION_CHANGE && i < item->actual->n_inner; i++)
        if (!item->actual->inner[i].ours && !goes_with_ipv6(item, &item->actual->inner[i]) && inner_collides(&item->actual->inner[i], wanted))
            return &item->actual->inner[i];
    return NULL;
}

static void add_address(struct planner *planner, struct item *item, const struct inner *inner)
{
    const struct inner *foreign = find_foreign(item, inner);
    char text[ADDRESS_TEXT_MAX];

    if (loops_hold_inner(planner, item, inner))
        return;
    if (foreign)
        planner_blame(planner, item, REASON_ADDRESS,
                      planner_reason(planner, "there is an address %s/%u in the way, which tunneld did not make", address_format(&foreign->local, text),
                                     foreign->prefix));
    else
        planner_step(planner, item, STEP_ADD_ADDRESS,
                     item->action == ACTION_CHANGE ? planner_reason(planner, "address %s/%u added", address_format(&inner->local, text), inner->prefix) : NULL)
            ->inner = inner;
}

/* The kernel takes the IPv6 address that came last for the first. NetworkManager adds those of a keyfile from the last to
 * the first, network-scripts in the order of the file. */
static void add_addresses(struct planner *planner, struct item *item)
{
    const struct tunnel *wanted = item->wanted;

    for (size_t i = 0; i < wanted->n_inner; i++)
        if (!(wanted->keyfile && wanted->inner[i].local.family == AF_INET6) && is_missing(item, &wanted->inner[i]))
            add_address(planner, item, &wanted->inner[i]);
    for (size_t i = wanted->n_inner; wanted->keyfile && i > 0; i--)
        if (wanted->inner[i - 1].local.family == AF_INET6 && is_missing(item, &wanted->inner[i - 1]))
            add_address(planner, item, &wanted->inner[i - 1]);
}

/* First what is in the way, and the rest last: with its last address a link loses its routes, whoever made them. */
static void plan_addresses(struct planner *planner, struct item *item)
{
    drop_addresses(planner, item, true);
    add_addresses(planner, item);
    drop_addresses(planner, item, false);
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
    const struct neighbour *actual = item->action == ACTION_CHANGE && !item->cycled ? find_neighbour(item->actual, &wanted->inner) : NULL;
    char text[ADDRESS_TEXT_MAX];

    if (actual && actual->guessed && !actual->ours && address_equal(&actual->outer, &item->actual->local))
        actual = NULL; /* the kernel's own guess gives way */
    if (actual && address_equal(&actual->outer, &wanted->outer))
        return;
    if (actual && !actual->ours) {
        planner_blame(planner, item, REASON_NEIGHBOUR,
                      planner_reason(planner, "there is another neighbour %s, which tunneld did not make", address_format(&wanted->inner, text)));
        return;
    }
    planner_step(planner, item, STEP_ADD_NEIGHBOUR, item->action == ACTION_CHANGE ? describe_neighbour(planner, wanted, actual ? "instead" : "added") : NULL)
        ->neighbour = wanted;
}

static void plan_neighbours(struct planner *planner, struct item *item)
{
    const struct tunnel *actual = item->action == ACTION_CHANGE && !item->cycled ? item->actual : NULL;

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
