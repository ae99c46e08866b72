/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inner addresses of an ifcfg file, and whether IPv6 is on the tunnel. Never the outer ones. */
#include "read/ifcfg-inner.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"

enum { IPV6_MIN_MTU = 1280 }; /* RFC 8200, 5 */

static bool carries(const struct reading *reading, uint8_t family)
{
    return kind_info(reading->tunnel->kind)->carries & (family == AF_INET ? CARRIES_IPV4 : CARRIES_IPV6);
}

/* The kernel has an IPv6 address once on a link, whatever its prefix. */
static bool is_there(const struct tunnel *tunnel, const struct inner *inner)
{
    for (size_t i = 0; i < tunnel->n_inner; i++)
        if (inner->local.family == AF_INET6 ? address_equal(&tunnel->inner[i].local, &inner->local) : inner_equal(&tunnel->inner[i], inner))
            return true;
    return false;
}

static void add_inner(struct reading *reading, const struct assignment *assignment, const struct inner *inner)
{
    if (!address_is_set(&inner->local))
        reading_warn(reading, assignment, "left out: this means no address");
    else if (is_there(reading->tunnel, inner))
        reading_warn(reading, assignment, "left out: the tunnel has that address already");
    else if (!carries(reading, inner->local.family))
        reading_fail(reading, assignment, inner->local.family == AF_INET ? "this kind of tunnel carries no IPv4" : "this kind of tunnel carries no IPv6");
    else if (tunnel_add_inner(reading->tunnel, inner) < 0)
        reading->out_of_memory = true;
}

static bool parse_inner(struct reading *reading, const struct assignment *assignment, struct address *ret, uint8_t *ret_prefix)
{
    const char *why;

    if (address_parse_prefix(assignment->value, ret, ret_prefix, &why) >= 0) {
        *ret = address_from_bytes(ret->family, ret->bytes);
        return true;
    }
    reading_fail(reading, assignment, why);
    return false;
}

/* As ip-address(8) does it: with a peer the prefix is the peer's, and a peer's /0 takes the local one's. */
static void join_peer(struct reading *reading, const struct assignment *mine, struct inner *inner, uint8_t peer_prefix)
{
    uint8_t own = inner->prefix;

    if (peer_prefix == 0)
        inner->prefix = own != ADDRESS_NO_PREFIX ? own : 0;
    else
        inner->prefix = peer_prefix != ADDRESS_NO_PREFIX ? peer_prefix : address_full_prefix(&inner->peer);
    if (own != ADDRESS_NO_PREFIX && own != inner->prefix)
        reading_warn(reading, mine, "the prefix is lost: that of PEER_INNER_IPADDR decides, and without one it is a single host");
}

static void read_my_inner(struct reading *reading)
{
    const struct assignment *mine = reading_get(reading, "MY_INNER_IPADDR"), *peer = reading_get(reading, "PEER_INNER_IPADDR");
    struct inner inner = { 0 };
    uint8_t peer_prefix = ADDRESS_NO_PREFIX;

    if (peer && !mine) {
        reading_warn(reading, peer, "left out: there is no MY_INNER_IPADDR");
        return;
    }
    if (!mine || !parse_inner(reading, mine, &inner.local, &inner.prefix))
        return;
    if (peer && !parse_inner(reading, peer, &inner.peer, &peer_prefix))
        return;
    if (peer && address_equal(&inner.peer, &reading->tunnel->remote)) {
        reading_warn(reading, peer, "left out: the outer peer cannot be the inner peer too");
        inner.peer = (struct address){ 0 };
    } else if (peer && address_equal(&inner.peer, &inner.local)) {
        reading_warn(reading, peer, "left out: it is MY_INNER_IPADDR");
        inner.peer = (struct address){ 0 };
    } else if (peer && address_is_set(&inner.peer) && inner.peer.family != inner.local.family) {
        reading_fail(reading, peer, "not of the family of MY_INNER_IPADDR");
        return;
    }
    if (address_is_set(&inner.peer))
        join_peer(reading, mine, &inner, peer_prefix);
    else if (inner.prefix == ADDRESS_NO_PREFIX)
        inner.prefix = address_full_prefix(&inner.local);
    add_inner(reading, mine, &inner);
}

static void add_ipv6(struct reading *reading, const struct assignment *assignment, const char *value)
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
        add_inner(reading, assignment, &inner);
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
        add_ipv6(reading, assignment, word);
}

static bool has_ipv6(const struct tunnel *tunnel)
{
    for (size_t i = 0; i < tunnel->n_inner; i++)
        if (tunnel->inner[i].local.family == AF_INET6)
            return true;
    return false;
}

/* IPV6INIT=no beats IPV6ADDR, as in ifup-ipv6. */
static void turn_ipv6_off(struct reading *reading, const struct assignment *init)
{
    static const char *const beaten[] = { "IPV6ADDR", "IPV6ADDR_SECONDARIES", "IPV6_MTU" };

    if (reading->tunnel->kind == KIND_SIT) {
        reading_fail(reading, init, "a sit tunnel carries nothing but IPv6");
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(beaten); i++)
        if (reading_get(reading, beaten[i]))
            reading_warn(reading, reading_get(reading, beaten[i]), "of no effect: IPV6INIT turns IPv6 off");
    if (has_ipv6(reading->tunnel))
        reading_warn(reading, init, "IPv6 is on all the same: MY_INNER_IPADDR needs it");
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

void reading_inner(struct reading *reading)
{
    const struct assignment *init = reading_get(reading, "IPV6INIT");
    struct tunnel *tunnel = reading->tunnel;
    bool on = true;

    read_my_inner(reading);
    if (init && text_parse_bool(init->value, &on) < 0) {
        reading_warn(reading, init, "neither yes nor no; left out");
        init = NULL;
    }
    if (!on) {
        turn_ipv6_off(reading, init);
    } else {
        if (reading_get(reading, "IPV6ADDR"))
            add_ipv6(reading, reading_get(reading, "IPV6ADDR"), reading_get(reading, "IPV6ADDR")->value);
        if (reading_get(reading, "IPV6ADDR_SECONDARIES"))
            add_ipv6_list(reading, reading_get(reading, "IPV6ADDR_SECONDARIES"));
        read_ipv6_mtu(reading);
        if (init && !carries(reading, AF_INET6))
            reading_warn(reading, init, "of no effect: this kind of tunnel carries no IPv6");
    }
    tunnel->ipv6 = carries(reading, AF_INET6) && (has_ipv6(tunnel) || tunnel->kind == KIND_SIT || (on && (init || reading->input->ipv6)));
    if (tunnel->ipv6 && tunnel->stated & FIELD_MTU && tunnel->mtu < IPV6_MIN_MTU)
        reading_fail(reading, reading_get(reading, "MTU"), "IPv6 runs on the tunnel, and needs 1280 at the least");
}
