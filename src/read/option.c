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

#include "base/text.h"

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
    char **name = local ? &tunnel->local_name : &tunnel->remote_name, *copy;
    const char *why;

    if (address_looks_like_ipv4(value) || strchr(value, ':') || strchr(value, '/'))
        return -EINVAL;
    if (local && tunnel_check_name(value, &why) < 0)
        *ret_why = "neither an address nor the name of an interface";
    else if (!local && !is_host_name(value))
        *ret_why = "neither an address nor the name of a host";
    else if (!(copy = strdup(value)))
        return -ENOMEM;
    else {
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

int option_lower(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    int r = tunnel_check_name(value, ret_why);

    (void)option;
    if (r < 0)
        return r;
    snprintf(tunnel->lower, sizeof(tunnel->lower), "%s", value);
    return 0;
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

int option_gre_flags(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    uint16_t iflags = tunnel->iflags, oflags = tunnel->oflags;

    (void)option;
    for (;;) {
        size_t size;

        value += strspn(value, " \t\n");
        size = strcspn(value, " \t\n");
        if (!size)
            break;
        if (size == 4 && !memcmp(value, "iseq", 4)) {
            iflags |= GRE_HAS_SEQ;
        } else if (size == 4 && !memcmp(value, "oseq", 4)) {
            oflags |= GRE_HAS_SEQ;
        } else if (size == 5 && !memcmp(value, "icsum", 5)) {
            iflags |= GRE_HAS_CSUM;
        } else if (size == 5 && !memcmp(value, "ocsum", 5)) {
            oflags |= GRE_HAS_CSUM;
        } else {
            *ret_why = "the flags are iseq, oseq, icsum and ocsum";
            return -EINVAL;
        }
        value += size;
    }
    tunnel->iflags = iflags;
    tunnel->oflags = oflags;
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
        tunnel->flowinfo = (uint32_t)tos << 20;
    return 0;
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

int option_u32(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    static char why[64]; /* static text, as the contract says; one thread reads */
    uint32_t number;
    int r = text_parse_u32(value, option->min, option->max, &number);

    if (r < 0) {
        snprintf(why, sizeof(why), "not a number from %u to %u", option->min, option->max);
        *ret_why = r == -EDOM ? text_number_error(r) : why;
        return -EINVAL;
    }
    *(uint32_t *)field_at(tunnel, option) = number;
    return 0;
}

int option_word(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why)
{
    char **word = field_at(tunnel, option), *copy;

    if (value[strcspn(value, " \t\n")] || !text_is_plain(value)) {
        *ret_why = "not one plain word";
        return -EINVAL;
    }
    copy = strdup(value);
    if (!copy)
        return -ENOMEM;
    free(*word);
    *word = copy;
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
