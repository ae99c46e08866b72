/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of ip-link(8) for what a tunnel has. Never looks anything up. */
#include "write/attributes.h"

#include <assert.h>
#include <errno.h>
#include <linux/ip6_tunnel.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"

enum { ATTRIBUTES_MOST = 48 };

/* A list in the making, of a tunnel that has these FIELD_*. */
struct making {
    struct attributes list;
    const struct tunnel *tunnel;
    uint32_t fields;
    bool out_of_memory;
};

/* Takes text over; NULL: there was no memory for it. */
static void add(struct making *making, struct attribute attribute, char *text)
{
    assert(making->list.n < ATTRIBUTES_MOST);
    if (!text) {
        making->out_of_memory = true;
        return;
    }
    attribute.text = text;
    making->list.items[making->list.n++] = attribute;
}

static void add_text(struct making *making, const char *name, uint32_t fields, const char *text)
{
    add(making, (struct attribute){ .name = name, .fields = fields, .type = ATTRIBUTE_TEXT }, strdup(text));
}

static void add_number(struct making *making, const char *name, uint32_t fields, uint32_t number)
{
    char *text = NULL;

    if (asprintf(&text, "%u", number) < 0)
        text = NULL;
    add(making, (struct attribute){ .name = name, .fields = fields, .type = ATTRIBUTE_NUMBER, .number = number }, text);
}

/* Where ip(8) shows it so. */
static void add_hexadecimal(struct making *making, const char *name, uint32_t fields, uint32_t number)
{
    char *text = NULL;

    if (asprintf(&text, "0x%x", number) < 0)
        text = NULL;
    add(making, (struct attribute){ .name = name, .fields = fields, .type = ATTRIBUTE_NUMBER, .number = number }, text);
}

static void add_bool(struct making *making, const char *name, uint32_t fields, bool truth)
{
    add(making, (struct attribute){ .name = name, .fields = fields, .type = ATTRIBUTE_BOOL, .number = truth }, strdup(truth ? "on" : "off"));
}

static bool has(const struct making *making, uint32_t field)
{
    return making->fields & field;
}

static void add_kind(struct making *making)
{
    static const struct {
        uint8_t proto;
        const char *mode;
    } modes[] = { { 0, "any" }, { IPPROTO_IPIP, "ipip" }, { IPPROTO_IPV6, "ip6ip" }, { IPPROTO_MPLS, "mplsip" } };
    static const struct {
        uint8_t proto;
        const char *mode;
    } modes6[] = { { 0, "any" }, { IPPROTO_IPIP, "ipip6" }, { IPPROTO_IPV6, "ip6ip6" } };
    const struct tunnel *tunnel = making->tunnel;
    const char *mode = NULL;

    if (tunnel->kind == KIND_NONE)
        return;
    add_text(making, "kind", FIELD_KIND | FIELD_ISATAP, kind_info(tunnel->kind)->name);
    if (!has(making, FIELD_PROTO))
        return;
    for (size_t i = 0; kind_info(tunnel->kind)->family == AF_INET && i < ARRAY_SIZE(modes); i++)
        if (modes[i].proto == tunnel->proto)
            mode = modes[i].mode;
    for (size_t i = 0; kind_info(tunnel->kind)->family == AF_INET6 && i < ARRAY_SIZE(modes6); i++)
        if (modes6[i].proto == tunnel->proto)
            mode = modes6[i].mode;
    if (mode)
        add_text(making, "mode", FIELD_PROTO, mode);
    else
        add_number(making, "mode", FIELD_PROTO, tunnel->proto);
}

static void add_end(struct making *making, const char *name, uint32_t field, const struct address *address, const char *host)
{
    char text[ADDRESS_TEXT_MAX];

    if (host)
        add_text(making, name, field, host);
    else if (has(making, field) && address_is_set(address))
        add_text(making, name, field, address_format(address, text));
}

static void add_ends(struct making *making)
{
    const struct tunnel *tunnel = making->tunnel;

    add_end(making, "local", FIELD_LOCAL, &tunnel->local, tunnel_more(tunnel)->local_name);
    add_end(making, "remote", FIELD_REMOTE, &tunnel->remote, tunnel_more(tunnel)->remote_name);
    if (has(making, FIELD_LOWER) && *tunnel->lower)
        add_text(making, "dev", FIELD_LOWER, tunnel->lower);
}

/* A VTI has keys, but no flags. */
static void add_gre(struct making *making)
{
    const struct tunnel *tunnel = making->tunnel;

    if (has(making, FIELD_IKEY) && tunnel->iflags & GRE_HAS_KEY)
        add_number(making, "ikey", FIELD_IKEY | FIELD_IFLAGS, tunnel->ikey);
    if (has(making, FIELD_OKEY) && tunnel->oflags & GRE_HAS_KEY)
        add_number(making, "okey", FIELD_OKEY | FIELD_OFLAGS, tunnel->okey);
    if (!has(making, FIELD_IFLAGS))
        return;
    add_bool(making, "iseq", FIELD_IFLAGS, tunnel->iflags & GRE_HAS_SEQ);
    add_bool(making, "oseq", FIELD_OFLAGS, tunnel->oflags & GRE_HAS_SEQ);
    add_bool(making, "icsum", FIELD_IFLAGS, tunnel->iflags & GRE_HAS_CSUM);
    add_bool(making, "ocsum", FIELD_OFLAGS, tunnel->oflags & GRE_HAS_CSUM);
}

static void add_or_inherit(struct making *making, const char *name, uint32_t fields, bool inherit, uint32_t number)
{
    if (inherit)
        add_text(making, name, fields, "inherit");
    else
        add_hexadecimal(making, name, fields, number);
}

/* What only IPv6 has outside. */
static void add_ip6(struct making *making)
{
    const struct tunnel *tunnel = making->tunnel;
    uint32_t flags = has(making, FIELD_IP6_FLAGS) ? tunnel->ip6_flags : 0;

    if (has(making, FIELD_ENCAP_LIMIT) && flags & IGNORE_ENCAP_LIMIT)
        add_text(making, "encaplimit", FIELD_ENCAP_LIMIT | FIELD_IP6_FLAGS, "none");
    else if (has(making, FIELD_ENCAP_LIMIT))
        add_number(making, "encaplimit", FIELD_ENCAP_LIMIT | FIELD_IP6_FLAGS, tunnel->encap_limit);
    if (has(making, FIELD_FLOWINFO)) {
        add_or_inherit(making, "tclass", FIELD_FLOWINFO | FIELD_IP6_FLAGS, flags & IP6_TNL_F_USE_ORIG_TCLASS, tunnel->flowinfo >> 20 & 0xff);
        add_or_inherit(making, "flowlabel", FIELD_FLOWINFO | FIELD_IP6_FLAGS, flags & IP6_TNL_F_USE_ORIG_FLOWLABEL, tunnel->flowinfo & 0xfffff);
    }
    if (flags & IP6_TNL_F_RCV_DSCP_COPY)
        add_text(making, "dscp", FIELD_IP6_FLAGS, "inherit");
    if (flags & IP6_TNL_F_MIP6_DEV)
        add_bool(making, "mip6", FIELD_IP6_FLAGS, true);
    if (flags & IP6_TNL_F_ALLOW_LOCAL_REMOTE)
        add_bool(making, "allow-localremote", FIELD_IP6_FLAGS, true);
}

static void add_header(struct making *making)
{
    const struct tunnel *tunnel = making->tunnel;
    bool inherited = has(making, FIELD_IP6_FLAGS) && tunnel->ip6_flags & IP6_TNL_F_USE_ORIG_FWMARK;

    if (has(making, FIELD_TTL) && tunnel->ttl)
        add_number(making, "ttl", FIELD_TTL, tunnel->ttl);
    else if (has(making, FIELD_TTL))
        add_text(making, "ttl", FIELD_TTL, "inherit");
    if (has(making, FIELD_TOS))
        add_or_inherit(making, "tos", FIELD_TOS, tunnel->tos == 1, tunnel->tos);
    add_ip6(making);
    if (has(making, FIELD_PMTUDISC))
        add_bool(making, "pmtudisc", FIELD_PMTUDISC, tunnel->pmtudisc);
    if (has(making, FIELD_IGNORE_DF))
        add_bool(making, "ignore-df", FIELD_IGNORE_DF, tunnel->ignore_df);
    if (has(making, FIELD_FWMARK) && (inherited || tunnel->fwmark))
        add_or_inherit(making, "fwmark", FIELD_FWMARK | FIELD_IP6_FLAGS, inherited, tunnel->fwmark);
}

static void add_encap(struct making *making)
{
    const struct encap *encap = &making->tunnel->encap;

    if (!has(making, FIELD_ENCAP) || !encap->type)
        return;
    add_text(making, "encap", FIELD_ENCAP, encap->type == ENCAP_FOU ? "fou" : "gue");
    if (encap->sport)
        add_number(making, "encap-sport", FIELD_ENCAP, encap->sport);
    else
        add_text(making, "encap-sport", FIELD_ENCAP, "auto");
    add_number(making, "encap-dport", FIELD_ENCAP, encap->dport);
    add_bool(making, "encap-csum", FIELD_ENCAP, encap->flags & ENCAP_HAS_CSUM);
    add_bool(making, "encap-udp6-csum", FIELD_ENCAP, encap->flags & ENCAP_HAS_CSUM6);
    add_bool(making, "encap-remcsum", FIELD_ENCAP, encap->flags & ENCAP_HAS_REMCSUM);
}

static void add_erspan(struct making *making)
{
    const struct erspan *erspan = &making->tunnel->erspan;

    if (!has(making, FIELD_ERSPAN))
        return;
    add_number(making, "erspan_ver", FIELD_ERSPAN, erspan->version);
    if (erspan->version == 1)
        add_number(making, "erspan", FIELD_ERSPAN, erspan->index);
    if (erspan->version == 2) {
        add_text(making, "erspan_dir", FIELD_ERSPAN, erspan->direction ? "egress" : "ingress");
        add_number(making, "erspan_hwid", FIELD_ERSPAN, erspan->hwid);
    }
}

static void add_hardware(struct making *making)
{
    const uint8_t *bytes = making->tunnel->hardware;
    char text[HARDWARE_SIZE * 3];

    if (!has(making, FIELD_HARDWARE) || !(making->tunnel->stated & FIELD_HARDWARE))
        return;
    for (size_t i = 0; i < HARDWARE_SIZE; i++)
        snprintf(text + i * 3, sizeof(text) - i * 3, i + 1 < HARDWARE_SIZE ? "%02x:" : "%02x", bytes[i]);
    add_text(making, "address", FIELD_HARDWARE, text);
}

/* What every link has. */
static void add_link(struct making *making, uint32_t mtu)
{
    const struct tunnel *tunnel = making->tunnel;

    add_hardware(making);
    if (mtu)
        add_number(making, "mtu", FIELD_MTU, mtu);
    add_bool(making, "up", FIELD_UP, tunnel->up);
    if (tunnel->stated & FIELD_MULTICAST)
        add_bool(making, "multicast", FIELD_MULTICAST, tunnel->multicast);
    if (!tunnel->actual.ifindex || tunnel->stated & FIELD_IPV6)
        add_bool(making, "ipv6", FIELD_IPV6, tunnel->ipv6);
    for (enum conf conf = 0; tunnel->ipv6 && conf < CONF_MAX; conf++)
        if (tunnel->conf_stated & (1u << conf))
            add_number(making, conf_name(conf), 0, tunnel->conf[conf]);
    if (*tunnel->controller)
        add_text(making, "controller", FIELD_CONTROLLER, tunnel->controller);
}

int attributes_of(const struct tunnel *tunnel, uint32_t mtu, struct attributes *ret)
{
    struct making making = { .tunnel = tunnel, .fields = tunnel_fields(tunnel) };

    making.list.items = calloc(ATTRIBUTES_MOST, sizeof(*making.list.items));
    if (!making.list.items)
        return -ENOMEM;
    add_kind(&making);
    add_ends(&making);
    add_gre(&making);
    add_header(&making);
    add_encap(&making);
    add_erspan(&making);
    if (kind_info(tunnel->kind)->fields & FIELD_EXTERNAL)
        add_bool(&making, "external", FIELD_EXTERNAL, tunnel->external);
    add_link(&making, mtu);
    if (making.out_of_memory) {
        attributes_done(&making.list);
        return -ENOMEM;
    }
    *ret = making.list;
    return 0;
}

void attributes_done(struct attributes *attributes)
{
    for (size_t i = 0; i < attributes->n; i++)
        free(attributes->items[i].text);
    free(attributes->items);
    *attributes = (struct attributes){ 0 };
}

const struct attribute *attributes_get(const struct attributes *attributes, const char *name)
{
    for (size_t i = 0; i < attributes->n; i++)
        if (!strcmp(attributes->items[i].name, name))
            return &attributes->items[i];
    return NULL;
}

bool attribute_differs(const struct attribute *wanted, const struct attribute *actual, uint32_t differing)
{
    uint32_t fields = wanted ? wanted->fields : actual ? actual->fields : 0;

    if (!(fields & differing) && !(wanted && actual && !fields))
        return false;
    return !wanted || !actual || strcmp(wanted->text, actual->text) != 0;
}

void inner_put(const struct inner *inner, FILE *out)
{
    char text[ADDRESS_TEXT_MAX];

    fprintf(out, "%s/%u", address_format(&inner->local, text), inner->prefix);
    if (address_is_set(&inner->peer))
        fprintf(out, " peer %s/%u", address_format(&inner->peer, text), inner->prefix);
}
