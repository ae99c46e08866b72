/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The language of `ip rule add` (man ip-rule(8)): a table of keywords. Never knows a file. */
#include "read/rule-words.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"
#include "model/marks.h"

struct parsing {
    struct words *words;
    struct rule *rule;
    bool has_action, has_protocol;
};

struct keyword {
    const char *word;
    size_t least; /* letters that ip(8) makes do with */
    int (*parse)(struct parsing *parsing);
};

static int parse_not(struct parsing *parsing)
{
    parsing->rule->invert = true;
    return 0;
}

static int parse_from(struct parsing *parsing)
{
    return words_selector(parsing->words, parsing->rule->family, &parsing->rule->from, &parsing->rule->from_prefix);
}

static int parse_to(struct parsing *parsing)
{
    return words_selector(parsing->words, parsing->rule->family, &parsing->rule->to, &parsing->rule->to_prefix);
}

static int parse_preference(struct parsing *parsing)
{
    parsing->rule->has_preference = true;
    return words_u32(parsing->words, 0, UINT32_MAX, &parsing->rule->preference);
}

static int parse_tos(struct parsing *parsing)
{
    return words_tos(parsing->words, &parsing->rule->tos);
}

/* "FIRST[SEPARATOR SECOND]": copies, the second being NULL where there is none. */
static int split_word(struct words *words, char separator, const struct word **ret_word, char **ret_first, const char **ret_second)
{
    int r = words_text(words, ret_word);
    char *at;

    if (r < 0)
        return r;
    *ret_first = strdup((*ret_word)->text);
    if (!*ret_first)
        return -ENOMEM;
    at = strchr(*ret_first, separator);
    *ret_second = at ? at + 1 : NULL;
    if (at)
        *at = 0;
    return 0;
}

/* "MARK[/MASK]" */
static int parse_mark(struct parsing *parsing)
{
    struct rule *rule = parsing->rule;
    _cleanup_free_ char *mark = NULL;
    const struct word *word;
    const char *mask;
    int r = split_word(parsing->words, '/', &word, &mark, &mask);

    if (r < 0)
        return r;
    rule->mask = UINT32_MAX;
    if (text_parse_u32(mark, 0, UINT32_MAX, &rule->mark) < 0 || (mask && text_parse_u32(mask, 1, UINT32_MAX, &rule->mask) < 0))
        return words_fail(parsing->words, word, "not a mark, or MARK/MASK");
    if (!mask && !rule->mark)
        rule->mask = 0; /* to ip(8) and the kernel no mark is asked for then */
    return 0;
}

static int parse_iif(struct parsing *parsing)
{
    return words_device(parsing->words, parsing->rule->iif);
}

static int parse_oif(struct parsing *parsing)
{
    return words_device(parsing->words, parsing->rule->oif);
}

static int parse_range(struct parsing *parsing, uint32_t most, struct range *ret)
{
    _cleanup_free_ char *first = NULL;
    const struct word *word;
    const char *last;
    int r = split_word(parsing->words, '-', &word, &first, &last);

    if (r < 0)
        return r;
    if (text_parse_u32(first, 0, most, &ret->first) < 0 || text_parse_u32(last ? last : first, ret->first, most, &ret->last) < 0)
        return words_fail(parsing->words, word, "not a number, or FIRST-LAST");
    return 0;
}

/* The kernel takes 1..65534 (net/core/fib_rules.c, fib_rule_port_range_valid). */
static int parse_ports(struct parsing *parsing, struct range *ret)
{
    const struct word *word = words_peek(parsing->words);
    int r = parse_range(parsing, 65534, ret);

    return r >= 0 && !ret->first ? words_fail(parsing->words, word, "no port is 0") : r;
}

static int parse_sport(struct parsing *parsing)
{
    return parse_ports(parsing, &parsing->rule->sports);
}

static int parse_dport(struct parsing *parsing)
{
    return parse_ports(parsing, &parsing->rule->dports);
}

static int parse_uids(struct parsing *parsing)
{
    parsing->rule->has_uids = true;
    return parse_range(parsing, UINT32_MAX - 1, &parsing->rule->uids);
}

static int parse_ip_protocol(struct parsing *parsing)
{
    static const struct {
        const char *name;
        uint8_t number;
    } names[] = {
        { "icmp", 1 }, { "tcp", 6 }, { "udp", 17 }, { "gre", 47 }, { "esp", 50 }, { "ah", 51 }, { "ipv6-icmp", 58 }, { "icmpv6", 58 }, { "sctp", 132 }
    };
    const struct word *word = words_peek(parsing->words);
    uint32_t number;

    for (size_t i = 0; word && i < ARRAY_SIZE(names); i++)
        if (!strcmp(word->text, names[i].name)) {
            words_take(parsing->words);
            parsing->rule->protocol = names[i].number;
            return 0;
        }
    if (words_u32(parsing->words, 1, 255, &number) < 0)
        return words_fail(parsing->words, word, "neither the number nor the name of a protocol over IP");
    parsing->rule->protocol = (uint8_t)number;
    return 0;
}

static int parse_realms(struct parsing *parsing)
{
    if (parsing->rule->family != AF_INET)
        return words_fail(parsing->words, words_peek(parsing->words), "only an IPv4 rule has realms");
    return words_realms(parsing->words, &parsing->rule->realms);
}

static int parse_protocol(struct parsing *parsing)
{
    uint32_t protocol = PROTOCOL_OURS;
    int r = words_named(parsing->words, NAMES_PROTOCOL, "protocol", &protocol);

    parsing->has_protocol = parsing->has_protocol || protocol != PROTOCOL_OURS;
    return r;
}

static int parse_table(struct parsing *parsing)
{
    const struct word *word = words_peek(parsing->words);
    int r = words_named(parsing->words, NAMES_TABLE, "table", &parsing->rule->table);

    parsing->has_action = true;
    return r >= 0 && !parsing->rule->table ? words_fail(parsing->words, word, "no table that a rule can lead to") : r;
}

static int parse_suppress(struct parsing *parsing, uint32_t most, int32_t *ret)
{
    uint32_t value;
    int r = words_u32(parsing->words, 0, most, &value);

    if (r >= 0)
        *ret = (int32_t)value;
    return r;
}

static int parse_suppress_prefixlength(struct parsing *parsing)
{
    return parse_suppress(parsing, parsing->rule->family == AF_INET ? 32 : 128, &parsing->rule->suppress_prefixlength);
}

static int parse_suppress_ifgroup(struct parsing *parsing)
{
    return parse_suppress(parsing, INT32_MAX, &parsing->rule->suppress_ifgroup);
}

static int parse_goto(struct parsing *parsing)
{
    parsing->has_action = true;
    parsing->rule->action = FR_ACT_GOTO;
    return words_u32(parsing->words, 1, UINT32_MAX, &parsing->rule->target);
}

static int parse_l3mdev(struct parsing *parsing)
{
    parsing->has_action = true;
    parsing->rule->l3mdev = true;
    return 0;
}

static int parse_type(struct parsing *parsing)
{
    const struct word *word = words_peek(parsing->words);

    return word ? 0 : words_fail(parsing->words, word, "needs a type behind it");
}

static const struct keyword keywords[] = {
    { "not", 3, parse_not },
    { "from", 2, parse_from },
    { "to", 2, parse_to },
    { "preference", 4, parse_preference },
    { "priority", 4, parse_preference },
    { "order", 3, parse_preference },
    { "tos", 3, parse_tos },
    { "dsfield", 2, parse_tos },
    { "fwmark", 3, parse_mark },
    { "iif", 3, parse_iif },
    { "dev", 3, parse_iif },
    { "oif", 3, parse_oif },
    { "ipproto", 3, parse_ip_protocol },
    { "sport", 5, parse_sport },
    { "dport", 5, parse_dport },
    { "uidrange", 3, parse_uids },
    { "realms", 5, parse_realms },
    { "protocol", 5, parse_protocol },
    { "table", 3, parse_table },
    { "lookup", 4, parse_table },
    { "suppress_prefixlength", 10, parse_suppress_prefixlength },
    { "sup_pl", 6, parse_suppress_prefixlength },
    { "suppress_ifgroup", 10, parse_suppress_ifgroup },
    { "sup_group", 9, parse_suppress_ifgroup },
    { "goto", 4, parse_goto },
    { "l3mdev", 6, parse_l3mdev },
    { "type", 4, parse_type },
};

static bool parse_action(struct parsing *parsing, const struct word *word)
{
    static const struct {
        const char *word;
        uint8_t action;
    } actions[] = { { "blackhole", FR_ACT_BLACKHOLE }, { "unreachable", FR_ACT_UNREACHABLE }, { "prohibit", FR_ACT_PROHIBIT }, { "nop", FR_ACT_NOP } };

    for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
        if (!strcmp(word->text, actions[i].word)) {
            parsing->rule->action = actions[i].action;
            parsing->has_action = true;
            return true;
        }
    return !strcmp(word->text, "unicast");
}

static int parse_argument(struct parsing *parsing)
{
    const struct word *word = words_take(parsing->words);

    if (parse_action(parsing, word))
        return 0;
    for (size_t i = 0; i < ARRAY_SIZE(keywords); i++)
        if (word_is(word, keywords[i].word, keywords[i].least))
            return keywords[i].parse(parsing);
    return words_fail(parsing->words, word, "is no argument of a rule");
}

int rule_parse(struct words *words, uint8_t family, struct rule *ret, bool *ret_protocol)
{
    struct rule rule = rule_init(family);
    struct parsing parsing = { .words = words, .rule = &rule };
    int r = 0;

    while (r >= 0 && words_peek(words))
        r = parse_argument(&parsing);
    if (r < 0)
        return r;
    if (rule.action != FR_ACT_TO_TBL || rule.l3mdev)
        rule.table = 0;
    *ret = rule;
    *ret_protocol = parsing.has_protocol;
    return 0;
}
