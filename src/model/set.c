/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of tunnels. Never decides between two: it says that there are two. */
#include "model/set.h"

#include <errno.h>
#include <string.h>

#include "base/table.h"

struct set *set_new(bool owns)
{
    struct set *set = calloc(1, sizeof(*set));

    if (set)
        set->owns = owns;
    return set;
}

struct set *set_free(struct set *set)
{
    if (!set)
        return NULL;
    for (size_t i = 0; set->owns && i < set->n; i++)
        tunnel_free(set->items[i]);
    hashes_done(&set->by_name);
    routes_done(&set->routes);
    rules_done(&set->rules);
    free(set->items);
    free(set);
    return NULL;
}

static int make_room(struct set *set, size_t room)
{
    struct tunnel **items = reallocarray(set->items, room, sizeof(*items));

    if (!items)
        return -ENOMEM;
    set->items = items;
    set->room = room;
    return 0;
}

int set_reserve(struct set *set, size_t n)
{
    int r = n > set->room ? make_room(set, n) : 0;

    return r < 0 ? r : hashes_reserve(&set->by_name, n);
}

static uint32_t hash_of(const char *name)
{
    return table_hash(name, strlen(name));
}

static unsigned traits_of(const struct tunnel *tunnel)
{
    unsigned traits = tunnel_reaches_out(tunnel) ? SET_REACHES_OUT : 0;

    for (size_t i = 0; i < tunnel->routes.n; i++)
        if (address_is_set(&route_more(&tunnel->routes.items[i])->source))
            traits |= SET_SENDS_FROM;
    if (*tunnel->lower || *tunnel->controller)
        traits |= SET_NEEDS;
    return tunnel_more(tunnel)->local_name ? traits | SET_TAKES_FROM : traits;
}

int set_add(struct set *set, struct tunnel *tunnel)
{
    int r = 0;

    if (set_get(set, tunnel->name))
        return -EEXIST;
    if (set->n == set->room)
        r = make_room(set, set->n + set->n / 4 + 8);
    if (r >= 0)
        r = hashes_add(&set->by_name, hash_of(tunnel->name), (uint32_t)set->n);
    if (r < 0)
        return r;
    set->items[set->n++] = tunnel;
    set->traits |= traits_of(tunnel);
    return 0;
}

struct tunnel *set_get(const struct set *set, const char *name)
{
    uint32_t hash = hash_of(name), number;
    size_t probe = 0;

    while (hashes_next(&set->by_name, hash, &probe, &number))
        if (!strcmp(set->items[number]->name, name))
            return set->items[number];
    return NULL;
}
