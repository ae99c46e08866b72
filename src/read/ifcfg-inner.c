/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IPv4 addresses in an ifcfg file, and what MY_INNER_IPADDR says of either family. Never the outer ones. */
#include "read/ifcfg-inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"

bool reading_carries(const struct reading *reading, uint8_t family)
{
    return kind_info(reading->tunnel->kind)->carries & (family == AF_INET ? CARRIES_IPV4 : CARRIES_IPV6);
}

static bool is_there(const struct tunnel *tunnel, const struct inner *inner)
{
    for (size_t i = 0; i < tunnel->n_inner; i++)
        if (inner_collides(&tunnel->inner[i], inner))
            return true;
    return false;
}

void reading_add_inner(struct reading *reading, const struct assignment *assignment, const struct inner *inner)
{
    if (!address_is_set(&inner->local))
        reading_warn(reading, assignment, "left out: this means no address");
    else if (is_there(reading->tunnel, inner))
        reading_warn(reading, assignment, "left out: the tunnel has that address already");
    else if (!reading_carries(reading, inner->local.family))
        reading_fail(reading, assignment, inner->local.family == AF_INET ? "this kind of tunnel carries no IPv4" : "this kind of tunnel carries no IPv6");
    else if (tunnel_add_inner(reading->tunnel, inner) < 0)
        reading->out_of_memory = true;
}

bool reading_parse_inner(struct reading *reading, const struct assignment *assignment, struct address *ret, uint8_t *ret_prefix)
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

bool reading_check_peer(struct reading *reading, const struct assignment *mine, const struct assignment *peer, struct inner *inner)
{
    char why[80];

    if (address_equal(&inner->peer, &reading->tunnel->remote)) {
        reading_warn(reading, peer, "left out: the outer peer cannot be the inner peer too");
        inner->peer = (struct address){ 0 };
    } else if (address_equal(&inner->peer, &inner->local)) {
        snprintf(why, sizeof(why), "left out: it is %s", mine->name);
        reading_warn(reading, peer, why);
        inner->peer = (struct address){ 0 };
    } else if (address_is_set(&inner->peer) && inner->peer.family != inner->local.family) {
        snprintf(why, sizeof(why), "not of the family of %s", mine->name);
        reading_fail(reading, peer, why);
        return false;
    }
    return true;
}

void reading_my_inner(struct reading *reading)
{
    const struct assignment *mine = reading_get(reading, "MY_INNER_IPADDR"), *peer = reading_get(reading, "PEER_INNER_IPADDR");
    struct inner inner = { 0 };
    uint8_t peer_prefix = ADDRESS_NO_PREFIX;

    if (peer && !mine) {
        reading_warn(reading, peer, "left out: there is no MY_INNER_IPADDR");
        return;
    }
    if (!mine || !reading_parse_inner(reading, mine, &inner.local, &inner.prefix))
        return;
    if (peer && !reading_parse_inner(reading, peer, &inner.peer, &peer_prefix))
        return;
    if (peer && !reading_check_peer(reading, mine, peer, &inner))
        return;
    if (address_is_set(&inner.peer))
        join_peer(reading, mine, &inner, peer_prefix);
    else if (inner.prefix == ADDRESS_NO_PREFIX)
        inner.prefix = address_full_prefix(&inner.local);
    reading_add_inner(reading, mine, &inner);
}

/* "IPADDR", or the digits behind it: "" for IPADDR itself, NULL for what is none of them. */
static const char *number_of(const char *name)
{
    if (strncmp(name, "IPADDR", 6) || strlen(name) > 6 + 4 || name[6 + strspn(name + 6, "0123456789")])
        return NULL;
    return name + 6;
}

const struct assignment *reading_get_suffixed(const struct reading *reading, const char *name, const char *suffix)
{
    char key[128];
    int size = snprintf(key, sizeof(key), "%s%s", name, suffix);

    return size < (int)sizeof(key) ? reading_get(reading, key) : NULL;
}

void reading_broadcast(struct reading *reading, const struct assignment *said, struct inner *inner)
{
    struct address broadcast;
    const char *why;

    if (address_parse(said->value, &broadcast, &why) < 0)
        reading_fail(reading, said, why);
    else if (broadcast.family != AF_INET)
        reading_fail(reading, said, "not an IPv4 address");
    else
        inner->broadcast = broadcast.v4;
}

void reading_label(struct reading *reading, const struct assignment *at, const char *label, struct inner *inner)
{
    if (strlen(label) < sizeof(inner->label))
        strcpy(inner->label, label);
    else
        reading_warn(reading, at, "a label of more than 15 bytes: the address has none");
}

bool reading_prefix(struct reading *reading, const struct assignment *prefix, const struct assignment *netmask, struct inner *inner)
{
    const struct assignment *said = prefix ? prefix : netmask;
    _cleanup_free_ char *text = NULL;
    struct address address;
    const char *why;

    if (!said) {
        inner->prefix = address_full_prefix(&inner->local);
        return true;
    }
    if (asprintf(&text, "%s/%s", inner->local.family == AF_INET6 ? "::" : "0.0.0.0", said->value) < 0) {
        text = NULL;
        reading->out_of_memory = true;
        return false;
    }
    if (address_parse_prefix(text, &address, &inner->prefix, &why) >= 0)
        return true;
    reading_fail(reading, said, why);
    return false;
}

static void read_numbered(struct reading *reading, const struct assignment *assignment, const char *number)
{
    const struct assignment *prefix = reading_get_suffixed(reading, "PREFIX", number), *netmask = reading_get_suffixed(reading, "NETMASK", number);
    struct inner inner = { 0 };

    if (!reading_parse_inner(reading, assignment, &inner.local, &inner.prefix))
        return;
    if (inner.local.family == AF_INET6) {
        reading_fail(reading, assignment, "an IPv6 address; IPV6ADDR and IPV6ADDR_SECONDARIES are for those");
        return;
    }
    if (inner.prefix == ADDRESS_NO_PREFIX) {
        if (!prefix && !netmask)
            reading_warn(reading, assignment, "neither PREFIX nor NETMASK: a single host is taken");
        if (!reading_prefix(reading, prefix, netmask, &inner))
            return;
    }
    reading_add_inner(reading, assignment, &inner);
}

static int compare_numbers(const void *a, const void *b)
{
    const char *left = (*(const struct assignment *const *)a)->name + 6, *right = (*(const struct assignment *const *)b)->name + 6;

    if (!*left || !*right)
        return (*left != 0) - (*right != 0);
    return atoi(left) - atoi(right);
}

/* In the order of their numbers, as ifup-eth takes them. */
void reading_numbered_inner(struct reading *reading)
{
    _cleanup_free_ const struct assignment **found = calloc(reading->assignments.n + 1, sizeof(struct assignment *));
    size_t n = 0;

    if (!found) {
        reading->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < reading->assignments.n; i++) {
        const struct assignment *one = &reading->assignments.items[i];

        if (number_of(one->name) && reading_get(reading, one->name) == one)
            found[n++] = one;
    }
    if (!n)
        return;
    reading_warn(reading, found[0], "network-scripts ignores IPADDR on tunnels; tunneld does not");
    qsort(found, n, sizeof(struct assignment *), compare_numbers);
    for (size_t i = 0; i < n; i++)
        read_numbered(reading, found[i], number_of(found[i]->name));
}
