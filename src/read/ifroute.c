/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the columns of ifroute-NAME (man ifroute(5) of wicked) into arguments of `ip route`. Never judges values: that is
 * for the reader of those. */
#include "read/ifroute.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"

enum { COLUMNS = 4 };

/* A line being turned. */
struct turning {
    struct words *words;
    const struct word *column[COLUMNS]; /* destination, gateway, netmask, interface; NULL: "-" or not there */
    size_t options;                     /* index of the first */
    const struct word *type;
    bool nexthop;
    struct word *items; /* what the line becomes: TYPE to DESTINATION via GATEWAY, and behind these HEAD the options */
    size_t n;
};

enum { DESTINATION, GATEWAY, NETMASK, INTERFACE };
enum { HEAD = 5 };

static void set(struct turning *turning, size_t i, const struct word *at, const char *text)
{
    turning->items[i] = (struct word){ text, at->line, at->column };
}

static void put(struct turning *turning, const struct word *at, const char *text)
{
    set(turning, turning->n++, at, text);
}

static bool is_type(const char *text)
{
    static const char *const types[] = { "unicast", "local", "broadcast", "anycast", "multicast", "throw", "unreachable", "prohibit", "blackhole" };

    for (size_t i = 0; i < ARRAY_SIZE(types); i++)
        if (!strcmp(types[i], text))
            return true;
    return false;
}

static bool is_dead_end(const struct word *type)
{
    return type && (!strcmp(type->text, "throw") || !strcmp(type->text, "unreachable") || !strcmp(type->text, "prohibit") || !strcmp(type->text, "blackhole"));
}

/* wicked's word, or ip(8)'s. */
static const char *option_name(const char *text)
{
    return strcmp(text, "realm") ? text : "realms";
}

static int take_type(struct turning *turning, const struct word *word)
{
    if (turning->type)
        return words_fail(turning->words, word, "a second type");
    turning->type = word;
    return 0;
}

/* All behind the columns. A type may stand anywhere, with or without the word "type" before it. */
static int turn_options(struct turning *turning)
{
    const struct words *words = turning->words;
    int r = 0;

    for (size_t i = turning->options; r >= 0 && i < words->n; i++) {
        const struct word *word = &words->items[i];

        if (turning->nexthop) {
            put(turning, word, word->text); /* a hop has via and dev of its own */
        } else if (!strcmp(word->text, "-")) {
            continue;
        } else if (!strcmp(word->text, "type")) {
            r = i + 1 < words->n && is_type(words->items[i + 1].text) ? take_type(turning, &words->items[++i])
                                                                      : words_fail(turning->words, word, "needs a type of a route behind it");
        } else if (is_type(word->text)) {
            r = take_type(turning, word);
        } else if (!strcmp(word->text, "via") || !strcmp(word->text, "dev")) {
            r = words_fail(turning->words, word, "has a column of its own, the second for via and the fourth for dev");
        } else {
            put(turning, word, option_name(word->text));
            turning->nexthop = !strcmp(word->text, "nexthop");
            if (turning->nexthop || !strcmp(word->text, "onlink"))
                continue;
            if (i + 2 < words->n && !strcmp(words->items[i + 1].text, "lock")) /* mtu lock 1400 */
                put(turning, &words->items[++i], "lock");
            if (++i < words->n)
                put(turning, &words->items[i], words->items[i].text);
        }
    }
    return r;
}

/* "0.0.0.0" in the column is how old files say that there is none. */
static bool is_no_gateway(const struct word *gateway)
{
    return !gateway || !strcmp(gateway->text, "0.0.0.0") || !strcmp(gateway->text, "::");
}

/* That of the gateway, as a default route's can be no other, else that of the destination or the source. */
static int find_family(const struct turning *turning, uint8_t *ret)
{
    const struct word *said = turning->column[GATEWAY], *destination = turning->column[DESTINATION];

    if (!said && strcmp(destination->text, "default") != 0)
        said = destination;
    for (size_t i = HEAD; !said && i + 1 < turning->n; i++)
        if (!strcmp(turning->items[i].text, "src") || !strcmp(turning->items[i].text, "via"))
            said = &turning->items[i + 1];
    if (!said)
        return words_fail(turning->words, destination, "of which family? Without a gateway it is 0.0.0.0/0 or ::/0");
    *ret = strchr(said->text, ':') ? AF_INET6 : AF_INET;
    return 0;
}

/* The third column counts only where the destination has no length itself. */
static int turn_destination(struct turning *turning)
{
    const struct word *destination = turning->column[DESTINATION], *netmask = turning->column[NETMASK];
    struct words *words = turning->words;

    set(turning, 1, destination, "to");
    if (!netmask || strchr(destination->text, '/') || !strcmp(destination->text, "default")) {
        set(turning, 2, destination, destination->text);
        return 0;
    }
    if (snprintf(words->joined, sizeof(words->joined), "%s/%s", destination->text, netmask->text) >= (int)sizeof(words->joined))
        return words_fail(words, destination, "not an address");
    set(turning, 2, destination, words->joined);
    return 0;
}

/* Without one the options follow the destination. */
static void turn_gateway(struct routes_reading *reading, struct turning *turning)
{
    const struct word *gateway = turning->column[GATEWAY];

    if (!is_no_gateway(gateway) && !is_dead_end(turning->type)) {
        set(turning, 3, gateway, "via");
        set(turning, 4, gateway, gateway->text);
        return;
    }
    if (!is_no_gateway(gateway))
        routes_warn(reading, gateway, "left out: a route of this type leads nowhere");
    memmove(turning->items + 3, turning->items + HEAD, (turning->n - HEAD) * sizeof(*turning->items));
    turning->n -= 2;
}

static int turn_line(struct routes_reading *reading, struct turning *turning, struct routes_defaults *defaults)
{
    const struct word *interface = turning->column[INTERFACE];
    const char *why;
    int r;

    if (!turning->column[DESTINATION])
        return words_fail(turning->words, &turning->words->items[0], "the destination is missing");
    turning->n = HEAD;
    r = turn_destination(turning);
    if (r >= 0)
        r = turn_options(turning);
    if (r >= 0)
        r = find_family(turning, &defaults->family);
    if (r < 0)
        return r;
    set(turning, 0, turning->type ? turning->type : turning->column[DESTINATION], turning->type ? turning->type->text : "unicast");
    turn_gateway(reading, turning);
    if (interface && tunnel_check_name(interface->text, &why) < 0)
        return words_fail(turning->words, interface, why);
    if (interface && strcmp(interface->text, reading->tunnel->name) != 0)
        routes_warn(reading, interface, "a route of another interface; wicked would give it to this one");
    defaults->device = interface ? interface->text : reading->tunnel->name;
    return 0;
}

static int read_line(struct routes_reading *reading, struct words *words)
{
    struct turning turning = { .words = words, .items = calloc(words->n + HEAD, sizeof(struct word)) };
    struct routes_defaults defaults = { .all_hops = true };
    int r;

    if (!turning.items)
        return -ENOMEM;
    for (; turning.options < words->n && turning.options < COLUMNS; turning.options++)
        if (strcmp(words->items[turning.options].text, "-") != 0)
            turning.column[turning.options] = &words->items[turning.options];
    r = turn_line(reading, &turning, &defaults);
    if (r < 0) {
        free(turning.items); /* the fault is in a word of the line */
        return r;
    }
    free(words->items);
    words->items = turning.items;
    words->room = words->n + HEAD;
    words->n = turning.n;
    return routes_take(reading, words, &defaults);
}

int ifroute_read(struct tunnel *tunnel, const struct routes_input *input, struct problems *problems)
{
    return routes_read_lines(tunnel, input, read_line, problems);
}
