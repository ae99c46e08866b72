/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of kinds: what each kind of tunnel is called, carries, may say, and cannot change. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"

enum SMALL kind {
    KIND_NONE, /* no tunnel of a kind that is known here */
    KIND_GRE,
    KIND_IPIP,
    KIND_SIT,
    KIND_IP6GRE,
    KIND_IPIP6,
    KIND_IP6IP6,
    KIND_EXTERNAL, /* ip6tnl that carries both, told by the route which tunnel each packet takes */
    KIND_GRETAP,
    KIND_IP6GRETAP,
    KIND_ERSPAN,
    KIND_IP6ERSPAN,
    KIND_ISATAP,
    KIND_VTI,
    KIND_VTI6,
    KIND_MAX,
};

/* What a tunnel can say of itself. As a mask: what a kind has, what a file stated, what differs. */
enum field {
    FIELD_LOCAL = 1 << 0,
    FIELD_REMOTE = 1 << 1,
    FIELD_LOWER = 1 << 2, /* the lower device that it is bound to */
    FIELD_IKEY = 1 << 3,
    FIELD_OKEY = 1 << 4,
    FIELD_IFLAGS = 1 << 5, /* of those received: key, sequence, checksum */
    FIELD_OFLAGS = 1 << 6, /* of those sent */
    FIELD_TTL = 1 << 7,
    FIELD_TOS = 1 << 8,
    FIELD_PMTUDISC = 1 << 9,
    FIELD_ENCAP_LIMIT = 1 << 10,
    FIELD_FLOWINFO = 1 << 11,
    FIELD_IP6_FLAGS = 1 << 12,
    FIELD_PROTO = 1 << 13,
    FIELD_FWMARK = 1 << 14,
    FIELD_ENCAP = 1 << 15, /* in UDP: FOU, GUE */
    FIELD_IGNORE_DF = 1 << 16,
    FIELD_ERSPAN = 1 << 17,
    FIELD_ISATAP = 1 << 18,
    FIELD_EXTERNAL = 1 << 19, /* collect metadata */
    FIELD_MTU = 1 << 20,
    FIELD_UP = 1 << 21,
    FIELD_MULTICAST = 1 << 22,
    FIELD_IPV6 = 1 << 23,
    FIELD_CONTROLLER = 1 << 24, /* the bridge or VRF that it is in */
    FIELD_HARDWARE = 1 << 25,   /* its hardware address, where it is Ethernet inside */
    FIELD_KIND = 1 << 26,
};
#define FIELDS_KEY (FIELD_IKEY | FIELD_OKEY | FIELD_IFLAGS | FIELD_OFLAGS)
/* those that travel in IFLA_INFO_DATA, where one that is absent is a default, not "as it was" */
#define FIELDS_INFO ((FIELD_EXTERNAL << 1) - 1)

enum { CARRIES_IPV4 = 1, CARRIES_IPV6 = 2 };

struct kind_info {
    const char *name;          /* as explain and messages call it */
    const char *type;          /* as ifcfg's TYPE= calls it */
    const char *kernel_kind;   /* IFLA_INFO_KIND */
    const char *module;        /* to name where it is missing; loaded by the kernel itself */
    const char *fallback;      /* the kernel's own device of this kind, NULL if there is none */
    uint8_t family;            /* of the outer addresses */
    uint8_t carries;           /* CARRIES_* */
    uint8_t default_ttl;       /* where the file says none; 0: inherit */
    uint8_t proto;             /* of what is inside, for kinds that must be told */
    uint16_t uncounted;        /* bytes of tunnel_overhead that the kernel does not take off the largest MTU (tried with 6.1 and 6.12) */
    const char *unique_with;   /* the kind of the kernel with which it must be unique too; NULL: only with its own */
    const char *external_with; /* that with which there is only one external one */
    uint32_t fields;           /* FIELD_* that it has */
    uint32_t unique;           /* FIELD_* that the kernel's uniqueness is made of (net/ipv4/ip_tunnel.c
                                  ip_tunnel_find and its likes in sit.c, ip6_tunnel.c, ip6_gre.c) */
    bool any_flip;             /* the remote can be set and unset in place */
    bool ethernet;             /* frames inside, so it can be in a bridge and has a hardware address */
    bool multicast_fixed;      /* with a multicast remote, old or new, no identity can change in place */
    bool proto_fixed;          /* a change of proto is acknowledged and ignored */
};

const struct kind_info *kind_info(enum kind kind);

/* What tells kinds apart that are one to the kernel. */
struct kind_mark {
    uint8_t proto;
    bool isatap, external;
};

/* The kind of one of the kernel's kinds; KIND_NONE if it is none of ours. */
enum kind kind_from_kernel(const char *kernel_kind, const struct kind_mark *mark);

/* One of the devices that the kernel makes itself for a kind (gre0, tunl0, ...). */
bool kind_reserves_name(const char *name);
