/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines cut into words, and routes and rules there and back: what is read of a line, written, and read again is the same.
 * What ip(8) makes of the same words was tried with iproute2 6.1. */
#include "read/words.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macro.h"
#include "model/route-text.h"
#include "read/route-words.h"
#include "read/rule-words.h"
#include "test.h"

static char described[4096];

/* "LINE:COLUMN WORD," for each, "|" behind each line, "DOS" at the end if it has such line ends. */
static const char *cut_bytes(const char *text, size_t size)
{
    struct words words;
    size_t n = 0;
    int r;

    described[0] = 0;
    CHECK(words_init(&words, text, size, NULL) == 0);
    while ((r = words_line(&words)) > 0) {
        const struct word *word;

        while ((word = words_take(&words)))
            n += (size_t)snprintf(described + n, sizeof(described) - n, "%u:%u %s,", word->line, word->column, word->text);
        n += (size_t)snprintf(described + n, sizeof(described) - n, "|");
    }
    CHECK(r == 0);
    CHECK(words_line(&words) == 0); /* the end stays the end */
    snprintf(described + n, sizeof(described) - n, "%s", words.dos ? "DOS" : "");
    words_done(&words);
    return described;
}

static const char *cut(const char *text)
{
    return cut_bytes(text, strlen(text));
}

TEST(plain)
{
    CHECK_TEXT(cut(""), "");
    CHECK_TEXT(cut("a"), "1:1 a,|");
    CHECK_TEXT(cut("a b\nc\n"), "1:1 a,1:3 b,|2:1 c,|");
    CHECK_TEXT(cut("\n\n  \n\t\na"), "5:1 a,|");
    CHECK_TEXT(cut("  a\t\tb \t c  "), "1:3 a,1:6 b,1:10 c,|");
    CHECK_TEXT(cut("\"a b\" 'c'"), "1:1 \"a,1:4 b\",1:7 'c',|"); /* as network-scripts: quotes are no quotes */
    CHECK_TEXT(cut("\xc3\xbc \xff"), "1:1 \xc3\xbc,1:4 \xff,|");
}

TEST(comments)
{
    CHECK_TEXT(cut("# a\nb # c\n#"), "2:1 b,|");
    CHECK_TEXT(cut("a#b c# #d"), "1:1 a#b,1:5 c#,|");
    CHECK_TEXT(cut("#"), "");
    CHECK_TEXT(cut("\t # a\n"), "");
    CHECK_TEXT(cut("a \\\n# b\nc"), "1:1 a,|3:1 c,|");
    CHECK_TEXT(cut("# a \\\n b\nc"), "3:1 c,|"); /* as to the shell's read */
    CHECK_TEXT(cut("# a \\\n b \\\n\nc"), "4:1 c,|");
    CHECK_TEXT(cut("#\\\r\n b\r\nc"), "3:1 c,|DOS");
}

TEST(continued)
{
    CHECK_TEXT(cut("a \\\nb\nc"), "1:1 a,2:1 b,|3:1 c,|");
    CHECK_TEXT(cut("a\\\n b"), "1:1 a,2:2 b,|");
    CHECK_TEXT(cut("a \\\n\\\n  \\\nb"), "1:1 a,4:1 b,|");
    CHECK_TEXT(cut("a \\\n\nb"), "1:1 a,|3:1 b,|");
    CHECK_TEXT(cut("\\\na"), "2:1 a,|");
    CHECK_TEXT(cut("\\\n\na"), "3:1 a,|");
    CHECK_TEXT(cut("a \\\r\nb"), "1:1 a,2:1 b,|DOS");
    /* a backslash that has no end of line behind it */
    CHECK_TEXT(cut("a \\ \nb"), "1:1 a,1:3 \\,|2:1 b,|");
    CHECK_TEXT(cut("a\\b"), "1:1 a\\b,|");
    /* at the end of the file it joins nothing */
    CHECK_TEXT(cut("a \\\n"), "1:1 a,|");
    CHECK_TEXT(cut("\\\n"), "");
    CHECK_TEXT(cut("a \\"), "1:1 a,|");
    CHECK_TEXT(cut("\\"), "");
}

TEST(line_ends)
{
    CHECK_TEXT(cut("a b\r\nc\r\n\r\n"), "1:1 a,1:3 b,|2:1 c,|DOS");
    CHECK_TEXT(cut("a # b\r\nc"), "1:1 a,|2:1 c,|DOS");
    CHECK_TEXT(cut("a\rb"), "1:1 a\rb,|");
    CHECK_TEXT(cut("\xef\xbb\xbf"
                   "a"),
               "1:4 a,|DOS");
    CHECK_TEXT(cut("\xef\xbb\xbf"), "DOS");
    CHECK_TEXT(cut("a \xef\xbb\xbf"), "1:1 a,1:3 \xef\xbb\xbf,|");
    CHECK_TEXT(cut_bytes("a b", 2), "1:1 a,|"); /* no further than it is told */
}

/* More words than fit at first, and words that are long. */
TEST(long_lines)
{
    enum { WORDS = 5000, LETTERS = 100000 };
    size_t size = 2 * WORDS + LETTERS + 2, n = 0;
    char *text = malloc(size);
    struct words words;
    const struct word *word;

    for (size_t i = 0; i < WORDS; i++)
        memcpy(text + 2 * i, "x ", 2);
    memset(text + 2 * WORDS, 'y', LETTERS);
    memcpy(text + 2 * WORDS + LETTERS, "\nz", 2);
    CHECK(words_init(&words, text, size, NULL) == 0);
    CHECK(words_line(&words) == 1);
    while ((word = words_take(&words)) && n++ < WORDS)
        CHECK(!strcmp(word->text, "x") && word->line == 1 && word->column == 2 * n - 1);
    CHECK(word && strlen(word->text) == LETTERS && word->column == 2 * WORDS + 1);
    CHECK(!words_peek(&words) && !words_take(&words));
    CHECK(words_line(&words) == 1 && !strcmp(words_peek(&words)->text, "z"));
    CHECK(words_line(&words) == 0);
    words_done(&words);
    free(text);
}

/* A line as a route or a rule, written down; "LINE:COLUMN WORD: WHY" of a fault. */
static const char *describe_fault(const struct words *words)
{
    static char text[512];

    CHECK(words->why && words->fault);
    if (words->why && words->fault)
        snprintf(text, sizeof(text), "%u:%u %s: %s", words->fault->line, words->fault->column, words->fault->text, words->why);
    return text;
}

static bool read_route(const char *line, uint8_t family, struct route *ret, const char **ret_fault)
{
    struct words words;
    bool protocol;
    int r;

    CHECK(words_init(&words, line, strlen(line), NULL) == 0 && words_line(&words) == 1);
    r = route_parse(&words, family, ret, &protocol);
    CHECK(r == 0 || r == -EINVAL);
    if (r < 0)
        *ret_fault = describe_fault(&words);
    words_done(&words);
    return r == 0;
}

static bool read_rule(const char *line, uint8_t family, struct rule *ret, const char **ret_fault)
{
    struct words words;
    bool protocol;
    int r;

    CHECK(words_init(&words, line, strlen(line), NULL) == 0 && words_line(&words) == 1);
    r = rule_parse(&words, family, ret, &protocol);
    CHECK(r == 0 || r == -EINVAL);
    if (r < 0)
        *ret_fault = describe_fault(&words);
    words_done(&words);
    return r == 0;
}

static char *write_route(const struct route *route)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    route_put(route, out);
    fclose(out);
    return text;
}

static char *write_rule(const struct rule *rule)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    rule_put(rule, out);
    fclose(out);
    return text;
}

/* What is written of it; empty if it is as it was read. */
struct line {
    const char *text, *written;
};

static void check_route(const struct line *line, uint8_t family)
{
    const char *fault = NULL;
    struct route route = { 0 }, again = { 0 };
    char *written;
    bool good = read_route(line->text, family, &route, &fault);

    CHECK_TEXT(good ? "" : fault, "");
    if (!good)
        return;
    written = write_route(&route);
    CHECK_TEXT(written, *line->written ? line->written : line->text);
    good = read_route(written, family, &again, &fault);
    CHECK_TEXT(good ? "" : fault, "");
    if (good) {
        char *twice = write_route(&again);

        CHECK(route_equal(&route, &again) && route_equal(&again, &route));
        CHECK_TEXT(twice, written);
        free(twice);
        route_done(&again);
    }
    free(written);
    route_done(&route);
}

static bool same_key(const struct rule *a, const struct rule *b, bool preference)
{
    struct rule left = rule_key(a, preference), right = rule_key(b, preference);

    return !memcmp(&left, &right, sizeof(left));
}

static void check_rule(const struct line *line, uint8_t family)
{
    const char *fault = NULL;
    struct rule rule, again;
    char *written;
    bool good = read_rule(line->text, family, &rule, &fault);

    CHECK_TEXT(good ? "" : fault, "");
    if (!good)
        return;
    written = write_rule(&rule);
    CHECK_TEXT(written, *line->written ? line->written : line->text);
    good = read_rule(written, family, &again, &fault);
    CHECK_TEXT(good ? "" : fault, "");
    if (good) {
        char *twice = write_rule(&again);

        CHECK(same_key(&rule, &again, true));
        CHECK_TEXT(twice, written);
        free(twice);
    }
    free(written);
}

TEST(routes_there_and_back)
{
    static const struct line lines[] = {
        { "0.0.0.0/0", "" },
        { "default", "0.0.0.0/0" },
        { "0/0 dev a", "0.0.0.0/0 dev a" },
        { "10/8", "10.0.0.0/8" },
        { "10.1/16", "10.1.0.0/16" },
        { "192.0.2/255.255.255.0", "192.0.2.0/24" },
        { "192.0.2.1", "192.0.2.1/32" },
        { "dev a 10.0.0.0/8", "10.0.0.0/8 dev a" },
        { "table 7 to 10.0.0.0/8", "10.0.0.0/8 table 7" },
        { "10.0.0.0/8 src 0.0.0.0 quickack 0", "10.0.0.0/8" },
        { "10.0.0.0/8 mtu 65535 advmss 65535", "10.0.0.0/8 mtu 65520 advmss 65495" },
        { "10.0.0.0/8 tos 10", "10.0.0.0/8 tos 0x10" },
        { "10.0.0.0/8 rto_min 5ms", "10.0.0.0/8 rto_min lock 5ms" },
        { "10.0.0.0/8 via 192.0.2.1 dev a", "" },
        { "10.0.0.0/8 dev a via 192.0.2.1", "10.0.0.0/8 via 192.0.2.1 dev a" },
        { "10.0.0.0/8 via inet 192.0.2.1", "10.0.0.0/8 via 192.0.2.1" },
        { "10.0.0.0/8 via inet6 2001:db8::1 dev a", "" },
        { "10.0.0.0/8 via 192.0.2.1 dev a onlink", "" },
        { "10.0.0.0/8 dev a src 192.0.2.1 metric 5 table 7", "" },
        { "10.0.0.0/8 tab 7 met 0x10", "10.0.0.0/8 metric 16 table 7" },
        { "10.0.0.0/8 priority 4294967295", "10.0.0.0/8 metric 4294967295" },
        { "10.0.0.0/8 metric 0", "10.0.0.0/8" },
        { "10.0.0.0/8 table 254", "10.0.0.0/8" },
        { "10.0.0.0/8 table 4294967295", "" },
        { "10.0.0.0/8 dev a tos 0x10", "" },
        { "10.0.0.0/8 dev a scope 0", "" },
        { "10.0.0.0/8 dev a scope 253", "10.0.0.0/8 dev a" },
        { "10.0.0.0/8 via 192.0.2.1 dev a scope 253", "" },
        { "10.0.0.0/8 dev a realms 5", "" },
        { "10.0.0.0/8 dev a realms 5/7", "" },
        { "10.0.0.0/8 dev a realms 5/0", "" },
        { "10.0.0.0/8 dev a mtu 1400 hoplimit 64", "" },
        { "10.0.0.0/8 dev a mtu lock 1400", "" },
        { "10.0.0.0/8 dev a advmss 1360 initcwnd 10 initrwnd 20", "" },
        { "10.0.0.0/8 dev a window 65535 ssthresh 9 cwnd lock 4 reordering 3", "" },
        { "10.0.0.0/8 dev a rtt 20ms rttvar 0.01s", "10.0.0.0/8 dev a rtt 160 rttvar 40" },
        { "10.0.0.0/8 dev a rtt lock 160", "" },
        { "10.0.0.0/8 dev a features ecn quickack 1 fastopen_no_cookie 1", "" },
        { "10.0.0.0/8 dev a congctl reno", "" },
        { "10.0.0.0/8 dev a congctl lock a-name-of-15-by", "" },
        { "10.0.0.0/8 nexthop via 192.0.2.1 dev a weight 3 nexthop dev b weight 1", "" },
        { "10.0.0.0/8 metric 5 nexthop via inet6 fe80::1 dev a weight 256 onlink nexthop dev b weight 1", "" },
        { "10.0.0.0/8 nexthop via 192.0.2.1 dev a", "10.0.0.0/8 via 192.0.2.1 dev a" },
        { "blackhole 10.0.0.0/8", "" },
        { "unreachable 0.0.0.0/0 metric 4278198272", "" },
        { "prohibit 10.0.0.0/8 table 9", "" },
        { "throw 0.0.0.0/0 table 9 tos 0x04", "" },
        { "local 192.0.2.1 dev lo", "local 192.0.2.1/32 dev lo" },
        { "local 192.0.2.1/32 dev lo table 254", "" },
        { "broadcast 192.0.2.255/32 dev a", "" },
        { "multicast 239.0.0.0/8 dev a", "" },
        { "anycast 192.0.2.0/32 dev a", "" },
        { "unicast 10.0.0.0/8 dev a", "10.0.0.0/8 dev a" },
    };
    static const struct line lines6[] = {
        { "::/0", "" },
        { "default via fe80::1 dev a", "::/0 via fe80::1 dev a" },
        { "2001:db8::1", "2001:db8::1/128" },
        { "2001:DB8::/32 dev a", "2001:db8::/32 dev a" },
        { "2001:db8::/32 from 2001:db8:1::/48 dev a", "" },
        { "2001:db8::/32 from ::/0 dev a", "2001:db8::/32 dev a" },
        { "2001:db8::/32 dev a pref low", "" },
        { "2001:db8::/32 dev a pref high", "" },
        { "2001:db8::/32 dev a pref medium", "2001:db8::/32 dev a" },
        { "2001:db8::/32 dev a scope 253", "2001:db8::/32 dev a" }, /* there is no other */
        { "2001:db8::/32 dev a src 2001:db8::1 metric 1 table 5 mtu 1280", "" },
        { "2001:db8::/32 nexthop via fe80::1 dev a weight 1 nexthop via fe80::1 dev b weight 2", "" },
        { "unreachable 2001:db8::/32 metric 4294967295", "" },
        { "local 2001:db8::1/128 dev lo", "" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        check_route(&lines[i], AF_INET);
    for (size_t i = 0; i < ARRAY_SIZE(lines6); i++)
        check_route(&lines6[i], AF_INET6);
}

TEST(rules_there_and_back)
{
    static const struct line lines[] = {
        { "table 7", "" },
        { "from 10.0.0.0/8 table 7", "" },
        { "not from 10.0.0.0/8 table 7", "" },
        { "not table 7 fwmark 1", "not fwmark 0x1 table 7" },
        { "from all to 10/8 lookup 7 order 5", "to 10.0.0.0/8 table 7 pref 5" },
        { "from 10.0.0.1", "from 10.0.0.1/32 table 254" },
        { "fwmark 0xa/0xff table 7", "" },
        { "fwmark 4294967295 table 7", "fwmark 0xffffffff table 7" },
        { "iif a oif b tos 0x10 ipproto 6 sport 1-2 dport 443 uidrange 0-4294967294 table 7", "" },
        { "ipproto icmp table 7", "ipproto 1 table 7" },
        { "table 254 suppress_prefixlength 0", "" },
        { "table 7 suppress_ifgroup 2147483647", "" },
        { "table 7 pref 0", "" },
        { "table 7 pref 4294967295 realms 65535", "" },
        { "from 10.0.0.0/8 goto 900 pref 800", "" },
        { "from 10.0.0.0/8 blackhole", "" },
        { "from 10.0.0.0/8 unreachable pref 1", "" },
        { "prohibit from 10.0.0.0/8", "from 10.0.0.0/8 prohibit" },
        { "nop pref 1", "" },
        { "l3mdev pref 1000", "" },
        { "l3mdev unreachable pref 2000", "" },
        { "from 10.1.2.3/24 table 7", "from 10.1.2.0/24 table 7" },
        { "tos 10 table 7", "tos 0x10 table 7" },
        { "table 7 realms 1/2", "" },
        { "type unicast table 7", "table 7" },
    };
    static const struct line lines6[] = {
        { "from 2001:db8::/32 table 7", "" },
        { "not to 2001:db8::1/128 table 7 suppress_prefixlength 128", "" },
        { "from any to ::/0 dev a prio 3", "iif a table 254 pref 3" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        check_rule(&lines[i], AF_INET);
    for (size_t i = 0; i < ARRAY_SIZE(lines6); i++)
        check_rule(&lines6[i], AF_INET6);
}

/* Where a fault is, and what of it is said. */
TEST(faults)
{
    static const struct line routes[] = {
        { "nonsense", "1:1 nonsense: not an address" },
        { "10.0.0.0/8 nonsense 5", "1:12 nonsense: is no argument of a route" },
        { "10.0.0.0/8 metric", "1:12 metric: needs a value behind it" },
        { "10.0.0.0/8 \\\n  metric x", "2:10 x: not a number from 0 to 4294967295" },
        { "10.0.0.0/8 table main", "1:18 main: neither a number nor the name of a table" }, /* there are no names here */
        { "10.0.0.1/8", "1:1 10.0.0.1/8: there are bits behind the prefix length: not the address of a network" },
        { "::/0", "1:1 ::/0: an IPv6 address where an IPv4 one belongs" },
        { "blackhole", "1:1 blackhole: needs a value behind it" },
    };
    static const struct line rules[] = {
        { "nonsense", "1:1 nonsense: is no argument of a rule" },
        { "from 10.0.0.0/8 table", "1:17 table: needs a value behind it" },
        { "dport 2-1", "1:7 2-1: not a number, or FIRST-LAST" },
    };
    struct route route;
    struct rule rule;
    const char *fault = "";

    for (size_t i = 0; i < ARRAY_SIZE(routes); i++) {
        CHECK(!read_route(routes[i].text, AF_INET, &route, &fault));
        CHECK_TEXT(fault, routes[i].written);
    }
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
        CHECK(!read_rule(rules[i].text, AF_INET, &rule, &fault));
        CHECK_TEXT(fault, rules[i].written);
    }
}

/* Are two lines the same route, and the same to the kernel's table? As "=" and "k". */
static const char *compare_routes(uint8_t family, const char *wanted, const char *actual)
{
    static char text[3];
    const char *fault = "";
    struct route a = { 0 }, b = { 0 };
    struct route_key left, right;

    text[0] = 0;
    CHECK(read_route(wanted, family, &a, &fault) && read_route(actual, family, &b, &fault));
    left = route_key(&a);
    right = route_key(&b);
    if (route_equal(&a, &b))
        strcat(text, "=");
    if (!memcmp(&left, &right, sizeof(left)))
        strcat(text, "k");
    route_done(&a);
    route_done(&b);
    return text;
}

TEST(equal_routes)
{
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10/8 dev a metric 0 table 254"), "=k");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8", "10.0.0.0/8 dev a"), "=k"); /* any device will do */
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10.0.0.0/8"), "k");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10.0.0.0/8 dev b"), "k");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10.0.0.0/8 via 192.0.2.1 dev a"), "k");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 via 192.0.2.1 dev a", "10.0.0.0/8 via 192.0.2.1 dev a onlink"), "k");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10.0.0.0/9 dev a"), "");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "11.0.0.0/8 dev a"), "");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10.0.0.0/8 dev a metric 1"), "");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10.0.0.0/8 dev a table 1"), "");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10.0.0.0/8 dev a tos 0x10"), "");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10.0.0.0/8 dev a src 192.0.2.1"), "k");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10.0.0.0/8 dev a realms 1"), "k");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10.0.0.0/8 dev a mtu 1400"), "k");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a mtu 1400", "10.0.0.0/8 dev a mtu lock 1400"), "k");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a congctl reno", "10.0.0.0/8 dev a congctl cubic"), "k");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 dev a", "10.0.0.0/8 dev a scope 0"), "k");
    CHECK_TEXT(compare_routes(AF_INET, "blackhole 10.0.0.0/8", "prohibit 10.0.0.0/8"), "k");
    CHECK_TEXT(compare_routes(AF_INET6, "2001:db8::/32 dev a", "2001:db8::/32 dev a metric 1024"), "=k");
    CHECK_TEXT(compare_routes(AF_INET6, "2001:db8::/32 dev a", "2001:db8::/32 dev a metric 1"), "");
    CHECK_TEXT(compare_routes(AF_INET6, "2001:db8::/32 dev a", "2001:db8::/32 dev a from 2001:db8::/32"), "");
    CHECK_TEXT(compare_routes(AF_INET6, "2001:db8::/32 dev a", "2001:db8::/32 dev a pref low"), "k");
}

TEST(equal_routes_of_several_hops)
{
    const char *one = "10.0.0.0/8 nexthop dev a weight 2 nexthop via 192.0.2.1 dev b";

    CHECK_TEXT(compare_routes(AF_INET, one, "10.0.0.0/8 nexthop via 192.0.2.1 dev b nexthop dev a weight 2"), "=k"); /* in any order */
    CHECK_TEXT(compare_routes(AF_INET, one, "10.0.0.0/8 nexthop dev a weight 3 nexthop via 192.0.2.1 dev b"), "k");
    CHECK_TEXT(compare_routes(AF_INET, one, "10.0.0.0/8 nexthop dev a weight 2 nexthop via 192.0.2.2 dev b"), "k");
    CHECK_TEXT(compare_routes(AF_INET, one, "10.0.0.0/8 nexthop dev a weight 2 nexthop via 192.0.2.1 dev b nexthop dev c"), "k");
    CHECK_TEXT(compare_routes(AF_INET, one, "10.0.0.0/8 dev a"), "k");
    CHECK_TEXT(compare_routes(AF_INET, "10.0.0.0/8 nexthop via 192.0.2.1 weight 2", "10.0.0.0/8 via 192.0.2.1"), "=k"); /* alone it has all */
    CHECK_TEXT(
        compare_routes(AF_INET, "10.0.0.0/8 nexthop via 192.0.2.1 nexthop via 192.0.2.2", "10.0.0.0/8 nexthop via 192.0.2.1 dev a nexthop via 192.0.2.2 dev a"),
        "=k");
}

/* Are two lines the same rule? As "=" and, whatever the preference is, "k". */
static const char *compare_rules(const char *one, const char *other)
{
    static char text[3];
    const char *fault = "";
    struct rule a = { 0 }, b = { 0 };

    text[0] = 0;
    CHECK(read_rule(one, AF_INET, &a, &fault) && read_rule(other, AF_INET, &b, &fault));
    if (same_key(&a, &b, true))
        strcat(text, "=");
    if (same_key(&a, &b, false))
        strcat(text, "k");
    return text;
}

TEST(equal_rules)
{
    static const char *const others[] = {
        "not from 10.0.0.0/8 table 7",
        "from 10.0.0.0/9 table 7",
        "from 11.0.0.0/8 table 7",
        "to 10.0.0.0/8 table 7",
        "from 10.0.0.0/8 to 10.0.0.0/8 table 7",
        "from 10.0.0.0/8 table 8",
        "from 10.0.0.0/8 table 7 iif a",
        "from 10.0.0.0/8 table 7 oif a",
        "from 10.0.0.0/8 table 7 fwmark 1",
        "from 10.0.0.0/8 table 7 tos 0x10",
        "from 10.0.0.0/8 table 7 ipproto 6",
        "from 10.0.0.0/8 table 7 sport 6",
        "from 10.0.0.0/8 table 7 dport 6",
        "from 10.0.0.0/8 table 7 uidrange 0-0",
        "from 10.0.0.0/8 table 7 realms 6",
        "from 10.0.0.0/8 table 7 suppress_prefixlength 0",
        "from 10.0.0.0/8 table 7 suppress_ifgroup 0",
        "from 10.0.0.0/8 blackhole",
        "from 10.0.0.0/8 goto 7",
        "from 10.0.0.0/8 l3mdev",
    };

    CHECK_TEXT(compare_rules("from 10.0.0.0/8 table 7", "table 7 from 10/8"), "=k");
    CHECK_TEXT(compare_rules("from 10.0.0.0/8 table 7", "from 10.0.0.0/8 table 7 pref 5"), "k");
    CHECK_TEXT(compare_rules("from 10.0.0.0/8 table 7", "from 10.0.0.0/8 table 7 pref 0"), "k");
    CHECK_TEXT(compare_rules("from 10.0.0.0/8 table 7 pref 5", "from 10.0.0.0/8 table 7 pref 6"), "k");
    CHECK_TEXT(compare_rules("from 10.0.0.0/8 table 7 pref 5", "pref 5 table 7 from 10.0.0.0/8"), "=k");
    CHECK_TEXT(compare_rules("fwmark 1 table 7", "fwmark 1/1 table 7"), "");
    CHECK_TEXT(compare_rules("fwmark 1/0xffffffff table 7", "fwmark 1 table 7"), "=k");
    CHECK_TEXT(compare_rules("goto 7", "goto 8"), "");
    CHECK_TEXT(compare_rules("iif a table 7", "iif ab table 7"), "");
    CHECK_TEXT(compare_rules("from all table 7", "to 0.0.0.0/0 table 7"), "=k"); /* neither says anything */
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        CHECK_TEXT(compare_rules("from 10.0.0.0/8 table 7", others[i]), "");
}

RUN_TESTS(T(plain), T(comments), T(continued), T(line_ends), T(long_lines), T(routes_there_and_back), T(rules_there_and_back), T(faults), T(equal_routes),
          T(equal_routes_of_several_hops), T(equal_rules))
