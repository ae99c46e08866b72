/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Splits the values of addresses and routes as NetworkManager does (libnm-core-impl/nm-keyfile.c,
 * read_one_ip_address_or_route). Never adds anything to a tunnel. */
#include "read/keyfile-fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char digits[] = "0123456789", of_addresses[] = "0123456789abcdefABCDEF:.%";

/* "", "0", or a number without leading zeros */
static bool parse_suffix(const char *text, int32_t *ret)
{
    int64_t number = -1;

    if (*text && (text[strspn(text, digits)] || (*text == '0' && text[1]) || keyfile_parse_number(text, 0, INT32_MAX, &number) < 0))
        return false;
    *ret = (int32_t)number;
    return true;
}

static bool is_numbered(const struct keyfile_entry *entry, const char *word, const char *plural, struct keyfile_numbered *ret)
{
    const char *rest = entry->name + strlen(word);

    if (strncmp(entry->name, word, strlen(word)) != 0)
        return false;
    ret->entry = entry;
    ret->plural = !strncmp(rest, plural, strlen(plural));
    return parse_suffix(ret->plural ? rest + strlen(plural) : rest, &ret->number);
}

static int compare(const void *a, const void *b)
{
    const struct keyfile_numbered *left = a, *right = b;

    if (left->number != right->number)
        return left->number < right->number ? -1 : 1;
    return left->plural - right->plural;
}

struct keyfile_numbered *keyfile_numbered(struct keyfile *keyfile, const char *group, const char *word, const char *plural, size_t *ret_n)
{
    size_t n;
    const struct keyfile_entry *const *all = keyfile_text_all(&keyfile->text, group, &n);
    struct keyfile_numbered *found = n ? calloc(n, sizeof(*found)) : NULL;

    *ret_n = 0;
    if (!found) {
        keyfile->out_of_memory = keyfile->out_of_memory || n;
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        if (!is_numbered(all[i], word, plural, &found[*ret_n]))
            continue;
        else if (all[i]->text)
            ++*ret_n;
        else
            keyfile_warn(keyfile, all[i], all[i]->why);
    qsort(found, *ret_n, sizeof(*found), compare);
    return found;
}

/* NULL: there is none. *ret_bad: there is something else. */
static const char *take_field(char **at, const char *characters, bool *ret_bad)
{
    char *start = *at;

    if (!start || !*start || *ret_bad)
        return NULL;
    *at = start + strspn(start, characters);
    if (!**at)
        *at = NULL;
    else if (strchr("/;,", **at))
        *(*at)++ = 0;
    else
        *ret_bad = true;
    return start;
}

static void take_prefix(struct keyfile *keyfile, const struct keyfile_entry *entry, const char *text, bool route, struct keyfile_fields *fields)
{
    uint8_t full = address_full_prefix(&fields->address);
    int64_t prefix;
    bool wrong = text && (!*text || strlen(text) > 9);
    char why[48];

    if (text && !wrong) {
        prefix = strtol(text, NULL, 10);
        wrong = prefix > full;
        fields->prefix = (uint8_t)prefix;
    }
    if (text && !wrong)
        return;
    fields->prefix = full == 32 ? 24 : route ? 128 : 64;
    snprintf(why, sizeof(why), "%s prefix length; %u is taken", text ? "no such" : "no", fields->prefix);
    keyfile_warn(keyfile, entry, why);
}

bool keyfile_split(struct keyfile *keyfile, const struct keyfile_entry *entry, uint8_t family, bool route, struct keyfile_fields *ret)
{
    const char *address, *prefix, *why = NULL;
    bool bad = false;
    char *at;

    *ret = (struct keyfile_fields){ .text = strdup(entry->text) };
    if (!ret->text) {
        keyfile->out_of_memory = true;
        return false;
    }
    at = ret->text;
    address = take_field(&at, of_addresses, &bad);
    prefix = take_field(&at, digits, &bad);
    ret->gateway = take_field(&at, of_addresses, &bad);
    ret->metric = route ? take_field(&at, digits, &bad) : NULL;
    if (bad)
        why = "a character that has no place here; dropped";
    else if (at && *at)
        why = route ? "more after the metric; dropped" : "more after the gateway; dropped";
    else if (!address || address_parse(address, &ret->address, &why) < 0)
        why = "no address; dropped";
    else if (ret->address.family != family)
        why = family == AF_INET ? "an IPv6 address among those of IPv4; dropped" : "an IPv4 address among those of IPv6; dropped";
    if (why) {
        keyfile_warn(keyfile, entry, why);
        return false;
    }
    take_prefix(keyfile, entry, prefix, route, ret);
    return true;
}

void keyfile_fields_done(struct keyfile_fields *fields)
{
    free(fields->text);
    *fields = (struct keyfile_fields){ 0 };
}
