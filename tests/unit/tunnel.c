/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/tunnel.h"

#include <arpa/inet.h>

#include "model/set.h"
#include "test.h"

static struct address address(const char *text)
{
    struct address parsed = { 0 };
    const char *why;

    CHECK(address_parse(text, &parsed, &why) == 0);
    return parsed;
}

static bool same_identity(const struct tunnel *a, const struct tunnel *b)
{
    struct identity left = tunnel_identity(a, -1), right = tunnel_identity(b, -1);

    return !memcmp(&left, &right, sizeof(left));
}

/* The uniqueness that each kind has in the kernel, tried there. */
TEST(identities)
{
    struct tunnel a = { .kind = KIND_GRE, .local = address("192.0.2.1"), .remote = address("192.0.2.2") }, b = a;

    b.ttl = 9;
    CHECK(same_identity(&a, &b));
    b.okey = 5;
    b.oflags = GRE_HAS_KEY;
    CHECK(same_identity(&a, &b)); /* only the input key counts */
    b.iflags = GRE_HAS_KEY;
    CHECK(!same_identity(&a, &b)); /* key 0 is not "no key" */
    a.iflags = GRE_HAS_KEY;
    CHECK(same_identity(&a, &b));
    b.kind = KIND_IPIP;
    CHECK(!same_identity(&a, &b));
    a.kind = KIND_IPIP;
    CHECK(same_identity(&a, &b));
    strcpy(a.lower, "eth0");
    CHECK(!same_identity(&a, &b));
    a = (struct tunnel){ .kind = KIND_IP6GRE, .local = address("2001:db8::1"), .remote = address("2001:db8::2") };
    b = a;
    b.iflags = GRE_HAS_KEY;
    CHECK(same_identity(&a, &b)); /* over IPv6 key 0 is "no key" */
    b.ikey = 1;
    CHECK(!same_identity(&a, &b));
}

TEST(fallbacks)
{
    struct tunnel tunnel = { .kind = KIND_GRE };

    CHECK(tunnel_equals_fallback(&tunnel));
    tunnel.okey = 1;
    tunnel.oflags = GRE_HAS_KEY;
    CHECK(tunnel_equals_fallback(&tunnel));
    tunnel.iflags = GRE_HAS_KEY;
    CHECK(!tunnel_equals_fallback(&tunnel));
    tunnel = (struct tunnel){ .kind = KIND_IPIP, .local = address("192.0.2.1") };
    CHECK(!tunnel_equals_fallback(&tunnel));
    tunnel = (struct tunnel){ .kind = KIND_EXTERNAL };
    CHECK(!tunnel_equals_fallback(&tunnel));
}

/* As seen on links in real kernels (6.1 and 6.12) over an underlay of 9000 bytes. */
TEST(overheads)
{
    enum { NO_LIMIT = IGNORE_ENCAP_LIMIT };
    static const struct {
        enum kind kind;
        uint16_t oflags;
        uint32_t ip6_flags;
        struct encap encap;
        uint8_t erspan;
        uint32_t mtu, most;
    } seen[] = {
        { KIND_GRE, 0, 0, { 0 }, 0, 8976, 65511 },
        { KIND_GRE, GRE_HAS_KEY, 0, { 0 }, 0, 8972, 65507 },
        { KIND_GRE, 0, 0, { .type = ENCAP_FOU }, 0, 8968, 65503 },
        { KIND_GRE, GRE_HAS_KEY, 0, { .type = ENCAP_GUE }, 0, 8960, 65495 },
        { KIND_GRE, 0, 0, { .type = ENCAP_GUE, .flags = ENCAP_HAS_CSUM | ENCAP_HAS_REMCSUM }, 0, 8956, 65491 },
        { KIND_IPIP, 0, 0, { 0 }, 0, 8980, 65515 },
        { KIND_SIT, 0, 0, { 0 }, 0, 8980, 65535 },
        { KIND_ISATAP, 0, 0, { 0 }, 0, 8980, 65535 },
        { KIND_IP6GRE, 0, 0, { 0 }, 0, 8948, 65531 },
        { KIND_IP6GRE, GRE_HAS_KEY, 0, { 0 }, 0, 8944, 65527 },
        { KIND_IP6GRE, 0, NO_LIMIT, { 0 }, 0, 8956, 65531 },
        { KIND_IPIP6, 0, 0, { 0 }, 0, 8952, 65495 },
        { KIND_IPIP6, 0, NO_LIMIT, { 0 }, 0, 8960, 65495 },
        { KIND_IP6IP6, 0, 0, { 0 }, 0, 8952, 65535 },
        { KIND_IP6IP6, 0, 0, { .type = ENCAP_FOU }, 0, 8944, 65527 },
        { KIND_EXTERNAL, 0, 0, { 0 }, 0, 8952, 65535 },
        { KIND_GRETAP, 0, 0, { 0 }, 0, 8962, 65497 },
        { KIND_GRETAP, GRE_HAS_KEY | GRE_HAS_SEQ | GRE_HAS_CSUM, 0, { 0 }, 0, 8950, 65485 },
        { KIND_IP6GRETAP, 0, 0, { 0 }, 0, 8934, 65517 },
        { KIND_IP6GRETAP, 0, NO_LIMIT, { 0 }, 0, 8942, 65517 },
        { KIND_ERSPAN, GRE_HAS_KEY | GRE_HAS_SEQ, 0, { 0 }, 0, 8962, 65497 },
        { KIND_ERSPAN, GRE_HAS_KEY | GRE_HAS_SEQ, 0, { 0 }, 1, 8950, 65485 },
        { KIND_ERSPAN, GRE_HAS_KEY | GRE_HAS_SEQ, 0, { 0 }, 2, 8946, 65481 },
        { KIND_IP6ERSPAN, GRE_HAS_KEY | GRE_HAS_SEQ, 0, { 0 }, 1, 8922, 65505 },
        { KIND_IP6ERSPAN, GRE_HAS_KEY | GRE_HAS_SEQ, 0, { 0 }, 2, 8918, 65501 },
        { KIND_IP6ERSPAN, GRE_HAS_KEY | GRE_HAS_SEQ, 0, { .type = ENCAP_FOU }, 1, 8914, 65497 },
        { KIND_VTI, GRE_HAS_KEY, 0, { 0 }, 0, 8980, 65515 },
        { KIND_VTI6, GRE_HAS_KEY, 0, { 0 }, 0, 8960, 65495 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(seen); i++) {
        struct tunnel *tunnel = tunnel_new("t", seen[i].kind);

        tunnel->oflags = seen[i].oflags;
        tunnel->ip6_flags = seen[i].ip6_flags;
        tunnel->encap = seen[i].encap;
        tunnel->erspan.version = seen[i].erspan;
        CHECK(9000 - tunnel_overhead(tunnel) == seen[i].mtu);
        CHECK(tunnel_max_mtu(tunnel) == seen[i].most);
        tunnel_free(tunnel);
    }
}

static bool has_parts(const struct tunnel *tunnel, const char *wanted)
{
    struct tunnel_part parts[TUNNEL_PARTS_MAX];
    size_t n = tunnel_overhead_parts(tunnel, parts), sum = 0;
    char text[200] = "";

    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(text);

        snprintf(text + length, sizeof(text) - length, "%s%s %u", i ? ", " : "", parts[i].name, parts[i].bytes);
        sum += parts[i].bytes;
    }
    CHECK_TEXT(text, wanted);
    return sum == tunnel_overhead(tunnel);
}

TEST(parts_of_overheads)
{
    struct tunnel tunnel = { .kind = KIND_GRE, .oflags = GRE_HAS_KEY };

    CHECK(has_parts(&tunnel, "IPv4 20, GRE 4, key 4"));
    tunnel = (struct tunnel){ .kind = KIND_VTI, .oflags = GRE_HAS_KEY };
    CHECK(has_parts(&tunnel, "IPv4 20"));
    tunnel = (struct tunnel){ .kind = KIND_ERSPAN, .oflags = GRE_HAS_SEQ | GRE_HAS_KEY, .erspan.version = 1 };
    CHECK(has_parts(&tunnel, "IPv4 20, GRE 4, sequence number 4, ERSPAN 8, Ethernet 14"));
    tunnel = (struct tunnel){ .kind = KIND_EXTERNAL, .external = true };
    CHECK(has_parts(&tunnel, "IPv6 40, encapsulation limit 8"));
    tunnel = (struct tunnel){ .kind = KIND_IP6IP6, .ip6_flags = IGNORE_ENCAP_LIMIT, .encap.type = ENCAP_FOU };
    CHECK(has_parts(&tunnel, "IPv6 40, UDP 8"));
    tunnel = (struct tunnel){ .kind = KIND_IP6GRETAP,
                              .oflags = GRE_HAS_SEQ | GRE_HAS_KEY | GRE_HAS_CSUM,
                              .encap = { .type = ENCAP_GUE, .flags = ENCAP_HAS_REMCSUM } };
    CHECK(has_parts(&tunnel, "IPv6 40, encapsulation limit 8, UDP 8, GUE 4, remote checksum 8, GRE 4, checksum 4, key 4, sequence number 4, Ethernet 14"));
    tunnel = (struct tunnel){ .kind = KIND_NONE };
    CHECK(has_parts(&tunnel, ""));
}

/* Kinds of the kernel that share a table, and external ones of which there is one among several kinds. */
TEST(shared_tables)
{
    static const struct {
        enum kind a, b;
        bool external, same;
    } pairs[] = {
        { KIND_IP6GRETAP, KIND_IP6ERSPAN, false, true }, { KIND_IP6GRETAP, KIND_IP6GRE, false, false }, { KIND_GRETAP, KIND_ERSPAN, false, false },
        { KIND_SIT, KIND_ISATAP, false, true },          { KIND_IPIP6, KIND_IP6IP6, false, true },      { KIND_IP6GRE, KIND_IP6GRETAP, true, true },
        { KIND_IP6GRETAP, KIND_IP6ERSPAN, true, false }, { KIND_GRE, KIND_GRETAP, true, false },        { KIND_GRETAP, KIND_ERSPAN, true, false },
        { KIND_IPIP6, KIND_EXTERNAL, true, true },       { KIND_IP6ERSPAN, KIND_IP6GRE, false, false }, { KIND_VTI, KIND_IPIP, false, false },
    };

    for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
        struct tunnel a = { .kind = pairs[i].a, .external = pairs[i].external }, b = { .kind = pairs[i].b, .external = pairs[i].external };

        CHECK(same_identity(&a, &b) == pairs[i].same);
    }
}

TEST(parked_ones_are_unlike)
{
    for (enum kind kind = KIND_GRE; kind < KIND_MAX; kind++) {
        struct tunnel tunnel = { .kind = kind }, first = tunnel_parked(&tunnel, 1), second = tunnel_parked(&tunnel, 2);

        if (!kind_info(kind)->unique)
            continue; /* external: one of a kind */
        CHECK(!same_identity(&tunnel, &first));
        CHECK(!same_identity(&first, &second));
        CHECK(!(kind_info(kind)->fields & FIELD_ERSPAN) || first.ikey <= 1023);
    }
}

TEST(names)
{
    const char *good[] = { "gre1", "fifteen-letters", "a.b", "\xc3\xbc" };
    const char *bad[] = { "", "sixteen-letters-", "a/b", "a b", ".", "..", "all", "default", "a:1", "gre%d", "\xff", "a\tb", "a\x01" };
    const char *why;

    for (size_t i = 0; i < ARRAY_SIZE(good); i++)
        CHECK(tunnel_check_name(good[i], &why) == 0);
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        CHECK(tunnel_check_name(bad[i], &why) < 0 && why);
}

TEST(sets)
{
    struct set *set = set_new(true);
    struct tunnel *other = tunnel_new("gre7", KIND_GRE);
    char name[IFNAMSIZ];

    for (uint32_t i = 0; i < 1000; i++) {
        struct tunnel *tunnel;

        snprintf(name, sizeof(name), "gre%u", i);
        tunnel = tunnel_new(name, KIND_GRE);
        CHECK(set_add(set, tunnel) == 0);
    }
    CHECK(set_add(set, other) < 0);
    CHECK(set->n == 1000 && set_get(set, "gre999") == set->items[999] && !set_get(set, "gre1000"));
    tunnel_free(other);
    set_free(set);
}

RUN_TESTS(T(identities), T(fallbacks), T(overheads), T(parts_of_overheads), T(shared_tables), T(parked_ones_are_unlike), T(names), T(sets))
