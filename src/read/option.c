/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Value parsers that the readers share. Never knows a file format: those are the readers' tables. */
#include "read/option.h"

#include <ctype.h>
#include <errno.h>
#include <linux/ip6_tunnel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/macro.h"
#include "base/text.h"

enum { FLOW_LABEL_MOST = 0xfffff };

static void *field_at(struct tunnel *tunnel, const struct option *option)
{
    return (char *)tunnel + option->offset;
}

/* RFC 1123, 2.1, and the underscore that people use; the last part is never a number. */
static bool is_host_name(const char *value)
{
    size_t size = strlen(value);
    const char *last = strrchr(value, '.');

    if (!size || size > 253)
        return false;
    last = last ? last + 1 : value;
    if (!last[strspn(last, "0123456789")])
        return false;
    for (const char *part = value; *part;) {
        size_t length = strcspn(part, ".");

        if (!length || length > 63 || part[0] == '-' || part[length - 1] == '-')
            return false;
        for (size_t i = 0; i < length; i++)
            if (!isalnum((unsigned char)part[i]) && part[i] != '-' && part[i] != '_')
                return false;
        part += length;
        if (*part && !*++part)
            return false;
    }
    return true;
}

static int outer_name(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    bool local = option->fields & FIELD_LOCAL;
    struct tunnel_more *more;
    const char *why;
    char **name, *copy;

    if (address_looks_like_ipv4(value) || strchr(value, ':') || strchr(value, '/'))
        return -EINVAL;
    if (local && tunnel_check_name(value, &why) < 0)
        *ret_why = "neither an address nor the name of an interface";
    else if (!local && !is_host_name(value))
        *ret_why = "neither an address nor the name of a host";
    else if (!(more = tunnel_need_more(tunnel)) || !(copy = strdup(value)))
        return -ENOMEM;
    else {
        name = local ? &more->local_name : &more->remote_name;
        free(*name);
        *name = copy;
        return 0;
    }
    return -EINVAL;
}

int option_outer(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    uint8_t family = kind_info(tunnel->kind)->family;
    struct address address = { 0 };
    int r;

    if (strcmp(value, "any")) {
        r = address_parse(value, &address, ret_why);
        if (r < 0)
            return outer_name(option, value, tunnel, ret_why);
        if (address.family != family) {
            *ret_why =
                family == AF_INET ? "an IPv6 address, and this kind of tunnel runs over IPv4" : "an IPv4 address, and this kind of tunnel runs over IPv6";
            return -EINVAL;
        }
    }
    *(struct address *)field_at(tunnel, option) = address_from_bytes(address.family, address.bytes);
    return 0;
}

static int parse_device(const char *value, char *ret, const char **ret_why)
{
    int r = tunnel_check_name(value, ret_why);

    if (r >= 0)
        strcpy(ret, value);
    return r;
}

int option_lower(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    (void)option;
    return parse_device(value, tunnel->lower, ret_why);
}

int option_controller(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    (void)option;
    return parse_device(value, tunnel->controller, ret_why);
}

int option_key(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    uint32_t key;
    int r = text_parse_key(value, &key);

    if (r < 0) {
        *ret_why = r == -ERANGE ? "a key has 32 bits, 4294967295 or 255.255.255.255 at the most"
                   : r == -EDOM ? text_number_error(r)
                                : "neither a number, a dotted quad nor a word";
        return -EINVAL;
    }
    if (option->fields & FIELD_IKEY) {
        tunnel->ikey = key;
        tunnel->iflags |= GRE_HAS_KEY;
    }
    if (option->fields & FIELD_OKEY) {
        tunnel->okey = key;
        tunnel->oflags |= GRE_HAS_KEY;
    }
    return 0;
}

struct word {
    const char *text;
    uint32_t bit;
};

/* A list of such words, separated by blanks; false: another word is among them. */
static bool parse_words(const char *value, const struct word *words, size_t n, uint32_t *bits)
{
    for (value += strspn(value, " \t\n"); *value; value += strspn(value, " \t\n")) {
        size_t size = strcspn(value, " \t\n"), i = 0;

        while (i < n && (strlen(words[i].text) != size || memcmp(value, words[i].text, size) != 0))
            i++;
        if (i == n)
            return false;
        *bits |= words[i].bit;
        value += size;
    }
    return true;
}

int option_gre_flags(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    static const struct word words[] = {
        { "iseq", GRE_HAS_SEQ << 16 },
        { "oseq", GRE_HAS_SEQ },
        { "icsum", (uint32_t)GRE_HAS_CSUM << 16 },
        { "ocsum", GRE_HAS_CSUM },
    };
    uint32_t bits = 0;

    (void)option;
    if (!parse_words(value, words, ARRAY_SIZE(words), &bits)) {
        *ret_why = "the flags are iseq, oseq, icsum and ocsum";
        return -EINVAL;
    }
    tunnel->iflags |= (uint16_t)(bits >> 16);
    tunnel->oflags |= (uint16_t)bits;
    return 0;
}

int option_encap(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    static const char *const names[] = { [ENCAP_NONE] = "none", [ENCAP_FOU] = "fou", [ENCAP_GUE] = "gue" };

    (void)option;
    for (uint16_t i = 0; i < ARRAY_SIZE(names); i++)
        if (!strcasecmp(value, names[i])) {
            tunnel->encap.type = i;
            /* UDP over IPv6 without a checksum is dropped by most (RFC 8200, 8.1) */
            tunnel->encap.flags = i && kind_info(tunnel->kind)->family == AF_INET6 ? ENCAP_HAS_CSUM6 : 0;
            return 0;
        }
    *ret_why = "neither none, fou nor gue";
    return -EINVAL;
}

int option_encap_flags(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    static const struct word words[] = { { "csum", ENCAP_HAS_CSUM }, { "csum6", ENCAP_HAS_CSUM6 }, { "remcsum", ENCAP_HAS_REMCSUM } };
    uint32_t bits = 0;

    (void)option;
    if (!parse_words(value, words, ARRAY_SIZE(words), &bits)) {
        *ret_why = "the flags are csum, csum6 and remcsum";
        return -EINVAL;
    }
    tunnel->encap.flags = (uint16_t)bits;
    return 0;
}

static int parse_byte(const char *value, uint8_t *ret, const char **ret_why)
{
    uint32_t number;
    int r = text_parse_u32(value, 0, 255, &number);

    if (r < 0) {
        *ret_why = r == -EDOM ? text_number_error(r) : "neither a number from 0 to 255 nor inherit";
        return -EINVAL;
    }
    *ret = (uint8_t)number;
    return 0;
}

int option_ttl(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    (void)option;
    if (!strcasecmp(value, "inherit")) {
        tunnel->ttl = 0;
        return 0;
    }
    return parse_byte(value, &tunnel->ttl, ret_why);
}

int option_tos(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    bool inherit = !strcasecmp(value, "inherit");
    uint8_t tos = 1; /* to the IPv4 kinds, 1 is inherit */
    int r;

    (void)option;
    if (!inherit) {
        r = parse_byte(value, &tos, ret_why);
        if (r < 0)
            return r;
    }
    if (kind_info(tunnel->kind)->fields & FIELD_TOS)
        tunnel->tos = tos;
    else if (inherit)
        tunnel->ip6_flags |= IP6_TNL_F_USE_ORIG_TCLASS;
    else
        tunnel->flowinfo = (tunnel->flowinfo & FLOW_LABEL_MOST) | (uint32_t)tos << 20;
    return 0;
}

/* IPv6 carries it in 20 bits, RFC 8200, 3. */
int option_flow_label(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    uint32_t label;
    int r;

    (void)option;
    if (!strcasecmp(value, "inherit")) {
        tunnel->ip6_flags |= IP6_TNL_F_USE_ORIG_FLOWLABEL;
        return 0;
    }
    r = text_parse_u32(value, 0, FLOW_LABEL_MOST, &label);
    if (r < 0) {
        *ret_why = r == -EDOM ? text_number_error(r) : "neither a number from 0 to 1048575 nor inherit";
        return -EINVAL;
    }
    tunnel->flowinfo = (tunnel->flowinfo & ~(uint32_t)FLOW_LABEL_MOST) | label;
    return 0;
}

int option_encap_limit(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    uint32_t limit;
    int r;

    (void)option;
    if (!strcasecmp(value, "none")) {
        tunnel->ip6_flags |= IP6_TNL_F_IGN_ENCAP_LIMIT;
        return 0;
    }
    r = text_parse_u32(value, 0, 255, &limit);
    if (r < 0) {
        *ret_why = r == -EDOM ? text_number_error(r) : "neither a number from 0 to 255 nor none";
        return -EINVAL;
    }
    tunnel->encap_limit = (uint8_t)limit;
    return 0;
}

int option_erspan_direction(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    (void)option;
    if (strcasecmp(value, "ingress") && strcasecmp(value, "egress")) {
        *ret_why = "neither ingress nor egress";
        return -EINVAL;
    }
    tunnel->erspan.direction = !strcasecmp(value, "egress");
    return 0;
}

/* Of one device: neither a group's nor none's (net/ethernet/eth.c eth_prepare_mac_addr_change). */
int option_hardware(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    uint8_t bytes[HARDWARE_SIZE] = { 0 }, any = 0;
    char more;
    int n = -1;

    (void)option;
    if (strlen(value) != 3 * HARDWARE_SIZE - 1 || strspn(value, "0123456789abcdefABCDEF:") != strlen(value)
        || sscanf(value, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n%c", &bytes[0], &bytes[1], &bytes[2], &bytes[3], &bytes[4], &bytes[5], &n, &more) != 6
        || n != 3 * HARDWARE_SIZE - 1) {
        *ret_why = "not a hardware address like 02:00:5e:00:53:01";
        return -EINVAL;
    }
    for (size_t i = 0; i < HARDWARE_SIZE; i++)
        any |= bytes[i];
    if (!any || bytes[0] & 1) {
        *ret_why = any ? "the address of a group of devices, not of one" : "no address that a device can have";
        return -EINVAL;
    }
    memcpy(tunnel->hardware, bytes, HARDWARE_SIZE);
    return 0;
}

int option_drift(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    (void)option;
    if (drift_parse(value, &tunnel->drift) >= 0)
        return 0;
    *ret_why = "not one of repair, report, ignore";
    return -EINVAL;
}

int option_keepalive(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    char first[8], second[8] = "", more[2];
    uint32_t seconds, retries = 0;
    int n = sscanf(value, "%7s %7s %1s", first, second, more);

    (void)option;
    if (n < 1 || n > 2 || text_parse_u32(first, 1, 32767, &seconds) < 0 || (n == 2 && text_parse_u32(second, 1, 255, &retries) < 0)) {
        *ret_why = "not SECONDS (1 to 32767), or SECONDS RETRIES (1 to 255)";
        return -EINVAL;
    }
    tunnel->keepalive = (uint16_t)seconds;
    tunnel->keepalive_retries = (uint8_t)retries;
    return 0;
}

static int parse_number(const struct option *option, const char *value, uint32_t *ret, const char **ret_why)
{
    static char why[64]; /* static text, as the contract says; one thread reads */
    int r = text_parse_u32(value, option->min, option->max, ret);

    if (r < 0) {
        snprintf(why, sizeof(why), "not a number from %u to %u", option->min, option->max);
        *ret_why = r == -EDOM ? text_number_error(r) : why;
        return -EINVAL;
    }
    return 0;
}

int option_u32(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    return parse_number(option, value, field_at(tunnel, option), ret_why);
}

int option_u16(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    uint32_t number;
    int r = parse_number(option, value, &number, ret_why);

    if (r >= 0)
        *(uint16_t *)field_at(tunnel, option) = (uint16_t)number;
    return r;
}

int option_u8(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    uint32_t number;
    int r = parse_number(option, value, &number, ret_why);

    if (r >= 0)
        *(uint8_t *)field_at(tunnel, option) = (uint8_t)number;
    return r;
}

int option_port(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    uint32_t port = 0;
    int r = strcasecmp(value, "auto") ? text_parse_u32(value, 0, 65535, &port) : 0;

    if (r < 0) {
        *ret_why = r == -EDOM ? text_number_error(r) : "neither a port from 0 to 65535 nor auto";
        return -EINVAL;
    }
    *(uint16_t *)field_at(tunnel, option) = (uint16_t)port;
    return 0;
}

int option_zone(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    struct tunnel_more *more;
    char *copy;

    (void)option;
    if (value[strcspn(value, " \t\n")] || !text_is_plain(value)) {
        *ret_why = "not one plain word";
        return -EINVAL;
    }
    more = tunnel_need_more(tunnel);
    copy = more ? strdup(value) : NULL;
    if (!copy)
        return -ENOMEM;
    free(more->zone);
    more->zone = copy;
    return 0;
}

int option_bool(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    if (text_parse_bool(value, field_at(tunnel, option)) < 0) {
        *ret_why = "neither yes nor no";
        return -EINVAL;
    }
    return 0;
}
