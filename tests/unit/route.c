/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routes, rules and neighbours: what is encoded is decoded again; the kernel's own messages have the same form. */
#include "kernel/route.h"

#include <linux/rtnetlink.h>
#include <netlink/msg.h>

#include "kernel/neighbour.h"
#include "kernel/rule.h"
#include "read/route-words.h"
#include "read/rule-words.h"
#include "test.h"

static const char *const routes[] = {
    "10.0.0.0/8 via 192.0.2.1 dev t1",
    "10.0.0.0/8 dev t1 src 10.0.0.1 metric 5 table 1234567 tos 0x10",
    "10.0.0.0/8 dev t1 mtu lock 1300 advmss 1200 initcwnd 20 initrwnd 30 window 65535 rtt 20ms quickack 1 hoplimit 9 features ecn congctl reno",
    "10.0.0.0/8 via 10.9.9.9 dev t1 onlink realms 3/4",
    "10.0.0.0/8 nexthop via 192.0.2.1 dev t1 weight 2 nexthop via 192.0.2.2 dev t2 weight 256",
    "10.0.0.0/8 via inet6 fe80::1 dev t1",
    "default dev t1",
    "blackhole 10.0.0.0/8",
    "throw 10.0.0.0/8 table 9",
    "local 10.0.0.1 dev t1",
};

static const char *const routes6[] = {
    "2001:db8::/32 via fe80::1 dev t1 metric 7 pref high",
    "2001:db8::/32 from 2001:db8:5::/48 dev t1",
    "default via 2001:db8::1 dev t1",
    "unreachable 2001:db8::/32",
};

static const char *const rules[] = {
    "from 10.0.0.0/8 table 7",
    "not to 10.0.0.0/8 fwmark 0x10/0xff iif t1 oif t2 tos 0x10 table 70000 pref 5",
    "ipproto udp sport 1000-2000 dport 53 uidrange 0-999 table 7",
    "from 10.0.0.0/8 suppress_prefixlength 0 suppress_ifgroup 3",
    "from 10.0.0.0/8 blackhole",
    "goto 32766",
    "l3mdev",
};

static void line(struct words *words, const char *text)
{
    CHECK(words_init(words, text, strlen(text), NULL) == 0 && words_line(words) == 1);
}

/* The kernel sends indexes where the file has names. */
static void number(struct route *route)
{
    for (size_t i = 0; i < route->n_hops; i++)
        route->hops[i].index = route->hops[i].device[1] - '0' + 10;
}

static void name(struct route *route)
{
    for (size_t i = 0; i < route->n_hops; i++)
        snprintf(route->hops[i].device, sizeof(route->hops[i].device), "t%d", route->hops[i].index - 10);
}

static void check_route(const char *text, uint8_t family)
{
    struct route route, back;
    struct nl_msg *message;
    struct words words;
    bool protocol;

    line(&words, text);
    CHECK(route_parse(&words, family, &route, &protocol) == 0);
    words_done(&words);
    number(&route);
    message = route_add(&route, false);
    CHECK(message && nlmsg_hdr(message)->nlmsg_flags & NLM_F_EXCL);
    CHECK(route_decode(nlmsg_hdr(message), &back) == 0);
    name(&back);
    CHECK(back.ours);
    if (!route_equal(&route, &back)) {
        printf("# not the same again: %s\n", text);
        test_failures++;
    }
    route_done(&route);
    route_done(&back);
    nlmsg_free(message);
}

TEST(routes_come_back)
{
    for (size_t i = 0; i < ARRAY_SIZE(routes); i++)
        check_route(routes[i], AF_INET);
    for (size_t i = 0; i < ARRAY_SIZE(routes6); i++)
        check_route(routes6[i], AF_INET6);
}

TEST(rules_come_back)
{
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
        struct rule rule, back, a, b;
        struct nl_msg *message;
        struct words words;
        bool protocol;

        line(&words, rules[i]);
        CHECK(rule_parse(&words, AF_INET, &rule, &protocol) == 0);
        words_done(&words);
        message = rule_add(&rule);
        CHECK(message && rule_decode(nlmsg_hdr(message), &back) == 0);
        CHECK(back.ours && (!rule.has_preference || rule.preference == back.preference));
        a = rule_key(&rule, false);
        b = rule_key(&back, false);
        if (memcmp(&a, &b, sizeof(a)) != 0) {
            printf("# not the same again: %s\n", rules[i]);
            test_failures++;
        }
        nlmsg_free(message);
    }
}

TEST(neighbours_come_back)
{
    struct neighbour neighbour = { 0 }, back;
    struct nl_msg *message;
    const char *why;
    int ifindex = 0;

    CHECK(address_parse("10.0.0.1", &neighbour.inner, &why) == 0 && address_parse("192.0.2.1", &neighbour.outer, &why) == 0);
    message = neighbour_add(&neighbour, 7);
    CHECK(message && neighbour_decode(nlmsg_hdr(message), &ifindex, &back) == 0);
    CHECK(ifindex == 7 && back.ours && !back.guessed && address_equal(&back.inner, &neighbour.inner) && address_equal(&back.outer, &neighbour.outer));
    nlmsg_free(message);
}

/* A deletion names our protocol, so that nobody else's route can be meant. */
TEST(deletions_name_whose)
{
    struct route route = route_init(AF_INET);
    struct nl_msg *message = route_delete(&route);

    CHECK(((struct rtmsg *)nlmsg_data(nlmsg_hdr(message)))->rtm_protocol == PROTOCOL_OURS);
    nlmsg_free(message);
    message = route_add(&route, true);
    CHECK(nlmsg_hdr(message)->nlmsg_flags & NLM_F_REPLACE && !(nlmsg_hdr(message)->nlmsg_flags & NLM_F_EXCL));
    nlmsg_free(message);
}

TEST(the_kernels_own_are_not_looked_at)
{
    struct route route = route_init(AF_INET), back;
    struct nl_msg *message = route_add(&route, false);

    ((struct rtmsg *)nlmsg_data(nlmsg_hdr(message)))->rtm_protocol = RTPROT_KERNEL;
    CHECK(route_decode(nlmsg_hdr(message), &back) < 0);
    nlmsg_free(message);
}

RUN_TESTS(T(routes_come_back), T(rules_come_back), T(neighbours_come_back), T(deletions_name_whose), T(the_kernels_own_are_not_looked_at))
