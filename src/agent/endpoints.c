/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins tunnels with what their names stand for. Keeps nothing of a tunnel: what it has now is in the kernel. */
#include "agent/endpoints.h"

#include <errno.h>
#include <stdlib.h>

#include "agent/log.h"
#include "kernel/followed.h"
#include "service/resolve.h"

enum { WAIT_MOST = 10 * 1000 * 1000 /* us */ };

struct endpoints {
    sd_event *event;
    struct resolve *resolve;
    endpoints_fn changed; /* NULL: nobody is to be told */
    void *userdata;
};

static void news(void *userdata)
{
    struct endpoints *endpoints = userdata;

    if (endpoints->changed)
        endpoints->changed(endpoints->userdata);
}

static void lost(const char *host, const struct resolved *resolved, void *userdata)
{
    char text[ADDRESS_TEXT_MAX];

    (void)userdata;
    if (resolved->lost)
        log_message(LOG_WARNING, "%s cannot be resolved: %s; it stays %s%s", host, resolved->why, address_format(&resolved->addresses[0], text),
                    resolved->n > 1 ? " and others" : "");
    else
        log_message(LOG_NOTICE, "%s can be resolved again", host);
}

int endpoints_new(sd_event *event, endpoints_fn changed, void *userdata, struct endpoints **ret)
{
    _cleanup_(endpoints_freep) struct endpoints *endpoints = calloc(1, sizeof(*endpoints));
    int r = 0;

    if (!endpoints)
        return -ENOMEM;
    endpoints->changed = changed;
    endpoints->userdata = userdata;
    if (event)
        endpoints->event = sd_event_ref(event);
    else
        r = sd_event_new(&endpoints->event);
    if (r >= 0)
        r = resolve_new(endpoints->event, &(struct resolve_callbacks){ news, lost, endpoints }, &endpoints->resolve);
    if (r >= 0)
        *ret = steal_pointer(&endpoints);
    return r;
}

struct endpoints *endpoints_free(struct endpoints *endpoints)
{
    if (endpoints) {
        resolve_free(endpoints->resolve);
        sd_event_unref(endpoints->event);
        free(endpoints);
    }
    return NULL;
}

static uint8_t family_of(const struct tunnel *tunnel)
{
    return kind_info(tunnel->kind)->family;
}

int endpoints_follow(struct endpoints *endpoints, const struct set *wanted, struct scope *dirty)
{
    for (size_t i = 0; i < wanted->n; i++) {
        const struct tunnel *tunnel = wanted->items[i];
        bool changed = false;
        int r;

        if (!tunnel_more(tunnel)->remote_name || tunnel_presence(tunnel) == PRESENCE_MUST_NOT)
            continue;
        r = resolve_want(endpoints->resolve, tunnel_more(tunnel)->remote_name, family_of(tunnel), &changed);
        if (r < 0)
            return r;
        if (changed)
            (void)scope_add(dirty, tunnel->name);
    }
    resolve_settle(endpoints->resolve);
    return 0;
}

void endpoints_wait(struct endpoints *endpoints)
{
    uint64_t now = 0, end;

    (void)sd_event_now(endpoints->event, CLOCK_MONOTONIC, &now);
    end = now + WAIT_MOST;
    while (now < end && !resolve_knows_all(endpoints->resolve)) {
        if (sd_event_run(endpoints->event, end - now) < 0)
            return;
        (void)sd_event_now(endpoints->event, CLOCK_MONOTONIC, &now);
    }
}

void endpoints_retry(struct endpoints *endpoints)
{
    resolve_retry(endpoints->resolve);
}

static void write_remote(const struct endpoints *endpoints, struct tunnel *wanted, const struct tunnel *link)
{
    const struct resolved *resolved = resolve_get(endpoints->resolve, tunnel_more(wanted)->remote_name, family_of(wanted));

    wanted->remote = (struct address){ 0 };
    wanted->more->remote_why = resolved && !resolved->n ? resolved->why : NULL;
    if (resolved && resolved->n)
        wanted->remote = resolved->addresses[0];
    else if (link && link->actual.ours)
        wanted->remote = link->remote;
    for (size_t i = 0; link && resolved && i < resolved->n; i++)
        if (address_equal(&resolved->addresses[i], &link->remote))
            wanted->remote = link->remote;
}

static int write_local(struct followed *followed, struct tunnel *wanted, const struct tunnel *link)
{
    static const struct address none = { 0 };
    int r = followed_choose(followed, tunnel_more(wanted)->local_name, family_of(wanted), link ? &link->local : &none, &wanted->local);

    if (r >= 0)
        return r;
    wanted->local = none;
    if (r == -ENODEV)
        wanted->more->local_why = "there is no such interface";
    else
        wanted->more->local_why = family_of(wanted) == AF_INET ? "it has no global IPv4 address" : "it has no global IPv6 address";
    return r == -ENODEV || r == -EADDRNOTAVAIL ? 0 : r;
}

int endpoints_write(struct endpoints *endpoints, struct netlink *netlink, const struct snapshot *snapshot, const struct set *wanted)
{
    struct followed followed = { .netlink = netlink };
    int r = 0;

    for (size_t i = 0; r >= 0 && i < wanted->n; i++) {
        struct tunnel *tunnel = wanted->items[i];
        const struct tunnel *link = set_get(snapshot->links, tunnel->name);

        if (link && link->kind != tunnel->kind)
            link = NULL;
        if (tunnel_more(tunnel)->remote_name)
            write_remote(endpoints, tunnel, link);
        if (tunnel_more(tunnel)->local_name)
            r = write_local(&followed, tunnel, link);
    }
    followed_done(&followed);
    return r;
}
