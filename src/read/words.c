/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts text into words, and reads values. Never knows which argument a value is for. */
#include "read/words.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"
#include "model/tunnel.h"

int words_init(struct words *words, const char *text, size_t size, const struct names *names)
{
    *words = (struct words){ .text = malloc(size + 1), .size = size, .names = names };
    if (!words->text)
        return -ENOMEM;
    memcpy(words->text, text, size);
    words->text[size] = 0;
    if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
        memset(words->text, ' ', 3);
        words->dos = true;
    }
    return 0;
}

void words_done(struct words *words)
{
    free(words->text);
    free(words->items);
    *words = (struct words){ 0 };
}

static int add_word(struct words *words, size_t from, size_t line_start)
{
    if (words->n == words->room) {
        size_t room = words->room ? words->room * 2 : 16;
        struct word *grown = reallocarray(words->items, room, sizeof(*grown));

        if (!grown)
            return -ENOMEM;
        words->items = grown;
        words->room = room;
    }
    words->items[words->n++] = (struct word){ words->text + from, words->line, (unsigned)(from - line_start) + 1 };
    return 0;
}

/* How many bytes of line end are here: of the file too. */
static size_t end_of_line(const struct words *words, size_t at)
{
    const char *text = words->text;

    if (at + 1 < words->size && text[at] == '\r' && text[at + 1] == '\n')
        return 2;
    return at < words->size && text[at] == '\n';
}

/* The words of one physical line. *ret_goes_on: it ends in a backslash. *comment: in a comment, which goes on with it as
 * in ifup-routes' read. */
static int cut_line(struct words *words, bool *ret_goes_on, bool *comment)
{
    size_t start = words->at, at = start;
    int r = 0;

    *ret_goes_on = false;
    words->line++;
    while (r >= 0 && at < words->size && !end_of_line(words, at)) {
        size_t from = at;

        if (words->text[at] == ' ' || words->text[at] == '\t') {
            words->text[at++] = 0;
            continue;
        }
        if (*comment || words->text[at] == '#') {
            while (at < words->size && !end_of_line(words, at))
                at++;
            *ret_goes_on = words->text[at - 1] == '\\';
            *comment = true;
            break;
        }
        while (at < words->size && !end_of_line(words, at) && words->text[at] != ' ' && words->text[at] != '\t')
            at++;
        if (words->text[at - 1] == '\\' && (at == words->size || end_of_line(words, at))) {
            *ret_goes_on = true;
            words->text[at - 1] = 0;
            if (at - 1 == from)
                break;
        }
        r = add_word(words, from, start);
    }
    words->at = at + end_of_line(words, at);
    words->dos = words->dos || end_of_line(words, at) == 2;
    memset(words->text + at, 0, words->at - at);
    return r;
}

int words_line(struct words *words)
{
    bool goes_on = true, comment = false;
    int r = 0;

    words->n = words->next = 0;
    words->why = NULL;
    while (r >= 0 && words->at < words->size && (goes_on || !words->n)) {
        comment = comment && goes_on;
        r = cut_line(words, &goes_on, &comment);
    }
    return r < 0 ? r : words->n > 0;
}

const struct word *words_peek(const struct words *words)
{
    return words->next < words->n ? &words->items[words->next] : NULL;
}

const struct word *words_take(struct words *words)
{
    return words->next < words->n ? &words->items[words->next++] : NULL;
}

int words_fail(struct words *words, const struct word *word, const char *why)
{
    words->fault = word ? word : words->n ? &words->items[words->n - 1] : NULL;
    words->why = why;
    return -EINVAL;
}

bool word_is(const struct word *word, const char *keyword, size_t least)
{
    size_t size = strlen(word->text);

    return size >= least && !strncmp(word->text, keyword, size);
}

int words_text(struct words *words, const struct word **ret)
{
    *ret = words_take(words);
    return *ret ? 0 : words_fail(words, NULL, "needs a value behind it");
}

int words_u32(struct words *words, uint32_t min, uint32_t max, uint32_t *ret)
{
    const struct word *word;
    int r = words_text(words, &word);

    if (r < 0)
        return r;
    r = text_parse_u32(word->text, min, max, ret);
    if (r >= 0)
        return 0;
    snprintf(words->buffer, sizeof(words->buffer), "not a number from %u to %u", min, max);
    return words_fail(words, word, r == -EDOM ? text_number_error(r) : words->buffer);
}

/* Hexadecimal with or without 0x, as ip(8) takes it (iproute2, lib/rt_names.c rtnl_dsfield_a2n). */
int words_tos(struct words *words, uint8_t *ret)
{
    const struct word *word;
    unsigned long value;
    char *end;
    int r = words_text(words, &word);

    if (r < 0)
        return r;
    value = strtoul(word->text, &end, 16);
    if (!isxdigit((unsigned char)*word->text) || *end || value > 0xff)
        return words_fail(words, word, strncmp(word->text, "0x", 2) ? "not a number from 0 to ff: it is hexadecimal here" : "not a number from 0 to 255");
    *ret = (uint8_t)value;
    return 0;
}

int words_named(struct words *words, enum names_of of, const char *what, uint32_t *ret)
{
    const struct word *word;
    int r = words_text(words, &word);

    if (r < 0)
        return r;
    if (names_get(words->names, of, word->text, ret) >= 0)
        return 0;
    snprintf(words->buffer, sizeof(words->buffer), "neither a number nor the name of a %s", what);
    return words_fail(words, word, words->buffer);
}

static const char *wrong_family(uint8_t family)
{
    return family == AF_INET ? "an IPv6 address where an IPv4 one belongs" : "an IPv4 address where an IPv6 one belongs";
}

int words_address(struct words *words, uint8_t family, struct address *ret)
{
    const struct word *word;
    const char *why;
    int r = words_text(words, &word);

    if (r < 0)
        return r;
    if (address_parse(word->text, ret, &why) < 0)
        return words_fail(words, word, why);
    if (family != AF_UNSPEC && ret->family != family)
        return words_fail(words, word, wrong_family(family));
    return 0;
}

int words_device(struct words *words, char *ret)
{
    const struct word *word;
    const char *why;
    int r = words_text(words, &word);

    if (r < 0)
        return r;
    if (tunnel_check_name(word->text, &why) < 0)
        return words_fail(words, word, why);
    snprintf(ret, IFNAMSIZ, "%s", word->text);
    return 0;
}

/* "10/8": what is left of four numbers is zero, before a length only. NULL: it is not that. */
static const char *complete(const char *text, char buffer[static 40])
{
    size_t size = strcspn(text, "/"), dots = 0;

    if (!text[size] || size > 15 || text[strspn(text, "0123456789./")])
        return NULL;
    for (size_t i = 0; i < size; i++)
        dots += text[i] == '.';
    if (!size || dots >= 3 || text[size - 1] == '.')
        return NULL;
    snprintf(buffer, 40, "%.*s%s%.17s", (int)size, text, dots == 0 ? ".0.0.0" : dots == 1 ? ".0.0" : ".0", text + size);
    return buffer;
}

static int take_prefix(struct words *words, uint8_t family, bool strictly, struct address *ret, uint8_t *ret_prefix)
{
    const struct word *word;
    struct address address;
    const char *why, *text;
    char buffer[40];
    uint8_t prefix;
    int r = words_text(words, &word);

    if (r < 0)
        return r;
    if (!strcmp(word->text, "default") || !strcmp(word->text, "any") || !strcmp(word->text, "all")) {
        *ret = (struct address){ 0 };
        *ret_prefix = 0;
        return 0;
    }
    text = complete(word->text, buffer);
    if (address_parse_prefix(text ? text : word->text, &address, &prefix, &why) < 0)
        return words_fail(words, word, why);
    if (address.family != family)
        return words_fail(words, word, wrong_family(family));
    if (prefix == ADDRESS_NO_PREFIX)
        prefix = address_full_prefix(&address);
    if (address_clear_host(&address, prefix) && strictly)
        return words_fail(words, word, "there are bits behind the prefix length: not the address of a network");
    *ret = address_from_bytes(family, address.bytes);
    *ret_prefix = prefix;
    return 0;
}

int words_prefix(struct words *words, uint8_t family, struct address *ret, uint8_t *ret_prefix)
{
    return take_prefix(words, family, true, ret, ret_prefix);
}

int words_selector(struct words *words, uint8_t family, struct address *ret, uint8_t *ret_prefix)
{
    return take_prefix(words, family, false, ret, ret_prefix);
}

int words_realms(struct words *words, uint32_t *ret)
{
    uint32_t destination, source = 0;
    const struct word *word;
    const char *slash;
    int r = words_text(words, &word);

    if (r < 0)
        return r;
    slash = strchr(word->text, '/');
    if (slash) {
        _cleanup_free_ char *first = strndup(word->text, (size_t)(slash - word->text));

        if (!first)
            return -ENOMEM;
        r = names_get(words->names, NAMES_REALM, first, &source);
    }
    if (r < 0 || names_get(words->names, NAMES_REALM, slash ? slash + 1 : word->text, &destination) < 0)
        return words_fail(words, word, "neither the number nor the name of a realm");
    *ret = source << 16 | destination;
    return 0;
}
