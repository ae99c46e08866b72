/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts text into words, and reads values. Never knows which argument a value is for. */
#include "read/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The words of one physical line. *ret_goes_on: it ends in a backslash. */
static int cut_line(struct words *words, bool *ret_goes_on)
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
        if (words->text[at] == '#') {
            while (at < words->size && !end_of_line(words, at))
                at++;
            break;
        }
        while (at < words->size && !end_of_line(words, at) && words->text[at] != ' ' && words->text[at] != '\t')
            at++;
        if (words->text[at - 1] == '\\' && end_of_line(words, at)) {
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
    bool goes_on = true;
    int r = 0;

    words->n = words->next = 0;
    words->why = NULL;
    while (r >= 0 && words->at < words->size && (goes_on || !words->n))
        r = cut_line(words, &goes_on);
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
    words->fault = word ? word : &words->items[words->n - 1];
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
static const char *complete(const char *text, char buffer[static 32])
{
    size_t size = strcspn(text, "/"), dots = 0;

    if (!text[size] || size > 15 || text[strspn(text, "0123456789./")])
        return NULL;
    for (size_t i = 0; i < size; i++)
        dots += text[i] == '.';
    if (!size || dots >= 3 || text[size - 1] == '.')
        return NULL;
    snprintf(buffer, 32, "%.*s%s%.10s", (int)size, text, dots == 0 ? ".0.0.0" : dots == 1 ? ".0.0" : ".0", text + size);
    return buffer;
}

static bool has_host_bits(const struct address *address, uint8_t prefix)
{
    for (size_t bit = prefix; bit < address_size(address) * 8; bit++)
        if (address->bytes[bit / 8] & (0x80 >> bit % 8))
            return true;
    return false;
}

int words_prefix(struct words *words, uint8_t family, struct address *ret, uint8_t *ret_prefix)
{
    const struct word *word;
    struct address address;
    const char *why, *text;
    char buffer[32];
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
    if (has_host_bits(&address, prefix))
        return words_fail(words, word, "there are bits behind the prefix length: not the address of a network");
    *ret = address_from_bytes(family, address.bytes);
    *ret_prefix = prefix;
    return 0;
}
