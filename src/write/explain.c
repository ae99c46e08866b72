/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer of explain's language. Never reads it back. */
#include "write/explain.h"

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

static void put_flags(FILE *out, const struct tunnel *tunnel)
{
    uint32_t tos = tunnel->tos | (tunnel->flowinfo >> 20 & 0xff);

    if (*tunnel->lower)
        fprintf(out, " dev %s", tunnel->lower);
    if (tunnel->tos == 1 || tunnel->ip6_flags)
        fputs(" tos inherit", out);
    else if (tos)
        fprintf(out, " tos %u", tos);
    if (!tunnel->pmtudisc)
        fputs(" nopmtudisc", out);
    if (tunnel->iflags & GRE_HAS_SEQ)
        fputs(" iseq", out);
    if (tunnel->oflags & GRE_HAS_SEQ)
        fputs(" oseq", out);
    if (tunnel->iflags & GRE_HAS_CSUM)
        fputs(" icsum", out);
    if (tunnel->oflags & GRE_HAS_CSUM)
        fputs(" ocsum", out);
    if (!tunnel->up)
        fputs(" down", out);
    if (tunnel->stated & FIELD_MULTICAST)
        fputs(tunnel->multicast ? " multicast on" : " multicast off", out);
    if (tunnel->keepalive)
        fprintf(out, " keepalive %u", tunnel->keepalive);
    if (tunnel->keepalive_retries)
        fprintf(out, " %u", tunnel->keepalive_retries);
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
        route_put(&tunnel->routes.items[i], out);
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
        rule_put(rule, out);
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
    put_outer(out, "local", &tunnel->local, tunnel->local_name);
    put_outer(out, "remote", &tunnel->remote, tunnel->remote_name);
    put_keys(out, tunnel);
    if (info->fields & FIELD_TTL && tunnel->ttl)
        fprintf(out, " ttl %u", tunnel->ttl);
    else if (info->fields & FIELD_TTL)
        fputs(" ttl inherit", out);
    if (info->fields & FIELD_ENCAP_LIMIT)
        fprintf(out, " encaplimit %u", tunnel->encap_limit);
    if (tunnel->stated & FIELD_MTU)
        fprintf(out, " mtu %u", tunnel->mtu);
    put_flags(out, tunnel);
    fprintf(out, " onboot %s ipv6 %s\n", tunnel->presence == PRESENCE_MUST ? "yes" : "no", tunnel->ipv6 ? "on" : "off");
    for (size_t i = 0; i < tunnel->n_inner; i++)
        explain_inner(tunnel, &tunnel->inner[i], out);
    explain_beside(tunnel, out);
}
