/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A routing rule, with the words of ip-rule(8). Rules belong to no tunnel: the file of one says them. */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/address.h"

struct range {
    uint32_t first, last;
};

enum { RULE_NO_SUPPRESS = -1 };

struct rule {
    uint8_t family;
    uint8_t action; /* FR_ACT_* of linux/fib_rules.h */
    bool invert;    /* "not" */
    bool l3mdev;
    bool has_preference;
    bool has_uids;
    bool ours; /* actual: it carries our protocol number */
    uint8_t tos, protocol;
    uint8_t from_prefix, to_prefix;
    struct address from, to;
    char iif[IFNAMSIZ], oif[IFNAMSIZ];
    uint32_t mark, mask;               /* mask 0: none is asked for */
    struct range sports, dports, uids; /* ports 0..0: any */
    uint32_t table;                    /* of FR_ACT_TO_TBL */
    uint32_t target;                   /* preference, of FR_ACT_GOTO */
    uint32_t realms;
    int32_t suppress_prefixlength, suppress_ifgroup;
    uint32_t preference;

    const char *file; /* wanted: where it is said, borrowed */
    unsigned line, column;
};

struct rule rule_init(uint8_t family);

/* All that it says but where, whose it is and, unless asked for, its preference: comparable by its bytes. */
struct rule rule_key(const struct rule *rule, bool preference);

struct rules {
    struct rule *items;
    size_t n;
};

/* -ENOMEM. */
int rules_add(struct rules *rules, const struct rule *rule);
void rules_done(struct rules *rules);
