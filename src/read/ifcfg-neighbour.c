/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads static neighbours: behind which outer address each inner one is. */
#include "read/ifcfg-neighbour.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"

#define PREFIX "NEIGHBOR"
#define INNER "_INNER_IPADDR"
#define OUTER "_OUTER_IPADDR"

/* The number in NEIGHBORn_INNER_IPADDR or NEIGHBORn_OUTER_IPADDR; -1: another key. */
static long number_of(const char *name, const char *ending)
{
    char *end;
    long number;

    if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
        return -1;
    name += strlen(PREFIX);
    if (!*name || strspn(name, "0123456789") > 9 || strspn(name, "0123456789") == 0)
        return -1;
    number = strtol(name, &end, 10);
    return strcmp(end, ending) ? -1 : number;
}

static const struct assignment *other_half(const struct reading *reading, const char *name, size_t digits, const char *ending)
{
    char key[64];

    snprintf(key, sizeof(key), "%.*s%s", (int)(strlen(PREFIX) + digits), name, ending);
    return reading_get(reading, key);
}

static bool parse_outer(struct reading *reading, const struct assignment *said, struct address *ret)
{
    const char *why = "";
    uint8_t family = kind_info(reading->tunnel->kind)->family;

    if (address_parse(said->value, ret, &why) < 0)
        reading_fail(reading, said, why);
    else if (ret->family != family)
        reading_fail(reading, said, "not of the family of the outer addresses");
    else if (*ret = address_from_bytes(ret->family, ret->bytes), !address_is_set(ret))
        reading_fail(reading, said, "no address of a neighbour");
    else
        return true;
    return false;
}

static void read_neighbour(struct reading *reading, const struct assignment *inner, const struct assignment *outer)
{
    struct tunnel *tunnel = reading->tunnel;
    struct neighbour neighbour = { 0 };
    const char *why = "";

    if (address_parse(inner->value, &neighbour.inner, &why) < 0) {
        reading_fail(reading, inner, why);
        return;
    }
    if (!parse_outer(reading, outer, &neighbour.outer))
        return;
    for (size_t i = 0; i < tunnel->n_neighbours; i++)
        if (address_equal(&tunnel->neighbours[i].inner, &neighbour.inner)) {
            reading_warn(reading, inner, "left out: there is a neighbour of that inner address already");
            return;
        }
    if (tunnel_add_neighbour(tunnel, &neighbour) < 0)
        reading->out_of_memory = true;
}

static int compare_numbers(const void *a, const void *b)
{
    long left = number_of((*(const struct assignment *const *)a)->name, INNER), right = number_of((*(const struct assignment *const *)b)->name, INNER);

    return (left > right) - (left < right);
}

static const char *why_not(const struct tunnel *tunnel, const char *with_peer)
{
    if (!tunnel_has_neighbours(tunnel))
        return "of no meaning on this kind of tunnel: only GRE has neighbours";
    if (tunnel_more(tunnel)->remote_name || (address_is_set(&tunnel->remote) && !address_is_multicast(&tunnel->remote)))
        return with_peer;
    return NULL;
}

void reading_neighbours(struct reading *reading, const char *with_peer)
{
    _cleanup_free_ const struct assignment **found = calloc(reading->assignments.n + 1, sizeof(struct assignment *));
    const char *why = why_not(reading->tunnel, with_peer);
    size_t n = 0;

    if (!found) {
        reading->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < reading->assignments.n; i++) {
        const struct assignment *one = &reading->assignments.items[i];
        bool inner = number_of(one->name, INNER) >= 0;

        if ((!inner && number_of(one->name, OUTER) < 0) || reading_get(reading, one->name) != one)
            continue;
        if (why)
            reading_warn(reading, one, why);
        else if (!other_half(reading, one->name, strspn(one->name + strlen(PREFIX), "0123456789"), inner ? OUTER : INNER))
            reading_warn(reading, one, inner ? "left out: its outer address is missing" : "left out: its inner address is missing");
        else if (inner)
            found[n++] = one;
    }
    if (n)
        qsort(found, n, sizeof(struct assignment *), compare_numbers);
    for (size_t i = 0; i < n; i++)
        read_neighbour(reading, found[i], other_half(reading, found[i]->name, strspn(found[i]->name + strlen(PREFIX), "0123456789"), OUTER));
}
