/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What neither a tunnel's file nor its link says. Only data: kernel/facts finds them out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/set.h"

/* How packets to a tunnel's remote address leave now, by the route that the kernel chooses for them. */
struct way {
    bool asked;
    bool into_itself; /* over the tunnel's own device */
    bool with_it;     /* that route is ours, or came by itself with an address */
    bool behind_main; /* in a table that is asked only where the main one has nothing */
    uint8_t prefix;
    uint32_t table; /* RT_TABLE_*; RT_TABLE_UNSPEC: there is no way */
    uint32_t metric;
};

struct fact {
    int lower_index;               /* ifindex of the wanted lower device; 0: there is none now */
    int controller_index;          /* of the wanted controller; 0: there is none now */
    uint32_t vrf_table;            /* its table, if it is a VRF; 0: it is none */
    uint32_t path_mtu;             /* MTU in bytes of the device that leads to the remote address; 0: no route, or not asked */
    struct way way;                /* asked where something inside could lead there, or look like it */
    const struct tunnel *underlay; /* that device, with its addresses; NULL: nobody asked */
};

/* One for each wanted tunnel, in the order of the set. */
struct facts {
    struct fact *items;
    size_t n;
    struct set *underlays; /* NULL: none */
};
