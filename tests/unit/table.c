/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/table.h"

#include <stdint.h>
#include <stdlib.h>

#include "model/scope.h"
#include "test.h"

/* Against a plain array, with many keys in few slots and removals in between. */
TEST(like_an_array)
{
    enum { KEYS = 500, ROUNDS = 20000 };
    static uint32_t keys[KEYS];
    static void *model[KEYS];
    struct table table = { 0 };
    size_t n = 0;

    srand(1);
    for (uint32_t i = 0; i < KEYS; i++)
        keys[i] = i * 2654435761u;
    for (int round = 0; round < ROUNDS; round++) {
        int i = rand() % KEYS;

        CHECK(table_get(&table, &keys[i], sizeof(keys[i])) == model[i]);
        if (rand() % 2) {
            n += !model[i];
            model[i] = &keys[rand() % KEYS];
            CHECK(table_put(&table, &keys[i], sizeof(keys[i]), model[i]) == 0);
        } else {
            n -= !!model[i];
            CHECK(table_take(&table, &keys[i], sizeof(keys[i])) == model[i]);
            model[i] = NULL;
        }
        CHECK(table.n == n);
    }
    for (int i = 0; i < KEYS; i++)
        CHECK(table_get(&table, &keys[i], sizeof(keys[i])) == model[i]);
    table_done(&table);
}

TEST(empty)
{
    struct table table = { 0 };

    CHECK(!table_get(&table, "a", 1));
    CHECK(!table_take(&table, "a", 1));
    table_done(&table);
}

TEST(scopes)
{
    struct scope scope = { 0 };
    char name[IFNAMSIZ];

    CHECK(scope_is_empty(&scope));
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "gre%d", i % 50);
        CHECK(scope_add(&scope, name) == 0);
    }
    CHECK(scope_add(&scope, "") == 0);
    CHECK(scope.n == 50 && scope_has(&scope, "gre49") && !scope_has(&scope, "gre50"));
    scope.all = true;
    CHECK(scope_has(&scope, "gre50") && !scope_is_empty(&scope));
    scope_done(&scope);
    CHECK(scope_is_empty(&scope));
}

RUN_TESTS(T(like_an_array), T(empty), T(scopes))
