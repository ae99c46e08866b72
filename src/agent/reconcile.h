/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole road for a scope: files and kernel to a plan, the plan to the kernel, what came of it to memory. */
#pragma once

#include <stdio.h>

#include "agent/endpoints.h"
#include "agent/memory.h"
#include "agent/overrides.h"
#include "agent/repairs.h"
#include "kernel/netlink.h"
#include "read/config.h"

struct reconciler {
    struct netlink *netlink;
    const struct config *config;       /* settled, with the overrides in it */
    const struct overrides *overrides; /* for what no file can say now */
    struct endpoints *endpoints;       /* NULL: names stand for nothing */
    struct memory *memory;
    struct repairs *repairs;      /* NULL: nothing is left as it is */
    const struct scope *asked;    /* by files or people; what else is looked at may only have drifted. NULL: all is asked for */
    bool teardown;                /* nothing is wanted; files are not asked */
    bool *keeps;                  /* as the last whole look found: a link of ours is kept that no file speaks of now */
    void (*tick)(void *userdata); /* now and then during a long pass; may be NULL */
    /* Before the kernel is looked at: whatever it told of this scope until now is of no matter. May be NULL. */
    void (*before_look)(const struct scope *scope, void *userdata);
    /* Much is about to be changed, and all will be looked at afterwards: nothing need be heard until then. May be NULL. */
    void (*much_to_do)(void *userdata);
    /* Who changed something of the link last, in words; "": nobody knows. May be NULL. */
    const char *(*culprit)(const char *link, void *userdata);
    /* A link was made, or taken over from somebody else; one went for good. For what is outside the kernel. May be NULL. */
    void (*came)(const char *link, void *userdata);
    void (*went)(const char *link, void *userdata);
    /* Something was changed, and why ("ttl 64 -> 255"); link "": what is on none. May be NULL. */
    void (*changed)(const char *link, const char *why, void *userdata);
    /* Its state or reason is another than before; NULL was: it is new, NULL now: it is forgotten. May be NULL. */
    void (*news)(const struct remembered *was, const struct remembered *now, void *userdata);
    void *userdata;
};

/* Makes the kernel what the files want, and looks whether it is. Failures of single tunnels are in memory, and
 * logged; a negative errno means that nothing is known. scope grows by what it cannot be without. */
int reconcile(struct reconciler *reconciler, struct scope *scope);

/* Only prints the plan, as commands of iproute2. */
int reconcile_print(struct reconciler *reconciler, const struct scope *scope, FILE *out);
