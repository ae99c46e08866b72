/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares routes by their key, and rules by all that they say. What is not ours is never replaced: where it stands
 * in the way, that is said. */
#include "plan/routes.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/route-text.h"
#include "plan/loops.h"

static size_t count_wanted(const struct planner *planner)
{
    size_t n = 0;

    for (size_t i = 0; i < planner->n; i++)
        n += planner->items[i].wanted->routes.n;
    return n;
}

int routes_index(struct planner *planner)
{
    const struct routes *routes = &planner->actual->routes;
    int r = 0;

    planner->route_keys = calloc(routes->n + count_wanted(planner) + 1, sizeof(*planner->route_keys));
    planner->route_matched = calloc(routes->n + 1, sizeof(*planner->route_matched));
    if (!planner->route_keys || !planner->route_matched)
        return -ENOMEM;
    for (size_t i = 0; r >= 0 && i < routes->n; i++) {
        struct route_key *key = &planner->route_keys[i];
        const struct route *other;

        *key = route_key(&routes->items[i]);
        other = table_get(&planner->routes, key, sizeof(*key));
        if (!other || (routes->items[i].ours && !other->ours))
            r = table_put(&planner->routes, key, sizeof(*key), &routes->items[i]);
    }
    return r;
}

void routes_forget(struct planner *planner)
{
    free(planner->route_keys);
    free(planner->route_matched);
    table_done(&planner->routes);
    table_done(&planner->claims);
}

static char *describe(struct planner *planner, const struct route *route, const struct rule *rule, const char *what)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (out) {
        fputs(route ? "route " : "rule ", out);
        if (route)
            route_put(route, out);
        else
            rule_put(rule, out);
        fprintf(out, " %s", what);
    }
    if (text_end(out, &text) < 0) {
        planner->out_of_memory = true;
        return NULL;
    }
    return text;
}

/* The kernel makes the route to the network of an IPv4 address by itself (net/ipv4/fib_frontend.c fib_add_ifaddr):
 * a file that says it too asks for nothing more. */
static bool comes_with_address(const struct item *item, const struct route *route)
{
    const struct tunnel *tunnel = item->wanted;
    uint32_t table = item->fact->vrf_table ? item->fact->vrf_table : RT_TABLE_MAIN;

    if (route->family != AF_INET || route->type != RTN_UNICAST || route->table != table || route->metric || route->tos || route_more(route)->mask
        || !route_is_on(route, tunnel->name) || address_is_set(&route->hops[0].via))
        return false;
    for (size_t i = 0; i < tunnel->n_inner; i++) {
        const struct inner *inner = &tunnel->inner[i];
        const struct address *network = inner_network(inner);

        if (network->family == AF_INET && inner->prefix == route->prefix && (inner->prefix < 32 || address_is_set(&inner->peer))
            && address_common_bits(network, &route->to) >= inner->prefix)
            return true;
    }
    return false;
}

/* Two files may not want different routes with one key. NULL: nobody else does. */
static const struct route *claim(struct planner *planner, const struct route *route)
{
    struct route_key *key = &planner->route_keys[planner->actual->routes.n + planner->n_claims++];
    const struct route *first;

    *key = route_key(route);
    first = table_get(&planner->claims, key, sizeof(*key));
    if (!first && table_put(&planner->claims, key, sizeof(*key), (void *)route) < 0)
        planner->out_of_memory = true;
    return first;
}

static bool says(const struct tunnel *tunnel, const struct route *actual)
{
    for (size_t i = 0; tunnel->asked != ASKED_DOWN && i < tunnel->routes.n; i++)
        if (route_equal(&tunnel->routes.items[i], actual))
            return true;
    return false;
}

/* A tunnel that is not in the scope, but whose files say what is there. */
static const struct tunnel *other_sayer(const struct planner *planner, const struct route *actual)
{
    const struct set *everyone = planner->input->everyone;
    const struct tunnel *on = actual->n_hops == 1 ? set_get(everyone, actual->hops[0].device) : NULL;

    if (planner->input->whole)
        return NULL;
    if (on && !set_get(planner->input->wanted, on->name) && says(on, actual))
        return on;
    for (size_t i = 0; i < everyone->n; i++)
        if (everyone->items[i] != on && !set_get(planner->input->wanted, everyone->items[i]->name) && says(everyone->items[i], actual))
            return everyone->items[i];
    return NULL;
}

static bool comes_before(const struct set *everyone, const struct tunnel *a, const struct tunnel *b)
{
    for (size_t i = 0; i < everyone->n; i++)
        if (everyone->items[i] == a || everyone->items[i] == b)
            return everyone->items[i] == a;
    return false;
}

/* Does a tunnel's file lead there, if perhaps otherwise than now? */
static bool leads_there(const struct tunnel *tunnel, const struct route *actual)
{
    for (size_t i = 0; i < tunnel->routes.n; i++)
        if (route_is_on(&tunnel->routes.items[i], actual->hops[0].device))
            return true;
    return false;
}

/* While some file cannot be used, a route of ours on a device that no file wants may be that file's. */
static bool may_be_refused_ones(const struct planner *planner, const struct item *item, const struct route *actual)
{
    return planner->input->doubtful && actual->n_hops == 1 && strcmp(actual->hops[0].device, item->wanted->name) != 0
           && !set_get(planner->input->everyone, actual->hops[0].device) && !leads_there(item->wanted, actual);
}

/* Why the one that is there must stay as it is; NULL: it may be replaced. */
static char *why_it_stays(struct planner *planner, const struct item *item, const struct route *actual)
{
    const struct tunnel *other = actual->ours ? other_sayer(planner, actual) : NULL;

    if (!actual->ours) {
        _cleanup_free_ char *text = describe(planner, actual, NULL, "");

        return planner_reason(planner, "there is a %sin the way, which tunneld did not make", text ? text : "?");
    }
    if (other && comes_before(planner->input->everyone, other, item->wanted))
        return planner_reason(planner, "%s has another route to the same destination", other->name);
    if (may_be_refused_ones(planner, item, actual))
        return planner_reason(planner, "there is another route to the same destination, which may belong to a file that cannot be used now");
    return NULL;
}

static void blame_first_sayer(struct planner *planner, struct item *item, const struct route *wanted, const struct route *first)
{
    _cleanup_free_ char *text = describe(planner, wanted, NULL, "");

    planner_blame(planner, item, REASON_ROUTE,
                  planner_reason(planner, "%sis in %s line %u, and another to the same destination in %s line %u", text ? text : "?", wanted->file,
                                 wanted->line, first->file, first->line));
}

/* The actual one with its key. gone: what is on its own link goes with it, since that is made anew. */
static const struct route *find_actual(const struct planner *planner, const struct item *item, const struct route *wanted, bool gone)
{
    struct route_key key = route_key(wanted);
    const struct route *actual = table_get(&planner->routes, &key, sizeof(key));

    return gone && actual && route_is_on(actual, item->wanted->name) ? NULL : actual;
}

static void add_route(struct planner *planner, const struct item *item, const struct route *wanted, bool replace, char *why)
{
    struct step *step = planner_step(planner, item, STEP_ADD_ROUTE, why);

    step->route = wanted;
    step->replace = replace;
}

static void plan_route(struct planner *planner, struct item *item, const struct route *wanted, bool gone)
{
    const struct route *first = claim(planner, wanted), *actual;
    char *why;

    if (first) {
        if (!route_equal(wanted, first))
            blame_first_sayer(planner, item, wanted, first);
        return;
    }
    actual = find_actual(planner, item, wanted, gone);
    if (actual && actual->ours)
        planner->route_matched[actual - planner->actual->routes.items] = true;
    if (actual && route_equal(wanted, actual)) {
        if (actual->ours && item->flushed && actual->family == AF_INET && route_is_on(wanted, item->wanted->name))
            add_route(planner, item, wanted, true, NULL);
        return;
    }
    why = actual ? why_it_stays(planner, item, actual) : NULL;
    if (why)
        planner_blame(planner, item, REASON_ROUTE, why);
    else if (actual || !comes_with_address(item, wanted))
        add_route(planner, item, wanted, actual, gone ? NULL : describe(planner, wanted, NULL, actual ? "instead" : "added"));
}

void routes_plan_own(struct planner *planner, struct item *item)
{
    const struct tunnel *wanted = item->wanted;

    for (size_t i = 0; wanted->up && i < wanted->routes.n; i++)
        if (route_is_on(&wanted->routes.items[i], wanted->name) && !loops_hold_route(planner, item, &wanted->routes.items[i]))
            plan_route(planner, item, &wanted->routes.items[i], item->action != ACTION_CHANGE || item->cycled);
}

/* Do its rules, and its routes elsewhere, count now? */
static bool speaks(const struct item *item)
{
    enum presence presence = tunnel_presence(item->wanted);

    if (presence == PRESENCE_MAY)
        return item->actual && item->actual->actual.ours;
    return presence == PRESENCE_MUST;
}

static void plan_routes_elsewhere(struct planner *planner, struct item *item)
{
    for (size_t i = 0; i < item->wanted->routes.n; i++)
        if (!route_is_on(&item->wanted->routes.items[i], item->wanted->name))
            plan_route(planner, item, &item->wanted->routes.items[i], false);
}

static const struct item *item_on(const struct planner *planner, const struct route *route)
{
    return route->n_hops == 1 ? table_get(&planner->by_actual, &route->hops[0].index, sizeof(route->hops[0].index)) : NULL;
}

/* May one of ours that nobody in the scope wants go? */
static bool may_go(const struct planner *planner, const struct route *route)
{
    const struct item *item = item_on(planner, route);

    if (item && (item->action != ACTION_CHANGE || item->cycled || !item->wanted->up || item->wanted->doubts & DOUBT_ROUTES))
        return false; /* the link's own fate is its own */
    if (!item && (!planner->input->outside || planner->input->doubtful))
        return false;
    return !other_sayer(planner, route);
}

static void drop_routes(struct planner *planner)
{
    const struct routes *routes = &planner->actual->routes;

    for (size_t i = 0; i < routes->n; i++) {
        const struct route *route = &routes->items[i];

        if (!route->ours || planner->route_matched[i] || !may_go(planner, route))
            continue;
        planner_step(planner, item_on(planner, route), STEP_DELETE_ROUTE, describe(planner, route, NULL, "removed"))->route = route;
    }
}

/* The actual rules by what they say, and what becomes of them. */
struct matching {
    struct rule *keys;  /* of the actual rules, without preferences */
    size_t *next;       /* 1 + the next of the same key; 0: none */
    bool *taken;        /* a wanted one has it */
    struct table first; /* key -> in keys */
    struct rule *said;  /* of the wanted rules, with preferences */
    size_t n_said;
    struct table before; /* those in said */
    struct rule *fixed;  /* of the wanted rules that say a preference: their keys with it */
    struct table by_preference;
};

static void matching_done(struct matching *matching)
{
    free(matching->keys);
    free(matching->next);
    free(matching->taken);
    free(matching->said);
    free(matching->fixed);
    table_done(&matching->by_preference);
    table_done(&matching->first);
    table_done(&matching->before);
}

static int matching_init(struct matching *matching, const struct rules *actual, size_t n_wanted)
{
    int r = 0;

    *matching = (struct matching){
        .keys = calloc(actual->n + 1, sizeof(*matching->keys)),
        .next = calloc(actual->n + 1, sizeof(*matching->next)),
        .taken = calloc(actual->n + 1, sizeof(*matching->taken)),
        .said = calloc(n_wanted + 1, sizeof(*matching->said)),
        .fixed = calloc(n_wanted + 1, sizeof(*matching->fixed)),
    };
    if (!matching->fixed || !matching->keys || !matching->next || !matching->taken || !matching->said)
        return -ENOMEM;
    for (size_t i = actual->n; r >= 0 && i-- > 0;) {
        struct rule *key = &matching->keys[i], *other;

        *key = rule_key(&actual->items[i], false);
        other = table_get(&matching->first, key, sizeof(*key));
        matching->next[i] = other ? (size_t)(other - matching->keys) + 1 : 0;
        r = table_put(&matching->first, key, sizeof(*key), key);
    }
    return r;
}

static bool is_fixed(const struct matching *matching, const struct rule *actual)
{
    struct rule key = rule_key(actual, true);

    return table_get(&matching->by_preference, &key, sizeof(key));
}

/* One that says the same, and that no other wanted one has taken: ours before somebody else's. */
static bool match_rule(const struct matching *matching, const struct rules *actual, const struct rule *wanted)
{
    struct rule key = rule_key(wanted, false), *first = table_get(&matching->first, &key, sizeof(key));
    size_t found = 0;

    for (size_t i = first ? (size_t)(first - matching->keys) + 1 : 0; i; i = matching->next[i - 1]) {
        const struct rule *rule = &actual->items[i - 1];

        if (matching->taken[i - 1] || (wanted->has_preference && wanted->preference != rule->preference))
            continue;
        if (!wanted->has_preference && is_fixed(matching, rule))
            continue; /* another one must have just this */
        if (!found || (rule->ours && !actual->items[found - 1].ours))
            found = i;
    }
    if (found)
        matching->taken[found - 1] = true;
    return found;
}

/* The same rule in two files is one. */
static bool is_said_before(struct planner *planner, struct matching *matching, const struct rule *rule)
{
    struct rule *key = &matching->said[matching->n_said++];

    *key = rule_key(rule, true);
    if (table_get(&matching->before, key, sizeof(*key)))
        return true;
    if (table_put(&matching->before, key, sizeof(*key), key) < 0)
        planner->out_of_memory = true;
    return false;
}

static size_t count_rules(const struct planner *planner)
{
    size_t n = 0;

    for (size_t i = 0; i < planner->n; i++)
        n += planner->items[i].wanted->rules.n;
    return n;
}

static void index_preferences(struct planner *planner, struct matching *matching)
{
    size_t n = 0;

    for (size_t i = 0; i < planner->n; i++)
        for (size_t j = 0; speaks(&planner->items[i]) && j < planner->items[i].wanted->rules.n; j++) {
            const struct rule *rule = &planner->items[i].wanted->rules.items[j];

            if (!rule->has_preference)
                continue;
            matching->fixed[n] = rule_key(rule, true);
            if (table_put(&matching->by_preference, &matching->fixed[n], sizeof(*matching->fixed), &matching->fixed[n]) < 0)
                planner->out_of_memory = true;
            n++;
        }
}

static void plan_rules(struct planner *planner)
{
    const struct rules *actual = &planner->actual->rules;
    struct matching matching;

    if (matching_init(&matching, actual, count_rules(planner)) < 0)
        planner->out_of_memory = true;
    else
        index_preferences(planner, &matching);
    for (size_t i = 0; !planner->out_of_memory && i < planner->n; i++)
        for (size_t j = 0; speaks(&planner->items[i]) && j < planner->items[i].wanted->rules.n; j++) {
            const struct rule *rule = &planner->items[i].wanted->rules.items[j];

            if (!is_said_before(planner, &matching, rule) && !match_rule(&matching, actual, rule))
                planner_step(planner, &planner->items[i], STEP_ADD_RULE, describe(planner, NULL, rule, "added"))->rule = rule;
        }
    for (size_t i = 0; !planner->out_of_memory && i < actual->n; i++)
        if (actual->items[i].ours && !matching.taken[i] && !planner->input->doubtful)
            planner_step(planner, NULL, STEP_DELETE_RULE, describe(planner, NULL, &actual->items[i], "removed"))->rule = &actual->items[i];
    matching_done(&matching);
}

void routes_plan_outside(struct planner *planner)
{
    for (size_t i = 0; planner->input->outside && i < planner->n; i++)
        if (speaks(&planner->items[i]))
            plan_routes_elsewhere(planner, &planner->items[i]);
    drop_routes(planner);
    if (planner->input->outside)
        plan_rules(planner);
}
