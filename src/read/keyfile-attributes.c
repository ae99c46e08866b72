/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of a route's attributes (libnm-core-impl/nm-setting-ip-config.c, ip_route_attribute_spec), and their syntax. */
#include "read/keyfile-attributes.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"

struct parsing {
    struct keyfile *keyfile;
    uint8_t family;
    struct route *route;
    struct keyfile_attributes *ret;
    uint32_t lock;
    const char *why; /* static text */
};

struct attribute {
    const char *name;
    bool (*set)(struct parsing *parsing, const struct attribute *attribute, const char *value);
    unsigned number; /* RTAX_* */
    uint8_t family;  /* AF_UNSPEC: of both */
};

static bool parse_decimal(struct parsing *parsing, const char *value, uint32_t most, uint32_t *ret)
{
    unsigned long long number;

    parsing->why = "not a decimal number in its range";
    if (!*value || strlen(value) > 10 || value[strspn(value, "0123456789")])
        return false;
    number = strtoull(value, NULL, 10);
    *ret = (uint32_t)number;
    return number <= most;
}

static bool parse_bool(struct parsing *parsing, const char *value, bool *ret)
{
    parsing->why = "neither true nor false";
    return text_parse_bool(value, ret) >= 0;
}

static bool set_metric(struct parsing *parsing, unsigned number, uint32_t value)
{
    if (route_set_metric(parsing->route, number, value) < 0)
        parsing->keyfile->out_of_memory = true;
    return true;
}

static bool set_number(struct parsing *parsing, const struct attribute *attribute, const char *value)
{
    uint32_t number;

    return parse_decimal(parsing, value, UINT32_MAX, &number) && set_metric(parsing, attribute->number, number);
}

static bool set_quickack(struct parsing *parsing, const struct attribute *attribute, const char *value)
{
    bool on;

    return parse_bool(parsing, value, &on) && set_metric(parsing, attribute->number, on);
}

static bool set_lock(struct parsing *parsing, const struct attribute *attribute, const char *value)
{
    bool on;

    if (!parse_bool(parsing, value, &on))
        return false;
    parsing->lock = on ? parsing->lock | 1u << attribute->number : parsing->lock & ~(1u << attribute->number);
    return true;
}

static bool set_onlink(struct parsing *parsing, const struct attribute *attribute, const char *value)
{
    (void)attribute;
    return parse_bool(parsing, value, &parsing->ret->onlink);
}

static bool set_source(struct parsing *parsing, const struct attribute *attribute, const char *value)
{
    struct route_more *more = route_need_more(parsing->route);
    struct address address;

    (void)attribute;
    parsing->why = "no address of this family";
    if (address_parse(value, &address, &parsing->why) < 0 || address.family != parsing->family)
        return false;
    if (more)
        more->source = address_from_bytes(address.family, address.bytes);
    parsing->keyfile->out_of_memory = parsing->keyfile->out_of_memory || !more;
    return true;
}

static bool set_from(struct parsing *parsing, const struct attribute *attribute, const char *value)
{
    struct route_more *more = route_need_more(parsing->route);
    struct address address;
    uint8_t prefix;

    (void)attribute;
    parsing->why = "no IPv6 address with a prefix length";
    if (address_parse_prefix(value, &address, &prefix, &parsing->why) < 0 || address.family != AF_INET6)
        return false;
    parsing->route->from_prefix = prefix == ADDRESS_NO_PREFIX ? 128 : prefix;
    address_clear_host(&address, parsing->route->from_prefix);
    if (more)
        more->from = address_from_bytes(AF_INET6, address.bytes);
    parsing->keyfile->out_of_memory = parsing->keyfile->out_of_memory || !more;
    return true;
}

static bool set_table(struct parsing *parsing, const struct attribute *attribute, const char *value)
{
    (void)attribute;
    return parse_decimal(parsing, value, UINT32_MAX, &parsing->ret->table);
}

static bool set_type(struct parsing *parsing, const struct attribute *attribute, const char *value)
{
    static const struct {
        const char *name;
        uint8_t type;
    } types[] = {
        { "unicast", RTN_UNICAST },         { "local", RTN_LOCAL },       { "blackhole", RTN_BLACKHOLE },
        { "unreachable", RTN_UNREACHABLE }, { "prohibit", RTN_PROHIBIT }, { "throw", RTN_THROW },
    };

    (void)attribute;
    for (size_t i = 0; i < ARRAY_SIZE(types); i++)
        if (!strcmp(types[i].name, value)) {
            parsing->route->type = types[i].type;
            return true;
        }
    parsing->why = "no type of a route: they are unicast, local, blackhole, unreachable, prohibit and throw";
    return false;
}

static bool set_scope(struct parsing *parsing, const struct attribute *attribute, const char *value)
{
    uint32_t scope;

    (void)attribute;
    if (!parse_decimal(parsing, value, 255, &scope))
        return false;
    parsing->route->scope = (uint8_t)scope;
    parsing->route->says_scope = true;
    return true;
}

static bool set_tos(struct parsing *parsing, const struct attribute *attribute, const char *value)
{
    uint32_t tos;

    (void)attribute;
    if (!parse_decimal(parsing, value, 255, &tos))
        return false;
    parsing->route->tos = (uint8_t)tos;
    return true;
}

static bool set_weight(struct parsing *parsing, const struct attribute *attribute, const char *value)
{
    uint32_t weight;

    (void)attribute;
    if (!parse_decimal(parsing, value, 256, &weight))
        return false;
    parsing->why = "of no effect: a tunnel's routes have one hop each";
    return !weight;
}

static const struct attribute attributes[] = {
    { "advmss", set_number, RTAX_ADVMSS, AF_UNSPEC },
    { "cwnd", set_number, RTAX_CWND, AF_UNSPEC },
    { "from", set_from, 0, AF_INET6 },
    { "initcwnd", set_number, RTAX_INITCWND, AF_UNSPEC },
    { "initrwnd", set_number, RTAX_INITRWND, AF_UNSPEC },
    { "lock-advmss", set_lock, RTAX_ADVMSS, AF_UNSPEC },
    { "lock-cwnd", set_lock, RTAX_CWND, AF_UNSPEC },
    { "lock-initcwnd", set_lock, RTAX_INITCWND, AF_UNSPEC },
    { "lock-initrwnd", set_lock, RTAX_INITRWND, AF_UNSPEC },
    { "lock-mtu", set_lock, RTAX_MTU, AF_UNSPEC },
    { "lock-window", set_lock, RTAX_WINDOW, AF_UNSPEC },
    { "mtu", set_number, RTAX_MTU, AF_UNSPEC },
    { "onlink", set_onlink, 0, AF_UNSPEC },
    { "quickack", set_quickack, RTAX_QUICKACK, AF_UNSPEC },
    { "rto_min", set_number, RTAX_RTO_MIN, AF_UNSPEC },
    { "scope", set_scope, 0, AF_INET },
    { "src", set_source, 0, AF_UNSPEC },
    { "table", set_table, 0, AF_UNSPEC },
    { "tos", set_tos, 0, AF_INET },
    { "type", set_type, 0, AF_UNSPEC },
    { "weight", set_weight, 0, AF_INET },
    { "window", set_number, RTAX_WINDOW, AF_UNSPEC },
};

static bool set_attribute(struct parsing *parsing, const char *name, const char *value)
{
    for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
        if (strcmp(attributes[i].name, name) != 0)
            continue;
        if (attributes[i].family == AF_UNSPEC || attributes[i].family == parsing->family)
            return attributes[i].set(parsing, &attributes[i], value);
        parsing->why = attributes[i].family == AF_INET6 ? "only an IPv6 route has it" : "only an IPv4 route has it";
        return false;
    }
    parsing->why = "there is no such attribute";
    return false;
}

/* Unescapes the next "NAME=VALUE" in place, and says what is behind it; *ret_value is "" where there is none. */
static char *cut_attribute(char *from, char **ret_value)
{
    char *to = from;

    *ret_value = NULL;
    for (; *from && *from != ','; from++) {
        if (*from == '=' && !*ret_value) {
            *to++ = 0;
            *ret_value = to;
            continue;
        }
        if (*from == '\\' && from[1])
            from++;
        *to++ = *from;
    }
    from += *from == ',';
    if (!*ret_value)
        *ret_value = to;
    *to = 0; /* what was there has been read */
    return from;
}

static void warn(struct parsing *parsing, const struct keyfile_entry *entry, const char *name)
{
    _cleanup_free_ char *shown = text_printable(name), *why = NULL;

    if (asprintf(&why, "%s: %s", shown ? shown : "?", parsing->why) < 0) {
        why = NULL;
        parsing->keyfile->out_of_memory = true;
    } else {
        keyfile_warn(parsing->keyfile, entry, why);
    }
}

void keyfile_read_attributes(struct keyfile *keyfile, const struct keyfile_family *family, const struct keyfile_entry *entry, struct route *route,
                             struct keyfile_attributes *ret)
{
    struct parsing parsing = { .keyfile = keyfile, .family = family->family, .route = route, .ret = ret };
    _cleanup_free_ char *text = strdup(entry->text);

    keyfile->out_of_memory = keyfile->out_of_memory || !text;
    for (char *at = text; at && *at;) {
        char *name = at, *value;

        at = cut_attribute(at, &value);
        if (*name && !set_attribute(&parsing, name, value))
            warn(&parsing, entry, name);
    }
    if (route->more)
        route->more->lock = parsing.lock & route->more->mask; /* a lock alone locks nothing */
}
