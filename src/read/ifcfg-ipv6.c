/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv6 on a tunnel, as ifup-ipv6 and ifup-sit do it: whether it is on, its addresses, MTU, default route and
 * settings. */
#include "read/ifcfg-ipv6.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/macro.h"
#include "base/text.h"
#include "read/ifcfg-inner.h"
#include "read/routes.h"

void reading_add_ipv6(struct reading *reading, const struct assignment *assignment, const char *value)
{
    struct inner inner = { 0 };
    const char *why;

    if (address_parse_prefix(value, &inner.local, &inner.prefix, &why) < 0) {
        reading_fail(reading, assignment, why);
    } else if (inner.local.family != AF_INET6) {
        reading_fail(reading, assignment, "not an IPv6 address");
    } else {
        inner.local = address_from_bytes(inner.local.family, inner.local.bytes);
        if (inner.prefix == ADDRESS_NO_PREFIX)
            inner.prefix = 64; /* as ifup-ipv6 */
        reading_add_inner(reading, assignment, &inner);
    }
}

static void add_ipv6_list(struct reading *reading, const struct assignment *assignment)
{
    _cleanup_free_ char *list = strdup(assignment->value);
    char *rest, *word;

    if (!list) {
        reading->out_of_memory = true;
        return;
    }
    for (word = strtok_r(list, " \t\n", &rest); word; word = strtok_r(NULL, " \t\n", &rest))
        reading_add_ipv6(reading, assignment, word);
}

static bool has_ipv6(const struct tunnel *tunnel)
{
    for (size_t i = 0; i < tunnel->n_inner; i++)
        if (tunnel->inner[i].local.family == AF_INET6)
            return true;
    for (size_t i = 0; i < tunnel->n_neighbours; i++)
        if (tunnel->neighbours[i].inner.family == AF_INET6)
            return true;
    return false;
}

static bool only_ipv6(const struct tunnel *tunnel)
{
    return kind_info(tunnel->kind)->carries == CARRIES_IPV6;
}

/* IPV6INIT=no beats IPV6ADDR, as in ifup-ipv6. */
static void turn_ipv6_off(struct reading *reading, const struct assignment *init)
{
    static const char *const beaten[] = { "IPV6ADDR", "IPV6ADDR_SECONDARIES", "IPV6_MTU", "IPV6_DEFAULTGW", "IPV6_DEFAULTDEV" };

    if (only_ipv6(reading->tunnel)) {
        reading_fail(reading, init,
                     reading->tunnel->kind == KIND_SIT ? "a sit tunnel carries nothing but IPv6" : "this kind of tunnel carries nothing but IPv6");
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(beaten); i++)
        if (reading_get(reading, beaten[i]))
            reading_warn(reading, reading_get(reading, beaten[i]), "of no effect: IPV6INIT turns IPv6 off");
    if (has_ipv6(reading->tunnel))
        reading_warn(reading, init, "IPv6 is on all the same: MY_INNER_IPADDR or a neighbour needs it");
}

static void read_ipv6_mtu(struct reading *reading)
{
    static const struct option row = { "IPV6_MTU", option_u32, FIELD_MTU, offsetof(struct tunnel, mtu), IPV6_MIN_MTU, 65535 };
    const struct assignment *assignment = reading_get(reading, row.name);
    const char *why;

    if (!assignment)
        return;
    if (row.parse(&row, assignment->value, reading->tunnel, &why) < 0)
        reading_warn(reading, assignment, why);
    else
        reading->tunnel->stated |= FIELD_MTU;
}

/* In the file, else in /etc/sysconfig/network. */
static const struct assignment *lookup(const struct reading *reading, const char *name)
{
    const struct assignment *found = reading_get(reading, name);

    if (!found && reading->input->network)
        found = assignments_get(reading->input->network, name);
    return found && *found->value ? found : NULL;
}

static bool is_on_link(const struct tunnel *tunnel, const struct address *address)
{
    for (size_t i = 0; i < tunnel->n_inner; i++) {
        const struct inner *inner = &tunnel->inner[i];
        const struct address *network = inner_network(inner);

        if (network->family == address->family && address_common_bits(network, address) >= inner->prefix)
            return true;
    }
    return false;
}

/* "ADDRESS[%DEVICE]" */
static int parse_gateway(const struct assignment *said, struct address *ret, char **ret_device, const char **ret_why)
{
    _cleanup_free_ char *text = strdup(said->value);
    char *percent = text ? strchr(text, '%') : NULL;
    int r;

    *ret_device = NULL;
    if (!text)
        return -ENOMEM;
    if (percent) {
        *percent = 0;
        *ret_device = strdup(percent + 1);
        if (!*ret_device)
            return -ENOMEM;
    }
    r = address_parse(text, ret, ret_why);
    if (r >= 0 && ret->family != AF_INET6) {
        *ret_why = "not an IPv6 address";
        r = -EINVAL;
    }
    if (r >= 0)
        *ret = address_from_bytes(AF_INET6, ret->bytes);
    return r;
}

static void add_default_route(struct reading *reading, const struct assignment *said, const struct address *gateway)
{
    struct route route = route_init(AF_INET6);
    struct hop hop = { .via = *gateway, .weight = 1 };

    strcpy(hop.device, reading->tunnel->name);
    route.metric = 1; /* as ifup-ipv6 */
    route.file = tunnel_keep_path(reading->tunnel, said->file);
    route.line = said->line;
    route.column = said->column;
    if (!route.file || route_add_hop(&route, &hop) < 0 || routes_want(reading->tunnel, &route, reading->problems) < 0) {
        route_done(&route);
        reading->out_of_memory = true;
    }
}

/* As ifup-ipv6 and ifup-sit: the gateway's own %DEVICE comes first, then IPV6_DEFAULTDEV; a route of another device
 * is none of ours. */
static void read_default_route(struct reading *reading)
{
    const struct assignment *gateway = lookup(reading, "IPV6_DEFAULTGW"), *device = lookup(reading, "IPV6_DEFAULTDEV");
    const char *name = reading->tunnel->name, *why = "";
    _cleanup_free_ char *scope = NULL;
    struct address via = { 0 };
    bool own = gateway && gateway == reading_get(reading, "IPV6_DEFAULTGW");
    int r = gateway ? parse_gateway(gateway, &via, &scope, &why) : 0;

    if (r == -ENOMEM) {
        reading->out_of_memory = true;
        return;
    }
    if (!gateway || (r >= 0 && !address_is_set(&via))) {
        if (device && !strcmp(device->value, name))
            add_default_route(reading, device, &via);
        return;
    }
    if (scope ? strcmp(scope, name) != 0 : device && strcmp(device->value, name) != 0)
        return;
    if (r < 0 && own)
        reading_fail(reading, gateway, why);
    else if (r < 0)
        reading_warn(reading, gateway, why);
    else if (IN6_IS_ADDR_LINKLOCAL(&via.v6) && !scope && !device)
        reading_warn(reading, gateway, "left out: a link-local address needs its device behind it (%DEVICE), or IPV6_DEFAULTDEV");
    else if (own || scope || device || is_on_link(reading->tunnel, &via))
        add_default_route(reading, gateway, &via);
}

static void set_conf(struct tunnel *tunnel, enum conf conf, uint8_t value)
{
    tunnel->conf[conf] = value;
    tunnel->conf_stated |= (uint8_t)(1u << conf);
}

/* -1: not said. A word that is neither is no word, as in the scripts. */
static int lookup_bool(struct reading *reading, const char *name)
{
    const struct assignment *said = lookup(reading, name);
    bool value;

    if (!said)
        return -1;
    if (text_parse_bool(said->value, &value) >= 0)
        return value;
    reading_warn(reading, said, "neither yes nor no; left out");
    return -1;
}

/* What ifup-ipv6 writes; but where the files say nothing of it, the host's own defaults are left alone. */
static void read_conf(struct reading *reading)
{
    int forwarding = lookup_bool(reading, "IPV6FORWARDING"), router = lookup_bool(reading, "IPV6_ROUTER");
    int autoconf = lookup_bool(reading, "IPV6_AUTOCONF"), force = lookup_bool(reading, "IPV6_FORCE_ACCEPT_RA");
    const struct assignment *privacy = lookup(reading, "IPV6_PRIVACY");
    struct tunnel *tunnel = reading->tunnel;
    bool on = autoconf < 0 ? forwarding != 1 : autoconf;

    if (lookup_bool(reading, "IPV6_SET_SYSCTLS") == 0)
        return;
    if (privacy && !strcmp(privacy->value, "rfc3041"))
        set_conf(tunnel, CONF_USE_TEMPADDR, 2);
    else if (privacy)
        reading_warn(reading, privacy, "left out: rfc3041 is the one method that there is");
    if (forwarding < 0 && router < 0 && autoconf < 0 && force < 0)
        return;
    set_conf(tunnel, CONF_FORWARDING, forwarding == 1 && router != 0);
    set_conf(tunnel, CONF_ACCEPT_RA, on ? (forwarding == 1 ? 2 : 1) : forwarding != 1 && force == 1);
    set_conf(tunnel, CONF_ACCEPT_REDIRECTS, on);
    set_conf(tunnel, CONF_AUTOCONF, on);
}

/* ifup-sit asks nothing: the end of a sit tunnel is a router. */
static void set_sit_conf(struct tunnel *tunnel)
{
    set_conf(tunnel, CONF_FORWARDING, 1);
    set_conf(tunnel, CONF_ACCEPT_RA, 0);
    set_conf(tunnel, CONF_ACCEPT_REDIRECTS, 0);
}

static void check_mtu(struct reading *reading)
{
    const struct tunnel *tunnel = reading->tunnel;

    if (tunnel->ipv6 && !tunnel_has_room_for_ipv6(tunnel))
        reading_fail(reading, reading_get(reading, "MTU"), "IPv6 runs on the tunnel, and needs 1280 at the least");
}

/* Does the file ask for a default route through this tunnel? */
static bool asks_for_default_route(const struct reading *reading)
{
    const struct assignment *gateway = reading_get(reading, "IPV6_DEFAULTGW"), *device = lookup(reading, "IPV6_DEFAULTDEV");
    const char *scope = gateway ? strchr(gateway->value, '%') : NULL, *name = reading->tunnel->name;

    if (!gateway)
        return false;
    return scope ? !strcmp(scope + 1, name) : !device || !strcmp(device->value, name);
}

/* "ipv6 = on" in tunneld.conf costs no tunnel that has no room for it. */
static bool is_on_by_default(const struct reading *reading)
{
    return reading->input->ipv6 && tunnel_has_room_for_ipv6(reading->tunnel);
}

void reading_ipv6(struct reading *reading)
{
    const struct assignment *init = reading_get(reading, "IPV6INIT");
    struct tunnel *tunnel = reading->tunnel;
    bool on = true;

    if (init && text_parse_bool(init->value, &on) < 0) {
        reading_warn(reading, init, "neither yes nor no; left out");
        init = NULL;
    }
    if (!on) {
        turn_ipv6_off(reading, init);
    } else {
        if (reading_get(reading, "IPV6ADDR"))
            reading_add_ipv6(reading, reading_get(reading, "IPV6ADDR"), reading_get(reading, "IPV6ADDR")->value);
        if (reading_get(reading, "IPV6ADDR_SECONDARIES"))
            add_ipv6_list(reading, reading_get(reading, "IPV6ADDR_SECONDARIES"));
        read_ipv6_mtu(reading);
        if (init && !reading_carries(reading, AF_INET6))
            reading_warn(reading, init, "of no effect: this kind of tunnel carries no IPv6");
    }
    tunnel->ipv6 = reading_carries(reading, AF_INET6)
                   && (has_ipv6(tunnel) || only_ipv6(tunnel) || (on && (init || is_on_by_default(reading) || asks_for_default_route(reading))));
    if (tunnel->ipv6 && tunnel->kind == KIND_SIT)
        set_sit_conf(tunnel);
    else if (tunnel->ipv6)
        read_conf(reading);
    if (tunnel->ipv6)
        read_default_route(reading);
    check_mtu(reading);
}

void reading_ipv6_where_used(struct reading *reading)
{
    struct tunnel *tunnel = reading->tunnel;

    tunnel->ipv6 = reading_carries(reading, AF_INET6) && (has_ipv6(tunnel) || only_ipv6(tunnel) || is_on_by_default(reading));
    check_mtu(reading);
}
