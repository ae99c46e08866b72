/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tunnel has beside its link, each with its mark: a part of view. */
#pragma once

#include "agent/pass.h"
#include "agent/view.h"

/* Of one name, each NULL if there is none. */
struct view_ends {
    const struct tunnel *wanted, *actual;
};

/* The addresses, neighbours, routes and rules: first those of the file, in its order. -ENOMEM. */
int view_items_fill(const struct pass *pass, const struct view_ends *ends, struct view *view);
void view_items_done(struct view_items *items);
