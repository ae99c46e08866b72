/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which word was probably meant: one a slip away, or the only one that begins so. */
#include "ctl/suggest.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

/* Slips that a word of that length can have and still be known. */
static unsigned slips(size_t length)
{
    return length < 2 ? 0 : length < 5 ? 1 : 2;
}

/* Less is nearer; more than limit + 1: not near. */
static unsigned distance(const char *word, const char *candidate, unsigned limit)
{
    unsigned d = strcasecmp(word, candidate) ? text_distance(word, candidate, limit) : 0;

    if (d <= limit)
        return d;
    return *word && !strncasecmp(word, candidate, strlen(word)) ? limit + 1 : limit + 2;
}

const char *suggest(const char *word, const char *(*get)(size_t i, void *userdata), void *userdata)
{
    const char *best = NULL, *candidate;
    unsigned limit = slips(strlen(word)), least = limit + 2;

    for (size_t i = 0; (candidate = get(i, userdata)); i++) {
        unsigned d = distance(word, candidate, limit);

        if (d < least) {
            least = d;
            best = candidate;
        } else if (d == least && best && strcmp(best, candidate) != 0) {
            best = NULL;
        }
    }
    return best;
}
