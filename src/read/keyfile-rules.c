/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules as NetworkManager has them (nm_ip_routing_rule_from_string): the words of ip(8), whole, without some of them, and
 * with numbers where ip(8) takes names of its own files. */
#include "read/keyfile-rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"
#include "read/keyfile-fields.h"
#include "read/rule-words.h"

static const struct {
    const char *name;
    bool has_value;
} arguments[] = {
    { "not", false },    { "from", true },       { "to", true },    { "priority", true }, { "order", true },
    { "pref", true },    { "preference", true }, { "table", true }, { "lookup", true },   { "tos", true },
    { "dsfield", true }, { "ipproto", true },    { "sport", true }, { "dport", true },    { "fwmark", true },
    { "iif", true },     { "dev", true },        { "oif", true },   { "uidrange", true }, { "suppress_prefixlength", true },
    { "sup_pl", true },  { "type", true },
};

/* The only names of tables that it has. */
static const struct {
    const char *name, *number;
} tables[] = { { "main", "254" }, { "local", "255" }, { "default", "253" } };

static void put_table(struct words *words, size_t at)
{
    for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
        if (!strcmp(words->items[at].text, tables[i].name))
            words->items[at].text = tables[i].number;
}

/* -EINVAL: see words. */
static int check_words(struct words *words)
{
    for (size_t at = 0; at < words->n; at++) {
        const char *word = words->items[at].text;
        size_t i = 0;

        while (i < ARRAY_SIZE(arguments) && strcmp(arguments[i].name, word) != 0)
            i++;
        if (i == ARRAY_SIZE(arguments))
            return words_fail(words, &words->items[at], "is no argument of a rule");
        if (arguments[i].has_value && ++at == words->n)
            return words_fail(words, &words->items[at - 1], "needs a value behind it");
        if (!strcmp(word, "table") || !strcmp(word, "lookup"))
            put_table(words, at);
    }
    return 0;
}

static void warn_of_word(struct keyfile *keyfile, const struct keyfile_entry *entry, const struct words *words)
{
    _cleanup_free_ char *shown = words->fault ? text_printable(words->fault->text) : NULL, *why = NULL;
    bool predicate = !strncmp(words->why, "is ", 3) || !strncmp(words->why, "needs ", 6);

    if (asprintf(&why, predicate ? "%s %s; left out" : "%s: %s; left out", shown ? shown : "?", words->why) < 0) {
        why = NULL;
        keyfile->out_of_memory = true;
    } else {
        keyfile_warn(keyfile, entry, why);
    }
}

static bool is_there(const struct rules *rules, const struct rule *rule)
{
    struct rule key = rule_key(rule, true), other;

    for (size_t i = 0; i < rules->n; i++) {
        const struct rule *one = &rules->items[i];

        if (one->preference != rule->preference || one->table != rule->table || one->mark != rule->mark || strcmp(one->iif, rule->iif) != 0
            || memcmp(one->from.bytes, rule->from.bytes, sizeof(one->from.bytes)) != 0 || memcmp(one->to.bytes, rule->to.bytes, sizeof(one->to.bytes)) != 0)
            continue; /* soon said of most */
        other = rule_key(one, true);
        if (!memcmp(&key, &other, sizeof(key)))
            return true;
    }
    return false;
}

static void add_rule(struct keyfile *keyfile, const struct keyfile_entry *entry, struct rule *rule)
{
    if (is_there(&keyfile->tunnel->rules, rule))
        return;
    rule->file = keyfile->path;
    rule->line = entry->line;
    rule->column = entry->column;
    if (rules_add(&keyfile->tunnel->rules, rule) < 0)
        keyfile->out_of_memory = true;
}

static void read_rule(struct keyfile *keyfile, const struct keyfile_family *family, const struct keyfile_entry *entry)
{
    struct words words;
    struct rule rule;
    bool protocol;
    int r;

    if (strpbrk(entry->text, "#\\\r\n")) { /* they mean something to the reader of lines */
        keyfile_warn(keyfile, entry, "a character that has no place in a rule; left out");
        return;
    }
    r = words_init(&words, entry->text, strlen(entry->text), NULL);
    if (r >= 0)
        r = words_line(&words);
    if (r > 0)
        r = check_words(&words);
    if (r >= 0 && words.n)
        r = rule_parse(&words, family->family, &rule, &protocol);
    if (r == -EINVAL)
        warn_of_word(keyfile, entry, &words);
    else if (r < 0)
        keyfile->out_of_memory = true;
    else if (!words.n || !rule.has_preference)
        keyfile_warn(keyfile, entry, "no priority; left out, as in NetworkManager");
    else
        add_rule(keyfile, entry, &rule);
    words_done(&words);
}

void keyfile_read_rules(struct keyfile *keyfile, const struct keyfile_family *family)
{
    size_t n;
    _cleanup_free_ struct keyfile_numbered *all = keyfile_numbered(keyfile, family->group, "routing-rule", "s", &n);

    for (size_t i = 0; i < n; i++)
        read_rule(keyfile, family, all[i].entry);
}
