/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the random test knows that it wrote: tunnels, their files, and the lines that the kernel must have for them. Knows nothing of
 * tunneld's own readers. */
#pragma once

#include <net/if.h>
#include <stdbool.h>

enum {
    SLOTS = 8,
    VARIANTS = 3, /* names of a slot: two that files give, one that somebody else does */
    RULES = 500,  /* priority of the first slot's rule */
};

enum kind { GRE, IPIP, SIT, GRE6, HUB, KINDS };

/* A tunnel as its files say. */
struct slot {
    bool there, broken, keyfile, second_name;
    enum kind kind;
    unsigned end, key, ttl, mtu, address, route, rule, neighbour; /* 0: none, but for end and ttl */
    /* in this step */
    bool edited, moved; /* moved: to a file of another name */
    bool locked;        /* what was done to its link goes only with the files as they are */
    bool may_be_new;
    unsigned index; /* of its link, before the run */
};

extern struct slot slots[SLOTS];

unsigned slot_number(const struct slot *slot);
const char *slot_name(const struct slot *slot);
const char *slot_variant(unsigned slot, unsigned variant);

/* With their prefixes. SIT carries IPv6 only. */
const char *slot_address(const struct slot *slot);
const char *slot_route(const struct slot *slot);

/* Writes all its files below root, or removes them. */
void slot_lay(const char *root, const struct slot *slot, bool there);

/* The lines that the kernel must have, as look.h has them. */
char *model_lines(void);

/* Of what was looked at, the lines of whatever is not to change, or else those of all tunnels whose files are good. By the indexes of
 * the last look. */
char *model_select(const char *text, bool fixed);
