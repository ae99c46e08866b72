/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The language of `ip route add` (man ip-route(8)): a table of keywords. Never knows a file. */
#include "read/route-words.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "model/marks.h"

/* A line being read. */
struct parsing {
    struct words *words;
    struct route *route;
    struct hop hop; /* the one that is not behind "nexthop" */
    bool has_to, has_hop, has_table, has_scope, has_protocol;
};

struct keyword {
    const char *word;
    size_t least; /* letters that ip(8) makes do with */
    int (*parse)(struct parsing *parsing, const struct keyword *keyword);
    unsigned number; /* RTAX_* */
};

static const struct {
    const char *word;
    uint8_t type;
} types[] = {
    { "unicast", RTN_UNICAST },   { "local", RTN_LOCAL },         { "broadcast", RTN_BROADCAST },
    { "anycast", RTN_ANYCAST },   { "multicast", RTN_MULTICAST }, { "blackhole", RTN_BLACKHOLE },
    { "prohibit", RTN_PROHIBIT }, { "throw", RTN_THROW },         { "unreachable", RTN_UNREACHABLE },
};

static int parse_gateway(struct parsing *parsing, struct hop *hop)
{
    const struct word *word = words_peek(parsing->words);
    uint8_t family = parsing->route->family;
    int r;

    if (word && (!strcmp(word->text, "inet") || !strcmp(word->text, "inet6"))) {
        if (family == AF_INET6 && !strcmp(word->text, "inet"))
            return words_fail(parsing->words, word, "an IPv6 route has no IPv4 gateway");
        family = !strcmp(word->text, "inet") ? AF_INET : AF_INET6;
        words_take(parsing->words);
        word = words_peek(parsing->words);
    }
    r = words_address(parsing->words, family, &hop->via);
    if (r < 0)
        return r;
    hop->via = address_from_bytes(hop->via.family, hop->via.bytes);
    return address_is_set(&hop->via) ? 0 : words_fail(parsing->words, word, "no address that a router can have");
}

static int parse_via(struct parsing *parsing, const struct keyword *keyword)
{
    (void)keyword;
    parsing->has_hop = true;
    return parse_gateway(parsing, &parsing->hop);
}

static int parse_dev(struct parsing *parsing, const struct keyword *keyword)
{
    (void)keyword;
    parsing->has_hop = true;
    return words_device(parsing->words, parsing->hop.device);
}

static int parse_onlink(struct parsing *parsing, const struct keyword *keyword)
{
    (void)keyword;
    parsing->hop.onlink = true;
    return 0;
}

static int parse_source(struct parsing *parsing, const struct keyword *keyword)
{
    struct route_more *more = route_need_more(parsing->route);
    struct address source;
    int r = more ? words_address(parsing->words, parsing->route->family, &source) : -ENOMEM;

    (void)keyword;
    if (r >= 0)
        more->source = address_from_bytes(source.family, source.bytes); /* 0.0.0.0: none, as to the kernel */
    return r;
}

static int parse_from(struct parsing *parsing, const struct keyword *keyword)
{
    const struct word *word = words_peek(parsing->words);
    struct route_more *more = route_need_more(parsing->route);

    (void)keyword;
    if (parsing->route->family != AF_INET6)
        return words_fail(parsing->words, word, "only an IPv6 route can depend on the source");
    return more ? words_prefix(parsing->words, AF_INET6, &more->from, &parsing->route->from_prefix) : -ENOMEM;
}

static int parse_metric(struct parsing *parsing, const struct keyword *keyword)
{
    (void)keyword;
    return words_u32(parsing->words, 0, UINT32_MAX, &parsing->route->metric);
}

static int parse_table(struct parsing *parsing, const struct keyword *keyword)
{
    const struct word *word = words_peek(parsing->words);
    int r = words_named(parsing->words, NAMES_TABLE, "table", &parsing->route->table);

    (void)keyword;
    parsing->has_table = true;
    if (r >= 0 && !parsing->route->table)
        return words_fail(parsing->words, word, "no table that a route can be in");
    return r;
}

static int parse_protocol(struct parsing *parsing, const struct keyword *keyword)
{
    uint32_t protocol = PROTOCOL_OURS;
    int r = words_named(parsing->words, NAMES_PROTOCOL, "protocol", &protocol);

    (void)keyword;
    parsing->has_protocol = parsing->has_protocol || protocol != PROTOCOL_OURS;
    return r;
}

static int parse_scope(struct parsing *parsing, const struct keyword *keyword)
{
    uint32_t scope = 0;
    int r = words_named(parsing->words, NAMES_SCOPE, "scope", &scope);

    (void)keyword;
    parsing->has_scope = true;
    parsing->route->scope = (uint8_t)scope;
    return r;
}

static int parse_tos(struct parsing *parsing, const struct keyword *keyword)
{
    (void)keyword;
    if (parsing->route->family != AF_INET)
        return words_fail(parsing->words, words_peek(parsing->words), "only an IPv4 route can depend on the TOS");
    return words_tos(parsing->words, &parsing->route->tos);
}

static int parse_realms(struct parsing *parsing, const struct keyword *keyword)
{
    struct route_more *more = route_need_more(parsing->route);

    (void)keyword;
    if (parsing->route->family != AF_INET)
        return words_fail(parsing->words, words_peek(parsing->words), "only an IPv4 route has realms");
    return more ? words_realms(parsing->words, &more->realms) : -ENOMEM;
}

static int parse_preference(struct parsing *parsing, const struct keyword *keyword)
{
    static const char *const names[] = { "medium", "high", "", "low" };
    const struct word *word;
    int r = words_text(parsing->words, &word);

    (void)keyword;
    if (r < 0)
        return r;
    if (parsing->route->family != AF_INET6)
        return words_fail(parsing->words, word, "only an IPv6 route has a preference; the metric orders others");
    for (uint8_t i = 0; i < ARRAY_SIZE(names); i++)
        if (*names[i] && !strcmp(word->text, names[i])) {
            parsing->route->preference = i;
            return 0;
        }
    return words_fail(parsing->words, word, "not one of low, medium, high");
}

/* "mtu [lock] N": not to be changed by path MTU discovery. */
static int take_lock(struct parsing *parsing, unsigned number)
{
    const struct word *word = words_peek(parsing->words);
    struct route_more *metrics;

    if (!word || strcmp(word->text, "lock") != 0)
        return 0;
    words_take(parsing->words);
    metrics = route_need_more(parsing->route);
    if (!metrics)
        return -ENOMEM;
    metrics->lock |= 1u << number;
    return 0;
}

static int parse_number(struct parsing *parsing, const struct keyword *keyword)
{
    uint32_t value = 0, most = keyword->number == RTAX_HOPLIMIT                                                 ? 255
                               : keyword->number == RTAX_QUICKACK || keyword->number == RTAX_FASTOPEN_NO_COOKIE ? 1
                                                                                                                : UINT32_MAX;
    int r = take_lock(parsing, keyword->number);

    if (r >= 0)
        r = words_u32(parsing->words, 0, most, &value);
    return r < 0 ? r : route_set_metric(parsing->route, keyword->number, value);
}

/* "20ms", "1.5s", or a number in the kernel's own unit: 1/8 ms for rtt, 1/4 ms for rttvar, 1 ms for rto_min. */
static int parse_time(struct parsing *parsing, const struct keyword *keyword)
{
    unsigned per_ms = keyword->number == RTAX_RTT ? 8 : keyword->number == RTAX_RTTVAR ? 4 : 1;
    const struct word *word;
    double value;
    char *end;
    int r = take_lock(parsing, keyword->number);

    if (r >= 0)
        r = words_text(parsing->words, &word);
    if (r < 0)
        return r;
    value = strtod(word->text, &end);
    if (end == word->text || *word->text == '-' || !(value >= 0))
        return words_fail(parsing->words, word, "not a time (20ms, 0.5s)");
    if (!strcmp(end, "s") || !strcmp(end, "sec") || !strcmp(end, "secs"))
        value *= 1000.0 * per_ms;
    else if (!strcmp(end, "ms") || !strcmp(end, "msec") || !strcmp(end, "msecs"))
        value *= per_ms;
    else if (*end)
        return words_fail(parsing->words, word, "not a time (20ms, 0.5s)");
    if (value > UINT32_MAX)
        return words_fail(parsing->words, word, "too long a time");
    r = route_set_metric(parsing->route, keyword->number, (uint32_t)value);
    if (r >= 0 && keyword->number == RTAX_RTO_MIN) /* of effect only if locked (net/ipv4/tcp_output.c, tcp_rto_min); ip(8) does it too */
        parsing->route->more->lock |= 1u << RTAX_RTO_MIN;
    return r;
}

static int parse_features(struct parsing *parsing, const struct keyword *keyword)
{
    const struct word *word;
    int r = words_text(parsing->words, &word);

    if (r < 0)
        return r;
    return strcmp(word->text, "ecn") ? words_fail(parsing->words, word, "no feature that is known (ecn)")
                                     : route_set_metric(parsing->route, keyword->number, RTAX_FEATURE_ECN);
}

static int parse_congestion(struct parsing *parsing, const struct keyword *keyword)
{
    const struct word *word;
    int r = take_lock(parsing, keyword->number);

    if (r >= 0)
        r = words_text(parsing->words, &word);
    if (r >= 0 && strlen(word->text) >= sizeof(parsing->route->more->congestion))
        return words_fail(parsing->words, word, "longer than 15 bytes");
    if (r >= 0)
        r = route_set_metric(parsing->route, keyword->number, 0);
    if (r >= 0)
        strcpy(parsing->route->more->congestion, word->text);
    return r;
}

static int parse_nexthop(struct parsing *parsing, const struct keyword *keyword)
{
    struct hop hop = { .weight = 1 };
    const struct word *word = words_peek(parsing->words);
    bool any = false;
    int r = 0;

    (void)keyword;
    for (; r >= 0 && word && strcmp(word->text, "nexthop") != 0; word = words_peek(parsing->words)) {
        uint32_t weight = 1;

        any = true;
        words_take(parsing->words);
        if (!strcmp(word->text, "via"))
            r = parse_gateway(parsing, &hop);
        else if (!strcmp(word->text, "dev"))
            r = words_device(parsing->words, hop.device);
        else if (!strcmp(word->text, "weight"))
            r = words_u32(parsing->words, 1, 256, &weight);
        else if (!strcmp(word->text, "onlink"))
            hop.onlink = true;
        else
            r = words_fail(parsing->words, word, "is no argument of a nexthop");
        if (!strcmp(word->text, "weight"))
            hop.weight = (uint16_t)weight;
    }
    if (r >= 0 && !any)
        r = words_fail(parsing->words, word, "a nexthop needs via or dev behind it");
    if (r >= 0 && parsing->route->n_hops == HOPS_MOST)
        r = words_fail(parsing->words, NULL, "more than 64 nexthops");
    return r < 0 ? r : route_add_hop(parsing->route, &hop);
}

static const struct keyword keywords[] = {
    { "via", 3, parse_via, 0 },
    { "dev", 3, parse_dev, 0 },
    { "oif", 3, parse_dev, 0 },
    { "src", 3, parse_source, 0 },
    { "from", 4, parse_from, 0 },
    { "metric", 3, parse_metric, 0 },
    { "priority", 4, parse_metric, 0 },
    { "preference", 5, parse_metric, 0 },
    { "table", 3, parse_table, 0 },
    { "protocol", 5, parse_protocol, 0 },
    { "scope", 3, parse_scope, 0 },
    { "tos", 3, parse_tos, 0 },
    { "dsfield", 2, parse_tos, 0 },
    { "realms", 5, parse_realms, 0 },
    { "pref", 4, parse_preference, 0 },
    { "onlink", 6, parse_onlink, 0 },
    { "nexthop", 7, parse_nexthop, 0 },
    { "mtu", 3, parse_number, RTAX_MTU },
    { "advmss", 3, parse_number, RTAX_ADVMSS },
    { "window", 3, parse_number, RTAX_WINDOW },
    { "cwnd", 4, parse_number, RTAX_CWND },
    { "initcwnd", 5, parse_number, RTAX_INITCWND },
    { "initrwnd", 5, parse_number, RTAX_INITRWND },
    { "ssthresh", 3, parse_number, RTAX_SSTHRESH },
    { "reordering", 3, parse_number, RTAX_REORDERING },
    { "hoplimit", 3, parse_number, RTAX_HOPLIMIT },
    { "quickack", 5, parse_number, RTAX_QUICKACK },
    { "fastopen_no_cookie", 8, parse_number, RTAX_FASTOPEN_NO_COOKIE },
    { "rtt", 3, parse_time, RTAX_RTT },
    { "rttvar", 4, parse_time, RTAX_RTTVAR },
    { "rto_min", 4, parse_time, RTAX_RTO_MIN },
    { "features", 4, parse_features, RTAX_FEATURES },
    { "congctl", 4, parse_congestion, RTAX_CC_ALGO },
};

/* "[TYPE] [to] PREFIX", wherever it stands */
static int parse_to(struct parsing *parsing)
{
    struct words *words = parsing->words;
    struct route *route = parsing->route;
    const struct word *word = words_peek(words);

    parsing->has_to = true;

    for (size_t i = 0; word && i < ARRAY_SIZE(types); i++)
        if (!strcmp(word->text, types[i].word)) {
            words_take(words);
            route->type = types[i].type;
            break;
        }
    word = words_peek(words);
    if (word && !strcmp(word->text, "to"))
        words_take(words);
    return words_prefix(words, route->family, &route->to, &route->prefix);
}

static bool is_dead_end(uint8_t type)
{
    return type == RTN_BLACKHOLE || type == RTN_UNREACHABLE || type == RTN_PROHIBIT || type == RTN_THROW;
}

/* What ip(8) fills in, and what the kernel refuses without saying why. */
static int complete(struct parsing *parsing)
{
    struct route *route = parsing->route;
    bool gateway = route->n_hops > 0 || address_is_set(&parsing->hop.via);

    if (parsing->has_hop && route->n_hops)
        return words_fail(parsing->words, NULL, "via and dev cannot stand beside nexthop");
    if (is_dead_end(route->type) && (route->family == AF_INET ? parsing->has_hop : address_is_set(&parsing->hop.via)) /* IPv6 takes "dev lo" */)
        return words_fail(parsing->words, NULL, "a route of this type leads nowhere: no via, no dev");
    if (is_dead_end(route->type) && route->n_hops)
        return words_fail(parsing->words, NULL, "a route of this type leads nowhere: no via, no dev");
    if (!parsing->has_table && (route->type == RTN_LOCAL || route->type == RTN_BROADCAST || route->type == RTN_ANYCAST))
        route->table = RT_TABLE_LOCAL;
    if (!parsing->has_scope && route->family == AF_INET) {
        if (route->type == RTN_LOCAL)
            route->scope = RT_SCOPE_HOST;
        else if (route->type == RTN_BROADCAST || route->type == RTN_MULTICAST || route->type == RTN_ANYCAST || (route->type == RTN_UNICAST && !gateway))
            route->scope = RT_SCOPE_LINK;
    }
    if (route->family == AF_INET6)
        route->scope = RT_SCOPE_UNIVERSE; /* the kernel has no other */
    if (is_dead_end(route->type) || route->n_hops)
        return 0;
    parsing->hop.weight = 1;
    return route_add_hop(route, &parsing->hop);
}

static int parse_argument(struct parsing *parsing)
{
    const struct word *word = words_peek(parsing->words);

    for (size_t i = 0; i < ARRAY_SIZE(keywords); i++)
        if (word_is(word, keywords[i].word, keywords[i].least)) {
            words_take(parsing->words);
            return keywords[i].parse(parsing, &keywords[i]);
        }
    if (!parsing->has_to)
        return parse_to(parsing);
    return words_fail(parsing->words, word, "is no argument of a route");
}

int route_parse(struct words *words, uint8_t family, struct route *ret, bool *ret_protocol)
{
    struct route route = route_init(family);
    struct parsing parsing = { .words = words, .route = &route };
    int r = 0;

    while (r >= 0 && words_peek(words))
        r = parse_argument(&parsing);
    if (r >= 0 && !parsing.has_to)
        r = words_fail(words, words->items, "no destination on this line");
    if (r >= 0)
        r = complete(&parsing);
    if (r < 0) {
        route_done(&route);
        return r;
    }
    *ret = route;
    *ret_protocol = parsing.has_protocol;
    return 0;
}
