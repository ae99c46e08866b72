/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints JSON. What it prints is valid whatever the texts hold, and does no more to a terminal than show. */
#include "ctl/writer.h"

#include <string.h>

#include "base/text.h"

/* Bytes of the UTF-8 sequence at text; 0: there is none. */
static size_t sequence_size(const char *text, size_t size)
{
    for (size_t n = 1; n <= 4 && n <= size; n++)
        if (text_is_utf8(text, n))
            return n;
    return 0;
}

static uint32_t code_point(const char *text, size_t n)
{
    static const uint8_t masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    uint32_t value = (uint8_t)text[0] & masks[n];

    for (size_t i = 1; i < n; i++)
        value = value << 6 | ((uint8_t)text[i] & 0x3f);
    return value;
}

static void put_character(const char *text, size_t n, FILE *out)
{
    static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    char here[5] = "";
    const char *special = n == 1 ? strchr(escaped, *text) : NULL;

    memcpy(here, text, n);
    if (!*text)
        fputs("\\u0000", out);
    else if (special)
        fprintf(out, "\\%c", letters[special - escaped]);
    else if (!text_is_plain(here))
        fprintf(out, "\\u%04x", code_point(text, n)); /* what is not plain lies below U+10000 */
    else
        fputs(here, out);
}

static void put_text(const char *text, size_t size, FILE *out)
{
    fputc('"', out);
    for (size_t i = 0; i < size;) {
        size_t n = sequence_size(text + i, size - i);

        if (n)
            put_character(text + i, n, out);
        else
            fputs("\xef\xbf\xbd", out);
        i += n ? n : 1;
    }
    fputc('"', out);
}

static void break_line(const struct json *json)
{
    if (!json->lines)
        fprintf(json->out, "\n%*s", (int)json->depth * 2, "");
}

/* What comes before a value. */
static void begin_value(struct json *json, const char *name)
{
    if (json->depth) {
        if (!json->first)
            fputs(json->lines ? ", " : ",", json->out);
        break_line(json);
    }
    json->first = false;
    if (name) {
        put_text(name, strlen(name), json->out);
        fputs(": ", json->out);
    }
}

static void end_value(const struct json *json)
{
    if (!json->depth)
        fputc('\n', json->out);
}

void json_begin(struct json *json, const char *name, char bracket)
{
    begin_value(json, name);
    fputc(bracket, json->out);
    json->depth++;
    json->first = true;
}

void json_end(struct json *json, char bracket)
{
    json->depth--;
    if (!json->first)
        break_line(json);
    fputc(bracket, json->out);
    json->first = false;
    end_value(json);
}

void json_bytes(struct json *json, const char *name, const char *text, size_t size)
{
    begin_value(json, name);
    put_text(text, size, json->out);
    end_value(json);
}

void json_text(struct json *json, const char *name, const char *text)
{
    if (text) {
        json_bytes(json, name, text, strlen(text));
        return;
    }
    begin_value(json, name);
    fputs("null", json->out);
    end_value(json);
}

void json_number(struct json *json, const char *name, uint64_t number)
{
    begin_value(json, name);
    fprintf(json->out, "%llu", (unsigned long long)number);
    end_value(json);
}

void json_bool(struct json *json, const char *name, bool value)
{
    begin_value(json, name);
    fputs(value ? "true" : "false", json->out);
    end_value(json);
}
