/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One tunnel: as a file wants it, or as the kernel has it. */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/address.h"
#include "model/kind.h"
#include "model/route.h"
#include "model/rule.h"

enum SMALL presence {
    PRESENCE_MUST,     /* it is made if it is missing */
    PRESENCE_MAY,      /* never made, but one of ours that is there follows its file (ONBOOT=no) */
    PRESENCE_MUST_NOT, /* one of ours that is there goes */
};

/* What an operator asked for, and no file says. */
enum SMALL asked { ASKED_NOTHING, ASKED_UP, ASKED_DOWN };

/* What is done where somebody else changed or removed what a file says. */
enum SMALL drift {
    DRIFT_UNSAID, /* wanted: as tunneld.conf says */
    DRIFT_REPAIR,
    DRIFT_REPORT, /* it is left, and told */
    DRIFT_IGNORE, /* it is left */
};

const char *drift_name(enum drift drift);           /* "repair"; "" for unsaid */
int drift_parse(const char *text, enum drift *ret); /* in any case of letters. -EINVAL */

/* Values of iflags and oflags, as in linux/if_tunnel.h but in host order. */
enum { GRE_HAS_CSUM = 0x8000, GRE_HAS_KEY = 0x2000, GRE_HAS_SEQ = 0x1000 };

/* Around the tunnel's own header: UDP, as in linux/if_tunnel.h TUNNEL_ENCAP_*. */
enum { ENCAP_NONE, ENCAP_FOU, ENCAP_GUE };
enum { ENCAP_HAS_CSUM = 1, ENCAP_HAS_CSUM6 = 2, ENCAP_HAS_REMCSUM = 4 };
struct encap {
    uint16_t type, flags;
    uint16_t sport, dport; /* host order; 0: chosen by the flow */
};

/* draft-foschiano-erspan-03; IFLA_GRE_ERSPAN_* */
struct erspan {
    uint8_t version;   /* 0 (no ERSPAN header), 1 or 2 */
    uint8_t direction; /* of version 2: 0 ingress, 1 egress */
    uint16_t hwid;     /* of version 2, 6 bits */
    uint32_t index;    /* of version 1, 20 bits */
};

enum { HARDWARE_SIZE = 6 };

enum { IGNORE_ENCAP_LIMIT = 1 };  /* in ip6_flags: IP6_TNL_F_IGN_ENCAP_LIMIT */
enum { ENCAP_LIMIT_DEFAULT = 4 }; /* iproute2's and RFC 2473's; the kernel's own default is 0 */

struct inner {
    struct address local;
    struct address peer;      /* AF_UNSPEC: none */
    struct in_addr broadcast; /* IPv4 only; 0.0.0.0: none */
    char label[IFNAMSIZ];     /* IPv4 only; "": the name of the link */
    uint8_t prefix;           /* of the peer if there is one, else of local */
    bool ours;                /* actual: it carries our protocol number */
};

/* A permanent entry that says behind which outer address an inner one is: on a tunnel without a peer of its own. */
struct neighbour {
    struct address inner, outer;
    bool ours;    /* actual: it carries our protocol number */
    bool guessed; /* actual: the kernel made it by itself for want of a better one */
};

/* Settings of IPv6 on one link: net.ipv6.conf.LINK.*, Documentation/networking/ip-sysctl.rst */
enum conf { CONF_FORWARDING, CONF_ACCEPT_RA, CONF_ACCEPT_REDIRECTS, CONF_AUTOCONF, CONF_USE_TEMPADDR, CONF_MAX };

const char *conf_name(enum conf conf); /* "forwarding" */

/* A file with a fault may mean more than can be read: of such things nothing that is there is removed. */
enum { DOUBT_ROUTES = 1 /* and rules */, DOUBT_ADDRESSES = 2 };

/* What only a link in the kernel has. */
struct actual {
    int ifindex;
    bool ours;              /* by its group; the alias, where there is one, is in source */
    bool doomed;            /* in the group of those about to be deleted: a deletion was cut short */
    bool in_bridge, in_vrf; /* what its controller is; another one may be neither */
    bool port;              /* its alias says that we have put it there */
    uint32_t vrf_table;     /* of a VRF: the table of its routes; 0: it is none */
};

/* What few tunnels have; all zeroes is nothing. Wanted. */
struct tunnel_more {
    char *local_name;       /* MY_OUTER_IPADDR as the name of an interface; NULL: none */
    char *remote_name;      /* PEER_OUTER_IPADDR as the name of a host */
    const char *local_why;  /* why local is not known, where it has a name; static text; NULL: it was not looked for yet */
    const char *remote_why; /* likewise */
    char *zone;             /* of the firewall; NULL: not said */
};

/* There are thousands, twice: what belongs together stands apart where that leaves no gaps. */
struct tunnel {
    char name[IFNAMSIZ];
    enum kind kind;
    enum presence presence; /* as the file says; see tunnel_presence */
    enum asked asked;       /* wanted */
    enum drift drift;       /* wanted */
    uint32_t stated;        /* FIELD_* that the file said (wanted) or the kernel told (actual) */

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
    struct encap encap;
    struct erspan erspan;
    bool ignore_df; /* of what is inside; only without pmtudisc */
    bool external;
    bool keyfile;                    /* wanted: its file is one of NetworkManager's keyfiles */
    uint8_t doubts;                  /* wanted: DOUBT_* */
    uint8_t hardware[HARDWARE_SIZE]; /* wanted: of meaning only if stated */
    uint16_t keepalive;              /* seconds between two; 0: none */
    uint8_t keepalive_retries;       /* unanswered ones until it is dead; 0: not said */
    uint8_t conf_stated;             /* 1 << CONF_* */
    uint8_t conf[CONF_MAX];
    char controller[IFNAMSIZ]; /* wanted: name of the bridge or VRF that it is in; "": none */
    int controller_index;      /* actual: its ifindex; 0: none */
    uint32_t mtu;              /* bytes; wanted: of meaning only if stated */
    struct actual actual;

    unsigned n_inner, n_neighbours, n_beside;
    struct inner *inner; /* in the order of the file */
    struct neighbour *neighbours;
    const char **beside;      /* paths of the other files that speak of it; shared */
    const char *source;       /* wanted: path of its file as seen below --root; actual: the one its alias names, or NULL; shared */
    struct routes routes;     /* wanted: those that its files say, in their order, wherever they lead */
    struct rules rules;       /* wanted: those that its files say */
    struct tunnel_more *more; /* NULL: none of that; see tunnel_more */
};

/* With the defaults of its kind. NULL when out of memory. */
struct tunnel *tunnel_new(const char *name, enum kind kind);
struct tunnel *tunnel_free(struct tunnel *tunnel);

struct tunnel_more *tunnel_need_more(struct tunnel *tunnel);        /* NULL when out of memory */
const struct tunnel_more *tunnel_more(const struct tunnel *tunnel); /* to be read only */

/* 1..15 bytes of UTF-8 that the kernel takes (net/core/dev.c dev_valid_name), without '%' (a pattern to the
 * kernel) and not "all" or "default" (their sysctls are the whole host's). *ret_why: static text. */
int tunnel_check_name(const char *name, const char **ret_why);

int tunnel_add_inner(struct tunnel *tunnel, const struct inner *inner);
bool inner_equal(const struct inner *a, const struct inner *b);

/* The address whose prefix is the network on the link: the peer's, or else the local one's. */
const struct address *inner_network(const struct inner *inner);

/* AF_UNSPEC: none. */
struct address inner_broadcast(const struct inner *inner);

/* Can one link not have both? (net/ipv4/devinet.c __inet_insert_ifa; IPv6 has an address once, whatever its prefix) */
bool inner_collides(const struct inner *a, const struct inner *b);

/* Of IPv4: are they in one subnet, where the second is the kernel's "secondary", which may go with the first? */
bool inner_same_subnet(const struct inner *a, const struct inner *b);

/* Of a kind that finds its peers by entries of ours, if it has no peer of its own. */
bool tunnel_has_neighbours(const struct tunnel *tunnel);

int tunnel_add_neighbour(struct tunnel *tunnel, const struct neighbour *neighbour);

/* As the file and the operator say: asked up it must be, asked down it must not. */
enum presence tunnel_presence(const struct tunnel *tunnel);

/* Has it an outer end with a name, whose address is not known? */
bool tunnel_lacks_local(const struct tunnel *tunnel);
bool tunnel_lacks_remote(const struct tunnel *tunnel);

/* FIELD_* that it has: those of its kind, but of an external one most are told by each packet's route. */
uint32_t tunnel_fields(const struct tunnel *tunnel);

/* The same path, which lives as long as the tunnel. NULL when out of memory. */
const char *tunnel_keep_path(struct tunnel *tunnel, const char *path);

enum { IPV6_MIN_MTU = 1280 }; /* bytes; RFC 8200, 5 */

/* Can IPv6 run on it, by its MTU where one is said? */
bool tunnel_has_room_for_ipv6(const struct tunnel *tunnel);

/* Does it say something that is not on its own link: rules, routes elsewhere? */
bool tunnel_reaches_out(const struct tunnel *tunnel);

/* What must not be twice in one kernel: of two tunnels with equal identities the later is refused. */
struct identity {
    char kernel_kind[12];
    char lower[IFNAMSIZ];
    int lower_index;
    uint32_t ikey;
    uint8_t has_key, external;
    uint8_t local[17], remote[17]; /* family, bytes */
};

/* Comparable by its bytes. With lower_index >= 0 as the kernel sees it, else by names: of the lower device, and of outer ends that
 * have one. */
struct identity tunnel_identity(const struct tunnel *tunnel, int lower_index);

/* The identity of the kernel's own fallback device. */
bool tunnel_equals_fallback(const struct tunnel *tunnel);

/* The same tunnel on an identity that nobody else has; number makes it one of its own. Its inner addresses and
 * source are borrowed from the other. */
struct tunnel tunnel_parked(const struct tunnel *tunnel, unsigned number);

/* Bytes that it puts around a packet: outer header, GRE options, ERSPAN, UDP, the encapsulation limit's option. */
uint32_t tunnel_overhead(const struct tunnel *tunnel);

/* The parts of that sum, outermost first ("IPv4", "GRE", "key", ...): their number, up to TUNNEL_PARTS_MAX. */
enum { TUNNEL_PARTS_MAX = 10 };
struct tunnel_part {
    const char *name;
    uint32_t bytes;
};
size_t tunnel_overhead_parts(const struct tunnel *tunnel, struct tunnel_part ret[TUNNEL_PARTS_MAX]);

/* The largest MTU in bytes, up to 65535, that the kernel lets it have. */
uint32_t tunnel_max_mtu(const struct tunnel *tunnel);
