/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of tunnels. Never decides between two: it says that there are two. */
#include "model/set.h"

#include <errno.h>
#include <string.h>

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
    table_done(&set->by_name);
    routes_done(&set->routes);
    rules_done(&set->rules);
    free(set->items);
    free(set);
    return NULL;
}

int set_add(struct set *set, struct tunnel *tunnel)
{
    int r;

    if (set_get(set, tunnel->name))
        return -EEXIST;
    if (!(set->n & (set->n - 1))) { /* a power of two: full */
        struct tunnel **items = reallocarray(set->items, set->n ? set->n * 2 : 1, sizeof(*items));

        if (!items)
            return -ENOMEM;
        set->items = items;
    }
    r = table_put(&set->by_name, tunnel->name, strlen(tunnel->name), tunnel);
    if (r < 0)
        return r;
    set->items[set->n++] = tunnel;
    return 0;
}

struct tunnel *set_get(const struct set *set, const char *name)
{
    return table_get(&set->by_name, name, strlen(name));
}
