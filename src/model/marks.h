/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What marks a thing in the kernel as ours. Fixed for good: a host's tunnels are known by them after any update. */
#pragma once

enum {
    GROUP_OURS = 2784,         /* netdev group of a link, from its creation on */
    GROUP_DOOMED = 0x54e7dead, /* a private group, for those that are deleted together */
    PROTOCOL_OURS = 47,        /* of an address, a route, a rule, a neighbour */
};

/* Before the path of its file in a link's alias. */
#define ALIAS_PREFIX "tunneld:"
/* Between the two, where tunneld has put the link into its bridge or VRF: one that somebody else put it into is theirs. */
#define ALIAS_PORT "port:"
/* Bytes of a path that an alias has room for (linux/if.h IFALIASZ, with its NUL). */
#define SOURCE_MAX (256 - 1 - 8 - 5)
