/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>

#include "test.h"

TEST(booleans)
{
    const char *yes[] = { "y", "YES", "t", "True", "on", "1" }, *no[] = { "n", "NO", "f", "False", "oFF", "0" }, *neither[] = { "", "maybe", "yes ", "2" };
    bool value;

    for (int i = 0; i < 6; i++) {
        value = false;
        CHECK(text_parse_bool(yes[i], &value) == 0 && value);
        CHECK(text_parse_bool(no[i], &value) == 0 && !value);
    }
    for (int i = 0; i < 4; i++)
        CHECK(text_parse_bool(neither[i], &value) == -EINVAL);
}

TEST(numbers)
{
    uint32_t value = 7;

    CHECK(text_parse_u32("0", 0, 255, &value) == 0 && value == 0);
    CHECK(text_parse_u32("255", 0, 255, &value) == 0 && value == 255);
    CHECK(text_parse_u32("0xFf", 0, 255, &value) == 0 && value == 255);
    CHECK(text_parse_u32("4294967295", 0, UINT32_MAX, &value) == 0 && value == UINT32_MAX);
    value = 7;
    CHECK(text_parse_u32("4294967296", 0, UINT32_MAX, &value) == -ERANGE);
    CHECK(text_parse_u32("99999999999999999999999999", 0, UINT32_MAX, &value) == -ERANGE);
    CHECK(text_parse_u32("67", 68, 65535, &value) == -ERANGE);
    CHECK(text_parse_u32("010", 0, 255, &value) == -EDOM);
    CHECK(text_parse_u32("", 0, 255, &value) == -EINVAL);
    CHECK(text_parse_u32("0x", 0, 255, &value) == -EINVAL);
    CHECK(text_parse_u32("-1", 0, 255, &value) == -EINVAL);
    CHECK(text_parse_u32("+1", 0, 255, &value) == -EINVAL);
    CHECK(text_parse_u32(" 1", 0, 255, &value) == -EINVAL);
    CHECK(text_parse_u32("1 ", 0, 255, &value) == -EINVAL);
    CHECK(text_parse_u32("12ab", 0, 255, &value) == -EINVAL);
    CHECK(value == 7); /* written only on success */
}

TEST(keys)
{
    uint32_t key;

    CHECK(text_parse_key("0.0.16.1", &key) == 0 && key == 4097);
    CHECK(text_parse_key("255.255.255.255", &key) == 0 && key == UINT32_MAX);
    CHECK(text_parse_key("1.2.3", &key) == -EINVAL);
    CHECK(text_parse_key("1.2.3.256", &key) == -ERANGE);
    CHECK(text_parse_key("1.2.3.04", &key) == -EDOM);
    CHECK(text_parse_key("1.2.3.4.", &key) == -EINVAL);
    CHECK(text_parse_key("12ab", &key) == -EINVAL);
    CHECK(text_parse_key("_word", &key) == -EINVAL);
    /* printf %s Green\ Tea | cksum */
    CHECK(text_parse_key("Green Tea", &key) == 0 && key == 639528364);
    CHECK(text_parse_key("sea-gull.example", &key) == 0 && key == 1265715085);
}

TEST(cksum_of_nothing)
{
    CHECK(text_cksum("", 0) == 4294967295u);
}

TEST(distances)
{
    CHECK(text_distance("KEY", "KEY", 2) == 0);
    CHECK(text_distance("KYE", "KEY", 2) == 1);
    CHECK(text_distance("ZONE", "Z0NE", 2) == 1);
    CHECK(text_distance("MY_OUTER_IPADDDR", "MY_OUTER_IPADDR", 2) == 1);
    CHECK(text_distance("PEER_OUTR_IPADR", "PEER_OUTER_IPADDR", 2) == 2);
    CHECK(text_distance("TTL", "MTU", 1) == 2);
    CHECK(text_distance("A", "ABCDEFGH", 2) == 3);
    CHECK(text_distance("0123456789012345678901234567890123456789x", "0123456789012345678901234567890123456789x", 2) == 3);
}

TEST(utf8)
{
    CHECK(text_is_utf8("gr\xc3\xbc\xc3\x9f", 6));
    CHECK(!text_is_utf8("\xc3", 1));
    CHECK(!text_is_utf8("\xc0\xaf", 2));         /* overlong */
    CHECK(!text_is_utf8("\xed\xa0\x80", 3));     /* a surrogate */
    CHECK(!text_is_utf8("\xf4\x90\x80\x80", 4)); /* beyond Unicode */
}

TEST(printable)
{
    char *text = text_printable("a\n\x1b[31m\xffz");

    CHECK_TEXT(text, "a\\x0a\\x1b[31m\\xffz");
    free(text);
    text = text_printable("0123456789012345678901234567890123456789012345678901234567890123456789");
    CHECK_TEXT(text, "012345678901234567890123456789012345678901234567890123456789...");
    free(text);
    text = text_escape("\xc2\x9b"
                       "31m \xe2\x80\xae \xc3\xa9"); /* CSI as C1, right-to-left override, e acute */
    CHECK_TEXT(text, "\\xc2\\x9b31m \\xe2\\x80\\xae \xc3\xa9");
    free(text);
    text = text_escape("/etc/a\nb\xff");
    CHECK_TEXT(text, "/etc/a\\x0ab\\xff");
    free(text);
}

TEST(a_stream_ends)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fputs("gre1", out);
    CHECK(text_end(out, &text) == 0);
    CHECK_TEXT(text, "gre1");
    CHECK(text_end(NULL, &text) == -ENOMEM);
    CHECK(!text);
}

RUN_TESTS(T(a_stream_ends), T(booleans), T(numbers), T(keys), T(cksum_of_nothing), T(distances), T(utf8), T(printable))
