/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps as ip(8) commands. Never runs them. */
#include "write/ip.h"

#include <string.h>

#include "base/text.h"
#include "model/marks.h"
#include "model/route-text.h"

static void put_end(FILE *out, const char *word, const struct address *address)
{
    char text[ADDRESS_TEXT_MAX];

    fprintf(out, " %s %s", word, address_format(address, text));
}

static void put_gre(FILE *out, const struct tunnel *tunnel)
{
    if (tunnel->iflags & GRE_HAS_KEY)
        fprintf(out, " ikey %u", tunnel->ikey);
    else
        fputs(" noikey", out);
    if (tunnel->oflags & GRE_HAS_KEY)
        fprintf(out, " okey %u", tunnel->okey);
    else
        fputs(" nookey", out);
    fputs(tunnel->iflags & GRE_HAS_SEQ ? " iseq" : " noiseq", out);
    fputs(tunnel->oflags & GRE_HAS_SEQ ? " oseq" : " nooseq", out);
    fputs(tunnel->iflags & GRE_HAS_CSUM ? " icsum" : " noicsum", out);
    fputs(tunnel->oflags & GRE_HAS_CSUM ? " ocsum" : " noocsum", out);
}

static void put_tos(FILE *out, const struct tunnel *tunnel)
{
    const struct kind_info *info = kind_info(tunnel->kind);

    if (info->fields & FIELD_TOS && tunnel->tos == 1)
        fputs(" tos inherit", out);
    else if (info->fields & FIELD_TOS)
        fprintf(out, " tos 0x%x", tunnel->tos);
    else if (tunnel->ip6_flags)
        fputs(" tclass inherit", out);
    else
        fprintf(out, " tclass 0x%x", tunnel->flowinfo >> 20);
}

/* What it carries, which ip(8) takes for "any" if it is not said. */
static const char *mode_of(enum kind kind)
{
    return kind == KIND_IPIP ? "ipip" : kind == KIND_SIT ? "ip6ip" : kind == KIND_IPIP6 ? "ipip6" : "";
}

/* "type gre local A ...": every parameter, since ip(8) too takes what is not said for a default. */
static void put_type(FILE *out, const struct tunnel *tunnel)
{
    const struct kind_info *info = kind_info(tunnel->kind);

    fprintf(out, " type %s", info->kernel_kind);
    if (tunnel->external) {
        fputs(" external", out);
        return;
    }
    if (*mode_of(tunnel->kind))
        fprintf(out, " mode %s", mode_of(tunnel->kind));
    put_end(out, "local", &tunnel->local);
    put_end(out, "remote", &tunnel->remote);
    if (*tunnel->lower) {
        fputs(" dev ", out);
        text_put_quoted(tunnel->lower, out);
    }
    if (info->fields & FIELD_IKEY)
        put_gre(out, tunnel);
    if (tunnel->ttl)
        fprintf(out, " ttl %u", tunnel->ttl);
    else
        fputs(info->family == AF_INET ? " ttl inherit" : " hoplimit 0", out);
    put_tos(out, tunnel);
    if (info->fields & FIELD_ENCAP_LIMIT)
        fprintf(out, " encaplimit %u", tunnel->encap_limit);
    if (info->fields & FIELD_PMTUDISC)
        fputs(tunnel->pmtudisc ? " pmtudisc" : " nopmtudisc", out);
}

static void put_inner(FILE *out, const char *verb, const struct step *step)
{
    const struct inner *inner = step->inner;
    char text[ADDRESS_TEXT_MAX];

    fprintf(out, "ip address %s %s", verb, address_format(&inner->local, text));
    if (address_is_set(&inner->peer))
        fprintf(out, " peer %s", address_format(&inner->peer, text));
    fprintf(out, "/%u dev ", inner->prefix);
    text_put_quoted(step_name(step), out);
    if (inner->local.family == AF_INET6 && !strcmp(verb, "add"))
        fputs(" nodad", out);
    if (address_is_set(&inner->broadcast) && !strcmp(verb, "add"))
        fprintf(out, " broadcast %s", address_format(&inner->broadcast, text));
    if (*inner->label && strcmp(inner->label, step_name(step)) != 0) {
        fputs(" label ", out);
        text_put_quoted(inner->label, out);
    }
}

static void put_flags(FILE *out, const struct tunnel *wanted)
{
    if (wanted->stated & FIELD_MULTICAST)
        fputs(wanted->multicast ? " multicast on" : " multicast off", out);
    fputs(wanted->up ? " up" : " down", out);
}

static void put_neighbour(FILE *out, const char *verb, const struct step *step)
{
    char inner[ADDRESS_TEXT_MAX], outer[ADDRESS_TEXT_MAX];

    fprintf(out, "ip neighbour %s %s lladdr %s dev ", verb, address_format(&step->neighbour->inner, inner), address_format(&step->neighbour->outer, outer));
    text_put_quoted(step_name(step), out);
    if (strcmp(verb, "delete") != 0)
        fprintf(out, " nud permanent protocol %u", (unsigned)PROTOCOL_OURS);
}

static void put_route(FILE *out, const char *verb, const struct step *step)
{
    /* in front: behind a nexthop nothing else can stand */
    fprintf(out, "ip %sroute %s proto %u ", step->route->family == AF_INET6 ? "-6 " : "", verb, (unsigned)PROTOCOL_OURS);
    route_put(step->route, out);
}

static void put_rule(FILE *out, const char *verb, const struct step *step)
{
    fprintf(out, "ip %srule %s ", step->rule->family == AF_INET6 ? "-6 " : "", verb);
    rule_put(step->rule, out);
    fprintf(out, " protocol %u", (unsigned)PROTOCOL_OURS);
}

static void put_command(FILE *out, const struct step *step)
{
    const char *name = step_name(step);

    switch (step->type) {
    case STEP_CREATE:
        fputs("ip link add name ", out);
        text_put_quoted(name, out);
        if (step->mtu)
            fprintf(out, " mtu %u", step->mtu);
        fprintf(out, " group %u", (unsigned)GROUP_OURS);
        put_type(out, step->wanted);
        break;
    case STEP_IPV6:
        /* -e: a link of less than 1280 bytes has no such setting, and no IPv6 */
        fputs(step->wanted->ipv6 ? "sysctl -qw net/ipv6/conf/" : "sysctl -eqw net/ipv6/conf/", out);
        text_put_quoted(name, out);
        fprintf(out, "/disable_ipv6=%d", !step->wanted->ipv6);
        break;
    case STEP_CONF:
        fputs("sysctl -qw net/ipv6/conf/", out);
        text_put_quoted(name, out);
        fprintf(out, "/%s=%u", conf_name(step->conf), step->wanted->conf[step->conf]);
        break;
    case STEP_ADD_NEIGHBOUR:
        put_neighbour(out, "replace", step);
        break;
    case STEP_DELETE_NEIGHBOUR:
        put_neighbour(out, "delete", step);
        break;
    case STEP_ADD_ROUTE:
        put_route(out, step->replace ? "replace" : "add", step);
        break;
    case STEP_DELETE_ROUTE:
        put_route(out, "delete", step);
        break;
    case STEP_ADD_RULE:
        put_rule(out, "add", step);
        break;
    case STEP_DELETE_RULE:
        put_rule(out, "delete", step);
        break;
    case STEP_ADD_ADDRESS:
        put_inner(out, "add", step);
        break;
    case STEP_DELETE_ADDRESS:
        put_inner(out, "delete", step);
        break;
    case STEP_DELETE:
        fputs("ip link delete dev ", out);
        text_put_quoted(name, out);
        break;
    default:
        fputs("ip link set dev ", out);
        text_put_quoted(name, out);
    }
}

static void put_setting(FILE *out, const struct step *step)
{
    if (step->type == STEP_ADOPT) {
        fprintf(out, " group %u", (unsigned)GROUP_OURS);
    } else if (step->type == STEP_ALIAS) {
        fputs(" alias ", out);
        text_put_quoted(ALIAS_PREFIX, out);
        text_put_quoted(step->wanted->source, out);
    } else if (step->type == STEP_FLAGS) {
        put_flags(out, step->wanted);
    } else if (step->type == STEP_CHANGE) {
        if (step->mtu)
            fprintf(out, " mtu %u", step->mtu);
        if (step->fields & FIELDS_INFO)
            put_type(out, step->wanted);
    } else if (step->type == STEP_PARK) {
        struct tunnel parked = tunnel_parked(step->actual, step->parking);

        put_type(out, &parked);
        fputs(" # aside for a moment, out of another one's way", out);
    }
}

void ip_step(const struct step *step, FILE *out)
{
    if (step->reason)
        fprintf(out, "# %s%s%s\n", step_name(step), step_tunnel(step) ? ": " : "", step->reason);
    put_command(out, step);
    put_setting(out, step);
    fputc('\n', out);
}
