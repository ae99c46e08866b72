/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks what kinds of tunnels ask for. Never reads rows: those are in ifcfg.c. */
#include "read/ifcfg-kinds.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/macro.h"

enum { SESSION_MOST = 1023 }; /* of ERSPAN, 10 bits: net/ipv4/ip_gre.c erspan_validate */

static const struct option bridge = { "BRIDGE", option_controller, FIELD_CONTROLLER, 0, 0, 0 };
static const struct option vrf = { "VRF", option_controller, FIELD_CONTROLLER, 0, 0, 0 };
static const struct option hardware = { "MACADDR", option_hardware, FIELD_HARDWARE, 0, 0, 0 };

void reading_controller(struct reading *reading)
{
    const struct assignment *said = reading_get(reading, "BRIDGE"), *other = reading_get(reading, "VRF");

    if (kind_info(reading->tunnel->kind)->fields & FIELD_HARDWARE)
        reading_row(reading, &hardware);
    if (said && !kind_info(reading->tunnel->kind)->ethernet) {
        reading_warn(reading, said, "of no meaning on this kind of tunnel: only one with Ethernet inside can be in a bridge");
        said = NULL;
    }
    if (said && other)
        reading_fail(reading, other, "a tunnel cannot be in a bridge and in a VRF");
    else if (said || other)
        reading_row(reading, said ? &bridge : &vrf);
    if (*reading->tunnel->controller && !strcmp(reading->tunnel->controller, reading->tunnel->name))
        reading_fail(reading, said ? said : other, "a tunnel cannot be in itself");
}

/* The kernel sets DF by itself where the TTL is fixed (net/ipv4/ip_tunnel.c, sit.c), and ip(8) refuses it. */
static void check_df(struct reading *reading)
{
    const struct tunnel *tunnel = reading->tunnel;
    uint32_t fields = tunnel_fields(tunnel);

    if (fields & FIELD_PMTUDISC && !tunnel->pmtudisc && tunnel->ttl)
        reading_fail(reading, reading_get(reading, "TUNNEL_PMTUDISC"), "path MTU discovery can be off only with TTL=inherit");
    if (fields & FIELD_IGNORE_DF && tunnel->ignore_df && tunnel->pmtudisc)
        reading_fail(reading, reading_get(reading, "TUNNEL_IGNORE_DF"), "the DF flag can be ignored only with TUNNEL_PMTUDISC=no");
}

static void warn_of_all(struct reading *reading, const char *const keys[], size_t n, const char *why)
{
    for (size_t i = 0; i < n; i++)
        if (reading_get(reading, keys[i]))
            reading_warn(reading, reading_get(reading, keys[i]), why);
}

static void check_encap(struct reading *reading)
{
    static const char *const keys[] = { "TUNNEL_ENCAP_SPORT", "TUNNEL_ENCAP_DPORT", "TUNNEL_ENCAP_FLAGS" };
    struct tunnel *tunnel = reading->tunnel;

    if (!(tunnel_fields(tunnel) & FIELD_ENCAP))
        return;
    if (!tunnel->encap.type) {
        warn_of_all(reading, keys, ARRAY_SIZE(keys), "of no effect without TUNNEL_ENCAP=fou or gue");
        tunnel->encap = (struct encap){ 0 };
    } else if (!tunnel->encap.dport) {
        reading_warn(reading, reading_get(reading, "TUNNEL_ENCAP"), "without TUNNEL_ENCAP_DPORT the packets go to port 0, where nobody listens");
    }
}

static bool has_session(uint16_t flags, uint32_t key)
{
    return flags & GRE_HAS_KEY && key <= SESSION_MOST;
}

/* Version 1 and 2 have a session, which is the key, and a sequence number; version 0 has neither. */
static void check_session(struct reading *reading)
{
    struct tunnel *tunnel = reading->tunnel;
    const struct assignment *key = reading_get(reading, "KEY"), *flags = reading_get(reading, "TUNNEL_GRE_FLAGS");

    if (!key)
        key = reading_get(reading, reading_get(reading, "TUNNEL_GRE_IKEY") ? "TUNNEL_GRE_IKEY" : "TUNNEL_GRE_OKEY");
    if (flags)
        reading_warn(reading, flags, "of no meaning on this kind of tunnel: the version of ERSPAN says which flags there are");
    tunnel->iflags &= GRE_HAS_KEY;
    tunnel->oflags &= GRE_HAS_KEY;
    if (!tunnel->erspan.version) {
        if (key)
            reading_fail(reading, key, "there is no key on ERSPAN of version 0");
        return;
    }
    tunnel->iflags |= GRE_HAS_SEQ;
    tunnel->oflags |= GRE_HAS_SEQ;
    if (!has_session(tunnel->iflags, tunnel->ikey) || !has_session(tunnel->oflags, tunnel->okey))
        reading_fail(reading, key, key ? "the session of ERSPAN is 0 to 1023, in both directions" : "KEY is missing: ERSPAN needs its session, 0 to 1023");
}

static void check_erspan(struct reading *reading)
{
    static const char *const of_version_1[] = { "TUNNEL_ERSPAN_INDEX" };
    static const char *const of_version_2[] = { "TUNNEL_ERSPAN_DIRECTION", "TUNNEL_ERSPAN_HWID" };
    struct tunnel *tunnel = reading->tunnel;

    if (!(tunnel_fields(tunnel) & FIELD_ERSPAN))
        return;
    check_session(reading);
    if (!tunnel->erspan.version && kind_info(tunnel->kind)->family == AF_INET6)
        reading_fail(reading, reading_get(reading, "TUNNEL_ERSPAN_VERSION"), "over IPv6 there is version 1 and 2 only");
    if (tunnel->erspan.version != 1) {
        warn_of_all(reading, of_version_1, ARRAY_SIZE(of_version_1), "of no effect: it is of version 1 only");
        tunnel->erspan.index = 0;
    }
    if (tunnel->erspan.version != 2) {
        warn_of_all(reading, of_version_2, ARRAY_SIZE(of_version_2), "of no effect: it is of version 2 only");
        tunnel->erspan.direction = 0;
        tunnel->erspan.hwid = 0;
    }
}

/* net/ipv4/ip_vti.c: the keys are the marks of the IPsec policies, and there are no flags */
static void check_vti(struct reading *reading)
{
    static const char *const keys[] = { "KEY", "TUNNEL_GRE_IKEY", "TUNNEL_GRE_OKEY" };
    struct tunnel *tunnel = reading->tunnel;
    uint32_t fields = kind_info(tunnel->kind)->fields;

    if (!(fields & FIELD_IKEY) || fields & FIELD_IFLAGS)
        return;
    if ((tunnel->iflags & GRE_HAS_KEY && !tunnel->ikey) || (tunnel->oflags & GRE_HAS_KEY && !tunnel->okey))
        warn_of_all(reading, keys, ARRAY_SIZE(keys), "0 is no key on this kind of tunnel");
    tunnel->iflags = tunnel->ikey ? GRE_HAS_KEY : 0;
    tunnel->oflags = tunnel->okey ? GRE_HAS_KEY : 0;
}

void reading_check_kind(struct reading *reading)
{
    struct tunnel *tunnel = reading->tunnel;

    if (tunnel->kind == KIND_EXTERNAL && !tunnel->external) {
        reading_warn(reading, reading_get(reading, "TUNNEL_EXTERNAL"), "of no effect beside TYPE=EXTERNAL");
        tunnel->external = true;
    }
    check_df(reading);
    check_encap(reading);
    check_erspan(reading);
    check_vti(reading);
}

const char *kinds_list(void)
{
    static char list[256];
    size_t size = 0;

    for (enum kind kind = KIND_NONE + 1; kind < KIND_MAX; kind++) {
        int n = snprintf(list + size, sizeof(list) - size, "%s%s", size ? ", " : "", kind_info(kind)->type);

        if (n < 0 || size + (size_t)n >= sizeof(list))
            break;
        size += (size_t)n;
    }
    return list;
}
