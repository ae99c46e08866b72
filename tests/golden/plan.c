/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the plan that leads from the tunnels of the files in one folder to those in another: plan BEFORE AFTER
 * [FOREIGN [WAYS]]. What BEFORE says is in the kernel and ours; what FOREIGN says is there and is not. WAYS says how peers are
 * reached. Standard input has what an operator asked for. */
#include "plan/plan.h"

#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "base/shared.h"
#include "read/config.h"
#include "read/findings.h"
#include "write/ip.h"

static struct config *load(const char *folder)
{
    struct config *config = NULL;
    struct scope dirty = { 0 };

    if (config_new(folder, &config) < 0 || config_load_settings(config) < 0 || config_load(config) < 0 || config_settle(config, &dirty) < 0)
        exit(1);
    scope_done(&dirty);
    return config;
}

/* Of the only ones that there are. */
static int controller_index(const char *name)
{
    return !strcmp(name, "br0") ? 3 : !strcmp(name, "vrf1") ? 4 : 0;
}

/* As the kernel would have it. */
static struct tunnel *in_kernel(const struct tunnel *wanted, bool ours)
{
    static int ifindex = 100;
    struct tunnel *tunnel = tunnel_new(wanted->name, wanted->kind);

    *tunnel = *wanted;
    tunnel->inner = NULL;
    tunnel->n_inner = 0;
    tunnel->neighbours = NULL;
    tunnel->n_neighbours = 0;
    tunnel->routes = (struct routes){ 0 };
    tunnel->rules = (struct rules){ 0 };
    tunnel->more = NULL;
    tunnel->beside = NULL;
    tunnel->n_beside = 0;
    for (size_t i = 0; i < wanted->n_inner; i++) {
        tunnel_add_inner(tunnel, &wanted->inner[i]);
        tunnel->inner[i].ours = ours;
    }
    for (size_t i = 0; i < wanted->n_neighbours; i++) {
        tunnel_add_neighbour(tunnel, &wanted->neighbours[i]);
        tunnel->neighbours[i].ours = ours;
    }
    tunnel->source = ours ? shared_get(wanted->source) : NULL;
    tunnel->mtu = wanted->stated & FIELD_MTU ? wanted->mtu : 1500 - tunnel_overhead(wanted);
    tunnel->stated = FIELD_IPV6;
    tunnel->lower_index = *wanted->lower ? 2 : 0;
    tunnel->controller_index = *wanted->controller ? controller_index(wanted->controller) : 0;
    tunnel->actual.in_vrf = !strncmp(wanted->controller, "vrf", 3);
    tunnel->actual.in_bridge = *wanted->controller && !tunnel->actual.in_vrf;
    tunnel->actual.port = *wanted->controller;
    tunnel->actual.ifindex = ifindex++;
    tunnel->actual.ours = ours;
    return tunnel;
}

/* On the links that are there already. */
static void put_routes(struct set *actual, const struct tunnel *wanted, bool ours)
{
    for (size_t i = 0; i < wanted->routes.n; i++) {
        struct route route = wanted->routes.items[i];

        route.ours = ours;
        route.hops = NULL;
        route.n_hops = 0;
        route.more = NULL;
        for (size_t j = 0; j < wanted->routes.items[i].n_hops; j++) {
            struct hop hop = wanted->routes.items[i].hops[j];
            const struct tunnel *link = set_get(actual, hop.device);

            hop.index = link ? link->actual.ifindex : 7;
            route_add_hop(&route, &hop);
        }
        if (wanted->routes.items[i].more)
            *route_need_more(&route) = *wanted->routes.items[i].more;
        routes_add(&actual->routes, &route);
    }
    for (size_t i = 0; i < wanted->rules.n; i++) {
        struct rule rule = wanted->rules.items[i];

        rule.ours = ours;
        rule.preference = rule.has_preference ? rule.preference : 32765 - (uint32_t)i;
        rule.has_preference = true;
        rules_add(&actual->rules, &rule);
    }
}

static void put_into_kernel(struct set *actual, const struct config *config, bool ours)
{
    const struct set *wanted = config_wanted(config);

    for (size_t i = 0; i < wanted->n; i++)
        if (wanted->items[i]->presence == PRESENCE_MUST || ours)
            set_add(actual, in_kernel(wanted->items[i], ours));
    for (size_t i = 0; i < wanted->n; i++)
        put_routes(actual, wanted->items[i], ours);
}

/* What nobody speaks of any more goes. */
static void want_gone(struct set *wanted, const struct set *actual, const struct config *after)
{
    for (size_t i = 0; i < actual->n; i++) {
        const struct tunnel *link = actual->items[i];
        struct tunnel *tunnel;

        if (set_get(wanted, link->name) || !link->source || !config_released(after, link->source, link->name))
            continue;
        tunnel = tunnel_new(link->name, link->kind);
        tunnel->presence = PRESENCE_MUST_NOT;
        set_add(wanted, tunnel);
    }
}

static void print(const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++)
        ip_step(&plan->steps[i], stdout);
    for (size_t i = 0; i < plan->n_verdicts; i++)
        if (plan->verdicts[i].reason)
            printf("# %s: %s: %s\n", plan->verdicts[i].wanted->name, state_name(plan->verdicts[i].state), plan->verdicts[i].reason);
}

static void ask_for(const char *word, struct tunnel *tunnel, struct hold *hold)
{
    if (!strcmp(word, "up"))
        tunnel->asked = ASKED_UP;
    else if (!strcmp(word, "down"))
        tunnel->asked = ASKED_DOWN;
    else if (!strcmp(word, "report"))
        *hold = (struct hold){ .type = HOLD_REPORT, .by = "" };
    else if (!strcmp(word, "ignore"))
        *hold = (struct hold){ .type = HOLD_IGNORE, .by = "" };
    else
        *hold = (struct hold){ .type = HOLD_FIGHT, .by = "ip (process 7)" };
}

/* To the tunnels of the files named, in a set that has them too. */
static void name_address(const struct set *named, const struct set *set, const char *name, const char *text)
{
    struct address address = { 0 };
    const char *why;

    (void)!address_parse(text, &address, &why);
    for (size_t i = 0; i < named->n; i++) {
        struct tunnel *tunnel = set_get(set, named->items[i]->name);

        if (tunnel_more(named->items[i])->remote_name && !strcmp(tunnel_more(named->items[i])->remote_name, name)) {
            tunnel->remote = address;
            tunnel_need_more(tunnel)->remote_why = address_is_set(&address) ? NULL : "Name or service not known";
        }
        if (tunnel_more(named->items[i])->local_name && !strcmp(tunnel_more(named->items[i])->local_name, name)) {
            tunnel->local = address;
            tunnel_need_more(tunnel)->local_why = address_is_set(&address) ? NULL : "there is no such interface";
        }
    }
}

/* What an operator has asked for, and what is left when it drifts: lines of "up NAME", "down NAME", "report NAME", "ignore
 * NAME" or "fight NAME" on standard input; and "was NAME ADDRESS" and "is NAME ADDRESS" of a host or an interface. */
static struct hold *ask(const struct set *before, const struct set *actual, const struct set *wanted)
{
    struct hold *holds = calloc(wanted->n + 1, sizeof(*holds));
    char line[256], word[8], name[128], address[64];

    while (fgets(line, sizeof(line), stdin)) {
        int n = sscanf(line, "%7s %127s %63s", word, name, address);

        if (n == 3)
            name_address(!strcmp(word, "was") ? before : wanted, !strcmp(word, "was") ? actual : wanted, name, address);
        for (size_t i = 0; n == 2 && i < wanted->n; i++)
            if (!strcmp(wanted->items[i]->name, name))
                ask_for(word, wanted->items[i], &holds[i]);
    }
    return holds;
}

/* Lines of "way NAME TABLE PREFIX METRIC" (table 0: there is none), "loop" likewise where that is a route of ours over the
 * tunnel itself, "over NAME DEVICE ADDRESS/PREFIX". */
static void find_ways(const char *path, const struct set *wanted, struct facts *facts)
{
    char line[128], word[8], name[IFNAMSIZ], device[IFNAMSIZ], address[64];
    FILE *in = fopen(path, "re");

    facts->underlays = set_new(true);
    while (in && fgets(line, sizeof(line), in)) {
        unsigned table, prefix, metric;
        struct fact *fact = facts->items;

        if (sscanf(line, "%7s %15s", word, name) != 2)
            continue;
        for (size_t i = 0; i < wanted->n && strcmp(wanted->items[i]->name, name) != 0; i++)
            fact++;
        if (!strcmp(word, "over") && sscanf(line, "%*s %*s %15s %63s", device, address) == 2) {
            struct tunnel *underlay = set_get(facts->underlays, device);
            struct inner inner = { .ours = false };
            const char *why;

            if (!underlay) {
                underlay = tunnel_new(device, KIND_NONE);
                set_add(facts->underlays, underlay);
            }
            address_parse_prefix(address, &inner.local, &inner.prefix, &why);
            tunnel_add_inner(underlay, &inner);
            fact->underlay = underlay;
        } else if (sscanf(line, "%*s %*s %u %u %u", &table, &prefix, &metric) == 3) {
            bool loop = !strcmp(word, "loop");

            fact->way = (struct way){ .asked = true, .table = table, .prefix = (uint8_t)prefix, .metric = metric };
            fact->way.into_itself = fact->way.with_it = loop;
            fact->way.behind_main = table == RT_TABLE_DEFAULT;
        }
    }
    if (in)
        fclose(in);
}

int main(int argc, char **argv)
{
    struct set *wanted = set_new(false), *actual = set_new(true);
    struct config *before, *after, *foreign = NULL;
    enum adoption adoption;
    struct plan_input input;
    struct facts facts;
    struct hold *holds;
    struct plan plan;

    if (argc < 3)
        return 2;
    before = load(argv[1]);
    after = load(argv[2]);
    put_into_kernel(actual, before, true);
    if (argc > 3) {
        foreign = load(argv[3]);
        put_into_kernel(actual, foreign, false);
    }
    for (size_t i = 0; i < config_wanted(after)->n; i++)
        set_add(wanted, config_wanted(after)->items[i]);
    want_gone(wanted, actual, after);
    holds = ask(config_wanted(before), actual, wanted);
    facts = (struct facts){ .items = calloc(wanted->n + 1, sizeof(struct fact)), .n = wanted->n };
    for (size_t i = 0; i < wanted->n; i++) {
        facts.items[i].lower_index = !strcmp(wanted->items[i]->lower, "eth0") ? 2 : 0;
        facts.items[i].controller_index = controller_index(wanted->items[i]->controller);
        facts.items[i].vrf_table = facts.items[i].controller_index == 4 ? 100 : 0;
    }
    if (argc > 4)
        find_ways(argv[4], wanted, &facts);
    adoption = config_settings(after)->adopt == ADOPT_NO ? ADOPTION_NO : config_settings(after)->adopt == ADOPT_SAME ? ADOPTION_SAME : ADOPTION_SAME_KIND;
    input = (struct plan_input){
        .wanted = wanted,
        .actual = actual,
        .facts = &facts,
        .holds = holds,
        .everyone = config_wanted(after),
        .adoption = adoption,
        .whole = true,
        .outside = true,
        .doubtful = findings_are_doubtful(after),
    };
    if (plan_make(&input, &plan) < 0)
        return 1;
    print(&plan);
    plan_done(&plan);
    free(facts.items);
    free(holds);
    set_free(facts.underlays);
    for (size_t i = 0; i < wanted->n; i++)
        if (wanted->items[i]->presence == PRESENCE_MUST_NOT)
            tunnel_free(wanted->items[i]);
    set_free(wanted);
    set_free(actual);
    config_free(before);
    config_free(after);
    config_free(foreign);
    return 0;
}
