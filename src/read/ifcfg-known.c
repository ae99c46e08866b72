/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks keys up. Never knows what they mean: that is in the tables of the dialects. */
#include "read/ifcfg-known.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"

static bool matches(const char *pattern, const char *name)
{
    for (; *pattern; pattern++) {
        if (*pattern == '*')
            return true;
        if (*pattern == '#') {
            if (!isdigit((unsigned char)*name))
                return false;
            while (isdigit((unsigned char)*name))
                name++;
        } else if (*pattern != *name++) {
            return false;
        }
    }
    return !*name;
}

const struct known *known_find(const struct known *table, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (matches(table[i].name, name))
            return &table[i];
    return NULL;
}

/* "NEIGHBOUR#_INNER_IPADDR" of NEIGHBOUR12_INNER_IPADDR. NULL when out of memory. */
static char *pattern_of(const char *name)
{
    char *pattern = strdup(name), *to = pattern;

    for (const char *from = name; pattern && *from; from++)
        if (!isdigit((unsigned char)*from))
            *to++ = *from;
        else if (from == name || !isdigit((unsigned char)from[-1]))
            *to++ = '#';
    if (pattern)
        *to = 0;
    return pattern;
}

/* The known key that was probably meant: one slip away, two in a long name. */
static const char *find_near(const struct known *table, size_t n, const char *name)
{
    const char *best = NULL;
    unsigned limit = strlen(name) >= 10 ? 2 : 1, best_distance = limit + 1;
    _cleanup_free_ char *pattern = pattern_of(name);

    if (strlen(name) < 3 || !pattern)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        bool numbered = strchr(table[i].name, '#');
        unsigned distance = text_distance(numbered ? pattern : name, table[i].name, limit);

        if (!strchr(table[i].name, '*') && (!numbered || strchr(pattern, '#')) && distance < best_distance) {
            best = table[i].name;
            best_distance = distance;
        }
    }
    return best;
}

void reading_warn_misspelt(struct reading *reading, const struct assignment *assignment, const struct known *table, size_t n)
{
    const char *near = find_near(table, n, assignment->name);

    if (near)
        problems_add(reading->problems, SEVERITY_WARNING, (struct place){ assignment->file, assignment->line, assignment->column },
                     "%s is no key that is known; %s is", assignment->name, near);
}
