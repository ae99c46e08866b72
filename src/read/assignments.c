/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of assignments. Never reads text: read/shell.c fills them. */
#include "read/assignments.h"

#include <stdlib.h>
#include <string.h>

void assignments_done(struct assignments *assignments)
{
    for (size_t i = 0; i < assignments->n; i++) {
        free(assignments->items[i].name);
        free(assignments->items[i].value);
    }
    free(assignments->items);
    *assignments = (struct assignments){ 0 };
}

const struct assignment *assignments_get(const struct assignments *assignments, const char *name)
{
    for (size_t i = assignments->n; i > 0; i--) {
        const struct assignment *assignment = &assignments->items[i - 1];

        if (assignment->name[0] == name[0] && !strcmp(assignment->name, name)) /* of most the first letter says that it is another */
            return assignment;
    }
    return NULL;
}

const char *assignments_lookup(const struct assignments *assignments, const char *name)
{
    for (; assignments; assignments = assignments->outer) {
        const struct assignment *found = assignments_get(assignments, name);

        if (found)
            return found->value;
    }
    return NULL;
}

static bool is_same(const struct assignment *a, const struct assignment *b)
{
    return a->line == b->line && a->column == b->column && a->value_column == b->value_column && !strcmp(a->name, b->name) && !strcmp(a->value, b->value);
}

bool assignments_equal(const struct assignments *a, const struct assignments *b)
{
    size_t i = 0;

    if (a->n != b->n)
        return false;
    while (i < a->n && is_same(&a->items[i], &b->items[i]))
        i++;
    return i == a->n;
}

bool assignment_is_secret(const char *name)
{
    return !strcmp(name, "IKE_PSK");
}
