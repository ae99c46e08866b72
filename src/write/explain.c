/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer of explain's language. Never reads it back. */
#include "write/explain.h"

#include <linux/ip6_tunnel.h>

#include "model/route-text.h"

static void put_end(FILE *out, const char *word, const struct address *address)
{
    char text[ADDRESS_TEXT_MAX];

    if (address_is_set(address))
        fprintf(out, " %s %s", word, address_format(address, text));
}

static void put_keys(FILE *out, const struct tunnel *tunnel)
{
    bool in = tunnel->iflags & GRE_HAS_KEY, sent = tunnel->oflags & GRE_HAS_KEY;

    if (in && sent && tunnel->ikey == tunnel->okey) {
        fprintf(out, " key %u", tunnel->ikey);
        return;
    }
    if (in)
        fprintf(out, " ikey %u", tunnel->ikey);
    if (sent)
        fprintf(out, " okey %u", tunnel->okey);
}

/* What the header of an IPv6 kind has, in the words of keyfiles. */
static void put_ip6_flags(FILE *out, const struct tunnel *tunnel)
{
    uint32_t class = tunnel->flowinfo >> 20 & 0xff, label = tunnel->flowinfo & 0xfffff;

    if (tunnel->ip6_flags & IP6_TNL_F_USE_ORIG_TCLASS)
        fputs(" tclass inherit", out);
    else if (class)
        fprintf(out, " tclass %u", class);
    if (tunnel->ip6_flags & IP6_TNL_F_USE_ORIG_FLOWLABEL)
        fputs(" flowlabel inherit", out);
    else if (label)
        fprintf(out, " flowlabel %u", label);
}

static void put_header(FILE *out, const struct tunnel *tunnel)
{
    if (tunnel->keyfile && kind_info(tunnel->kind)->fields & FIELD_FLOWINFO)
        put_ip6_flags(out, tunnel);
    else if (!tunnel->keyfile && tunnel->ip6_flags)
        fputs(" tos inherit", out);
    else if (!tunnel->keyfile && tunnel->tos == 1)
        fputs(" tos inherit", out);
    else if (tunnel->tos | (tunnel->flowinfo >> 20 & 0xff))
        fprintf(out, " tos %u", tunnel->tos | (tunnel->flowinfo >> 20 & 0xff));
    if (tunnel->ip6_flags & IP6_TNL_F_USE_ORIG_FWMARK)
        fputs(" fwmark inherit", out);
    else if (tunnel->fwmark)
        fprintf(out, " fwmark %u", tunnel->fwmark);
    if (tunnel->ip6_flags & IP6_TNL_F_RCV_DSCP_COPY)
        fputs(" dscp inherit", out);
    if (tunnel->ip6_flags & IP6_TNL_F_MIP6_DEV)
        fputs(" mip6", out);
    if (!tunnel->pmtudisc)
        fputs(" nopmtudisc", out);
}

static void put_gre_flags(FILE *out, const struct tunnel *tunnel)
{
    if (kind_info(tunnel->kind)->fields & FIELD_ERSPAN)
        return; /* it has sequence numbers always */
    if (tunnel->iflags & GRE_HAS_SEQ)
        fputs(" iseq", out);
    if (tunnel->oflags & GRE_HAS_SEQ)
        fputs(" oseq", out);
    if (tunnel->iflags & GRE_HAS_CSUM)
        fputs(" icsum", out);
    if (tunnel->oflags & GRE_HAS_CSUM)
        fputs(" ocsum", out);
}

static void put_encap(FILE *out, const struct encap *encap)
{
    if (!encap->type)
        return;
    fprintf(out, " encap %s", encap->type == ENCAP_FOU ? "fou" : "gue");
    if (encap->sport)
        fprintf(out, " encap-sport %u", encap->sport);
    if (encap->dport)
        fprintf(out, " encap-dport %u", encap->dport);
    if (encap->flags & ENCAP_HAS_CSUM)
        fputs(" encap-csum", out);
    if (encap->flags & ENCAP_HAS_CSUM6)
        fputs(" encap-csum6", out);
    if (encap->flags & ENCAP_HAS_REMCSUM)
        fputs(" encap-remcsum", out);
}

static void put_erspan(FILE *out, const struct erspan *erspan)
{
    fprintf(out, " erspan_ver %u", erspan->version);
    if (erspan->version == 1)
        fprintf(out, " erspan %u", erspan->index);
    else if (erspan->version == 2)
        fprintf(out, " erspan_dir %s erspan_hwid %u", erspan->direction ? "egress" : "ingress", erspan->hwid);
}

static void put_hardware(FILE *out, const uint8_t hardware[static HARDWARE_SIZE])
{
    for (size_t i = 0; i < HARDWARE_SIZE; i++)
        fprintf(out, "%s%02x", i ? ":" : " address ", hardware[i]);
}

/* What kinds have that few files say. */
static void put_rare_flags(FILE *out, const struct tunnel *tunnel)
{
    if (tunnel->ignore_df)
        fputs(" ignore-df", out);
    if (tunnel->external && tunnel->kind != KIND_EXTERNAL)
        fputs(" external", out);
    put_encap(out, &tunnel->encap);
    if (kind_info(tunnel->kind)->fields & FIELD_ERSPAN)
        put_erspan(out, &tunnel->erspan);
    if (tunnel->stated & FIELD_HARDWARE)
        put_hardware(out, tunnel->hardware);
}

static void put_flags(FILE *out, const struct tunnel *tunnel)
{
    if (*tunnel->lower)
        fprintf(out, " dev %s", tunnel->lower);
    put_header(out, tunnel);
    put_gre_flags(out, tunnel);
    if (!tunnel->up)
        fputs(" down", out);
    if (tunnel->stated & FIELD_MULTICAST)
        fputs(tunnel->multicast ? " multicast on" : " multicast off", out);
    if (tunnel->drift)
        fprintf(out, " drift %s", drift_name(tunnel->drift));
    if (tunnel->keepalive)
        fprintf(out, " keepalive %u", tunnel->keepalive);
    if (tunnel->keepalive_retries)
        fprintf(out, " %u", tunnel->keepalive_retries);
    if (*tunnel->controller)
        fprintf(out, " controller %s", tunnel->controller);
    put_rare_flags(out, tunnel);
}

static void explain_inner(const struct tunnel *tunnel, const struct inner *inner, FILE *out)
{
    char text[ADDRESS_TEXT_MAX];

    fprintf(out, "addr %s %s/%u", tunnel->name, address_format(&inner->local, text), inner->prefix);
    if (address_is_set(&inner->peer))
        fprintf(out, " peer %s/%u", address_format(&inner->peer, text), inner->prefix);
    fputc('\n', out);
}

static void explain_beside(const struct tunnel *tunnel, FILE *out)
{
    char inner[ADDRESS_TEXT_MAX], outer[ADDRESS_TEXT_MAX];

    for (size_t i = 0; i < tunnel->routes.n; i++) {
        fprintf(out, "route %s ", tunnel->name);
        (tunnel->keyfile ? route_put_plainly : route_put)(&tunnel->routes.items[i], out);
        fputc('\n', out);
    }
    for (size_t i = 0; i < tunnel->n_neighbours; i++)
        fprintf(out, "neigh %s %s lladdr %s\n", tunnel->name, address_format(&tunnel->neighbours[i].inner, inner),
                address_format(&tunnel->neighbours[i].outer, outer));
}

void explain_rules(const struct tunnel *tunnel, FILE *out)
{
    for (size_t i = 0; i < tunnel->rules.n; i++) {
        const struct rule *rule = &tunnel->rules.items[i];

        fputs(rule->family == AF_INET6 ? "rule -6 " : "rule ", out);
        (tunnel->keyfile ? rule_put_plainly : rule_put)(rule, out);
        fputc('\n', out);
    }
}

static void put_outer(FILE *out, const char *word, const struct address *address, const char *name)
{
    if (name)
        fprintf(out, " %s %s", word, name);
    else
        put_end(out, word, address);
}

void explain_tunnel(const struct tunnel *tunnel, FILE *out)
{
    const struct kind_info *info = kind_info(tunnel->kind);

    fprintf(out, "link %s %s", tunnel->name, info->name);
    put_outer(out, "local", &tunnel->local, tunnel_more(tunnel)->local_name);
    put_outer(out, "remote", &tunnel->remote, tunnel_more(tunnel)->remote_name);
    put_keys(out, tunnel);
    if (info->fields & FIELD_TTL && tunnel->ttl)
        fprintf(out, " ttl %u", tunnel->ttl);
    else if (info->fields & FIELD_TTL)
        fputs(" ttl inherit", out);
    if (info->fields & FIELD_ENCAP_LIMIT && tunnel->ip6_flags & IP6_TNL_F_IGN_ENCAP_LIMIT)
        fputs(" encaplimit none", out);
    else if (info->fields & FIELD_ENCAP_LIMIT)
        fprintf(out, " encaplimit %u", tunnel->encap_limit);
    if (tunnel->stated & FIELD_MTU)
        fprintf(out, " mtu %u", tunnel->mtu);
    put_flags(out, tunnel);
    fprintf(out, " onboot %s ipv6 %s\n", tunnel->presence == PRESENCE_MUST ? "yes" : "no", tunnel->ipv6 ? "on" : "off");
    for (size_t i = 0; i < tunnel->n_inner; i++)
        explain_inner(tunnel, &tunnel->inner[i], out);
    explain_beside(tunnel, out);
}
