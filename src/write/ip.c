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

/* What it carries, which ip(8) takes for "any" if it is not said. */
static const char *mode_of(enum kind kind)
{
    static const char *const modes[KIND_MAX] = {
        [KIND_IPIP] = "ipip", [KIND_SIT] = "ip6ip", [KIND_ISATAP] = "ip6ip", [KIND_IPIP6] = "ipip6", [KIND_IP6IP6] = "ip6ip6",
    };

    return modes[kind];
}

static void put_ip6(FILE *out, const struct tunnel *tunnel, uint32_t changed)
{
    enum { USE_TCLASS = 2, USE_FLOW_LABEL = 4, FLOW_LABEL = 0xfffff }; /* linux/ip6_tunnel.h IP6_TNL_F_* */

    if (tunnel->ip6_flags & USE_TCLASS)
        fputs(" tclass inherit", out);
    else
        fprintf(out, " tclass 0x%x", tunnel->flowinfo >> 20);
    if (tunnel->ip6_flags & USE_FLOW_LABEL)
        fputs(" flowlabel inherit", out);
    else if (tunnel->flowinfo & FLOW_LABEL || changed & (FIELD_FLOWINFO | FIELD_IP6_FLAGS))
        fprintf(out, " flowlabel 0x%x", tunnel->flowinfo & FLOW_LABEL);
    if (tunnel->ip6_flags & IGNORE_ENCAP_LIMIT)
        fputs(" encaplimit none", out);
    else
        fprintf(out, " encaplimit %u", tunnel->encap_limit);
}

static void put_encap(FILE *out, const struct encap *encap)
{
    static const char *const types[] = { [ENCAP_NONE] = "none", [ENCAP_FOU] = "fou", [ENCAP_GUE] = "gue" };

    fprintf(out, " encap %s", encap->type <= ENCAP_GUE ? types[encap->type] : "none");
    if (!encap->type)
        return;
    if (encap->sport)
        fprintf(out, " encap-sport %u", encap->sport);
    else
        fputs(" encap-sport auto", out);
    fprintf(out, " encap-dport %u", encap->dport);
    fputs(encap->flags & ENCAP_HAS_CSUM ? " encap-csum" : " noencap-csum", out);
    fputs(encap->flags & ENCAP_HAS_CSUM6 ? " encap-udp6-csum" : " noencap-udp6-csum", out);
    fputs(encap->flags & ENCAP_HAS_REMCSUM ? " encap-remcsum" : " noencap-remcsum", out);
}

static void put_erspan(FILE *out, const struct erspan *erspan)
{
    fprintf(out, " erspan_ver %u", erspan->version);
    if (erspan->version == 1 && erspan->index) /* ip(8) cannot say 0, which a new link has by itself; it cannot go back to it */
        fprintf(out, " erspan %u", erspan->index);
    if (erspan->version == 2)
        fprintf(out, " erspan_dir %s erspan_hwid %u", erspan->direction ? "egress" : "ingress", erspan->hwid);
}

/* Which packets it takes for its own, and sends. */
static void put_ends(FILE *out, const struct tunnel *tunnel, uint32_t fields)
{
    put_end(out, "local", &tunnel->local);
    put_end(out, "remote", &tunnel->remote);
    if (*tunnel->lower) {
        fputs(" dev ", out);
        text_put_quoted(tunnel->lower, out);
    }
    if (fields & FIELD_IFLAGS)
        put_gre(out, tunnel);
    else if (fields & FIELD_IKEY)
        fprintf(out, " ikey %u okey %u", tunnel->ikey, tunnel->okey);
}

static void put_header(FILE *out, const struct tunnel *tunnel, uint32_t fields, uint32_t changed)
{
    if (fields & FIELD_TTL && tunnel->ttl)
        fprintf(out, " ttl %u", tunnel->ttl);
    else if (fields & FIELD_TTL)
        fputs(kind_info(tunnel->kind)->family == AF_INET ? " ttl inherit" : " hoplimit 0", out);
    if (fields & FIELD_TOS && tunnel->tos == 1)
        fputs(" tos inherit", out);
    else if (fields & FIELD_TOS)
        fprintf(out, " tos 0x%x", tunnel->tos);
    if (fields & FIELD_FLOWINFO)
        put_ip6(out, tunnel, changed);
    if (fields & FIELD_PMTUDISC)
        fputs(tunnel->pmtudisc ? " pmtudisc" : " nopmtudisc", out);
}

/* "type gre local A ...": every parameter that it has, since ip(8) too takes what is not said for a default; but what
 * few tunnels have is said only where it is there, or there was. */
static void put_type(FILE *out, const struct tunnel *tunnel, uint32_t changed)
{
    uint32_t fields = tunnel_fields(tunnel);

    fprintf(out, " type %s", kind_info(tunnel->kind)->kernel_kind);
    if (tunnel->external)
        fputs(" external", out);
    if (mode_of(tunnel->kind))
        fprintf(out, " mode %s", mode_of(tunnel->kind));
    if (tunnel->external)
        return;
    if (tunnel->kind == KIND_ISATAP)
        fputs(" isatap", out);
    put_ends(out, tunnel, fields);
    put_header(out, tunnel, fields, changed);
    if (fields & FIELD_IGNORE_DF && (tunnel->ignore_df || changed & FIELD_IGNORE_DF))
        fputs(tunnel->ignore_df ? " ignore-df" : " noignore-df", out);
    if (fields & FIELD_FWMARK && (tunnel->fwmark || changed & FIELD_FWMARK))
        fprintf(out, " fwmark 0x%x", tunnel->fwmark);
    if (fields & FIELD_ENCAP && (tunnel->encap.type || changed & FIELD_ENCAP))
        put_encap(out, &tunnel->encap);
    if (fields & FIELD_ERSPAN)
        put_erspan(out, &tunnel->erspan);
}

static void put_hardware(FILE *out, const uint8_t bytes[HARDWARE_SIZE])
{
    fprintf(out, " address %02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);
}

static void put_inner(FILE *out, const char *verb, const struct step *step)
{
    const struct inner *inner = step->inner;
    struct address broadcast = inner_broadcast(inner);
    char text[ADDRESS_TEXT_MAX];

    fprintf(out, "ip address %s %s", verb, address_format(&inner->local, text));
    if (address_is_set(&inner->peer))
        fprintf(out, " peer %s", address_format(&inner->peer, text));
    fprintf(out, "/%u dev ", inner->prefix);
    text_put_quoted(step_name(step), out);
    if (inner->local.family == AF_INET6 && !strcmp(verb, "add"))
        fputs(" nodad", out);
    if (address_is_set(&broadcast) && !strcmp(verb, "add"))
        fprintf(out, " broadcast %s", address_format(&broadcast, text));
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
        if (step->wanted->stated & FIELD_HARDWARE)
            put_hardware(out, step->wanted->hardware);
        put_type(out, step->wanted, 0);
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
    case STEP_RENAME:
        fputs("ip link set dev ", out);
        text_put_quoted(step->actual->name, out);
        fputs(" name ", out);
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
        text_put_quoted(*step->wanted->controller ? ALIAS_PREFIX ALIAS_PORT : ALIAS_PREFIX, out);
        text_put_quoted(step->wanted->source, out);
    } else if (step->type == STEP_FLAGS) {
        put_flags(out, step->wanted);
    } else if (step->type == STEP_CHANGE) {
        if (step->mtu)
            fprintf(out, " mtu %u", step->mtu);
        if (step->fields & FIELD_HARDWARE)
            put_hardware(out, step->wanted->hardware);
        if (step->fields & FIELDS_INFO)
            put_type(out, step->wanted, step->fields);
    } else if (step->type == STEP_CONTROLLER && *step->wanted->controller) {
        fputs(" master ", out);
        text_put_quoted(step->wanted->controller, out);
    } else if (step->type == STEP_CONTROLLER) {
        fputs(" nomaster", out);
    } else if (step->type == STEP_HEED_DF) {
        fprintf(out, " type %s nopmtudisc noignore-df # so that path MTU discovery can be turned on", kind_info(step->actual->kind)->kernel_kind);
    } else if (step->type == STEP_PARK) {
        struct tunnel parked = tunnel_parked(step->actual, step->parking);

        put_type(out, &parked, step->actual->ignore_df ? FIELD_IGNORE_DF : 0);
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
