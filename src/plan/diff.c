/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The comparison. What is compared is canonical on both sides, so that nothing differs after apply. */
#include "plan/diff.h"

#include <netinet/in.h>
#include <string.h>

#include "base/macro.h"

enum { IPV4_MIN_MTU = 68, IP_MAX_MTU = 65535, ETHERNET_MTU = 1500 };

static bool is_sit(const struct tunnel *tunnel)
{
    return kind_info(tunnel->kind)->proto == IPPROTO_IPV6 && kind_info(tunnel->kind)->family == AF_INET;
}

/* The MTU below the tunnel that the kernel would start from; 0: it cannot be told. Without a peer there is no
 * route to look at, and IPv6 kinds look only with both ends known (net/ipv4/ip_tunnel.c ip_tunnel_bind_dev,
 * net/ipv6/ip6_tunnel.c ip6_tnl_get_cap). */
static uint32_t mtu_below(const struct tunnel *tunnel, const struct fact *fact)
{
    bool ipv6 = kind_info(tunnel->kind)->family == AF_INET6;

    if (address_is_multicast(&tunnel->remote))
        return 0;
    if (tunnel->kind == KIND_VTI6 && !fact->path_mtu) /* 1500 less what its kernel was built with (net/ipv6/ip6_vti.c vti6_link_config) */
        return 0;
    if (ipv6 && !(address_is_set(&tunnel->local) && address_is_set(&tunnel->remote)))
        return ETHERNET_MTU;
    if (!address_is_set(&tunnel->remote) && !*tunnel->lower)
        return ETHERNET_MTU;
    if (!ipv6 && !is_sit(tunnel) && fact->path_mtu > IP_MAX_MTU)
        return IP_MAX_MTU;
    return fact->path_mtu;
}

uint32_t diff_mtu(const struct tunnel *wanted, const struct tunnel *actual, const struct fact *fact)
{
    uint32_t overhead = tunnel_overhead(wanted), below = mtu_below(wanted, fact);
    bool small = wanted->kind == KIND_VTI6 || (kind_info(wanted->kind)->family == AF_INET && !is_sit(wanted));
    uint32_t least = small ? IPV4_MIN_MTU : IPV6_MIN_MTU;

    if (wanted->stated & FIELD_MTU)
        return wanted->mtu < tunnel_max_mtu(wanted) ? wanted->mtu : tunnel_max_mtu(wanted);
    if (below)
        return below > overhead + least ? below - overhead : least;
    return actual ? actual->mtu + tunnel_overhead(actual) - overhead : 0;
}

/* IPv6 is not turned off under somebody else's address. */
static bool has_foreign_ipv6(const struct tunnel *actual)
{
    for (size_t i = 0; i < actual->n_inner; i++)
        if (actual->inner[i].local.family == AF_INET6 && !actual->inner[i].ours)
            return true;
    return false;
}

static uint32_t differ_if(bool differs, uint32_t field)
{
    return differs ? field : 0;
}

static bool encap_equal(const struct encap *a, const struct encap *b)
{
    return a->type == b->type && a->flags == b->flags && a->sport == b->sport && a->dport == b->dport;
}

static bool erspan_equal(const struct erspan *a, const struct erspan *b)
{
    if (a->version != b->version)
        return false;
    return a->version == 1 ? a->index == b->index : a->version != 2 || (a->direction == b->direction && a->hwid == b->hwid);
}

static bool limits(const struct tunnel *tunnel)
{
    return !(tunnel->ip6_flags & IGNORE_ENCAP_LIMIT);
}

static uint32_t diff_info(const struct tunnel *wanted, const struct tunnel *actual, const struct fact *fact)
{
    return differ_if(!address_equal(&wanted->local, &actual->local), FIELD_LOCAL) | differ_if(!address_equal(&wanted->remote, &actual->remote), FIELD_REMOTE)
           | differ_if(fact->lower_index != actual->lower_index, FIELD_LOWER) | differ_if(wanted->iflags != actual->iflags, FIELD_IFLAGS)
           | differ_if(wanted->oflags != actual->oflags, FIELD_OFLAGS) | differ_if(wanted->ikey != actual->ikey, FIELD_IKEY)
           | differ_if(wanted->okey != actual->okey, FIELD_OKEY) | differ_if(wanted->ttl != actual->ttl, FIELD_TTL)
           | differ_if(wanted->tos != actual->tos, FIELD_TOS) | differ_if(wanted->pmtudisc != actual->pmtudisc, FIELD_PMTUDISC)
           | differ_if(limits(wanted) && wanted->encap_limit != actual->encap_limit, FIELD_ENCAP_LIMIT)
           | differ_if(wanted->flowinfo != actual->flowinfo, FIELD_FLOWINFO) | differ_if(wanted->ip6_flags != actual->ip6_flags, FIELD_IP6_FLAGS)
           | differ_if(wanted->proto != actual->proto, FIELD_PROTO) | differ_if(wanted->fwmark != actual->fwmark, FIELD_FWMARK)
           | differ_if(!encap_equal(&wanted->encap, &actual->encap), FIELD_ENCAP) | differ_if(wanted->ignore_df != actual->ignore_df, FIELD_IGNORE_DF)
           | differ_if(!erspan_equal(&wanted->erspan, &actual->erspan), FIELD_ERSPAN) | differ_if(wanted->external != actual->external, FIELD_EXTERNAL);
}

/* Where no file says one, the link is left in what somebody else has put it into. */
static bool controller_differs(const struct tunnel *wanted, const struct tunnel *actual, const struct fact *fact)
{
    if (*wanted->controller)
        return fact->controller_index != actual->controller_index;
    return actual->actual.port && (actual->actual.in_bridge || actual->actual.in_vrf);
}

/* What the kernel has one kind for, and lets be changed in place. */
static bool same_kind(const struct tunnel *wanted, const struct tunnel *actual)
{
    const struct kind_info *a = kind_info(wanted->kind), *b = kind_info(actual->kind);

    return wanted->kind == actual->kind || (!strcmp(a->kernel_kind, b->kernel_kind) && a->fields & b->fields & FIELD_PROTO && !a->proto_fixed);
}

uint32_t diff_fields(const struct tunnel *wanted, const struct tunnel *actual, const struct fact *fact)
{
    uint32_t fields;

    if (!same_kind(wanted, actual))
        return FIELD_KIND;
    fields = diff_info(wanted, actual, fact) | differ_if(diff_mtu(wanted, actual, fact) != actual->mtu, FIELD_MTU)
             | differ_if(wanted->stated & FIELD_HARDWARE && memcmp(wanted->hardware, actual->hardware, HARDWARE_SIZE) != 0, FIELD_HARDWARE)
             | differ_if(controller_differs(wanted, actual, fact), FIELD_CONTROLLER) | differ_if(wanted->up != actual->up, FIELD_UP)
             | differ_if(wanted->stated & FIELD_MULTICAST && wanted->multicast != actual->multicast, FIELD_MULTICAST)
             | differ_if(actual->stated & FIELD_IPV6 && wanted->ipv6 != actual->ipv6 && (wanted->ipv6 || !has_foreign_ipv6(actual)), FIELD_IPV6);
    return fields & (tunnel_fields(wanted) | FIELD_EXTERNAL);
}

const char *diff_needs_recreate(const struct tunnel *wanted, const struct tunnel *actual, uint32_t fields)
{
    const struct kind_info *info = kind_info(wanted->kind);
    bool multicast = address_is_multicast(&wanted->remote) || address_is_multicast(&actual->remote);

    if (fields & FIELD_KIND)
        return "the kind of a link cannot be changed";
    if (fields & FIELD_REMOTE && !info->any_flip && address_is_set(&wanted->remote) != address_is_set(&actual->remote))
        return "a tunnel with a remote address and one without cannot be turned into each other";
    if (multicast && info->multicast_fixed && fields & info->unique)
        return "what identifies a tunnel with a multicast remote cannot be changed";
    if (fields & FIELD_EXTERNAL)
        return "external cannot be turned on or off on a link";
    if (fields & FIELD_ERSPAN && wanted->erspan.version != actual->erspan.version && info->family == AF_INET)
        return "the version of ERSPAN cannot be changed on a link";
    if (fields & FIELD_PROTO && info->proto_fixed)
        return "the kernel ignores a change of what the tunnel carries";
    if (fields & FIELD_PROTO && wanted->external) /* net/ipv6/ip6_tunnel.c ip6_tnl_changelink */
        return "the kernel refuses a change of what an external tunnel carries";
    return NULL;
}

static void put_key(uint16_t flags, uint32_t key, FILE *out)
{
    if (flags & GRE_HAS_KEY)
        fprintf(out, "%u", key);
    else
        fputs("none", out);
}

static void put_options(uint16_t flags, FILE *out)
{
    fputs(flags & GRE_HAS_SEQ ? "seq" : "noseq", out);
    fputs(flags & GRE_HAS_CSUM ? "+csum" : "+nocsum", out);
}

static void put_encap(const struct encap *encap, FILE *out)
{
    static const struct {
        uint16_t flag;
        const char *word;
    } flags[] = { { ENCAP_HAS_CSUM, "csum" }, { ENCAP_HAS_CSUM6, "csum6" }, { ENCAP_HAS_REMCSUM, "remcsum" } };

    if (!encap->type) {
        fputs("none", out);
        return;
    }
    fprintf(out, "%s from port %u to %u", encap->type == ENCAP_FOU ? "fou" : "gue", encap->sport, encap->dport);
    for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
        if (encap->flags & flags[i].flag)
            fprintf(out, " %s", flags[i].word);
}

static void put_erspan(const struct erspan *erspan, FILE *out)
{
    fprintf(out, "version %u", erspan->version);
    if (erspan->version == 1)
        fprintf(out, " index %u", erspan->index);
    if (erspan->version == 2)
        fprintf(out, " %s hwid %u", erspan->direction ? "egress" : "ingress", erspan->hwid);
}

static void put_hardware(const uint8_t bytes[HARDWARE_SIZE], FILE *out)
{
    fprintf(out, "%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);
}

static void put_value(const struct tunnel *tunnel, uint32_t field, FILE *out)
{
    char text[ADDRESS_TEXT_MAX];

    switch (field) {
    case FIELD_LOCAL:
        fputs(address_format(&tunnel->local, text), out);
        break;
    case FIELD_REMOTE:
        fputs(address_format(&tunnel->remote, text), out);
        break;
    case FIELD_IKEY:
        put_key(tunnel->iflags, tunnel->ikey, out);
        break;
    case FIELD_OKEY:
        put_key(tunnel->oflags, tunnel->okey, out);
        break;
    case FIELD_IFLAGS:
    case FIELD_OFLAGS:
        put_options(field == FIELD_IFLAGS ? tunnel->iflags : tunnel->oflags, out);
        break;
    case FIELD_TTL:
        if (tunnel->ttl)
            fprintf(out, "%u", tunnel->ttl);
        else
            fputs("inherit", out);
        break;
    case FIELD_TOS:
        fprintf(out, "%u", tunnel->tos);
        break;
    case FIELD_PMTUDISC:
        fputs(tunnel->pmtudisc ? "on" : "off", out);
        break;
    case FIELD_ENCAP_LIMIT:
        fprintf(out, "%u", tunnel->encap_limit);
        break;
    case FIELD_FLOWINFO:
        fprintf(out, "0x%08x", tunnel->flowinfo);
        break;
    case FIELD_IP6_FLAGS:
        fprintf(out, "0x%x", tunnel->ip6_flags);
        break;
    case FIELD_PROTO:
        fprintf(out, "%u", tunnel->proto);
        break;
    case FIELD_FWMARK:
        fprintf(out, "0x%x", tunnel->fwmark);
        break;
    case FIELD_ENCAP:
        put_encap(&tunnel->encap, out);
        break;
    case FIELD_IGNORE_DF:
        fputs(tunnel->ignore_df ? "on" : "off", out);
        break;
    case FIELD_ERSPAN:
        put_erspan(&tunnel->erspan, out);
        break;
    case FIELD_EXTERNAL:
        fputs(tunnel->external ? "on" : "off", out);
        break;
    case FIELD_HARDWARE:
        put_hardware(tunnel->hardware, out);
        break;
    case FIELD_UP:
        fputs(tunnel->up ? "up" : "down", out);
        break;
    case FIELD_MULTICAST:
        fputs(tunnel->multicast ? "on" : "off", out);
        break;
    case FIELD_IPV6:
        fputs(tunnel->ipv6 ? "on" : "off", out);
        break;
    case FIELD_KIND:
        fputs(kind_info(tunnel->kind)->name, out);
        break;
    default:
        fputs("?", out);
    }
}

/* The two key fields and their flag are one thing to a reader; so are sequence and checksum. */
static uint32_t merge_keys(const struct tunnel *wanted, const struct tunnel *actual, uint32_t fields)
{
    uint16_t in = wanted->iflags ^ actual->iflags, sent = wanted->oflags ^ actual->oflags;

    if (in & GRE_HAS_KEY)
        fields |= FIELD_IKEY;
    if (sent & GRE_HAS_KEY)
        fields |= FIELD_OKEY;
    if (!(in & ~GRE_HAS_KEY))
        fields &= ~(uint32_t)FIELD_IFLAGS;
    if (!(sent & ~GRE_HAS_KEY))
        fields &= ~(uint32_t)FIELD_OFLAGS;
    return fields;
}

/* As KEY gives it: the same in both directions, or none. */
static bool one_key(const struct tunnel *tunnel)
{
    return (tunnel->iflags & GRE_HAS_KEY) == (tunnel->oflags & GRE_HAS_KEY) && tunnel->ikey == tunnel->okey;
}

void diff_describe(const struct tunnel *wanted, const struct tunnel *actual, const struct fact *fact, uint32_t fields, FILE *out)
{
    static const struct {
        uint32_t field;
        const char *word;
    } words[] = {
        { FIELD_KIND, "kind" },
        { FIELD_LOCAL, "local" },
        { FIELD_REMOTE, "remote" },
        { FIELD_LOWER, "dev" },
        { FIELD_IKEY, "ikey" },
        { FIELD_OKEY, "okey" },
        { FIELD_IFLAGS, "input" },
        { FIELD_OFLAGS, "output" },
        { FIELD_TTL, "ttl" },
        { FIELD_TOS, "tos" },
        { FIELD_PMTUDISC, "pmtudisc" },
        { FIELD_ENCAP_LIMIT, "encaplimit" },
        { FIELD_FLOWINFO, "flowinfo" },
        { FIELD_IP6_FLAGS, "flags" },
        { FIELD_PROTO, "proto" },
        { FIELD_FWMARK, "fwmark" },
        { FIELD_MTU, "mtu" },
        { FIELD_UP, "link" },
        { FIELD_MULTICAST, "multicast" },
        { FIELD_IPV6, "ipv6" },
        { FIELD_ENCAP, "encap" },
        { FIELD_IGNORE_DF, "ignore-df" },
        { FIELD_ERSPAN, "erspan" },
        { FIELD_EXTERNAL, "external" },
        { FIELD_CONTROLLER, "controller" },
        { FIELD_HARDWARE, "address" },
    };
    const char *separator = "";

    if (fields & FIELDS_KEY)
        fields = merge_keys(wanted, actual, fields);
    if (fields & FIELD_IKEY && fields & FIELD_OKEY && one_key(wanted) && one_key(actual)) {
        fputs("key ", out);
        put_value(actual, FIELD_IKEY, out);
        fputs(" -> ", out);
        put_value(wanted, FIELD_IKEY, out);
        separator = ", ";
        fields &= ~(uint32_t)(FIELD_IKEY | FIELD_OKEY);
    }
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        if (!(fields & words[i].field))
            continue;
        fprintf(out, "%s%s ", separator, words[i].word);
        separator = ", ";
        if (words[i].field == FIELD_MTU) {
            fprintf(out, "%u -> %u", actual->mtu, diff_mtu(wanted, actual, fact));
        } else if (words[i].field == FIELD_LOWER) {
            fprintf(out, "-> %s", *wanted->lower ? wanted->lower : "none");
        } else if (words[i].field == FIELD_CONTROLLER) {
            fprintf(out, "-> %s", *wanted->controller ? wanted->controller : "none");
        } else {
            put_value(actual, words[i].field, out);
            fputs(" -> ", out);
            put_value(wanted, words[i].field, out);
        }
    }
}
