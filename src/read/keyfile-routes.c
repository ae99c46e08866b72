/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The routes of a keyfile. Their attributes are in keyfile-attributes.c. */
#include "read/keyfile-routes.h"

#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "read/keyfile-attributes.h"
#include "read/keyfile-fields.h"

static bool same_key(const struct route *a, const struct route *b)
{
    struct route_key left, right;

    if (memcmp(a->to.bytes, b->to.bytes, sizeof(a->to.bytes)) != 0 || (a->metric && b->metric && a->metric != b->metric))
        return false; /* soon said of most */
    left = route_key(a);
    right = route_key(b);
    return !memcmp(&left, &right, sizeof(left));
}

/* NULL: it can. "": it is there already. */
static const char *why_not(const struct keyfile *keyfile, const struct keyfile_family *family, const struct route *route)
{
    const struct routes *routes = &keyfile->tunnel->routes;

    if (!family->on)
        return family->family == AF_INET ? "left out: this kind of tunnel carries no IPv4" : "left out: there is no IPv6 on the tunnel";
    for (size_t i = 0; i < routes->n; i++)
        if (same_key(&routes->items[i], route))
            return route_equal(route, &routes->items[i])
                       ? ""
                       : "left out: another route to the same destination, with the same metric, in the same table, is before it";
    return NULL;
}

/* Is it in the subnet of an address, or on every link? */
static bool is_on_link(const struct tunnel *tunnel, const struct address *gateway)
{
    if (gateway->family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&gateway->v6))
        return true;
    for (size_t i = 0; i < tunnel->n_inner; i++) {
        const struct inner *inner = &tunnel->inner[i];

        if (inner->local.family == gateway->family && address_common_bits(inner_network(inner), gateway) >= inner->prefix)
            return true;
    }
    return false;
}

void keyfile_add_route(struct keyfile *keyfile, const struct keyfile_family *family, const struct keyfile_entry *entry, struct route *route, struct hop *hop)
{
    const char *why;
    int r = 0;

    if (hop) {
        strcpy(hop->device, keyfile->tunnel->name);
        /* NetworkManager adds a route to a gateway that no address's subnet has */
        hop->onlink = hop->onlink || (address_is_set(&hop->via) && !is_on_link(keyfile->tunnel, &hop->via));
        r = route_add_hop(route, hop);
    }
    if (!route->says_scope)
        route->scope = route_usual_scope(route);
    route->file = keyfile->path;
    route->line = entry->line;
    route->column = entry->column;
    why = r < 0 ? "" : why_not(keyfile, family, route);
    if (!why)
        r = routes_add(&keyfile->tunnel->routes, route);
    else
        route_done(route);
    if (why && *why)
        keyfile_warn(keyfile, entry, why);
    keyfile->out_of_memory = keyfile->out_of_memory || r < 0;
}

/* NULL: it is well formed. */
static const char *parse_gateway(const struct keyfile_family *family, const char *text, const char **metric, struct address *ret)
{
    int64_t number;
    const char *why;

    if (!text || !*text)
        return NULL;
    if (address_parse(text, ret, &why) >= 0) {
        if (ret->family != family->family)
            return "a gateway of the other family; dropped";
        *ret = address_from_bytes(ret->family, ret->bytes);
        return NULL;
    }
    /* as an old writer of IPv6 routes had it: the metric in the gateway's place */
    if (family->family == AF_INET6 && (!*metric || !**metric) && !text[strspn(text, "0123456789")] && keyfile_parse_number(text, 0, UINT32_MAX, &number) >= 0) {
        *metric = text;
        return NULL;
    }
    return "no gateway; dropped";
}

static bool parse_metric(const char *text, uint32_t *ret)
{
    unsigned long long number = strtoull(text, NULL, 10); /* digits: see keyfile_split */

    if (strlen(text) > 15 || number > UINT32_MAX)
        return false;
    *ret = (uint32_t)number;
    return true;
}

static void clear_destination(struct route *route, struct address *address, uint8_t prefix)
{
    address_clear_host(address, prefix);
    route->to = address_from_bytes(address->family, address->bytes);
    route->prefix = prefix;
}

static bool is_dead_end(const struct route *route)
{
    return route->type == RTN_BLACKHOLE || route->type == RTN_UNREACHABLE || route->type == RTN_PROHIBIT || route->type == RTN_THROW;
}

static void complete_route(struct keyfile *keyfile, const struct keyfile_family *family, const struct keyfile_entry *entry, struct route *route,
                           struct hop *hop)
{
    _cleanup_free_ char *name = NULL;
    const struct keyfile_entry *options = NULL;
    struct keyfile_attributes attributes = { 0 };

    if (asprintf(&name, "%s_options", entry->name) < 0) {
        name = NULL;
        keyfile->out_of_memory = true;
    } else {
        options = keyfile_get(keyfile, family->group, name);
    }
    if (options)
        keyfile_read_attributes(keyfile, family, options, route, &attributes);
    route->table = attributes.table ? attributes.table : family->table ? family->table : route->type == RTN_LOCAL ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
    route->says_table = attributes.table && family->table && attributes.table != family->table;
    hop->onlink = attributes.onlink && address_is_set(&hop->via);
    if (is_dead_end(route) && address_is_set(&hop->via)) {
        keyfile_reject(keyfile, entry, "a route of this type leads nowhere, and has no gateway");
        route_done(route);
        return;
    }
    keyfile_add_route(keyfile, family, entry, route, is_dead_end(route) ? NULL : hop);
}

static bool read_route(struct keyfile *keyfile, const struct keyfile_family *family, const struct keyfile_entry *entry)
{
    struct route route = route_init(family->family);
    struct hop hop = { .weight = 1 };
    _cleanup_(keyfile_fields_done) struct keyfile_fields fields = { 0 };
    bool good = keyfile_split(keyfile, entry, family->family, true, &fields);
    const char *why;

    if (!good)
        return false;
    route.metric = family->metric;
    clear_destination(&route, &fields.address, fields.prefix);
    why = parse_gateway(family, fields.gateway, &fields.metric, &hop.via);
    if (!why && fields.metric && *fields.metric && !parse_metric(fields.metric, &route.metric))
        why = "too big for a metric; dropped";
    if (why)
        keyfile_warn(keyfile, entry, why);
    else
        complete_route(keyfile, family, entry, &route, &hop);
    return !why;
}

size_t keyfile_read_routes(struct keyfile *keyfile, const struct keyfile_family *family)
{
    size_t n, good = 0;
    _cleanup_free_ struct keyfile_numbered *all = keyfile_numbered(keyfile, family->group, "route", "s", &n);

    for (size_t i = 0; i < n; i++)
        good += read_route(keyfile, family, all[i].entry);
    return good;
}
