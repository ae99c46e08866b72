/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One tunnel. Never knows where it comes from. */
#include "model/tunnel.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/macro.h"
#include "base/shared.h"
#include "base/text.h"

const char *conf_name(enum conf conf)
{
    static const char *const names[CONF_MAX] = {
        [CONF_FORWARDING] = "forwarding", [CONF_ACCEPT_RA] = "accept_ra",       [CONF_ACCEPT_REDIRECTS] = "accept_redirects",
        [CONF_AUTOCONF] = "autoconf",     [CONF_USE_TEMPADDR] = "use_tempaddr",
    };

    return names[conf];
}

const char *drift_name(enum drift drift)
{
    static const char *const names[] = { [DRIFT_UNSAID] = "", [DRIFT_REPAIR] = "repair", [DRIFT_REPORT] = "report", [DRIFT_IGNORE] = "ignore" };

    return names[drift];
}

int drift_parse(const char *text, enum drift *ret)
{
    for (enum drift drift = DRIFT_REPAIR; drift <= DRIFT_IGNORE; drift++)
        if (!strcasecmp(text, drift_name(drift))) {
            *ret = drift;
            return 0;
        }
    return -EINVAL;
}

struct tunnel *tunnel_new(const char *name, enum kind kind)
{
    const struct kind_info *info = kind_info(kind);
    struct tunnel *tunnel = calloc(1, sizeof(*tunnel));

    if (!tunnel)
        return NULL;
    snprintf(tunnel->name, sizeof(tunnel->name), "%s", name);
    tunnel->kind = kind;
    tunnel->ttl = info->default_ttl;
    tunnel->proto = info->proto;
    tunnel->encap_limit = info->fields & FIELD_ENCAP_LIMIT ? ENCAP_LIMIT_DEFAULT : 0;
    tunnel->pmtudisc = true;
    tunnel->external = kind == KIND_EXTERNAL;
    if (info->fields & FIELD_ERSPAN) { /* which the kernel wants of it, net/ipv4/ip_gre.c erspan_validate */
        tunnel->iflags = tunnel->oflags = GRE_HAS_SEQ;
        tunnel->erspan.version = 1;
    }
    tunnel->up = true;
    return tunnel;
}

struct tunnel *tunnel_free(struct tunnel *tunnel)
{
    if (tunnel) {
        free(tunnel->inner);
        free(tunnel->neighbours);
        routes_done(&tunnel->routes);
        rules_done(&tunnel->rules);
        free(tunnel_more(tunnel)->local_name);
        free(tunnel_more(tunnel)->remote_name);
        free(tunnel_more(tunnel)->zone);
        free(tunnel->more);
        for (size_t i = 0; i < tunnel->n_beside; i++)
            shared_drop(tunnel->beside[i]);
        free(tunnel->beside);
        shared_drop(tunnel->source);
        free(tunnel);
    }
    return NULL;
}

struct tunnel_more *tunnel_need_more(struct tunnel *tunnel)
{
    if (!tunnel->more)
        tunnel->more = calloc(1, sizeof(*tunnel->more));
    return tunnel->more;
}

const struct tunnel_more *tunnel_more(const struct tunnel *tunnel)
{
    static const struct tunnel_more nothing;

    return tunnel->more ? tunnel->more : &nothing;
}

uint32_t tunnel_fields(const struct tunnel *tunnel)
{
    const uint32_t told = FIELDS_INFO & ~(uint32_t)(FIELD_EXTERNAL | FIELD_PROTO);
    uint32_t fields = kind_info(tunnel->kind)->fields;

    return tunnel->external ? fields & ~told : fields;
}

int tunnel_check_name(const char *name, const char **ret_why)
{
    static const char *const no_names[] = { ".", "..", "all", "default" };

    *ret_why = NULL;
    if (!*name)
        *ret_why = "no name";
    else if (strlen(name) >= IFNAMSIZ)
        *ret_why = "longer than 15 bytes";
    else if (!text_is_utf8(name, strlen(name)))
        *ret_why = "not UTF-8";
    for (size_t i = 0; i < ARRAY_SIZE(no_names); i++)
        if (!strcmp(name, no_names[i]))
            *ret_why = "no name that a device can have";
    for (const char *p = name; *p && !*ret_why; p++)
        if (isspace((unsigned char)*p))
            *ret_why = "a blank in the name";
        else if (*p == '/')
            *ret_why = "a slash in the name";
        else if (*p == ':')
            *ret_why = "a colon in the name";
        else if (*p == '%')
            *ret_why = "a percent sign in the name";
    if (!*ret_why && !text_is_plain(name))
        *ret_why = "a control character in the name";
    return *ret_why ? -EINVAL : 0;
}

int tunnel_add_inner(struct tunnel *tunnel, const struct inner *inner)
{
    struct inner *grown = reallocarray(tunnel->inner, tunnel->n_inner + 1, sizeof(*grown));

    if (!grown)
        return -ENOMEM;
    grown[tunnel->n_inner++] = *inner;
    tunnel->inner = grown;
    return 0;
}

bool inner_equal(const struct inner *a, const struct inner *b)
{
    return a->prefix == b->prefix && address_equal(&a->local, &b->local) && address_equal(&a->peer, &b->peer);
}

const struct address *inner_network(const struct inner *inner)
{
    return address_is_set(&inner->peer) ? &inner->peer : &inner->local;
}

struct address inner_broadcast(const struct inner *inner)
{
    return address_from_bytes(AF_INET, &inner->broadcast);
}

bool inner_same_subnet(const struct inner *a, const struct inner *b)
{
    const struct address *left = inner_network(a), *right = inner_network(b);

    return left->family == AF_INET && right->family == AF_INET && a->prefix == b->prefix && address_common_bits(left, right) >= a->prefix;
}

bool inner_collides(const struct inner *a, const struct inner *b)
{
    return address_equal(&a->local, &b->local) && (a->local.family == AF_INET6 || inner_same_subnet(a, b));
}

bool tunnel_has_neighbours(const struct tunnel *tunnel)
{
    const struct kind_info *info = kind_info(tunnel->kind);

    return info->unique & FIELD_IKEY && !info->ethernet && !tunnel->external;
}

int tunnel_add_neighbour(struct tunnel *tunnel, const struct neighbour *neighbour)
{
    struct neighbour *grown = reallocarray(tunnel->neighbours, tunnel->n_neighbours + 1, sizeof(*grown));

    if (!grown)
        return -ENOMEM;
    grown[tunnel->n_neighbours++] = *neighbour;
    tunnel->neighbours = grown;
    return 0;
}

const char *tunnel_keep_path(struct tunnel *tunnel, const char *path)
{
    const char **grown = reallocarray(tunnel->beside, tunnel->n_beside + 1, sizeof(*grown));

    if (!grown)
        return NULL;
    tunnel->beside = grown;
    grown[tunnel->n_beside] = shared_get(path);
    return grown[tunnel->n_beside] ? grown[tunnel->n_beside++] : NULL;
}

bool tunnel_has_room_for_ipv6(const struct tunnel *tunnel)
{
    return !(tunnel->stated & FIELD_MTU) || tunnel->mtu >= IPV6_MIN_MTU;
}

bool tunnel_reaches_out(const struct tunnel *tunnel)
{
    if (tunnel->rules.n)
        return true;
    for (size_t i = 0; i < tunnel->routes.n; i++)
        if (!route_is_on(&tunnel->routes.items[i], tunnel->name))
            return true;
    return false;
}

bool tunnel_lacks_local(const struct tunnel *tunnel)
{
    return tunnel_more(tunnel)->local_name && !address_is_set(&tunnel->local);
}

bool tunnel_lacks_remote(const struct tunnel *tunnel)
{
    return tunnel_more(tunnel)->remote_name && !address_is_set(&tunnel->remote);
}

static void put_address(uint8_t to[17], const struct address *address)
{
    to[0] = address->family;
    memcpy(to + 1, address->bytes, address_size(address));
}

/* Of an end whose address may be another one every day. */
static void put_name(uint8_t to[17], const char *name)
{
    uint32_t sum = text_cksum(name, strlen(name));

    memset(to, 0, 17); /* an address that it had */
    to[0] = 1;         /* no family of addresses */
    memcpy(to + 1, &sum, sizeof(sum));
    memcpy(to + 5, name, strnlen(name, 12));
}

struct identity tunnel_identity(const struct tunnel *tunnel, int lower_index)
{
    const struct kind_info *info = kind_info(tunnel->kind);
    const char *table = info->kernel_kind;
    struct identity identity;

    memset(&identity, 0, sizeof(identity)); /* padding too: it is compared as bytes */
    if (tunnel->external && info->external_with)
        table = info->external_with;
    else if (!tunnel->external && info->unique_with)
        table = info->unique_with;
    memcpy(identity.kernel_kind, table, strlen(table));
    identity.external = tunnel->external;
    if (tunnel->external)
        return identity; /* one of a kind */
    if (info->unique & FIELD_LOCAL)
        put_address(identity.local, &tunnel->local);
    if (info->unique & FIELD_REMOTE)
        put_address(identity.remote, &tunnel->remote);
    if (info->unique & FIELD_LOCAL && tunnel_more(tunnel)->local_name && lower_index < 0)
        put_name(identity.local, tunnel_more(tunnel)->local_name);
    if (info->unique & FIELD_REMOTE && tunnel_more(tunnel)->remote_name && lower_index < 0)
        put_name(identity.remote, tunnel_more(tunnel)->remote_name);
    if (info->unique & FIELD_LOWER && lower_index >= 0)
        identity.lower_index = lower_index;
    else if (info->unique & FIELD_LOWER)
        memcpy(identity.lower, tunnel->lower, sizeof(identity.lower));
    if (info->unique & FIELD_IKEY && tunnel->iflags & GRE_HAS_KEY) {
        /* to ip6_gre.c key 0 is no key */
        identity.has_key = info->family == AF_INET;
        identity.ikey = tunnel->ikey;
    }
    return identity;
}

bool tunnel_equals_fallback(const struct tunnel *tunnel)
{
    struct tunnel fallback = { .kind = tunnel->kind };
    struct identity a, b;

    if (!kind_info(tunnel->kind)->fallback)
        return false;
    a = tunnel_identity(tunnel, -1);
    b = tunnel_identity(&fallback, -1);
    return !memcmp(&a, &b, sizeof(a));
}

struct tunnel tunnel_parked(const struct tunnel *tunnel, unsigned number)
{
    const struct kind_info *info = kind_info(tunnel->kind);
    uint32_t nowhere = htonl(0xf0000000 + number); /* in 240.0.0.0/4, RFC 1112, 4 */
    uint8_t nowhere6[16] = { 0x01, 0 };            /* 100::/64, RFC 6666 */
    struct tunnel parked = *tunnel;

    memcpy(nowhere6 + 12, &nowhere, sizeof(nowhere));
    parked.ignore_df = false;
    if (info->unique & FIELD_IKEY && !(info->fields & FIELD_ERSPAN)) {
        parked.iflags |= GRE_HAS_KEY;
        parked.ikey = 0xfffe0000 + number; /* no packet has such a key */
    } else if (info->family == AF_INET && !address_is_set(&tunnel->remote)) {
        parked.local = address_from_bytes(AF_INET, &nowhere); /* one without a remote cannot be given one */
    } else if (info->family == AF_INET) {
        parked.remote = address_from_bytes(AF_INET, &nowhere);
    } else {
        parked.remote = address_from_bytes(AF_INET6, nowhere6);
    }
    return parked;
}

enum presence tunnel_presence(const struct tunnel *tunnel)
{
    if (tunnel->asked == ASKED_UP && tunnel->presence == PRESENCE_MAY)
        return PRESENCE_MUST;
    return tunnel->asked == ASKED_DOWN ? PRESENCE_MUST_NOT : tunnel->presence;
}

struct parts {
    struct tunnel_part *items;
    size_t n;
};

static void add_part(struct parts *parts, const char *name, uint32_t bytes)
{
    assert(parts->n < TUNNEL_PARTS_MAX);
    if (bytes)
        parts->items[parts->n++] = (struct tunnel_part){ name, bytes };
}

static void add_udp(struct parts *parts, const struct encap *encap)
{
    bool gue = encap->type == ENCAP_GUE;

    add_part(parts, "UDP", encap->type ? 8 : 0);
    add_part(parts, "GUE", gue ? 4 : 0);
    add_part(parts, "remote checksum", gue && encap->flags & ENCAP_HAS_REMCSUM ? 8 : 0); /* GUE's private field */
}

/* ERSPAN's header has the key in it (include/net/erspan.h). */
static void add_gre(struct parts *parts, const struct tunnel *tunnel)
{
    uint16_t options = tunnel->oflags;

    add_part(parts, "GRE", 4);
    if (kind_info(tunnel->kind)->fields & FIELD_ERSPAN)
        options = tunnel->erspan.version ? GRE_HAS_SEQ : 0;
    add_part(parts, "checksum", options & GRE_HAS_CSUM ? 4 : 0);
    add_part(parts, "key", options & GRE_HAS_KEY ? 4 : 0);
    add_part(parts, "sequence number", options & GRE_HAS_SEQ ? 4 : 0);
    if (kind_info(tunnel->kind)->fields & FIELD_ERSPAN)
        add_part(parts, "ERSPAN", tunnel->erspan.version == 2 ? 12 : tunnel->erspan.version ? 8 : 0);
}

/* A destination option of IPv6 (RFC 2473, 5.1). */
static uint32_t limit_overhead(const struct tunnel *tunnel)
{
    bool has = tunnel->kind == KIND_EXTERNAL || kind_info(tunnel->kind)->fields & FIELD_ENCAP_LIMIT;

    return has && !(tunnel->ip6_flags & IGNORE_ENCAP_LIMIT) ? 8 : 0;
}

size_t tunnel_overhead_parts(const struct tunnel *tunnel, struct tunnel_part ret[TUNNEL_PARTS_MAX])
{
    const struct kind_info *info = kind_info(tunnel->kind);
    struct parts parts = { .items = ret };

    if (tunnel->kind == KIND_NONE)
        return 0;
    if (info->family == AF_INET)
        add_part(&parts, "IPv4", 20);
    else
        add_part(&parts, "IPv6", 40);
    add_part(&parts, "encapsulation limit", limit_overhead(tunnel));
    add_udp(&parts, &tunnel->encap);
    if (info->fields & FIELD_OFLAGS)
        add_gre(&parts, tunnel);
    add_part(&parts, "Ethernet", info->ethernet ? 14 : 0);
    return parts.n;
}

uint32_t tunnel_overhead(const struct tunnel *tunnel)
{
    struct tunnel_part parts[TUNNEL_PARTS_MAX];
    size_t n = tunnel_overhead_parts(tunnel, parts);
    uint32_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += parts[i].bytes;
    return sum;
}

/* The kernel leaves the encapsulation limit out of it. */
uint32_t tunnel_max_mtu(const struct tunnel *tunnel)
{
    return 65535 + kind_info(tunnel->kind)->uncounted + limit_overhead(tunnel) - tunnel_overhead(tunnel);
}
