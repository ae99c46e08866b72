/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numeric names stand for themselves: they take the whole way, and no server is asked. */
#include "service/resolve.h"

#include <netinet/in.h>

#include "test.h"

enum { SECOND = 1000000 };

static struct address parse(const char *text)
{
    struct address address = { 0 };
    const char *why;

    (void)!address_parse(text, &address, &why);
    return address_from_bytes(address.family, address.bytes);
}

TEST(delays_grow_and_differ)
{
    CHECK(resolve_delay(0, 0) == 60 * SECOND);
    CHECK(resolve_delay(0, UINT32_MAX) == 45 * SECOND);
    CHECK(resolve_delay(1, 0) == SECOND);
    CHECK(resolve_delay(2, 0) == 2 * SECOND);
    CHECK(resolve_delay(6, 0) == 32 * SECOND);
    CHECK(resolve_delay(7, 0) == 60 * SECOND);
    CHECK(resolve_delay(1000000, UINT32_MAX) == 45 * SECOND);
}

TEST(usable_addresses)
{
    static const char *const usable[] = { "192.0.2.1", "10.0.0.1", "169.254.1.1", "2001:db8::1", "fd00::1" };
    static const char *const not_usable[] = { "0.0.0.0", "0.1.2.3", "127.0.1.1", "224.0.0.1", "255.255.255.255",
                                              "::",      "::1",     "fe80::1",   "ff02::1",   "::ffff:192.0.2.1" };

    for (size_t i = 0; i < ARRAY_SIZE(usable); i++) {
        struct address address = parse(usable[i]);

        CHECK(resolve_is_usable(&address));
    }
    for (size_t i = 0; i < ARRAY_SIZE(not_usable); i++) {
        struct address address = parse(not_usable[i]);

        CHECK(!resolve_is_usable(&address));
    }
}

static unsigned n_news, n_lost;

static void news(void *userdata)
{
    (void)userdata;
    n_news++;
}

static void lost(const char *host, const struct resolved *resolved, void *userdata)
{
    (void)host, (void)resolved, (void)userdata;
    n_lost++;
}

struct fixture {
    sd_event *event;
    struct resolve *resolve;
};

static struct fixture begin(void)
{
    const struct resolve_callbacks callbacks = { news, lost, NULL };
    struct fixture fixture = { 0 };

    n_news = n_lost = 0;
    CHECK(sd_event_new(&fixture.event) >= 0);
    CHECK(resolve_new(fixture.event, &callbacks, &fixture.resolve) >= 0);
    return fixture;
}

static void end(struct fixture *fixture)
{
    resolve_free(fixture->resolve);
    sd_event_unref(fixture->event);
}

static void run(struct fixture *fixture)
{
    for (int i = 0; i < 10000 && !resolve_knows_all(fixture->resolve); i++)
        CHECK(sd_event_run(fixture->event, 100 * 1000) >= 0);
    CHECK(resolve_knows_all(fixture->resolve));
}

static bool want(struct fixture *fixture, const char *host, uint8_t family)
{
    bool has_news = true;

    CHECK(resolve_want(fixture->resolve, host, family, &has_news) >= 0);
    return has_news;
}

TEST(names_come_and_go)
{
    struct fixture fixture = begin();
    struct address address = parse("192.0.2.9"), address6 = parse("2001:db8::9");
    const struct resolved *resolved;

    CHECK(!want(&fixture, "192.0.2.9", AF_INET));
    CHECK(!want(&fixture, "192.0.2.9", AF_INET)); /* by another tunnel */
    CHECK(!want(&fixture, "2001:db8::9", AF_INET6));
    CHECK(!want(&fixture, "127.0.0.1", AF_INET));
    CHECK(!want(&fixture, "192.0.2.9", AF_INET6));
    resolve_settle(fixture.resolve);
    CHECK(!resolve_knows_all(fixture.resolve));
    run(&fixture);
    CHECK(n_news == 4);
    resolved = resolve_get(fixture.resolve, "192.0.2.9", AF_INET);
    CHECK(resolved && resolved->n == 1 && address_equal(&resolved->addresses[0], &address) && !resolved->why);
    resolved = resolve_get(fixture.resolve, "2001:db8::9", AF_INET6);
    CHECK(resolved && resolved->n == 1 && address_equal(&resolved->addresses[0], &address6));
    resolved = resolve_get(fixture.resolve, "127.0.0.1", AF_INET);
    CHECK(resolved && !resolved->n && resolved->why);
    resolved = resolve_get(fixture.resolve, "192.0.2.9", AF_INET6);
    CHECK(resolved && !resolved->n && resolved->why && !resolved->lost);
    CHECK(!resolve_get(fixture.resolve, "192.0.2.10", AF_INET));

    CHECK(want(&fixture, "192.0.2.9", AF_INET));
    resolve_settle(fixture.resolve);
    CHECK(!resolve_get(fixture.resolve, "127.0.0.1", AF_INET));
    CHECK(!want(&fixture, "192.0.2.9", AF_INET));
    resolve_settle(fixture.resolve);
    resolve_settle(fixture.resolve);
    CHECK(!resolve_get(fixture.resolve, "192.0.2.9", AF_INET));
    CHECK(!n_lost);
    end(&fixture);
}

/* More than can be asked for at a time, forgotten while they wait and while they are asked for. */
TEST(many_names)
{
    struct fixture fixture = begin();
    char name[32];

    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 300; i++) {
            snprintf(name, sizeof(name), "10.%d.%d.%d", round, i / 250, i % 250);
            want(&fixture, name, AF_INET);
        }
        resolve_settle(fixture.resolve);
        for (int i = 0; i < 20 * round; i++)
            CHECK(sd_event_run(fixture.event, 1000) >= 0);
    }
    run(&fixture);
    CHECK(resolve_get(fixture.resolve, "10.2.1.49", AF_INET)->n == 1);
    resolve_settle(fixture.resolve);
    CHECK(resolve_knows_all(fixture.resolve));
    want(&fixture, "192.0.2.9", AF_INET);
    resolve_retry(fixture.resolve);
    end(&fixture);
}

RUN_TESTS(T(delays_grow_and_differ), T(usable_addresses), T(names_come_and_go), T(many_names))
