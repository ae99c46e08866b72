/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Methods, addresses and gateways of a keyfile. Routes and rules are in keyfile-routes.c and keyfile-rules.c. */
#include "read/keyfile-ip.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "read/keyfile-connection.h"
#include "read/keyfile-fields.h"
#include "read/keyfile-routes.h"
#include "read/keyfile-rules.h"

enum { METRIC_OF_TUNNELS = 675 }; /* nm_device_get_route_metric_default, NM_DEVICE_TYPE_IP_TUNNEL */

struct method {
    const char *name;
    bool ipv4, ipv6;         /* which group has it */
    bool off;                /* of IPv6 */
    bool no_addresses;       /* nor DNS, but with "ignore" */
    const char *ineffective; /* what of it tunneld does not do; NULL: nothing */
};

static const struct method methods[] = {
    { "auto", true, true, false, false, NULL },       { "manual", true, true, false, false, NULL },
    { "disabled", true, true, true, true, NULL },     { "link-local", true, false, false, true, "a tunnel gets no link-local IPv4 address" },
    { "link-local", false, true, false, true, NULL }, { "shared", true, true, false, false, "nothing is shared: no DHCP, no address translation" },
    { "ignore", false, true, true, true, NULL },      { "dhcp", false, true, false, false, NULL },
};

/* What the addresses of one family come to. */
struct found {
    size_t n;
    const struct keyfile_entry *first, *dropped; /* NULL: none */
    const struct keyfile_entry *beside;          /* of the gateway */
    char *gateway;                               /* beside an address; NULL: none */
};

static const struct method *find_method(struct keyfile *keyfile, const struct keyfile_family *family)
{
    const struct keyfile_entry *entry = keyfile_get(keyfile, family->group, "method");

    if (!entry) {
        keyfile_reject(keyfile, NULL, family->family == AF_INET ? "[ipv4] has no method" : "[ipv6] has no method");
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
        if (!strcmp(methods[i].name, entry->text) && (family->family == AF_INET ? methods[i].ipv4 : methods[i].ipv6)) {
            if (methods[i].ineffective)
                keyfile_warn(keyfile, entry, methods[i].ineffective);
            return &methods[i];
        }
    keyfile_reject(keyfile, entry, "no method that there is");
    return NULL;
}

static bool carries(const struct keyfile *keyfile, uint8_t family)
{
    return kind_info(keyfile->tunnel->kind)->carries & (family == AF_INET ? CARRIES_IPV4 : CARRIES_IPV6);
}

static void add_inner(struct keyfile *keyfile, const struct keyfile_entry *entry, const struct inner *inner)
{
    struct tunnel *tunnel = keyfile->tunnel;

    for (size_t i = 0; i < tunnel->n_inner; i++) {
        const struct inner *one = &tunnel->inner[i];

        if (memcmp(one->local.bytes, inner->local.bytes, sizeof(one->local.bytes)) != 0)
            continue; /* soon said of most */
        if (inner_equal(one, inner))
            return;
        if (inner_collides(one, inner)) {
            keyfile_warn(keyfile, entry, "left out: the tunnel has that address already");
            return;
        }
    }
    if (!carries(keyfile, inner->local.family))
        keyfile_fail(keyfile, entry, inner->local.family == AF_INET ? "this kind of tunnel carries no IPv4" : "this kind of tunnel carries no IPv6");
    else if (tunnel_add_inner(tunnel, inner) < 0)
        keyfile->out_of_memory = true;
}

static void read_address(struct keyfile *keyfile, const struct keyfile_family *family, const struct keyfile_entry *entry, struct found *found)
{
    _cleanup_(keyfile_fields_done) struct keyfile_fields fields = { 0 };
    bool good = keyfile_split(keyfile, entry, family->family, false, &fields);
    struct inner inner = { .prefix = fields.prefix };

    inner.local = address_from_bytes(fields.address.family, fields.address.bytes);
    if (good && !address_is_set(&inner.local)) {
        keyfile_warn(keyfile, entry, "no address that a tunnel can have; dropped");
        good = false;
    }
    if (!good) {
        found->dropped = entry;
        return;
    }
    found->first = found->first ? found->first : entry;
    found->n++;
    if (!found->gateway && fields.gateway && *fields.gateway) {
        found->beside = entry;
        found->gateway = strdup(fields.gateway);
        keyfile->out_of_memory = keyfile->out_of_memory || !found->gateway;
    }
    add_inner(keyfile, entry, &inner);
}

static void read_addresses(struct keyfile *keyfile, const struct keyfile_family *family, const struct method *method, struct found *found)
{
    size_t n;
    _cleanup_free_ struct keyfile_numbered *all = keyfile_numbered(keyfile, family->group, "address", "es", &n);

    for (size_t i = 0; i < n; i++)
        read_address(keyfile, family, all[i].entry, found);
    if (found->n && method->no_addresses)
        keyfile_reject(keyfile, found->first, "an address, and a method that has none");
}

static void add_gateway(struct keyfile *keyfile, const struct keyfile_family *family, const struct keyfile_entry *entry, const char *text)
{
    struct route route = route_init(family->family);
    struct hop hop = { .weight = 1 };
    struct address address;
    bool never = false;
    const char *why;

    if (address_parse(text, &address, &why) < 0) {
        keyfile_reject(keyfile, entry, "no gateway: it must be an address");
        return;
    }
    if (address.family != family->family) {
        keyfile_reject(keyfile, entry, "a gateway of the other family");
        return;
    }
    hop.via = address_from_bytes(address.family, address.bytes);
    keyfile_get_bool(keyfile, family->group, "never-default", &never);
    if (never || !address_is_set(&hop.via))
        return;
    route.metric = family->metric;
    route.table = family->table ? family->table : RT_TABLE_MAIN;
    keyfile_add_route(keyfile, family, entry, &route, &hop);
}

static void read_gateway(struct keyfile *keyfile, const struct keyfile_family *family, const struct found *found)
{
    const struct keyfile_entry *gateway = keyfile_get(keyfile, family->group, "gateway");

    if (gateway && *gateway->text) {
        if (found->gateway)
            keyfile_warn(keyfile, gateway, "the gateway beside an address is not used");
        if (found->n)
            add_gateway(keyfile, family, gateway, gateway->text);
        else
            keyfile_reject(keyfile, gateway, "a gateway without an address");
    } else if (found->gateway) {
        add_gateway(keyfile, family, found->beside, found->gateway);
    }
}

/* To be freed is gateway of found. */
static void read_content(struct keyfile *keyfile, struct keyfile_family *family, const struct method *method, struct found *found)
{
    size_t n_routes;
    int64_t number = -1, table = 0;

    read_addresses(keyfile, family, method, found);
    if (keyfile_get_number(keyfile, family->group, "route-metric", -1, UINT32_MAX, &number) && number >= 0)
        family->metric = (uint32_t)number;
    keyfile_get_number(keyfile, family->group, "route-table", 0, UINT32_MAX, &table);
    family->table = (uint32_t)table;
    read_gateway(keyfile, family, found);
    n_routes = keyfile_read_routes(keyfile, family);
    keyfile_read_rules(keyfile, family);
    if (!strcmp(method->name, "manual") && !found->n && !n_routes)
        keyfile_reject(keyfile, found->dropped, found->dropped ? "the only address, and manual needs one" : "manual without an address");
}

/* What a method without addresses does not go with either. */
static void check_dns(struct keyfile *keyfile, const struct keyfile_family *family)
{
    static const char *const names[] = { "dns", "dns-search" };

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        const struct keyfile_entry *entry = keyfile_text_get(&keyfile->text, family->group, names[i]);

        if (entry && entry->text && entry->text[strspn(entry->text, "; \t")])
            keyfile_reject(keyfile, entry, "DNS, and a method that has none");
    }
}

static void read_forwarding(struct keyfile *keyfile, const struct keyfile_family *family)
{
    int64_t number;
    const struct keyfile_entry *entry = keyfile_get_number(keyfile, family->group, "forwarding", -1, 3, &number);

    if (!entry || number < 0)
        return;
    if (family->family == AF_INET6 && number <= 1) {
        keyfile->tunnel->conf[CONF_FORWARDING] = (uint8_t)number;
        keyfile->tunnel->conf_stated |= 1u << CONF_FORWARDING;
    } else {
        keyfile_note(keyfile, entry, "left as it is by tunneld");
    }
}

/* "ipv6 = on" in tunneld.conf costs no tunnel that has no room for it. */
static bool is_on_by_default(const struct keyfile *keyfile)
{
    return keyfile->input->ipv6 && tunnel_has_room_for_ipv6(keyfile->tunnel);
}

static void read_family(struct keyfile *keyfile, struct keyfile_family *family)
{
    const struct method *method = find_method(keyfile, family);
    struct found found = { 0 };

    if (!method)
        return;
    if (family->family == AF_INET6)
        family->on = carries(keyfile, AF_INET6) && (!method->off || (is_on_by_default(keyfile) && strcmp(method->name, "disabled") != 0));
    else
        family->on = carries(keyfile, AF_INET);
    if (method->no_addresses && strcmp(method->name, "ignore") != 0)
        check_dns(keyfile, family);
    read_content(keyfile, family, method, &found);
    free(found.gateway);
    if (family->on)
        read_forwarding(keyfile, family);
}

/* Once for a file. */
static void note_of_others(struct keyfile *keyfile)
{
    static const char *const others[] = { "dns",           "dhcp-", "ignore-auto-", "shared-dhcp-", "link-local", "required-timeout",
                                          "addr-gen-mode", "token", "ip6-privacy" };

    for (size_t i = 0; i < keyfile->text.n_entries; i++) {
        const struct keyfile_entry *entry = &keyfile->text.entries[i];
        const char *group = keyfile->text.groups[entry->group].name;

        if (entry->beaten || !*entry->value || (strcmp(group, "ipv4") != 0 && strcmp(group, "ipv6") != 0) || !strcmp(entry->value, "default"))
            continue;
        for (size_t j = 0; j < ARRAY_SIZE(others); j++)
            if (!strncmp(entry->name, others[j], strlen(others[j]))) {
                keyfile_note(keyfile, entry, "tunneld does nothing about DNS, DHCP and how addresses are made");
                return;
            }
    }
}

void keyfile_read_ip(struct keyfile *keyfile)
{
    struct keyfile_family ipv4 = { .group = "ipv4", .family = AF_INET, .metric = METRIC_OF_TUNNELS };
    struct keyfile_family ipv6 = { .group = "ipv6", .family = AF_INET6, .metric = METRIC_OF_TUNNELS };
    struct tunnel *tunnel = keyfile->tunnel;

    if (keyfile_is_port(keyfile))
        return; /* as in NetworkManager */
    if (keyfile_text_group(&keyfile->text, "ipv4"))
        read_family(keyfile, &ipv4);
    if (keyfile_text_group(&keyfile->text, "ipv6"))
        read_family(keyfile, &ipv6);
    else
        ipv6.on = kind_info(tunnel->kind)->carries == CARRIES_IPV6 || (carries(keyfile, AF_INET6) && is_on_by_default(keyfile));
    tunnel->ipv6 = ipv6.on;
    note_of_others(keyfile);
}
