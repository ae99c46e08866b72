/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/address.h"

#include "test.h"

static const char *why_not(const char *text)
{
    struct address address = { 0 };
    const char *why = "";
    uint8_t prefix;

    return address_parse_prefix(text, &address, &prefix, &why) < 0 ? why : "";
}

static void check_same(const char *text, const char *want, int want_prefix)
{
    struct address address;
    char buffer[ADDRESS_TEXT_MAX];
    const char *why = "";
    uint8_t prefix = 0;

    CHECK_TEXT(address_parse_prefix(text, &address, &prefix, &why) < 0 ? why : "", "");
    CHECK_TEXT(address_format(&address, buffer), want);
    CHECK(prefix == want_prefix);
}

TEST(good_ones)
{
    check_same("10.0.0.1", "10.0.0.1", ADDRESS_NO_PREFIX);
    check_same("10.0.0.1/30", "10.0.0.1", 30);
    check_same("10.0.0.1/0", "10.0.0.1", 0);
    check_same("10.0.0.1/255.255.255.252", "10.0.0.1", 30);
    check_same("10.0.0.1/0.0.0.0", "10.0.0.1", 0);
    check_same("2001:DB8:0:0::1/64", "2001:db8::1", 64);
    check_same("::ffff:10.0.0.1", "::ffff:10.0.0.1", ADDRESS_NO_PREFIX);
}

TEST(bad_ones)
{
    CHECK_TEXT(why_not("203.0.113.334"), "a number of the address is over 255");
    CHECK_TEXT(why_not("010.0.0.1"), "a number of the address has a leading zero: octal or decimal?");
    CHECK_TEXT(why_not("10.1"), "an IPv4 address has four numbers");
    CHECK_TEXT(why_not("10.0.0.1/33"), "the prefix length is over 32");
    CHECK_TEXT(why_not("::1/129"), "the prefix length is over 128");
    CHECK_TEXT(why_not("10.0.0.1/"), "the prefix length is no number");
    CHECK_TEXT(why_not("10.0.0.1/255.0.255.0"), "not a netmask");
    CHECK_TEXT(why_not("10.0.0.1/24/24"), "the prefix length is no number");
    CHECK_TEXT(why_not("fe80::1%eth0"), "not an IPv6 address");
    CHECK_TEXT(why_not(""), "not an address");
    CHECK_TEXT(why_not("host.example"), "not an address");
    CHECK_TEXT(why_not("10.0.0.1.2"), "not an address");
}

TEST(kinds_of_addresses)
{
    const uint8_t zeroes[16] = { 0 }, group4[4] = { 239, 1, 2, 3 }, group6[16] = { 0xff, 2 };
    struct address any = address_from_bytes(AF_INET, zeroes), four = address_from_bytes(AF_INET, group4), six = address_from_bytes(AF_INET6, group6);
    char buffer[ADDRESS_TEXT_MAX];

    CHECK(!address_is_set(&any));
    CHECK_TEXT(address_format(&any, buffer), "any");
    CHECK(address_is_multicast(&four) && address_is_multicast(&six) && !address_is_multicast(&any));
    CHECK(address_equal(&four, &four) && !address_equal(&four, &six) && !address_equal(&any, &four));
}

RUN_TESTS(T(good_ones), T(bad_ones), T(kinds_of_addresses))
