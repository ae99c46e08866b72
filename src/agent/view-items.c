/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks what a file wants and what the kernel has by the steps of a plan. Never decides what is to be done. */
#include "agent/view-items.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/route-text.h"

struct marking {
    const struct plan *plan;
    const struct set *links; /* with the routes and rules that were looked at */
    const char *name;
    const struct tunnel *wanted, *actual; /* either may be NULL */
    bool goes;                            /* the link does, for good */
    bool out_of_memory;
};

typedef void (*put_fn)(const void *thing, FILE *out);

static void put_inner(const void *thing, FILE *out)
{
    inner_put(thing, out);
}

static void put_neighbour(const void *thing, FILE *out)
{
    const struct neighbour *neighbour = thing;
    char inner[ADDRESS_TEXT_MAX], outer[ADDRESS_TEXT_MAX];

    fprintf(out, "%s lladdr %s", address_format(&neighbour->inner, inner), address_format(&neighbour->outer, outer));
}

static void put_route(const void *thing, FILE *out)
{
    route_put(thing, out);
}

/* One without an address does not show its family otherwise. */
static void put_rule(const void *thing, FILE *out)
{
    const struct rule *rule = thing;

    if (rule->family == AF_INET6 && !rule->from_prefix && !rule->to_prefix)
        fputs("from ::/0 ", out);
    rule_put(rule, out);
}

static void add(struct marking *marking, struct view_items *items, enum view_mark mark, put_fn put, const void *thing)
{
    struct view_item *grown = reallocarray(items->items, items->n + 1, sizeof(*grown));
    char *text = NULL;
    size_t size;
    FILE *out;

    if (grown)
        items->items = grown;
    out = grown ? open_memstream(&text, &size) : NULL;
    if (out)
        put(thing, out);
    if (text_end(out, &text) < 0) {
        marking->out_of_memory = true;
        return;
    }
    items->items[items->n++] = (struct view_item){ text, mark };
}

static const struct step *find_step(const struct marking *marking, enum step_type type, const void *thing)
{
    for (size_t i = 0; i < marking->plan->n_steps; i++)
        if (marking->plan->steps[i].type == type && marking->plan->steps[i].inner == thing)
            return &marking->plan->steps[i];
    return NULL;
}

/* What is there, and its file does not want so. */
static enum view_mark mark_other(const struct marking *marking, bool ours, bool is_deleted)
{
    if (is_deleted || (ours && marking->goes))
        return VIEW_SURPLUS;
    return ours ? VIEW_PRESENT : VIEW_FOREIGN;
}

static bool is_there(const struct marking *marking, const struct inner *wanted)
{
    for (size_t i = 0; marking->actual && i < marking->actual->n_inner; i++) {
        const struct inner *actual = &marking->actual->inner[i];

        if (inner_equal(wanted, actual) && !find_step(marking, STEP_DELETE_ADDRESS, actual))
            return true;
    }
    return false;
}

static bool is_wanted(const struct marking *marking, const struct inner *actual)
{
    for (size_t i = 0; marking->wanted && i < marking->wanted->n_inner; i++)
        if (inner_equal(&marking->wanted->inner[i], actual))
            return true;
    return false;
}

static void mark_addresses(struct marking *marking, struct view_items *items)
{
    for (size_t i = 0; marking->wanted && i < marking->wanted->n_inner; i++) {
        const struct inner *inner = &marking->wanted->inner[i];

        add(marking, items, is_there(marking, inner) ? VIEW_PRESENT : VIEW_MISSING, put_inner, inner);
    }
    for (size_t i = 0; marking->actual && i < marking->actual->n_inner; i++) {
        const struct inner *inner = &marking->actual->inner[i];
        bool deleted = find_step(marking, STEP_DELETE_ADDRESS, inner);

        if (deleted || !is_wanted(marking, inner))
            add(marking, items, mark_other(marking, inner->ours, deleted), put_inner, inner);
    }
}

static const struct neighbour *find_neighbour(const struct tunnel *tunnel, const struct address *inner)
{
    for (size_t i = 0; tunnel && i < tunnel->n_neighbours; i++)
        if (address_equal(&tunnel->neighbours[i].inner, inner))
            return &tunnel->neighbours[i];
    return NULL;
}

static void mark_neighbours(struct marking *marking, struct view_items *items)
{
    for (size_t i = 0; marking->wanted && i < marking->wanted->n_neighbours; i++) {
        const struct neighbour *wanted = &marking->wanted->neighbours[i], *actual = find_neighbour(marking->actual, &wanted->inner);
        bool same = actual && address_equal(&wanted->outer, &actual->outer) && !find_step(marking, STEP_ADD_NEIGHBOUR, wanted);

        add(marking, items, same ? VIEW_PRESENT : VIEW_MISSING, put_neighbour, wanted);
    }
    for (size_t i = 0; marking->actual && i < marking->actual->n_neighbours; i++) {
        const struct neighbour *actual = &marking->actual->neighbours[i], *wanted = find_neighbour(marking->wanted, &actual->inner);
        bool replaced = wanted && find_step(marking, STEP_ADD_NEIGHBOUR, wanted);

        if (actual->guessed && !actual->ours)
            continue; /* the kernel's own, for want of a better one */
        if (!wanted || !address_equal(&wanted->outer, &actual->outer))
            add(marking, items, mark_other(marking, actual->ours, replaced || find_step(marking, STEP_DELETE_NEIGHBOUR, actual)), put_neighbour, actual);
    }
}

static bool same_key(const struct route *a, const struct route *b)
{
    struct route_key left = route_key(a), right = route_key(b);

    return !memcmp(&left, &right, sizeof(left));
}

static bool is_in_conflict(const struct marking *marking)
{
    for (size_t i = 0; i < marking->plan->n_verdicts; i++)
        if (marking->plan->verdicts[i].wanted == marking->wanted)
            return marking->plan->verdicts[i].state == STATE_CONFLICT;
    return false;
}

/* The kernel's own route to an address's network is not looked at: it is there if the address is. */
static bool comes_with_address(const struct marking *marking, const struct route *wanted)
{
    const struct tunnel *actual = marking->actual;

    for (size_t i = 0; actual && actual->up && route_is_on(wanted, marking->name) && i < actual->n_inner; i++) {
        const struct inner *inner = &actual->inner[i];

        if (inner->local.family == wanted->family && inner->prefix == wanted->prefix && address_common_bits(inner_network(inner), &wanted->to) >= inner->prefix)
            return true;
    }
    return false;
}

static enum view_mark mark_wanted_route(const struct marking *marking, const struct route *wanted)
{
    bool another = false;

    for (size_t i = 0; i < marking->links->routes.n; i++) {
        const struct route *route = &marking->links->routes.items[i];

        if (route_equal(wanted, route) && !find_step(marking, STEP_DELETE_ROUTE, route))
            return VIEW_PRESENT;
        another = another || same_key(wanted, route);
    }
    if (another || find_step(marking, STEP_ADD_ROUTE, wanted) || is_in_conflict(marking))
        return VIEW_MISSING;
    return comes_with_address(marking, wanted) ? VIEW_PRESENT : VIEW_MISSING;
}

static bool leads_through(const struct route *route, const char *device)
{
    for (size_t i = 0; i < route->n_hops; i++)
        if (!strcmp(route->hops[i].device, device))
            return true;
    return false;
}

/* One of the kernel's that its file does not want so: on its link, or where one that it wants should be. */
static void mark_actual_route(struct marking *marking, const struct route *actual, struct view_items *items)
{
    bool here = leads_through(actual, marking->name), replaced = false, deleted = find_step(marking, STEP_DELETE_ROUTE, actual);

    for (size_t i = 0; marking->wanted && i < marking->wanted->routes.n; i++) {
        const struct route *wanted = &marking->wanted->routes.items[i];

        if (route_equal(wanted, actual) && !deleted)
            return;
        if (!same_key(wanted, actual))
            continue;
        here = true;
        replaced = replaced || (actual->ours && find_step(marking, STEP_ADD_ROUTE, wanted));
    }
    if (here)
        add(marking, items, mark_other(marking, actual->ours && leads_through(actual, marking->name), deleted || replaced), put_route, actual);
}

static void mark_routes(struct marking *marking, struct view_items *items)
{
    for (size_t i = 0; marking->wanted && i < marking->wanted->routes.n; i++) {
        const struct route *route = &marking->wanted->routes.items[i];

        add(marking, items, mark_wanted_route(marking, route), put_route, route);
    }
    for (size_t i = 0; i < marking->links->routes.n; i++)
        mark_actual_route(marking, &marking->links->routes.items[i], items);
}

static bool is_same_rule(const struct rule *wanted, const struct rule *actual)
{
    struct rule a = rule_key(wanted, false), b = rule_key(actual, false);

    return !memcmp(&a, &b, sizeof(a)) && (!wanted->has_preference || wanted->preference == actual->preference);
}

static bool has_rule(const struct marking *marking, const struct rule *wanted)
{
    for (size_t i = 0; i < marking->links->rules.n; i++)
        if (is_same_rule(wanted, &marking->links->rules.items[i]))
            return true;
    return false;
}

static bool says_rule(const struct marking *marking, const struct rule *actual)
{
    for (size_t i = 0; marking->wanted && i < marking->wanted->rules.n; i++)
        if (is_same_rule(&marking->wanted->rules.items[i], actual))
            return true;
    return false;
}

/* Rules belong to no tunnel: of those that its file does not say, those that name its link. */
static void mark_rules(struct marking *marking, struct view_items *items)
{
    for (size_t i = 0; marking->wanted && i < marking->wanted->rules.n; i++) {
        const struct rule *rule = &marking->wanted->rules.items[i];
        bool missing = find_step(marking, STEP_ADD_RULE, rule) || !has_rule(marking, rule);

        add(marking, items, missing ? VIEW_MISSING : VIEW_PRESENT, put_rule, rule);
    }
    for (size_t i = 0; i < marking->links->rules.n; i++) {
        const struct rule *rule = &marking->links->rules.items[i];
        bool named = !strcmp(rule->iif, marking->name) || !strcmp(rule->oif, marking->name);

        if (named && !says_rule(marking, rule))
            add(marking, items, mark_other(marking, rule->ours, find_step(marking, STEP_DELETE_RULE, rule)), put_rule, rule);
    }
}

static bool goes_for_good(const struct plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].type == STEP_DELETE && plan->steps[i].group_delete && !strcmp(step_name(&plan->steps[i]), name))
            return true;
    return false;
}

int view_items_fill(const struct pass *pass, const struct view_ends *ends, struct view *view)
{
    struct marking marking = {
        .plan = &pass->plan,
        .links = pass->snapshot.links,
        .name = view->name,
        .wanted = ends->wanted,
        .actual = ends->actual,
        .goes = goes_for_good(&pass->plan, view->name),
    };

    mark_addresses(&marking, &view->addresses);
    mark_neighbours(&marking, &view->neighbours);
    mark_routes(&marking, &view->routes);
    mark_rules(&marking, &view->rules);
    return marking.out_of_memory ? -ENOMEM : 0;
}

void view_items_done(struct view_items *items)
{
    for (size_t i = 0; i < items->n; i++)
        free(items->items[i].text);
    free(items->items);
    *items = (struct view_items){ 0 };
}
