/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strict text to value. Never guesses: what has two readings is refused. */
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/macro.h"

int text_parse_bool(const char *text, bool *ret)
{
    static const char *const yes[] = { "y", "yes", "t", "true", "on", "1" };
    static const char *const no[] = { "n", "no", "f", "false", "off", "0" };

    for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
        if (!strcasecmp(text, yes[i])) {
            *ret = true;
            return 0;
        }
    for (size_t i = 0; i < ARRAY_SIZE(no); i++)
        if (!strcasecmp(text, no[i])) {
            *ret = false;
            return 0;
        }
    return -EINVAL;
}

static int digit_value(char c, unsigned base)
{
    int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
    return value < (int)base ? value : -1;
}

/* Reads digits up to the end or the first other character. */
static int parse_digits(const char **text, unsigned base, uint64_t max, uint64_t *ret)
{
    const char *p = *text;
    uint64_t value = 0;
    bool over = false;

    if (digit_value(*p, base) < 0)
        return -EINVAL;
    if (base == 10 && p[0] == '0' && digit_value(p[1], base) >= 0)
        return -EDOM;
    for (; digit_value(*p, base) >= 0; p++) {
        if (!over)
            value = value * base + (unsigned)digit_value(*p, base);
        over = over || value > max;
    }
    *text = p;
    *ret = value;
    return over ? -ERANGE : 0;
}

int text_parse_u32(const char *text, uint32_t min, uint32_t max, uint32_t *ret)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *p = hex ? text + 2 : text;
    uint64_t value;
    int r;

    r = parse_digits(&p, hex ? 16 : 10, max, &value);
    if (r == -EINVAL || r == -EDOM)
        return r;
    if (*p)
        return -EINVAL;
    if (r < 0 || value < min)
        return -ERANGE;
    *ret = (uint32_t)value;
    return 0;
}

int text_parse_quad(const char *text, uint32_t *ret)
{
    uint32_t quad = 0;
    int worst = 0;

    for (int i = 0; i < 4; i++) {
        uint64_t value;
        int r;

        if (i > 0 && *text++ != '.')
            return -EINVAL;
        r = parse_digits(&text, 10, 255, &value);
        if (r == -EINVAL)
            return r;
        if (r == -EDOM)
            return r;
        if (r < 0)
            worst = r;
        quad = quad << 8 | (value & 0xff);
    }
    if (*text)
        return -EINVAL;
    if (worst < 0)
        return worst;
    *ret = quad;
    return 0;
}

int text_parse_key(const char *text, uint32_t *ret)
{
    if ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z')) {
        *ret = text_cksum(text, strlen(text));
        return 0;
    }
    if (strchr(text, '.'))
        return text_parse_quad(text, ret);
    return text_parse_u32(text, 0, UINT32_MAX, ret);
}

static uint32_t crc_byte(uint32_t crc, uint8_t byte)
{
    crc ^= (uint32_t)byte << 24;
    for (int bit = 0; bit < 8; bit++)
        crc = crc & 0x80000000 ? crc << 1 ^ 0x04c11db7 : crc << 1;
    return crc;
}

uint32_t text_cksum(const void *data, size_t size)
{
    const uint8_t *bytes = data;
    uint32_t crc = 0;

    for (size_t i = 0; i < size; i++)
        crc = crc_byte(crc, bytes[i]);
    for (size_t rest = size; rest; rest >>= 8)
        crc = crc_byte(crc, rest & 0xff);
    return ~crc;
}

const char *text_number_error(int error)
{
    switch (error) {
    case -EDOM:
        return "has a leading zero: octal or decimal?";
    case -ERANGE:
        return "is out of range";
    default:
        return "is no number";
    }
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;

    return least < c ? least : c;
}

unsigned text_distance(const char *a, const char *b, unsigned limit)
{
    enum { LONGEST = 40 };
    unsigned rows[3][LONGEST + 1];
    size_t length_a = strlen(a), length_b = strlen(b);

    if (length_a > LONGEST || length_b > LONGEST || length_a > length_b + limit || length_b > length_a + limit)
        return limit + 1;
    for (size_t j = 0; j <= length_b; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= length_a; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i - 1) % 3], *second = rows[(i + 1) % 3];

        row[0] = (unsigned)i;
        for (size_t j = 1; j <= length_b; j++) {
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && second[j - 2] + 1 < row[j])
                row[j] = second[j - 2] + 1;
        }
    }
    return rows[length_a % 3][length_b] <= limit ? rows[length_a % 3][length_b] : limit + 1;
}

/* The length of the UTF-8 sequence at text, 0 if there is none (RFC 3629: no overlong forms, no surrogates). */
static size_t utf8_length(const char *text, size_t size)
{
    const uint8_t *s = (const uint8_t *)text;
    size_t length = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : s[0] >= 0xe0 && s[0] < 0xf0 ? 3 : s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;

    if (!length || length > size)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return length;
}

bool text_is_utf8(const char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        size_t length = utf8_length(text + i, size - i);

        if (!length)
            return false;
        i += length;
    }
    return true;
}

/* May it reach a terminal as it is? Not the C1 controls (U+0080 to U+009F), nor what turns the direction of text
 * (U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069). */
static bool is_plain(const char *text, size_t length)
{
    const uint8_t *s = (const uint8_t *)text;

    if (length <= 1)
        return length == 1 && isprint(s[0]);
    if (s[0] == 0xc2 && s[1] < 0xa0)
        return false;
    if (s[0] == 0xe2 && s[1] == 0x80)
        return s[2] != 0x8e && s[2] != 0x8f && !(s[2] >= 0xaa && s[2] <= 0xae);
    return !(s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9);
}

bool text_is_plain(const char *text)
{
    size_t size = strlen(text);

    for (size_t i = 0; i < size;) {
        size_t length = utf8_length(text + i, size - i);

        if (!is_plain(text + i, length))
            return false;
        i += length;
    }
    return true;
}

/* At most limit bytes, and "..." where that is not all. */
static char *escape(const char *text, size_t limit)
{
    size_t size = strlen(text), used = 0;
    char *out = malloc(limit + sizeof("..."));

    if (!out)
        return NULL;
    for (size_t i = 0; i < size;) {
        size_t length = utf8_length(text + i, size - i);
        bool plain = is_plain(text + i, length);

        if (used + (plain ? length : 4) > limit) {
            memcpy(out + used, "...", 3);
            used += 3;
            break;
        }
        if (plain)
            memcpy(out + used, text + i, length);
        else
            sprintf(out + used, "\\x%02x", (unsigned char)text[i]);
        used += plain ? length : 4;
        i += plain ? length : 1;
    }
    out[used] = 0;
    return out;
}

char *text_printable(const char *text)
{
    return escape(text, 60);
}

char *text_escape(const char *text)
{
    return escape(text, 4 * strlen(text));
}

void text_put(const char *text, FILE *out)
{
    char *escaped = text_escape(text);

    fputs(escaped ? escaped : "?", out);
    free(escaped);
}

void text_put_quoted(const char *word, FILE *out)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:+@";

    if (*word && !word[strspn(word, plain)]) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    fputc('\'', out);
}

bool text_same(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

int text_end(FILE *out, char **text)
{
    if (out && !fclose(out) && *text)
        return 0;
    free(*text);
    *text = NULL;
    return -ENOMEM;
}
