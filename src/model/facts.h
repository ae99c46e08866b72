/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What neither a tunnel's file nor its link says. Only data: kernel/snapshot finds them out. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct fact {
    int lower_index;      /* ifindex of the wanted lower device; 0: there is none now */
    int controller_index; /* of the wanted controller; 0: there is none now */
    uint32_t vrf_table;   /* its table, if it is a VRF; 0: it is none */
    uint32_t path_mtu;    /* MTU in bytes of the device that leads to the remote address; 0: no route, or not asked */
};

/* One for each wanted tunnel, in the order of the set. */
struct facts {
    struct fact *items;
    size_t n;
};
