/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is encoded is decoded again; the kernel's own messages have the same form. */
#include "kernel/link.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>

#include "base/shared.h"
#include "kernel/address.h"
#include "kernel/netlink.h"
#include "test.h"

static struct tunnel *sample(enum kind kind)
{
    struct tunnel *tunnel = tunnel_new("t1", kind);
    const char *why;

    CHECK(address_parse(kind_info(kind)->family == AF_INET ? "192.0.2.1" : "2001:db8::1", &tunnel->local, &why) == 0);
    CHECK(address_parse(kind_info(kind)->family == AF_INET ? "192.0.2.2" : "2001:db8::2", &tunnel->remote, &why) == 0);
    tunnel->ttl = 9;
    tunnel->fwmark = 7;
    tunnel->iflags = GRE_HAS_KEY | GRE_HAS_SEQ;
    tunnel->oflags = GRE_HAS_KEY | GRE_HAS_CSUM;
    tunnel->ikey = 0x01020304;
    tunnel->okey = 5;
    tunnel->tos = 16;
    tunnel->flowinfo = 0x01200000;
    tunnel->ip6_flags = 2;
    tunnel->encap_limit = 3;
    tunnel->encap = (struct encap){ ENCAP_GUE, ENCAP_HAS_CSUM6 | ENCAP_HAS_REMCSUM, 1234, 5555 };
    tunnel->erspan = (struct erspan){ .version = 2, .direction = 1, .hwid = 33, .index = 0xabcde };
    tunnel->pmtudisc = false;
    tunnel->ignore_df = true;
    tunnel->stated = FIELD_HARDWARE;
    memcpy(tunnel->hardware, "\x02\x00\x5e\x00\x53\x01", HARDWARE_SIZE);
    return tunnel;
}

TEST(round_trip)
{
    for (enum kind kind = KIND_GRE; kind < KIND_MAX; kind++) {
        struct tunnel *tunnel = sample(kind), *back = NULL;
        struct nl_msg *message = link_create(tunnel, 3, 1400);
        uint32_t fields = kind_info(kind)->fields;

        CHECK(message && link_decode(nlmsg_hdr(message), &back) == 0);
        CHECK_TEXT(back->name, "t1");
        CHECK(back->kind == kind && back->actual.ours && back->mtu == 1400);
        CHECK(!(fields & FIELD_LOCAL) || address_equal(&back->local, &tunnel->local));
        CHECK(!(fields & FIELD_REMOTE) || address_equal(&back->remote, &tunnel->remote));
        CHECK(!(fields & FIELD_LOWER) || back->lower_index == 3);
        CHECK(!(fields & FIELD_IFLAGS) || (back->iflags == tunnel->iflags && back->oflags == tunnel->oflags));
        CHECK(!(fields & FIELD_IKEY) || (back->ikey == tunnel->ikey && back->okey == tunnel->okey));
        CHECK(!(fields & FIELD_TTL) || back->ttl == 9);
        CHECK(!(fields & FIELD_TOS) || back->tos == 16);
        CHECK(!(fields & FIELD_PMTUDISC) || !back->pmtudisc);
        CHECK(!(fields & FIELD_IGNORE_DF) || back->ignore_df);
        CHECK(!(fields & FIELD_ENCAP) || !memcmp(&back->encap, &tunnel->encap, sizeof(back->encap)));
        CHECK(!(fields & FIELD_ERSPAN) || (back->erspan.version == 2 && back->erspan.direction == 1));
        CHECK(!(fields & FIELD_ERSPAN) || (back->erspan.hwid == 33 && back->erspan.index == 0xabcde));
        CHECK(!(fields & FIELD_HARDWARE) || !memcmp(back->hardware, tunnel->hardware, HARDWARE_SIZE));
        CHECK(back->external == (kind == KIND_EXTERNAL));
        CHECK(!(fields & FIELD_ENCAP_LIMIT) || back->encap_limit == 3);
        CHECK(!(fields & FIELD_FLOWINFO) || back->flowinfo == tunnel->flowinfo);
        CHECK(!(fields & FIELD_IP6_FLAGS) || back->ip6_flags == 2);
        CHECK(!(fields & FIELD_PROTO) || back->proto == kind_info(kind)->proto);
        CHECK(!(fields & FIELD_FWMARK) || back->fwmark == 7);
        nlmsg_free(message);
        tunnel_free(tunnel);
        tunnel_free(back);
    }
}

/* What each packet's route says is not sent, and not read back. */
TEST(external_round_trip)
{
    for (enum kind kind = KIND_GRE; kind < KIND_MAX; kind++) {
        struct tunnel *tunnel = sample(kind), *back = NULL;
        struct nl_msg *message;

        tunnel->external = kind_info(kind)->fields & FIELD_EXTERNAL;
        message = link_create(tunnel, 3, 0);
        CHECK(message && link_decode(nlmsg_hdr(message), &back) == 0);
        CHECK(back->kind == kind && back->external == tunnel->external);
        CHECK(!back->external || (!address_is_set(&back->local) && !back->encap.type && !back->iflags && !back->ttl));
        nlmsg_free(message);
        tunnel_free(tunnel);
        tunnel_free(back);
    }
}

/* Keys on the wire are in network order: 1.2.3.4 in this order of bytes. */
TEST(wire_order)
{
    static const uint8_t key[] = { 8, 0, 4, 0, 1, 2, 3, 4 }; /* length, IFLA_GRE_IKEY, value; little endian hosts */
    struct tunnel *tunnel = sample(KIND_GRE);
    struct nl_msg *message = link_create(tunnel, 0, 0);

    if (htonl(1) != 1)
        CHECK(memmem(nlmsg_hdr(message), nlmsg_hdr(message)->nlmsg_len, key, sizeof(key)) != NULL);
    nlmsg_free(message);
    tunnel_free(tunnel);
}

TEST(long_alias)
{
    struct tunnel *tunnel = sample(KIND_GRETAP);
    char source[300];
    struct nl_msg *message;

    shared_drop(tunnel->source);
    tunnel->source = source;
    strcpy(tunnel->controller, "br0");
    memset(source, 'x', sizeof(source) - 1);
    source[SOURCE_MAX + 1] = 0;
    CHECK(!link_set_alias(tunnel, 1));
    source[SOURCE_MAX] = 0;
    message = link_set_alias(tunnel, 1);
    CHECK(message != NULL);
    nlmsg_free(message);
    tunnel->source = NULL;
    tunnel_free(tunnel);
}

/* The doomed with an alias of ours are ours, those without are somebody's. */
TEST(marks_in_brief)
{
    static const struct {
        uint32_t group;
        bool named, ours;
    } cases[] = { { GROUP_OURS, true, true }, { GROUP_OURS, false, true }, { GROUP_DOOMED, true, true }, { GROUP_DOOMED, false, false }, { 0, true, false } };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct nl_msg *message = link_set_group(7, cases[i].group);
        struct link_brief brief;

        CHECK(nla_put_string(message, IFLA_IFALIAS, cases[i].named ? ALIAS_PREFIX "/a" : "a") >= 0);
        nlmsg_hdr(message)->nlmsg_type = RTM_NEWLINK;
        CHECK(link_decode_brief(nlmsg_hdr(message), &brief) == 0);
        CHECK(brief.ifindex == 7 && brief.ours == cases[i].ours && !brief.tells_ipv6);
        nlmsg_free(message);
    }
}

/* No length that a message claims is believed. */
TEST(broken_messages)
{
    struct tunnel *tunnel = sample(KIND_IP6GRE);
    struct nl_msg *message = link_create(tunnel, 3, 1400);
    uint32_t length = nlmsg_hdr(message)->nlmsg_len;
    static uint8_t copy[4096] __attribute__((aligned(4)));
    struct link_brief brief;

    for (uint32_t cut = sizeof(struct nlmsghdr); cut < length; cut++) {
        struct nlmsghdr *header = (struct nlmsghdr *)copy;
        struct tunnel *back = NULL;

        memcpy(copy, nlmsg_hdr(message), length);
        header->nlmsg_len = cut;
        if (link_decode(header, &back) == 0)
            tunnel_free(back);
        (void)link_decode_brief(header, &brief);
    }
    for (uint32_t at = NLMSG_HDRLEN + sizeof(struct ifinfomsg); at < length; at++)
        for (int value = 0; value < 256; value += 51) {
            struct tunnel *back = NULL;

            memcpy(copy, nlmsg_hdr(message), length);
            copy[at] = (uint8_t)value;
            if (link_decode((struct nlmsghdr *)copy, &back) == 0)
                tunnel_free(back);
            (void)link_decode_brief((struct nlmsghdr *)copy, &brief);
        }
    nlmsg_free(message);
    tunnel_free(tunnel);
}

TEST(addresses)
{
    static const char *const texts[][2] = { { "10.0.0.1", NULL }, { "10.0.0.1", "10.0.0.2" }, { "2001:db8::1", NULL }, { "2001:db8::1", "2001:db8::2" } };

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct inner inner = { .prefix = 30 }, back;
        struct nl_msg *message;
        const char *why;
        int ifindex = 0;

        CHECK(address_parse(texts[i][0], &inner.local, &why) == 0);
        CHECK(!texts[i][1] || address_parse(texts[i][1], &inner.peer, &why) == 0);
        message = address_add(&inner, 7);
        CHECK(message && address_decode(nlmsg_hdr(message), &ifindex, &back) == 0);
        CHECK(ifindex == 7 && back.ours && inner_equal(&inner, &back));
        nlmsg_free(message);
    }
}

RUN_TESTS(T(round_trip), T(external_round_trip), T(wire_order), T(long_alias), T(marks_in_brief), T(broken_messages), T(addresses))
