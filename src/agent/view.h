/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One tunnel as it should be beside what it is: a value for people and scripts to look at. Never changes anything. */
#pragma once

#include "kernel/counters.h"
#include "write/attributes.h"

struct reconciler;

/* An address, neighbour, route or rule of the tunnel. */
struct view_item {
    char *text; /* the arguments of ip address, ip neighbour, ip route, ip rule */
    enum view_mark {
        VIEW_PRESENT, /* as its file wants it */
        VIEW_MISSING, /* its file wants it */
        VIEW_SURPLUS, /* ours, and no file wants it any more: it goes with the next look */
        VIEW_FOREIGN, /* somebody else's: left alone */
    } mark;
};
const char *view_mark_name(enum view_mark mark); /* "present", ... */

struct view_items {
    struct view_item *items;
    size_t n;
};

struct view {
    char name[IFNAMSIZ];
    struct attributes wanted; /* empty where no file wants it */
    struct attributes actual; /* empty without a link; also those of one that is not ours */
    uint32_t differing;       /* FIELD_* that a pass would change; what it would not is not compared */
    struct view_items addresses, neighbours, routes, rules;
    int ifindex; /* 0: there is no link */
    struct counters counters;
    uint32_t path_mtu;                          /* bytes, of the device that leads to the peer; 0: not known */
    struct tunnel_part parts[TUNNEL_PARTS_MAX]; /* of what it puts around a packet */
    size_t n_parts;
};

/* Looks at the kernel for this one. -ENOENT: neither a file nor a link of ours has the name; else negative errno. */
int view_make(struct reconciler *reconciler, const char *name, struct view *ret);
void view_done(struct view *view);
