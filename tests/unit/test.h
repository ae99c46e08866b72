/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole of a test program but its tests: TEST(name) { CHECK(...); } and RUN_TESTS(...). Prints TAP lines. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int test_failures;

#define TEST(name) static void name(void)

#define CHECK(condition)                                                                                                                                       \
    do {                                                                                                                                                       \
        if (!(condition)) {                                                                                                                                    \
            printf("# %s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                                                                   \
            test_failures++;                                                                                                                                   \
        }                                                                                                                                                      \
    } while (0)

#define CHECK_TEXT(have, want)                                                                                                                                 \
    do {                                                                                                                                                       \
        const char *have_ = (have), *want_ = (want);                                                                                                           \
        if (!have_ || strcmp(have_, want_) != 0) {                                                                                                             \
            printf("# %s:%d: \"%s\" instead of \"%s\"\n", __FILE__, __LINE__, have_ ? have_ : "(null)", want_);                                                \
            test_failures++;                                                                                                                                   \
        }                                                                                                                                                      \
    } while (0)

struct test {
    const char *name;
    void (*run)(void);
};

static inline int run_tests(const char *file, const struct test *tests, size_t n)
{
    const char *slash = strrchr(file, '/');
    int failed = 0;

    for (size_t i = 0; i < n; i++) {
        test_failures = 0;
        tests[i].run();
        printf("%s - %s: %s\n", test_failures ? "not ok" : "ok", slash ? slash + 1 : file, tests[i].name);
        failed += test_failures > 0;
        fflush(stdout);
    }
    return failed ? 1 : 0;
}

#define T(name)                                                                                                                                                \
    {                                                                                                                                                          \
#name, name                                                                                                                                            \
    }
#define RUN_TESTS(...)                                                                                                                                         \
    int main(void)                                                                                                                                             \
    {                                                                                                                                                          \
        static const struct test tests[] = { __VA_ARGS__ };                                                                                                    \
        return run_tests(__FILE__, tests, sizeof(tests) / sizeof(tests[0]));                                                                                   \
    }
