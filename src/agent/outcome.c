/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/outcome.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int outcome_add(struct outcome *outcome, const char *link, const char *why)
{
    struct outcome_change *grown = reallocarray(outcome->changes, outcome->n + 1, sizeof(*grown));

    if (!grown)
        return -ENOMEM;
    outcome->changes = grown;
    grown += outcome->n;
    *grown = (struct outcome_change){ .why = strdup(why) };
    if (!grown->why)
        return -ENOMEM;
    strncpy(grown->link, link, sizeof(grown->link) - 1);
    outcome->n++;
    return 0;
}

void outcome_done(struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->n; i++)
        free(outcome->changes[i].why);
    free(outcome->changes);
    free(outcome->summary);
    *outcome = (struct outcome){ 0 };
}
