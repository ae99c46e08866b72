/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of names. When memory runs out a scope becomes "all", which is never wrong. */
#include "model/scope.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"

static uint32_t hash_of(const char *name)
{
    return table_hash(name, strlen(name));
}

bool scope_has(const struct scope *scope, const char *name)
{
    size_t probe = 0;
    uint32_t number;

    if (scope->all)
        return true;
    while (hashes_next(&scope->index, hash_of(name), &probe, &number))
        if (!strcmp(scope->names[number], name))
            return true;
    return false;
}

bool scope_is_empty(const struct scope *scope)
{
    return !scope->all && !scope->outside && !scope->n;
}

static int add(struct scope *scope, const char *name)
{
    if (scope->n == scope->room) {
        size_t room = scope->room + scope->room / 2 + 4;
        char(*names)[IFNAMSIZ] = reallocarray(scope->names, room, sizeof(*names));

        if (!names)
            return -ENOMEM;
        scope->names = names;
        scope->room = room;
    }
    snprintf(scope->names[scope->n], sizeof(*scope->names), "%s", name);
    if (hashes_add(&scope->index, hash_of(scope->names[scope->n]), (uint32_t)scope->n) < 0)
        return -ENOMEM;
    scope->n++;
    return 0;
}

int scope_add(struct scope *scope, const char *name)
{
    if (!*name || scope_has(scope, name))
        return 0;
    if (add(scope, name) < 0) {
        scope->all = true;
        return -ENOMEM;
    }
    return 0;
}

int scope_add_all(struct scope *scope, const struct scope *others)
{
    int r = 0;

    scope->all = scope->all || others->all;
    scope->outside = scope->outside || others->outside;
    for (size_t i = 0; r >= 0 && i < others->n; i++)
        r = scope_add(scope, others->names[i]);
    return r;
}

void scope_done(struct scope *scope)
{
    free(scope->names);
    hashes_done(&scope->index);
    *scope = (struct scope){ 0 };
}
