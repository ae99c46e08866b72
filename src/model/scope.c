/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of names. When memory runs out a scope becomes "all", which is never wrong. */
#include "model/scope.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool scope_has(const struct scope *scope, const char *name)
{
    return scope->all || table_get(&scope->index, name, strlen(name));
}

bool scope_is_empty(const struct scope *scope)
{
    return !scope->all && !scope->outside && !scope->n;
}

static int add(struct scope *scope, const char *name)
{
    char(*copy)[IFNAMSIZ] = malloc(sizeof(*copy));

    if (!copy)
        return -ENOMEM;
    snprintf(*copy, sizeof(*copy), "%s", name);
    if (!(scope->n & (scope->n - 1))) { /* a power of two: full */
        char(**names)[IFNAMSIZ] = reallocarray(scope->names, scope->n ? scope->n * 2 : 1, sizeof(*names));

        if (!names) {
            free(copy);
            return -ENOMEM;
        }
        scope->names = names;
    }
    if (table_put(&scope->index, *copy, strlen(*copy), copy) < 0) {
        free(copy);
        return -ENOMEM;
    }
    scope->names[scope->n++] = copy;
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
        r = scope_add(scope, *others->names[i]);
    return r;
}

void scope_done(struct scope *scope)
{
    for (size_t i = 0; i < scope->n; i++)
        free(scope->names[i]);
    free(scope->names);
    table_done(&scope->index);
    *scope = (struct scope){ 0 };
}
