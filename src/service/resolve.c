/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "service/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "base/table.h"
#include "service/lookup.h"

#define SECOND UINT64_C(1000000) /* us */

enum {
    AGAIN = 60,        /* seconds between two questions for one name at the most, */
    KNOWN_PAUSE = 15,  /* at the least where there was an answer, */
    RETRY_PAUSE = 5,   /* between two times that all are asked for because something happened, */
    LOST_AFTER = 3,    /* failures, the last of them some three seconds after the first */
    ACCURACY = 100000, /* us */
};

struct host {
    struct resolve *resolve;
    struct resolved known;
    bool wanted;   /* in this round */
    bool news;     /* since the last one */
    bool answered; /* in whichever way */
    enum { HOST_RESTS, HOST_QUEUED, HOST_ASKED } at;
    unsigned failures; /* in a row, */
    unsigned waits;    /* of them since something happened */
    uint64_t asked;    /* CLOCK_MONOTONIC in us */
    sd_event_source *timer;
    struct host *next; /* in the queue */
    char key[];        /* family, name */
};

struct resolve {
    sd_event *event;
    struct resolve_callbacks callbacks;
    struct lookup *lookup;
    struct table hosts;
    struct host *first, **last; /* those that are to be asked for now */
    uint64_t retried;           /* CLOCK_MONOTONIC in us */
    sd_event_source *retry;
};

static uint64_t now_in(const struct resolve *resolve)
{
    uint64_t now = 0;

    (void)sd_event_now(resolve->event, CLOCK_MONOTONIC, &now);
    return now;
}

static const char *name_of(const struct host *host)
{
    return host->key + 1;
}

static uint32_t chance(void)
{
    uint32_t number = 0;

    (void)!getrandom(&number, sizeof(number), GRND_NONBLOCK);
    return number;
}

uint64_t resolve_delay(unsigned failures, uint32_t chance)
{
    uint64_t seconds = failures && failures <= 6 ? 1U << (failures - 1) : AGAIN, all = seconds * SECOND;

    return all - all / 4 * chance / UINT32_MAX;
}

bool resolve_is_usable(const struct address *address)
{
    const struct in6_addr *v6 = &address->v6;

    if (!address_is_set(address) || address_is_multicast(address))
        return false;
    if (address->family == AF_INET)
        return address->bytes[0] != 0 && address->bytes[0] != 127 && address->v4.s_addr != INADDR_BROADCAST;
    return !IN6_IS_ADDR_LOOPBACK(v6) && !IN6_IS_ADDR_LINKLOCAL(v6) && !IN6_IS_ADDR_V4MAPPED(v6);
}

/* ---- asking ---- */

static void pump(struct resolve *resolve);

static void enqueue(struct host *host)
{
    struct resolve *resolve = host->resolve;

    if (host->at != HOST_RESTS)
        return;
    host->at = HOST_QUEUED;
    host->next = NULL;
    *resolve->last = host;
    resolve->last = &host->next;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct host *host = userdata;

    (void)source, (void)usec;
    enqueue(host);
    pump(host->resolve);
    return 0;
}

static void ask_in(struct host *host, uint64_t wait)
{
    (void)sd_event_source_set_time_relative(host->timer, wait);
    (void)sd_event_source_set_enabled(host->timer, SD_EVENT_ONESHOT);
}

static bool has_address(const struct resolved *resolved, const struct address *address)
{
    for (size_t i = 0; i < resolved->n; i++)
        if (address_equal(&resolved->addresses[i], address))
            return true;
    return false;
}

/* In whatever order: servers give them in turns. */
static bool same_addresses(const struct resolved *a, const struct resolved *b)
{
    for (size_t i = 0; i < a->n; i++)
        if (!has_address(b, &a->addresses[i]))
            return false;
    return a->n == b->n;
}

static void tell(struct host *host)
{
    const struct resolve_callbacks *callbacks = &host->resolve->callbacks;

    host->news = true;
    callbacks->news(callbacks->userdata);
}

static void set_lost(struct host *host, bool lost)
{
    const struct resolve_callbacks *callbacks = &host->resolve->callbacks;

    if (host->known.lost == lost)
        return;
    host->known.lost = lost;
    callbacks->lost(name_of(host), &host->known, callbacks->userdata);
}

/* What was known stays so. */
static void fail(struct host *host, const char *why)
{
    bool other = host->known.why != why;

    host->known.why = why;
    host->failures++;
    host->waits++;
    if (host->known.n && host->failures >= LOST_AFTER)
        set_lost(host, true);
    else if (!host->known.n && other)
        tell(host);
}

/* Takes the addresses over. */
static void succeed(struct host *host, struct resolved *now)
{
    host->failures = host->waits = 0;
    host->known.why = NULL;
    set_lost(host, false);
    if (same_addresses(&host->known, now)) {
        free(now->addresses);
        return;
    }
    free(host->known.addresses);
    host->known.addresses = now->addresses;
    host->known.n = now->n;
    tell(host);
}

static void take(struct host *host, const struct lookup_answer *answer)
{
    struct resolved now = { .addresses = calloc(answer->n + 1, sizeof(*now.addresses)) };

    for (size_t i = 0; now.addresses && i < answer->n; i++)
        if (resolve_is_usable(&answer->addresses[i]) && !has_address(&now, &answer->addresses[i]))
            now.addresses[now.n++] = answer->addresses[i];
    if (now.n) {
        succeed(host, &now);
        return;
    }
    fail(host, now.addresses ? "it stands for nothing that could be the address of a peer" : "out of memory");
    free(now.addresses);
}

static void on_answer(void *question, const struct lookup_answer *answer, void *userdata)
{
    struct host *host = question;

    host->at = HOST_RESTS;
    host->answered = true;
    if (answer->error)
        fail(host, gai_strerror(answer->error));
    else
        take(host, answer);
    ask_in(host, resolve_delay(host->waits, chance()));
    pump(userdata);
}

static void pump(struct resolve *resolve)
{
    while (resolve->first) {
        struct host *host = resolve->first;
        int r = lookup_ask(resolve->lookup, name_of(host), (uint8_t)host->key[0], host);

        if (r == -EBUSY)
            return;
        resolve->first = host->next;
        if (!resolve->first)
            resolve->last = &resolve->first;
        host->at = r < 0 ? HOST_RESTS : HOST_ASKED;
        host->asked = now_in(resolve);
        if (r < 0) {
            host->answered = true;
            fail(host, "no question can be asked now");
            ask_in(host, resolve_delay(host->waits, chance()));
        }
    }
}

/* ---- names ---- */

static struct host *host_free(struct host *host)
{
    if (host) {
        sd_event_source_disable_unref(host->timer);
        free(host->known.addresses);
        free(host);
    }
    return NULL;
}
DEFINE_CLEANUP(struct host *, host_free)

static int add(struct resolve *resolve, const char *key, size_t size, struct host **ret)
{
    _cleanup_(host_freep) struct host *host = calloc(1, sizeof(*host) + size + 1);
    int r;

    if (!host)
        return -ENOMEM;
    host->resolve = resolve;
    memcpy(host->key, key, size);
    r = sd_event_add_time_relative(resolve->event, &host->timer, CLOCK_MONOTONIC, 0, ACCURACY, on_timer, host);
    if (r >= 0)
        r = table_put(&resolve->hosts, host->key, size, host);
    if (r >= 0)
        *ret = steal_pointer(&host);
    return r;
}

static size_t make_key(char key[static NI_MAXHOST + 1], const char *host, uint8_t family)
{
    size_t size = strnlen(host, NI_MAXHOST);

    key[0] = (char)family;
    memcpy(key + 1, host, size);
    return size + 1;
}

int resolve_want(struct resolve *resolve, const char *name, uint8_t family, bool *ret_news)
{
    char key[NI_MAXHOST + 1];
    size_t size = make_key(key, name, family);
    struct host *host = table_get(&resolve->hosts, key, size);
    int r = host ? 0 : add(resolve, key, size, &host);

    if (r < 0)
        return r;
    host->wanted = true;
    *ret_news = host->news;
    return 0;
}

static void forget(struct resolve *resolve, struct host *host)
{
    if (host->at == HOST_ASKED)
        lookup_cancel(resolve->lookup, host);
    for (struct host **at = &resolve->first; host->at == HOST_QUEUED && *at; at = &(*at)->next)
        if (*at == host) {
            *at = host->next;
            if (!*at)
                resolve->last = at;
            break;
        }
    host_free(table_take(&resolve->hosts, host->key, 1 + strlen(name_of(host))));
}

void resolve_settle(struct resolve *resolve)
{
    for (size_t i = 0; i < resolve->hosts.n_slots;) {
        struct host *host = resolve->hosts.slots[i].value;

        if (host && !host->wanted)
            forget(resolve, host); /* and another may be in its place */
        else
            i++;
    }
    for (size_t i = 0; i < resolve->hosts.n_slots; i++) {
        struct host *host = resolve->hosts.slots[i].value;

        if (host)
            host->wanted = host->news = false;
    }
}

const struct resolved *resolve_get(const struct resolve *resolve, const char *name, uint8_t family)
{
    char key[NI_MAXHOST + 1];
    size_t size = make_key(key, name, family);
    const struct host *host = table_get(&resolve->hosts, key, size);

    return host ? &host->known : NULL;
}

bool resolve_knows_all(const struct resolve *resolve)
{
    for (size_t i = 0; i < resolve->hosts.n_slots; i++) {
        const struct host *host = resolve->hosts.slots[i].value;

        if (host && !host->answered)
            return false;
    }
    return true;
}

/* ---- something happened ---- */

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct resolve *resolve = userdata;

    (void)source;
    resolve->retried = usec;
    for (size_t i = 0; i < resolve->hosts.n_slots; i++) {
        struct host *host = resolve->hosts.slots[i].value;
        uint64_t pause;

        if (!host)
            continue;
        host->waits = 0; /* also of one that was asked for before it happened */
        if (host->at != HOST_RESTS)
            continue;
        if (host->failures) {
            enqueue(host);
            continue;
        }
        pause = host->asked + KNOWN_PAUSE * SECOND > usec ? host->asked + KNOWN_PAUSE * SECOND - usec : 0;
        ask_in(host, pause + RETRY_PAUSE * SECOND * chance() / UINT32_MAX);
    }
    pump(resolve);
    return 0;
}

void resolve_retry(struct resolve *resolve)
{
    uint64_t now = now_in(resolve), when = resolve->retried ? resolve->retried + RETRY_PAUSE * SECOND : now;
    int on = SD_EVENT_OFF;

    (void)sd_event_source_get_enabled(resolve->retry, &on);
    if (on != SD_EVENT_OFF)
        return;
    (void)sd_event_source_set_time(resolve->retry, when > now ? when : now);
    (void)sd_event_source_set_enabled(resolve->retry, SD_EVENT_ONESHOT);
}

int resolve_new(sd_event *event, const struct resolve_callbacks *callbacks, struct resolve **ret)
{
    _cleanup_(resolve_freep) struct resolve *resolve = calloc(1, sizeof(*resolve));
    int r;

    if (!resolve)
        return -ENOMEM;
    resolve->event = sd_event_ref(event);
    resolve->callbacks = *callbacks;
    resolve->last = &resolve->first;
    r = lookup_new(event, on_answer, resolve, &resolve->lookup);
    if (r >= 0)
        r = sd_event_add_time(event, &resolve->retry, CLOCK_MONOTONIC, 0, ACCURACY, on_retry, resolve);
    if (r >= 0)
        r = sd_event_source_set_enabled(resolve->retry, SD_EVENT_OFF);
    if (r >= 0)
        *ret = steal_pointer(&resolve);
    return r;
}

struct resolve *resolve_free(struct resolve *resolve)
{
    if (!resolve)
        return NULL;
    lookup_free(resolve->lookup);
    for (size_t i = 0; i < resolve->hosts.n_slots; i++)
        host_free(resolve->hosts.slots[i].value);
    table_done(&resolve->hosts);
    sd_event_source_disable_unref(resolve->retry);
    sd_event_unref(resolve->event);
    free(resolve);
    return NULL;
}
