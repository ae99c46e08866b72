/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan as texts: what would be done, tunnel by tunnel. Never does it. */
#pragma once

#include <net/if.h>
#include <stddef.h>

#include "model/scope.h"
#include "model/state.h"

struct reconciler;

struct texts {
    char **items;
    size_t n;
};

struct preview_item {
    char name[IFNAMSIZ]; /* "": rules and routes that no file says any more */
    enum preview_action {
        PREVIEW_NOTHING, /* nothing can be done: see the state */
        PREVIEW_CREATE,
        PREVIEW_CHANGE, /* in place */
        PREVIEW_RECREATE,
        PREVIEW_DELETE,
    } action;
    enum state state; /* after it; STATE_MAX: none, it is gone */
    enum reason code;
    char *message;         /* why it is not up then, or why it cannot be changed in place; may be NULL */
    struct texts changes;  /* the reasons of the steps: "ttl 64 -> 255" */
    struct texts commands; /* of ip(8), one a line, without newline; comments left out */
};
const char *preview_action_name(enum preview_action action); /* "nothing", "create", ... */

struct preview {
    struct preview_item *items; /* in the order in which they would be done; who is as wanted has none */
    size_t n;
};

/* scope: most often all. Refused files are items too. Negative errno. */
int preview_make(struct reconciler *reconciler, const struct scope *scope, struct preview *ret);
void preview_done(struct preview *preview);
