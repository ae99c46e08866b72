/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the words. Never reads them: that is read/route-words and read/rule-words. */
#include "model/route-text.h"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "base/macro.h"
#include "base/text.h"

static const char *const types[] = {
    [RTN_LOCAL] = "local",         [RTN_BROADCAST] = "broadcast",     [RTN_ANYCAST] = "anycast",   [RTN_MULTICAST] = "multicast",
    [RTN_BLACKHOLE] = "blackhole", [RTN_UNREACHABLE] = "unreachable", [RTN_PROHIBIT] = "prohibit", [RTN_THROW] = "throw",
};

/* RTAX_*: what ip(8) calls it. */
static const char *const metrics[METRIC_MAX] = {
    [RTAX_MTU] = "mtu",           [RTAX_WINDOW] = "window",     [RTAX_RTT] = "rtt",           [RTAX_RTTVAR] = "rttvar",
    [RTAX_SSTHRESH] = "ssthresh", [RTAX_CWND] = "cwnd",         [RTAX_ADVMSS] = "advmss",     [RTAX_REORDERING] = "reordering",
    [RTAX_HOPLIMIT] = "hoplimit", [RTAX_INITCWND] = "initcwnd", [RTAX_FEATURES] = "features", [RTAX_RTO_MIN] = "rto_min",
    [RTAX_INITRWND] = "initrwnd", [RTAX_QUICKACK] = "quickack", [RTAX_CC_ALGO] = "congctl",   [RTAX_FASTOPEN_NO_COOKIE] = "fastopen_no_cookie",
};

static void put_prefix(FILE *out, uint8_t family, const struct address *address, uint8_t prefix)
{
    char text[ADDRESS_TEXT_MAX];

    if (address_is_set(address))
        fprintf(out, "%s/%u", address_format(address, text), prefix);
    else
        fprintf(out, "%s/%u", family == AF_INET ? "0.0.0.0" : "::", prefix);
}

static void put_hop(FILE *out, uint8_t family, const struct hop *hop)
{
    char text[ADDRESS_TEXT_MAX];

    if (address_is_set(&hop->via))
        fprintf(out, " via %s%s", hop->via.family == family ? "" : hop->via.family == AF_INET6 ? "inet6 " : "inet ", address_format(&hop->via, text));
    if (*hop->device) {
        fputs(" dev ", out);
        text_put_quoted(hop->device, out);
    }
}

static void put_realms(FILE *out, uint32_t realms)
{
    if (realms >> 16)
        fprintf(out, " realms %u/%u", realms >> 16, realms & 0xffff);
    else if (realms)
        fprintf(out, " realms %u", realms);
}

static void put_metrics(FILE *out, const struct route_more *said)
{
    for (unsigned i = 1; said && i < METRIC_MAX; i++) {
        if (!(said->mask & (1u << i)))
            continue;
        fprintf(out, " %s%s", metrics[i], said->lock & (1u << i) ? " lock" : "");
        if (i == RTAX_CC_ALGO) {
            fputc(' ', out);
            text_put_quoted(said->congestion, out);
        } else if (i == RTAX_FEATURES)
            fputs(" ecn", out);
        else
            fprintf(out, i == RTAX_RTO_MIN ? " %ums" : " %u", said->values[i]);
    }
}

static void put_to(FILE *out, const struct route *route)
{
    if (route->type < ARRAY_SIZE(types) && types[route->type])
        fprintf(out, "%s ", types[route->type]);
    put_prefix(out, route->family, &route->to, route->prefix);
}

static void put_from(FILE *out, const struct route *route)
{
    if (route->from_prefix) {
        fputs(" from ", out);
        put_prefix(out, route->family, &route_more(route)->from, route->from_prefix);
    }
}

static void put_way(FILE *out, const struct route *route, bool plainly)
{
    char text[ADDRESS_TEXT_MAX];

    if (route->n_hops == 1)
        put_hop(out, route->family, &route->hops[0]);
    if (address_is_set(&route_more(route)->source))
        fprintf(out, " src %s", address_format(&route_more(route)->source, text));
    if (route->metric || plainly)
        fprintf(out, " metric %u", route->metric);
    if (route->says_table
        || route->table != (route->type == RTN_LOCAL || route->type == RTN_BROADCAST || route->type == RTN_ANYCAST ? RT_TABLE_LOCAL : RT_TABLE_MAIN))
        fprintf(out, " table %u", route->table);
}

void route_put(const struct route *route, FILE *out)
{
    static const char *const preferences[] = { "medium", "high", "medium", "low" };

    put_to(out, route);
    put_from(out, route);
    put_way(out, route, false);
    if (route->tos)
        fprintf(out, " tos 0x%02x", route->tos);
    if (route->scope != route_usual_scope(route))
        fprintf(out, " scope %u", route->scope);
    if (route->n_hops == 1 && route->hops[0].onlink)
        fputs(" onlink", out);
    put_realms(out, route_more(route)->realms);
    put_metrics(out, route->more);
    if (route->preference)
        fprintf(out, " pref %s", preferences[route->preference & 3]);
    for (size_t i = 0; route->n_hops > 1 && i < route->n_hops; i++) {
        fputs(" nexthop", out);
        put_hop(out, route->family, &route->hops[i]);
        fprintf(out, " weight %u%s", route->hops[i].weight, route->hops[i].onlink ? " onlink" : "");
    }
}

static void put_metric(FILE *out, const struct route *route, unsigned number)
{
    if (route->more && route->more->mask & (1u << number))
        fprintf(out, " %s%s %u", metrics[number], route->more->lock & (1u << number) ? " lock" : "", route->more->values[number]);
}

/* Those that keyfiles have; of other files no route is put like this. */
void route_put_plainly(const struct route *route, FILE *out)
{
    put_to(out, route);
    put_way(out, route, true);
    put_metric(out, route, RTAX_ADVMSS);
    put_metric(out, route, RTAX_CWND);
    put_from(out, route);
    put_metric(out, route, RTAX_INITCWND);
    put_metric(out, route, RTAX_INITRWND);
    put_metric(out, route, RTAX_MTU);
    if (route->n_hops == 1 && route->hops[0].onlink)
        fputs(" onlink", out);
    put_metric(out, route, RTAX_QUICKACK);
    put_metric(out, route, RTAX_RTO_MIN);
    if (route->says_scope || route->scope != route_usual_scope(route))
        fprintf(out, " scope %u", route->scope);
    if (route->tos)
        fprintf(out, " tos %u", route->tos);
    put_metric(out, route, RTAX_WINDOW);
}

static void put_range(FILE *out, const char *word, const struct range *range)
{
    fprintf(out, " %s %u", word, range->first);
    if (range->last != range->first)
        fprintf(out, "-%u", range->last);
}

static void put_device(FILE *out, const char *word, const char *device)
{
    if (*device) {
        fprintf(out, " %s ", word);
        text_put_quoted(device, out);
    }
}

static void put_tos(const struct rule *rule, FILE *out)
{
    if (rule->tos)
        fprintf(out, " tos 0x%02x", rule->tos);
}

static void put_selector(const struct rule *rule, FILE *out, bool plainly)
{
    if (rule->from_prefix) {
        fputs(" from ", out);
        put_prefix(out, rule->family, &rule->from, rule->from_prefix);
    }
    if (rule->to_prefix) {
        fputs(" to ", out);
        put_prefix(out, rule->family, &rule->to, rule->to_prefix);
    }
    if (plainly)
        put_tos(rule, out);
    if (rule->mask == UINT32_MAX)
        fprintf(out, " fwmark 0x%x", rule->mark);
    else if (rule->mask)
        fprintf(out, " fwmark 0x%x/0x%x", rule->mark, rule->mask);
    put_device(out, "iif", rule->iif);
    put_device(out, "oif", rule->oif);
    if (!plainly)
        put_tos(rule, out);
    if (rule->protocol)
        fprintf(out, " ipproto %u", rule->protocol);
    if (rule->sports.last)
        put_range(out, "sport", &rule->sports);
    if (rule->dports.last)
        put_range(out, "dport", &rule->dports);
    if (rule->has_uids)
        fprintf(out, " uidrange %u-%u", rule->uids.first, rule->uids.last);
}

static void put_action(const struct rule *rule, FILE *out)
{
    static const char *const actions[] = {
        [FR_ACT_NOP] = "nop", [FR_ACT_BLACKHOLE] = "blackhole", [FR_ACT_UNREACHABLE] = "unreachable", [FR_ACT_PROHIBIT] = "prohibit"
    };

    if (rule->l3mdev)
        fputs(" l3mdev", out);
    if (rule->action == FR_ACT_TO_TBL && !rule->l3mdev)
        fprintf(out, " table %u", rule->table);
    else if (rule->action == FR_ACT_GOTO)
        fprintf(out, " goto %u", rule->target);
    else if (rule->action < ARRAY_SIZE(actions) && actions[rule->action])
        fprintf(out, " %s", actions[rule->action]);
}

static void put_suppress(const struct rule *rule, FILE *out)
{
    if (rule->suppress_prefixlength >= 0)
        fprintf(out, " suppress_prefixlength %d", rule->suppress_prefixlength);
    if (rule->suppress_ifgroup >= 0)
        fprintf(out, " suppress_ifgroup %d", rule->suppress_ifgroup);
}

static void put_all(const struct rule *rule, FILE *out, bool plainly)
{
    fputs(rule->invert ? " not" : "", out);
    put_selector(rule, out, plainly);
    if (plainly)
        put_suppress(rule, out);
    put_action(rule, out);
    if (rule->has_preference)
        fprintf(out, " pref %u", rule->preference);
    put_realms(out, rule->realms);
    if (!plainly)
        put_suppress(rule, out);
}

static void put_rule(const struct rule *rule, FILE *out, bool plainly)
{
    _cleanup_free_ char *text = NULL;
    size_t size;
    FILE *words = open_memstream(&text, &size);

    if (words)
        put_all(rule, words, plainly);
    if (text_end(words, &text) >= 0)
        fputs(text + 1, out); /* each word has a blank before it */
}

void rule_put(const struct rule *rule, FILE *out)
{
    put_rule(rule, out, false);
}

void rule_put_plainly(const struct rule *rule, FILE *out)
{
    put_rule(rule, out, true);
}
