/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/table.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/hashes.h"
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

TEST(numbers_by_hash)
{
    struct hashes hashes = { 0 };
    size_t probe = 0;
    uint32_t number, found = 0;

    CHECK(!hashes_next(&hashes, 5, &probe, &number));
    for (uint32_t i = 0; i < 1000; i++)
        CHECK(hashes_add(&hashes, i % 100 ? i * 16 : 7, i) == 0); /* most in few places, ten of one hash */
    for (probe = 0; hashes_next(&hashes, 7, &probe, &number); found++)
        CHECK(number % 100 == 0);
    CHECK(found == 10 && hashes.n == 1000);
    for (uint32_t i = 1; i < 1000; i++) {
        probe = 0;
        CHECK(i % 100 == 0 || (hashes_next(&hashes, i * 16, &probe, &number) && number == i && !hashes_next(&hashes, i * 16, &probe, &number)));
    }
    CHECK(hashes_reserve(&hashes, 5000) == 0);
    for (probe = found = 0; hashes_next(&hashes, 7, &probe, &number); found++)
        ;
    CHECK(found == 10);
    hashes_done(&hashes);
}

TEST(hash_of_bytes)
{
    static const char text[] = "0123456789abcdef";
    uint32_t seen[16];

    for (size_t i = 0; i < 16; i++) {
        seen[i] = table_hash(text, i);
        for (size_t j = 0; j < i; j++)
            CHECK(seen[i] != seen[j]);
    }
    CHECK(table_hash(text + 1, 9) == table_hash("123456789", 9)); /* wherever they lie */
}

RUN_TESTS(T(numbers_by_hash), T(hash_of_bytes), T(like_an_array), T(empty), T(scopes))
