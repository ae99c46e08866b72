/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SUSE's rows: what wicked (client/suse/compat-suse.c, man ifcfg(5), ifcfg-tunnel(5)) takes from ifcfg files. Never opens
 * a file; the keys that are no rows are in suse-keys.c, the routes in ifroute.c. */
#include "read/suse.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"
#include "read/ifcfg-ends.h"
#include "read/ifcfg-inner.h"
#include "read/ifcfg-ipv6.h"
#include "read/ifcfg-neighbour.h"
#include "read/option.h"
#include "read/suse-keys.h"

static const struct option rows[] = {
    { "TUNNEL_LOCAL_IPADDR", option_outer, FIELD_LOCAL, offsetof(struct tunnel, local), 0, 0 },
    { "TUNNEL_REMOTE_IPADDR", option_outer, FIELD_REMOTE, offsetof(struct tunnel, remote), 0, 0 },
    { "TUNNEL_DEVICE", option_lower, FIELD_LOWER, 0, 0, 0 },
    { "TUNNEL_GRE_FLAGS", option_gre_flags, FIELD_IFLAGS | FIELD_OFLAGS, 0, 0, 0 },
    { "TUNNEL_TTL", option_ttl, FIELD_TTL, 0, 0, 0 },
    { "TUNNEL_TOS", option_tos, FIELD_TOS, 0, 0, 0 },
    { "TUNNEL_PMTUDISC", option_bool, FIELD_PMTUDISC, offsetof(struct tunnel, pmtudisc), 0, 0 },
    { "MTU", option_u32, FIELD_MTU, offsetof(struct tunnel, mtu), 68, 65535 },
    { "MULTICAST", option_bool, FIELD_MULTICAST, offsetof(struct tunnel, multicast), 0, 0 },
    { "KEEPALIVE", option_keepalive, 0, 0, 0, 0 },
    { "DRIFT", option_drift, 0, 0, 0, 0 },
    { "ZONE", option_zone, 0, 0, 0, 0 },
};

static const struct option ikey_row = { "TUNNEL_GRE_IKEY", option_key, FIELD_IKEY | FIELD_IFLAGS, 0, 0, 0 };
static const struct option okey_row = { "TUNNEL_GRE_OKEY", option_key, FIELD_OKEY | FIELD_OFLAGS, 0, 0, 0 };

/* By TUNNEL=, which Red Hat's files do not have; STARTMODE and the like, which some carry along, change nothing. In
 * SUSE's own directory TUNNEL= counts whatever TYPE says, as wicked knows no TYPE; what has a TYPE and no TUNNEL= was
 * laid there by somebody who has changed the paths, and is read as Red Hat's. */
bool suse_is_meant(const struct reading *reading)
{
    bool tunnel = reading_get(reading, "TUNNEL"), type = reading_get(reading, "TYPE");

    switch (reading->input->place) {
    case IFCFG_PLACE_RED_HAT:
        return false;
    case IFCFG_PLACE_SUSE:
        return tunnel || !type;
    case IFCFG_PLACE_EITHER:
        break;
    }
    return tunnel && !type;
}

enum kind suse_dispatch(const struct reading *reading)
{
    static const enum kind kinds[] = { KIND_GRE, KIND_IPIP, KIND_SIT };
    const struct assignment *tunnel = reading_get(reading, "TUNNEL");

    for (size_t i = 0; tunnel && i < ARRAY_SIZE(kinds); i++)
        if (!strcmp(tunnel->value, kind_info(kinds[i])->name))
            return kinds[i];
    return KIND_NONE;
}

const char *suse_near_miss(const struct reading *reading, const struct assignment **ret_assignment)
{
    const struct assignment *tunnel = reading_get(reading, "TUNNEL");

    *ret_assignment = tunnel;
    if (!tunnel || !strcmp(tunnel->value, "tun") || !strcmp(tunnel->value, "tap"))
        return NULL;
    if (!strcmp(tunnel->value, "ip6tnl"))
        return "SUSE's dialect has no keys for it, and wicked makes none; TYPE=IPIP6 or GRE6 in a file of Red Hat's form is a tunnel over IPv6";
    return "not one of gre, ipip and sit, in just this letter case: this is no tunnel";
}

static void need(struct reading *reading, const char *key)
{
    if (!reading_get(reading, key))
        problems_add(reading->problems, SEVERITY_ERROR, (struct place){ reading->input->file.path, 0, 0 },
                     "%s is missing (0.0.0.0 would say that there is none)", key);
}

/* wicked puts a decimal number through htons() into the 32 bits that go over the wire (on a little-endian host, as nearly
 * all are), but not a dotted quad; hexadecimal numbers and words it does not know. 0 stays 0. */
static bool is_swapped(const char *text, uint32_t *ret_swapped)
{
    uint32_t key;

    if (text[strspn(text, "0123456789")] || text_parse_u32(text, 1, UINT32_MAX, &key) < 0)
        return false;
    *ret_swapped = (key & 0xffff) << 16;
    return true;
}

static void read_key(struct reading *reading, const struct option *row, uint32_t *key)
{
    const struct assignment *said = reading_get(reading, row->name);
    bool compat = reading->input->wicked_keys;
    uint32_t swapped;

    if (said && !(kind_info(reading->tunnel->kind)->fields & row->fields)) {
        reading_warn(reading, said, "of no meaning on this kind of tunnel");
        return;
    }
    reading_row(reading, row);
    if (!said || !is_swapped(said->value, &swapped))
        return;
    if (compat)
        *key = swapped;
    problems_add(reading->problems, compat ? SEVERITY_NOTE : SEVERITY_WARNING, (struct place){ said->file, said->line, said->column },
                 compat ? "%s=%s: the key is %u, as wicked takes it (compat_wicked_keys)"
                        : "%s=%s: wicked takes this for the key %u; a dotted quad means the same to both, or see compat_wicked_keys",
                 said->name, said->value, swapped);
}

static void read_isatap(struct reading *reading)
{
    const struct assignment *said = reading_get(reading, "SIT_ISATAP");
    bool on;

    if (!said)
        return;
    if (text_parse_bool(said->value, &on) < 0)
        reading_warn(reading, said, "neither yes nor no; left out");
    else if (on && reading->tunnel->kind == KIND_SIT)
        reading_fail(reading, said, "this version of tunneld makes no ISATAP tunnels");
    else if (on)
        reading_warn(reading, said, "of no meaning on this kind of tunnel");
}

/* wicked sends TTL and PMTUDISC always, as 0 where the file does not say them. The kernel keeps that for gre; on ipip and
 * sit it sets DF by itself where the TTL is fixed (net/ipv4/ip_tunnel.c, sit.c). */
static void settle_pmtudisc(struct reading *reading)
{
    struct tunnel *tunnel = reading->tunnel;

    if (tunnel->pmtudisc || !tunnel->ttl || tunnel->kind == KIND_GRE)
        return;
    if (tunnel->stated & FIELD_PMTUDISC)
        reading_warn(reading, reading_get(reading, "TUNNEL_PMTUDISC"), "on all the same: the kernel sees to it where TUNNEL_TTL is not 0");
    tunnel->pmtudisc = true;
}

static void read_rows(struct reading *reading)
{
    reading->tunnel->ttl = 0;
    reading->tunnel->pmtudisc = false;
    need(reading, "TUNNEL_LOCAL_IPADDR");
    need(reading, "TUNNEL_REMOTE_IPADDR");
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        reading_row(reading, &rows[i]);
    read_key(reading, &ikey_row, &reading->tunnel->ikey);
    read_key(reading, &okey_row, &reading->tunnel->okey);
    settle_pmtudisc(reading);
    read_isatap(reading);
}

static bool read_peer(struct reading *reading, const struct assignment *said, const struct assignment *peer, struct inner *inner)
{
    const char *why;

    if (inner->prefix != address_full_prefix(&inner->local)) {
        reading_warn(reading, peer, "left out: only an address with the length of a single host (/32, /128) has one");
        return true;
    }
    if (address_parse(peer->value, &inner->peer, &why) < 0) {
        reading_fail(reading, peer, why);
        return false;
    }
    inner->peer = address_from_bytes(inner->peer.family, inner->peer.bytes);
    return reading_check_peer(reading, said, peer, inner);
}

/* "NAME:LABEL", of which the file has NAME or not. */
static void read_label(struct reading *reading, const struct assignment *said, struct inner *inner)
{
    const char *name = reading->tunnel->name;
    size_t size = strlen(name);
    _cleanup_free_ char *label = NULL;

    if (inner->local.family != AF_INET) {
        reading_warn(reading, said, "of no effect: only an IPv4 address has a label");
    } else if (!strcmp(said->value, name)) {
        return; /* that is what it has without one */
    } else if (!strncmp(said->value, name, size) && said->value[size] == ':') {
        reading_label(reading, said, said->value, inner);
    } else if (asprintf(&label, "%s:%s", name, said->value) < 0) {
        label = NULL;
        reading->out_of_memory = true;
    } else {
        reading_label(reading, said, label, inner);
    }
}

static void read_address(struct reading *reading, const struct assignment *said)
{
    const char *suffix = said->name + strlen("IPADDR");
    const struct assignment *peer = reading_get_suffixed(reading, "REMOTE_IPADDR", suffix), *label = reading_get_suffixed(reading, "LABEL", suffix);
    const struct assignment *broadcast = reading_get_suffixed(reading, "BROADCAST", suffix);
    struct inner inner = { 0 };

    if (!reading_parse_inner(reading, said, &inner.local, &inner.prefix))
        return;
    if (inner.prefix == ADDRESS_NO_PREFIX
        && !reading_prefix(reading, reading_get_suffixed(reading, "PREFIXLEN", suffix), reading_get_suffixed(reading, "NETMASK", suffix), &inner))
        return;
    if (peer && !read_peer(reading, said, peer, &inner))
        return;
    if (broadcast && inner.local.family == AF_INET)
        reading_broadcast(reading, broadcast, &inner);
    else if (broadcast)
        reading_warn(reading, broadcast, "of no effect: IPv6 has no broadcast");
    if (label)
        read_label(reading, label, &inner);
    reading_add_inner(reading, said, &inner);
}

/* Every key that begins with IPADDR is an address, in the order of the file. */
static void read_addresses(struct reading *reading)
{
    for (size_t i = 0; i < reading->assignments.n; i++) {
        const struct assignment *one = &reading->assignments.items[i];

        if (!strncmp(one->name, "IPADDR", strlen("IPADDR")) && reading_get(reading, one->name) == one)
            read_address(reading, one);
    }
}

void suse_read(struct reading *reading, const char *name)
{
    const char *why;

    if (tunnel_check_name(name, &why) < 0)
        problems_add(reading->problems, SEVERITY_ERROR, (struct place){ reading->input->file.path, 0, 0 }, "the name of the file is that of the device: %s",
                     why);
    read_rows(reading);
    read_addresses(reading);
    reading_neighbours(reading, "left out: a tunnel with TUNNEL_REMOTE_IPADDR has no other neighbours");
    reading_ipv6_where_used(reading);
    suse_life(reading);
    reading_check_ends(reading, "TUNNEL_LOCAL_IPADDR", "TUNNEL_REMOTE_IPADDR", "a multicast peer needs TUNNEL_LOCAL_IPADDR");
    reading_note_keepalive(reading);
    suse_other_keys(reading);
}
