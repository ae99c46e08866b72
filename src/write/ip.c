/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps as ip(8) commands. Never runs them. */
#include "write/ip.h"

#include <string.h>

#include "model/marks.h"

/* Quoted for a shell where it needs to be. */
static void put_word(FILE *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:+@";

    if (*word && !word[strspn(word, plain)]) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    fputc('\'', out);
}

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
    if (info->fields & FIELD_EXTERNAL) {
        fputs(" external", out);
        return;
    }
    if (*mode_of(tunnel->kind))
        fprintf(out, " mode %s", mode_of(tunnel->kind));
    put_end(out, "local", &tunnel->local);
    put_end(out, "remote", &tunnel->remote);
    if (*tunnel->lower) {
        fputs(" dev ", out);
        put_word(out, tunnel->lower);
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
    put_word(out, step_tunnel(step)->name);
    if (inner->local.family == AF_INET6 && !strcmp(verb, "add"))
        fputs(" nodad", out);
}

static void put_flags(FILE *out, const struct tunnel *wanted)
{
    if (wanted->stated & FIELD_MULTICAST)
        fputs(wanted->multicast ? " multicast on" : " multicast off", out);
    fputs(wanted->up ? " up" : " down", out);
}

static void put_command(FILE *out, const struct step *step)
{
    const char *name = step_tunnel(step)->name;

    switch (step->type) {
    case STEP_CREATE:
        fputs("ip link add name ", out);
        put_word(out, name);
        if (step->mtu)
            fprintf(out, " mtu %u", step->mtu);
        fprintf(out, " group %u", (unsigned)GROUP_OURS);
        put_type(out, step->wanted);
        break;
    case STEP_IPV6:
        /* -e: a link of less than 1280 bytes has no such setting, and no IPv6 */
        fputs(step->wanted->ipv6 ? "sysctl -qw net/ipv6/conf/" : "sysctl -eqw net/ipv6/conf/", out);
        put_word(out, name);
        fprintf(out, "/disable_ipv6=%d", !step->wanted->ipv6);
        break;
    case STEP_ADD_ADDRESS:
        put_inner(out, "add", step);
        break;
    case STEP_DELETE_ADDRESS:
        put_inner(out, "delete", step);
        break;
    case STEP_DELETE:
        fputs("ip link delete dev ", out);
        put_word(out, name);
        break;
    default:
        fputs("ip link set dev ", out);
        put_word(out, name);
    }
}

static void put_setting(FILE *out, const struct step *step)
{
    if (step->type == STEP_ADOPT) {
        fprintf(out, " group %u", (unsigned)GROUP_OURS);
    } else if (step->type == STEP_ALIAS) {
        fputs(" alias ", out);
        put_word(out, ALIAS_PREFIX);
        put_word(out, step->wanted->source);
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
        fprintf(out, "# %s: %s\n", step_tunnel(step)->name, step->reason);
    put_command(out, step);
    put_setting(out, step);
    fputc('\n', out);
}
