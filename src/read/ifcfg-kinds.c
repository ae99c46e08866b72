/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks what kinds of tunnels ask for. Never reads rows: those are in ifcfg.c. */
#include "read/ifcfg-kinds.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "read/kinds.h"

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

static bool says(void *userdata, const char *key)
{
    return reading_get(userdata, key);
}

static void tell(void *userdata, enum severity severity, const char *key, const char *why)
{
    (severity == SEVERITY_ERROR ? reading_fail : reading_warn)(userdata, key ? reading_get(userdata, key) : NULL, why);
}

static void check_together(struct reading *reading)
{
    static const struct kinds_words words = {
        .encap = "TUNNEL_ENCAP",
        .encap_sport = "TUNNEL_ENCAP_SPORT",
        .encap_dport = "TUNNEL_ENCAP_DPORT",
        .encap_flags = "TUNNEL_ENCAP_FLAGS",
        .key = "KEY",
        .ikey = "TUNNEL_GRE_IKEY",
        .okey = "TUNNEL_GRE_OKEY",
        .no_key = "KEY is missing: ERSPAN needs its session, 0 to 1023",
        .gre_flags = "TUNNEL_GRE_FLAGS",
        .version = "TUNNEL_ERSPAN_VERSION",
        .index = "TUNNEL_ERSPAN_INDEX",
        .direction = "TUNNEL_ERSPAN_DIRECTION",
        .hwid = "TUNNEL_ERSPAN_HWID",
    };
    struct kinds_check check = { reading->tunnel, &words, says, tell, reading };

    if (kinds_check(&check) < 0)
        reading->problems->incomplete = true;
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
    check_together(reading);
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
