/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ctl/writer.h"

#include <stdlib.h>

#include "ctl/terminal.h"
#include "test.h"

/* What a test has printed; the text is the caller's until the next call. */
static FILE *stream;
static char *printed;
static size_t printed_size;

static FILE *begin(void)
{
    free(printed);
    printed = NULL;
    stream = open_memstream(&printed, &printed_size);
    return stream;
}

static const char *end(void)
{
    return fclose(stream) ? NULL : printed;
}

static const char *quoted(const char *text)
{
    struct json json = { .out = begin() };

    json_text(&json, NULL, text);
    return end();
}

TEST(texts)
{
    CHECK_TEXT(quoted("gre1"), "\"gre1\"\n");
    CHECK_TEXT(quoted(""), "\"\"\n");
    CHECK_TEXT(quoted(NULL), "null\n");
    CHECK_TEXT(quoted("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"\n");
    CHECK_TEXT(quoted("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"\n");
    CHECK_TEXT(quoted("\001\033[31m\177"), "\"\\u0001\\u001b[31m\\u007f\"\n");
    CHECK_TEXT(quoted("Zürich \xf0\x9f\x9a\x87"), "\"Zürich \xf0\x9f\x9a\x87\"\n");
    CHECK_TEXT(quoted("\xc2\x85 \xe2\x80\xae"), "\"\\u0085 \\u202e\"\n"); /* a control, and one that turns the text */
}

TEST(a_byte_of_0)
{
    struct json json = { .out = begin() };

    json_bytes(&json, NULL, "a\0b\0", 4);
    CHECK_TEXT(end(), "\"a\\u0000b\\u0000\"\n");
}

/* Each byte that begins nothing becomes U+FFFD. */
TEST(what_is_not_utf8)
{
    CHECK_TEXT(quoted("a\xff"
                      "b"),
               "\"a\xef\xbf\xbd"
               "b\"\n");
    CHECK_TEXT(quoted("\xc3"), "\"\xef\xbf\xbd\"\n");
    CHECK_TEXT(quoted("\xc3(\xa4"), "\"\xef\xbf\xbd(\xef\xbf\xbd\"\n");
    CHECK_TEXT(quoted("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n"); /* half a surrogate pair */
    CHECK_TEXT(quoted("\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\"\n");                 /* overlong */
    CHECK_TEXT(quoted("\xf5\x80\x80\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n");
}

static void put_sample(struct json *json)
{
    json_begin(json, NULL, '{');
    json_text(json, "name", "gre1");
    json_number(json, "key", 4294967295);
    json_number(json, "most", UINT64_MAX);
    json_begin(json, "routes", '[');
    json_text(json, NULL, "10.0.0.0/8");
    json_begin(json, NULL, '{');
    json_bool(json, "up", true);
    json_end(json, '}');
    json_end(json, ']');
    json_begin(json, "none", '[');
    json_end(json, ']');
    json_bool(json, "well", false);
    json_end(json, '}');
}

TEST(nesting)
{
    struct json json = { .out = begin() };

    put_sample(&json);
    CHECK_TEXT(end(), "{\n"
                      "  \"name\": \"gre1\",\n"
                      "  \"key\": 4294967295,\n"
                      "  \"most\": 18446744073709551615,\n"
                      "  \"routes\": [\n"
                      "    \"10.0.0.0/8\",\n"
                      "    {\n"
                      "      \"up\": true\n"
                      "    }\n"
                      "  ],\n"
                      "  \"none\": [],\n"
                      "  \"well\": false\n"
                      "}\n");
}

TEST(lines)
{
    struct json json = { .out = begin(), .lines = true };

    put_sample(&json);
    json_begin(&json, NULL, '{');
    json_end(&json, '}');
    CHECK_TEXT(end(), "{\"name\": \"gre1\", \"key\": 4294967295, \"most\": 18446744073709551615, \"routes\": [\"10.0.0.0/8\", {\"up\": true}], "
                      "\"none\": [], \"well\": false}\n{}\n");
}

TEST(columns)
{
    size_t size;

    CHECK(terminal_columns("gre1") == 4);
    CHECK(terminal_columns("Zürich") == 6);
    CHECK(terminal_columns("u\xcc\x88") == 1);                /* a combining mark */
    CHECK(terminal_columns("\xe6\x9d\xb1\xe4\xba\xac") == 4); /* two ideographs */
    CHECK(terminal_columns_until("Zürich", 2, &size) == 2 && size == 3);
    CHECK(terminal_columns_until("\xe6\x9d\xb1\xe4\xba\xac", 3, &size) == 2 && size == 3);
    CHECK(terminal_columns_until("gre1", 9, &size) == 4 && size == 4);
}

static struct printed_table *new_table(void)
{
    static const struct table_column columns[] = { { "NAME", 0 }, { "STATE", 0 }, { "REMOTE", 1 }, { "KEY", 2 }, { "FILE", 3 } };

    return printed_table_new(columns, ARRAY_SIZE(columns));
}

static void put_row(struct printed_table *table, const char *name, const char *state, const char *remote, const char *key, const char *file)
{
    const char *texts[] = { name, state, remote, key, file };

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        printed_table_cell(table, texts[i], COLOUR_BAD); /* not a terminal: no colours */
}

static const char *print(struct printed_table *table, unsigned width)
{
    CHECK(printed_table_print(table, width, begin()) == 0);
    return end();
}

static struct printed_table *sample_table(void)
{
    struct printed_table *table = new_table();

    put_row(table, "gre1", "up", "192.0.2.2", "", "/etc/tunneld/ifcfg-gre1");
    put_row(table, "tun-berlin", "waiting", "2001:db8::2", "17", "/etc/sysconfig/network-scripts/ifcfg-tun-berlin");
    printed_table_note(table, "for the device eth7 that leads to the provider in Berlin");
    return table;
}

TEST(table_without_limit)
{
    CHECK_TEXT(print(sample_table(), 0), "NAME        STATE    REMOTE       KEY  FILE\n"
                                         "gre1        up       192.0.2.2         /etc/tunneld/ifcfg-gre1\n"
                                         "tun-berlin  waiting  2001:db8::2  17   /etc/sysconfig/network-scripts/ifcfg-tun-berlin\n"
                                         "    for the device eth7 that leads to the provider in Berlin\n");
}

TEST(table_at_80_columns)
{
    CHECK_TEXT(print(sample_table(), 80), "NAME        STATE    REMOTE       KEY  FILE\n"
                                          "gre1        up       192.0.2.2         /etc/tunneld/ifcfg-gre1\n"
                                          "tun-berlin  waiting  2001:db8::2  17   ...onfig/network-scripts/ifcfg-tun-berlin\n"
                                          "    for the device eth7 that leads to the provider in Berlin\n");
}

/* The file gives first, and goes where twelve columns are not left for it. */
TEST(table_narrow)
{
    CHECK_TEXT(print(sample_table(), 52), "NAME        STATE    REMOTE       KEY  FILE\n"
                                          "gre1        up       192.0.2.2         ...ifcfg-gre1\n"
                                          "tun-berlin  waiting  2001:db8::2  17   ...tun-berlin\n"
                                          "    for the device eth7 that leads to the provider\n"
                                          "    in Berlin\n");
    CHECK_TEXT(print(sample_table(), 50), "NAME        STATE    REMOTE       KEY\n"
                                          "gre1        up       192.0.2.2\n"
                                          "tun-berlin  waiting  2001:db8::2  17\n"
                                          "    for the device eth7 that leads to the provider\n"
                                          "    in Berlin\n");
    CHECK_TEXT(print(sample_table(), 30), "NAME        STATE\n"
                                          "gre1        up\n"
                                          "tun-berlin  waiting\n"
                                          "    for the device eth7 that\n"
                                          "    leads to the provider in\n"
                                          "    Berlin\n");
    CHECK_TEXT(print(sample_table(), 20), "NAME        STATE\n"
                                          "gre1        up\n"
                                          "tun-berlin  waiting\n"
                                          "    for the device\n"
                                          "    eth7 that leads\n"
                                          "    to the provider\n"
                                          "    in Berlin\n");
}

TEST(table_of_anything)
{
    struct printed_table *table = new_table();

    put_row(table, "\033[2J", "up", "a\nb", "", "");
    CHECK_TEXT(print(table, 80), "NAME     STATE  REMOTE  KEY  FILE\n"
                                 "\\x1b[2J  up     a\\x0ab\n");
    CHECK_TEXT(print(new_table(), 80), "");
}

TEST(wrapping)
{
    printed_wrapped("one two", 2, 0, begin());
    CHECK_TEXT(end(), "  one two\n");
    printed_wrapped("", 2, 80, begin());
    CHECK_TEXT(end(), "  \n");
    printed_wrapped("a-word-that-is-longer-than-a-line b", 2, 20, begin());
    CHECK_TEXT(end(), "  a-word-that-is-lon\n  ger-than-a-line b\n");
}

RUN_TESTS(T(texts), T(a_byte_of_0), T(what_is_not_utf8), T(nesting), T(lines), T(columns), T(table_without_limit), T(table_at_80_columns), T(table_narrow),
          T(table_of_anything), T(wrapping))
