/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One tunnel: as a file wants it, or as the kernel has it. */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/address.h"
#include "model/kind.h"

enum presence {
    PRESENCE_MUST,     /* it is made if it is missing */
    PRESENCE_MAY,      /* never made, but one of ours that is there follows its file (ONBOOT=no) */
    PRESENCE_MUST_NOT, /* one of ours that is there goes */
};

/* Values of iflags and oflags, as in linux/if_tunnel.h but in host order. */
enum { GRE_HAS_CSUM = 0x8000, GRE_HAS_KEY = 0x2000, GRE_HAS_SEQ = 0x1000 };

enum { ENCAP_LIMIT_DEFAULT = 4 }; /* iproute2's and RFC 2473's; the kernel's own default is 0 */

struct inner {
    struct address local;
    struct address peer; /* AF_UNSPEC: none */
    uint8_t prefix;      /* of the peer if there is one, else of local */
    bool ours;           /* actual: it carries our protocol number */
};

/* What only a link in the kernel has. */
struct actual {
    int ifindex;
    bool ours;   /* by its group; the alias, where there is one, is in source */
    bool doomed; /* in the group of those about to be deleted: a deletion was cut short */
};

struct tunnel {
    char name[IFNAMSIZ];
    enum kind kind;
    enum presence presence;
    uint32_t stated; /* FIELD_* that the file said (wanted) or the kernel told (actual) */

    struct address local, remote;
    char lower[IFNAMSIZ]; /* wanted: name of the lower device; "": none */
    int lower_index;      /* actual: its ifindex; 0: none */
    uint32_t ikey, okey;  /* host order; of meaning only with GRE_HAS_KEY */
    uint16_t iflags, oflags;
    uint8_t ttl; /* or hop limit; 0: inherit */
    uint8_t tos; /* IPv4: 1 is inherit */
    uint8_t encap_limit;
    uint8_t proto;
    bool pmtudisc;
    bool up;
    bool multicast;
    bool ipv6;          /* not disable_ipv6 */
    uint32_t flowinfo;  /* host order: traffic class 0x0ff00000, flow label 0x000fffff */
    uint32_t ip6_flags; /* IP6_TNL_F_* of linux/ip6_tunnel.h, those that can be configured */
    uint32_t fwmark;
    uint32_t mtu; /* bytes; wanted: of meaning only if stated */

    struct inner *inner; /* in the order of the file */
    size_t n_inner;

    char *zone; /* of the firewall; NULL: not said */

    char *source; /* wanted: path of its file as seen below --root; actual: the one its alias names, or NULL */
    struct actual actual;
};

/* With the defaults of its kind. NULL when out of memory. */
struct tunnel *tunnel_new(const char *name, enum kind kind);
struct tunnel *tunnel_free(struct tunnel *tunnel);

/* 1..15 bytes of UTF-8 that the kernel takes (net/core/dev.c dev_valid_name), without '%' (a pattern to the
 * kernel) and not "all" or "default" (their sysctls are the whole host's). *ret_why: static text. */
int tunnel_check_name(const char *name, const char **ret_why);

int tunnel_add_inner(struct tunnel *tunnel, const struct inner *inner);
bool inner_equal(const struct inner *a, const struct inner *b);

/* What must not be twice in one kernel: of two tunnels with equal identities the later is refused. */
struct identity {
    char kernel_kind[8];
    char lower[IFNAMSIZ];
    int lower_index;
    uint32_t ikey;
    uint8_t has_key, external;
    uint8_t local[17], remote[17]; /* family, bytes */
};

/* Comparable by its bytes. With lower_index >= 0 as the kernel sees it, else by the lower device's name. */
struct identity tunnel_identity(const struct tunnel *tunnel, int lower_index);

/* The identity of the kernel's own fallback device. */
bool tunnel_equals_fallback(const struct tunnel *tunnel);

/* The same tunnel on an identity that nobody else has; number makes it one of its own. Its inner addresses and
 * source are borrowed from the other. */
struct tunnel tunnel_parked(const struct tunnel *tunnel, unsigned number);

/* Bytes that it puts around a packet: outer header, GRE options, the encapsulation limit's option. */
uint32_t tunnel_overhead(const struct tunnel *tunnel);

/* The largest MTU in bytes, up to 65535, that the kernel lets it have. */
uint32_t tunnel_max_mtu(const struct tunnel *tunnel);
