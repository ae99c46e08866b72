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

static bool range_equal(const struct range *a, const struct range *b)
{
    return a->first == b->first && a->last == b->last;
}

static bool selects_equal(const struct rule *a, const struct rule *b)
{
    return a->family == b->family && a->invert == b->invert && a->l3mdev == b->l3mdev && a->tos == b->tos && a->protocol == b->protocol
           && a->from_prefix == b->from_prefix && a->to_prefix == b->to_prefix && address_equal(&a->from, &b->from) && address_equal(&a->to, &b->to)
           && !strcmp(a->iif, b->iif) && !strcmp(a->oif, b->oif) && a->mark == b->mark && a->mask == b->mask && range_equal(&a->sports, &b->sports)
           && range_equal(&a->dports, &b->dports) && a->has_uids == b->has_uids && range_equal(&a->uids, &b->uids);
}

bool rule_equal(const struct rule *wanted, const struct rule *actual)
{
    return selects_equal(wanted, actual) && wanted->action == actual->action && wanted->table == actual->table && wanted->target == actual->target
           && wanted->realms == actual->realms && wanted->suppress_prefixlength == actual->suppress_prefixlength
           && wanted->suppress_ifgroup == actual->suppress_ifgroup && (!wanted->has_preference || wanted->preference == actual->preference);
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
