/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules. Never knows where they come from. */
#include "model/rule.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

struct rule rule_init(uint8_t family)
{
    return (struct rule){
        .family = family,
        .action = FR_ACT_TO_TBL,
        .table = RT_TABLE_MAIN,
        .suppress_prefixlength = RULE_NO_SUPPRESS,
        .suppress_ifgroup = RULE_NO_SUPPRESS,
    };
}

struct rule rule_key(const struct rule *rule, bool preference)
{
    struct rule key;

    memset(&key, 0, sizeof(key)); /* padding too */
    key.family = rule->family;
    key.action = rule->action;
    key.invert = rule->invert;
    key.l3mdev = rule->l3mdev;
    key.has_uids = rule->has_uids;
    key.tos = rule->tos;
    key.protocol = rule->protocol;
    key.from_prefix = rule->from_prefix;
    key.to_prefix = rule->to_prefix;
    memcpy(key.from.bytes, rule->from.bytes, sizeof(key.from.bytes));
    memcpy(key.to.bytes, rule->to.bytes, sizeof(key.to.bytes));
    strcpy(key.iif, rule->iif);
    strcpy(key.oif, rule->oif);
    key.mark = rule->mark;
    key.mask = rule->mask;
    key.sports = rule->sports;
    key.dports = rule->dports;
    key.uids = rule->uids;
    key.table = rule->table;
    key.target = rule->target;
    key.realms = rule->realms;
    key.suppress_prefixlength = rule->suppress_prefixlength;
    key.suppress_ifgroup = rule->suppress_ifgroup;
    key.has_preference = preference && rule->has_preference;
    key.preference = key.has_preference ? rule->preference : 0;
    return key;
}

int rules_add(struct rules *rules, const struct rule *rule)
{
    if (!(rules->n & (rules->n - 1))) { /* a power of two: full */
        struct rule *grown = reallocarray(rules->items, rules->n ? rules->n * 2 : 1, sizeof(*grown));

        if (!grown)
            return -ENOMEM;
        rules->items = grown;
    }
    rules->items[rules->n++] = *rule;
    return 0;
}

void rules_done(struct rules *rules)
{
    free(rules->items);
    *rules = (struct rules){ 0 };
}
