/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sentences for what plan/ways finds. */
#include "plan/loops.h"

#include <linux/rtnetlink.h>
#include <stdio.h>

#include "base/text.h"
#include "model/route-text.h"
#include "plan/ways.h"

/* what: "the route default (FILE:LINE)" */
static void blame(struct planner *planner, struct item *item, const char *what)
{
    char peer[ADDRESS_TEXT_MAX];

    address_format(&item->wanted->remote, peer);
    if (item->fact->way.table == RT_TABLE_UNSPEC)
        planner_wait(planner, item, REASON_LOOP,
                     planner_reason(planner, "for another way to the peer %s: %s would lead it into the tunnel itself", peer, what));
    else
        planner_blame(planner, item, REASON_LOOP, planner_reason(planner, "%s would lead the way to the peer %s into the tunnel itself", what, peer));
}

bool loops_hold_route(struct planner *planner, struct item *item, const struct route *route)
{
    _cleanup_free_ char *what = NULL;
    size_t size;
    FILE *out;

    if (!ways_route_loops(item->wanted, item->fact, route))
        return false;
    out = open_memstream(&what, &size);
    if (out) {
        fputs("the route ", out);
        route_put(route, out);
        fprintf(out, " (%s:%u)", route->file, route->line);
    }
    if (text_end(out, &what) < 0)
        planner->out_of_memory = true;
    else
        blame(planner, item, what);
    return true;
}

bool loops_hold_inner(struct planner *planner, struct item *item, const struct inner *inner)
{
    _cleanup_free_ char *what = NULL;
    char text[ADDRESS_TEXT_MAX];

    if (!ways_inner_loops(item->wanted, item->fact, inner))
        return false;
    what = planner_reason(planner, "the network of its %saddress %s/%u", address_is_set(&inner->peer) ? "peer's inner " : "",
                          address_format(address_is_set(&inner->peer) ? &inner->peer : &inner->local, text), inner->prefix);
    if (what)
        blame(planner, item, what);
    return true;
}

static char *describe_overlap(struct planner *planner, const struct item *item, const struct inner *inner, const struct inner *outer)
{
    struct address network = *inner_network(inner);
    char inside[ADDRESS_TEXT_MAX], outside[ADDRESS_TEXT_MAX];

    address_clear_host(&network, inner->prefix);
    return planner_reason(planner, "its inner network %s/%u overlaps that of %s (%s/%u), over which its peer is reached", address_format(&network, inside),
                          inner->prefix, item->fact->underlay->name, address_format(&outer->local, outside), outer->prefix);
}

void loops_tell(struct planner *planner, struct item *item)
{
    const struct tunnel *wanted = item->wanted;
    char peer[ADDRESS_TEXT_MAX];

    if (item->fact->way.into_itself)
        planner_blame(planner, item, REASON_LOOP,
                      planner_reason(planner, "the way to the peer %s leads into the tunnel itself", address_format(&wanted->remote, peer)));
    for (size_t i = 0; i < wanted->n_inner; i++) {
        const struct inner *outer = ways_overlap(&wanted->inner[i], item->fact);

        if (!outer)
            continue;
        planner_warn(planner, item, REASON_OVERLAP, describe_overlap(planner, item, &wanted->inner[i], outer));
        return;
    }
}
