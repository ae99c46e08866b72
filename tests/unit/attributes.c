/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "write/attributes.h"

#include <errno.h>
#include <linux/ip6_tunnel.h>
#include <stdlib.h>

#include "base/macro.h"
#include "test.h"

static struct address address(const char *text)
{
    struct address parsed = { 0 };
    const char *why;

    CHECK(address_parse(text, &parsed, &why) == 0);
    return parsed;
}

/* One that has whatever its kind can have. */
static struct tunnel *make_full(enum kind kind)
{
    struct tunnel *tunnel = tunnel_new("t", kind);
    bool v4 = kind_info(kind)->family == AF_INET;

    tunnel->local = address(v4 ? "192.0.2.1" : "2001:db8::1");
    tunnel->remote = address(v4 ? "192.0.2.2" : "2001:db8::2");
    strcpy(tunnel->lower, "eth0");
    strcpy(tunnel->controller, "br0");
    tunnel->iflags = tunnel->oflags = GRE_HAS_KEY | GRE_HAS_SEQ | GRE_HAS_CSUM;
    tunnel->ikey = 1;
    tunnel->okey = 4294967295;
    tunnel->ttl = 64;
    tunnel->tos = 0x10;
    tunnel->flowinfo = 0x0b812345;
    tunnel->ip6_flags = IP6_TNL_F_RCV_DSCP_COPY | IP6_TNL_F_MIP6_DEV | IP6_TNL_F_ALLOW_LOCAL_REMOTE;
    tunnel->fwmark = 0x20;
    tunnel->encap = (struct encap){ .type = ENCAP_GUE, .dport = 6080, .flags = ENCAP_HAS_CSUM6 };
    tunnel->erspan = (struct erspan){ .version = 2, .direction = 1, .hwid = 7 };
    tunnel->hardware[0] = 2;
    tunnel->hardware[5] = 0xab;
    tunnel->ipv6 = true;
    tunnel->stated = FIELD_HARDWARE | FIELD_MULTICAST;
    tunnel->conf_stated = (1u << CONF_MAX) - 1;
    return tunnel;
}

TEST(each_field_of_each_kind_is_shown)
{
    for (enum kind kind = KIND_NONE + 1; kind < KIND_MAX; kind++) {
        struct tunnel *tunnel = make_full(kind);
        struct attributes attributes;
        uint32_t shown = 0;

        CHECK(attributes_of(tunnel, 1400, &attributes) == 0);
        for (size_t i = 0; i < attributes.n; i++) {
            shown |= attributes.items[i].fields;
            CHECK(attributes_get(&attributes, attributes.items[i].name) == &attributes.items[i]); /* no name twice */
            CHECK(attributes.items[i].text && *attributes.items[i].text);
        }
        CHECK((tunnel_fields(tunnel) & ~shown) == 0);
        attributes_done(&attributes);
        tunnel_free(tunnel);
    }
}

static void check(const struct attributes *attributes, const char *name, enum attribute_type type, const char *text, uint32_t number)
{
    const struct attribute *attribute = attributes_get(attributes, name);

    if (!attribute)
        printf("# no attribute %s\n", name);
    CHECK(attribute);
    if (!attribute)
        return;
    CHECK(attribute->type == type);
    CHECK_TEXT(attribute->text, text);
    CHECK(type == ATTRIBUTE_TEXT || attribute->number == number);
}

TEST(values)
{
    struct tunnel *tunnel = make_full(KIND_ERSPAN);
    struct attributes attributes;

    CHECK(attributes_of(tunnel, 1400, &attributes) == 0);
    check(&attributes, "kind", ATTRIBUTE_TEXT, "erspan", 0);
    check(&attributes, "local", ATTRIBUTE_TEXT, "192.0.2.1", 0);
    check(&attributes, "dev", ATTRIBUTE_TEXT, "eth0", 0);
    check(&attributes, "ikey", ATTRIBUTE_NUMBER, "1", 1);
    check(&attributes, "okey", ATTRIBUTE_NUMBER, "4294967295", 4294967295);
    check(&attributes, "iseq", ATTRIBUTE_BOOL, "on", true);
    check(&attributes, "ttl", ATTRIBUTE_NUMBER, "64", 64);
    check(&attributes, "tos", ATTRIBUTE_NUMBER, "0x10", 16);
    check(&attributes, "ignore-df", ATTRIBUTE_BOOL, "off", false);
    check(&attributes, "fwmark", ATTRIBUTE_NUMBER, "0x20", 32);
    check(&attributes, "encap", ATTRIBUTE_TEXT, "gue", 0);
    check(&attributes, "encap-sport", ATTRIBUTE_TEXT, "auto", 0);
    check(&attributes, "encap-dport", ATTRIBUTE_NUMBER, "6080", 6080);
    check(&attributes, "encap-udp6-csum", ATTRIBUTE_BOOL, "on", true);
    check(&attributes, "erspan_dir", ATTRIBUTE_TEXT, "egress", 0);
    check(&attributes, "erspan_hwid", ATTRIBUTE_NUMBER, "7", 7);
    check(&attributes, "address", ATTRIBUTE_TEXT, "02:00:00:00:00:ab", 0);
    check(&attributes, "mtu", ATTRIBUTE_NUMBER, "1400", 1400);
    check(&attributes, "controller", ATTRIBUTE_TEXT, "br0", 0);
    check(&attributes, "accept_ra", ATTRIBUTE_NUMBER, "0", 0);
    CHECK(!attributes_get(&attributes, "erspan") && !attributes_get(&attributes, "mode"));
    attributes_done(&attributes);
    tunnel_free(tunnel);

    tunnel = make_full(KIND_IP6IP6);
    tunnel->ip6_flags |= IP6_TNL_F_USE_ORIG_TCLASS | IP6_TNL_F_USE_ORIG_FWMARK;
    tunnel->ttl = 0;
    CHECK(attributes_of(tunnel, 0, &attributes) == 0);
    check(&attributes, "mode", ATTRIBUTE_TEXT, "ip6ip6", 0);
    check(&attributes, "ttl", ATTRIBUTE_TEXT, "inherit", 0);
    check(&attributes, "encaplimit", ATTRIBUTE_NUMBER, "4", 4);
    check(&attributes, "tclass", ATTRIBUTE_TEXT, "inherit", 0);
    check(&attributes, "flowlabel", ATTRIBUTE_NUMBER, "0x12345", 0x12345);
    check(&attributes, "fwmark", ATTRIBUTE_TEXT, "inherit", 0);
    check(&attributes, "dscp", ATTRIBUTE_TEXT, "inherit", 0);
    CHECK(!attributes_get(&attributes, "mtu") && !attributes_get(&attributes, "ikey") && !attributes_get(&attributes, "tos"));
    attributes_done(&attributes);
    tunnel_free(tunnel);
}

TEST(what_is_nothing_is_left_out)
{
    static const char *const nothing[] = { "local", "remote", "dev", "ikey", "okey", "fwmark", "encap", "encap-dport", "address", "multicast", "controller" };
    struct tunnel *tunnel = tunnel_new("t", KIND_GRE), none = { .kind = KIND_NONE, .up = true, .actual.ifindex = 5 };
    struct attributes attributes;

    CHECK(attributes_of(tunnel, 0, &attributes) == 0);
    for (size_t i = 0; i < ARRAY_SIZE(nothing); i++)
        CHECK(!attributes_get(&attributes, nothing[i]));
    check(&attributes, "iseq", ATTRIBUTE_BOOL, "off", false);
    attributes_done(&attributes);
    tunnel_need_more(tunnel)->remote_name = strdup("peer.example");
    CHECK(attributes_of(tunnel, 0, &attributes) == 0);
    check(&attributes, "remote", ATTRIBUTE_TEXT, "peer.example", 0);
    attributes_done(&attributes);
    tunnel_free(tunnel);
    CHECK(attributes_of(&none, 1500, &attributes) == 0); /* a device of a kind that is not ours */
    CHECK(attributes.n == 2);
    check(&attributes, "mtu", ATTRIBUTE_NUMBER, "1500", 1500);
    check(&attributes, "up", ATTRIBUTE_BOOL, "on", true);
    attributes_done(&attributes);
}

/* Is the attribute of that name changed? */
static bool differs(const struct tunnel *wanted, const struct tunnel *actual, uint32_t differing, const char *name)
{
    struct attributes left, right;
    bool answer;

    CHECK(attributes_of(wanted, 1400, &left) == 0);
    CHECK(attributes_of(actual, 1400, &right) == 0);
    answer = attribute_differs(attributes_get(&left, name), attributes_get(&right, name), differing);
    attributes_done(&left);
    attributes_done(&right);
    return answer;
}

TEST(differences)
{
    struct tunnel *wanted = make_full(KIND_GRE), *actual = make_full(KIND_GRE);

    actual->iflags = GRE_HAS_SEQ | GRE_HAS_CSUM;
    actual->ttl = 9;
    actual->tos = 0;
    actual->conf[CONF_AUTOCONF] = 1;
    CHECK(differs(wanted, actual, FIELD_IFLAGS | FIELD_IKEY, "ikey"));
    CHECK(!differs(wanted, actual, FIELD_IFLAGS | FIELD_IKEY, "iseq")); /* of one field, and as it was */
    CHECK(!differs(wanted, actual, FIELD_IFLAGS | FIELD_IKEY, "ttl"));  /* not to be changed */
    CHECK(differs(wanted, actual, FIELD_TTL | FIELD_TOS, "ttl"));
    CHECK(differs(wanted, actual, FIELD_TTL | FIELD_TOS, "tos"));
    CHECK(differs(wanted, actual, 0, "autoconf"));
    CHECK(!differs(wanted, actual, 0, "forwarding"));
    CHECK(!differs(wanted, actual, UINT32_MAX, "no such"));
    actual->conf_stated = 0;
    CHECK(!differs(wanted, actual, 0, "autoconf")); /* not known */
    tunnel_free(wanted);
    tunnel_free(actual);
}

TEST(inner_addresses)
{
    struct inner inner = { .local = address("10.0.0.1"), .prefix = 30 };
    char text[100] = "";
    FILE *out = fmemopen(text, sizeof(text), "w");

    inner_put(&inner, out);
    fputs(", ", out);
    inner.peer = address("10.0.0.2");
    inner_put(&inner, out);
    fclose(out);
    CHECK_TEXT(text, "10.0.0.1/30, 10.0.0.1/30 peer 10.0.0.2/30");
}

RUN_TESTS(T(each_field_of_each_kind_is_shown), T(values), T(what_is_nothing_is_left_out), T(differences), T(inner_addresses))
