/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "storm.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "await.h"
#include "rtnetlink.h"

enum { TICKS = 100 }; /* in a second */

struct weather {
    struct rtnetlink *rtnetlink;
    const char *directory;
    uint64_t chance;
    unsigned errors; /* of the kernel: what is to go is not back yet */
};

static unsigned pick(struct weather *weather, unsigned below)
{
    weather->chance ^= weather->chance << 13;
    weather->chance ^= weather->chance >> 7;
    weather->chance ^= weather->chance << 17;
    return (unsigned)(weather->chance >> 16) % below;
}

static void send_it(struct weather *weather)
{
    weather->errors += rtnetlink_send(weather->rtnetlink, NULL, NULL, NULL);
}

static unsigned index_of(unsigned i)
{
    char name[IFNAMSIZ];

    tunnel_name(i, name);
    return if_nametoindex(name);
}

static void delete_link(struct weather *weather, unsigned i)
{
    static const struct ifinfomsg header;
    char name[IFNAMSIZ];

    tunnel_name(i, name);
    rtnetlink_add(weather->rtnetlink, RTM_DELLINK, 0, &header, sizeof(header));
    rtnetlink_put_text(weather->rtnetlink, IFLA_IFNAME, name);
    send_it(weather);
}

static void delete_address(struct weather *weather, unsigned i)
{
    tunnel_add_address(weather->rtnetlink, RTM_DELADDR, i, (int)index_of(i));
    send_it(weather);
}

static void delete_route(struct weather *weather, unsigned i)
{
    tunnel_add_route(weather->rtnetlink, RTM_DELROUTE, i, (int)index_of(i));
    send_it(weather);
}

static void add_flags(struct weather *weather, unsigned i, unsigned flags)
{
    struct ifinfomsg header = { .ifi_flags = flags, .ifi_change = IFF_UP };
    char name[IFNAMSIZ];

    tunnel_name(i, name);
    rtnetlink_add(weather->rtnetlink, RTM_NEWLINK, 0, &header, sizeof(header));
    rtnetlink_put_text(weather->rtnetlink, IFLA_IFNAME, name);
}

static void set_down(struct weather *weather, unsigned i)
{
    add_flags(weather, i, 0);
    send_it(weather);
}

static void flap(struct weather *weather, unsigned i)
{
    add_flags(weather, i, 0);
    add_flags(weather, i, IFF_UP);
    send_it(weather);
}

static void change_ttl(struct weather *weather, unsigned i)
{
    tunnel_add_link(weather->rtnetlink, i, 0, 1 + (int)pick(weather, 200));
    send_it(weather);
}

/* As an editor does it: written beside, and renamed over. */
static void edit_file(struct weather *weather, unsigned i)
{
    char path[512], beside[512], text[4096], *ttl;
    FILE *file;
    size_t n;

    snprintf(path, sizeof(path), "%s/ifcfg-t%u", weather->directory, i);
    snprintf(beside, sizeof(beside), "%s/.ifcfg-t%u.new", weather->directory, i);
    file = fopen(path, "r");
    if (!file)
        die("%s: %s", path, strerror(errno));
    n = fread(text, 1, sizeof(text) - 1, file);
    text[n] = '\0';
    fclose(file);
    ttl = strstr(text, "TTL=");
    file = fopen(beside, "w");
    if (!file || !ttl)
        die("%s: %s", beside, file ? "no TTL" : strerror(errno));
    fprintf(file, "%.*sTTL=%u%s", (int)(ttl - text), text, 1 + pick(weather, 200), ttl + strcspn(ttl, "\n"));
    if (fclose(file) || rename(beside, path) < 0)
        die("%s: %s", path, strerror(errno));
}

/* Seldom a link: the kernel waits for all its readers each time, and nothing else happens meanwhile. */
static const struct {
    const char *what;
    void (*happens)(struct weather *weather, unsigned i);
    unsigned weight;
} events[] = {
    { "links deleted", delete_link, 1 }, { "addresses deleted", delete_address, 5 }, { "routes deleted", delete_route, 5 }, { "links set down", set_down, 2 },
    { "links flapped", flap, 2 },        { "ttls changed", change_ttl, 5 },          { "files edited", edit_file, 5 },
};

enum { EVENTS = sizeof(events) / sizeof(events[0]), WEIGHTS = 25 };

static unsigned pick_event(struct weather *weather)
{
    unsigned at = pick(weather, WEIGHTS), what = 0;

    while (what < EVENTS - 1 && at >= events[what].weight)
        at -= events[what++].weight;
    return what;
}

int storm(struct rtnetlink *rtnetlink, const char *directory, unsigned n, unsigned rate, unsigned seconds)
{
    struct weather weather = { .rtnetlink = rtnetlink, .directory = directory, .chance = 88172645463325252u };
    unsigned counts[EVENTS] = { 0 };
    double began = now_seconds(), passed = 0;
    unsigned long long done = 0;

    while (n && passed < seconds) {
        unsigned long long due = (unsigned long long)(passed * rate);
        struct timespec tick = { .tv_nsec = 1000000000 / TICKS };
        for (unsigned burst = 0; done < due && burst < rate / TICKS + 1; burst++, done++) {
            unsigned what = pick_event(&weather);
            events[what].happens(&weather, 1 + pick(&weather, n));
            counts[what]++;
        }
        nanosleep(&tick, NULL);
        passed = now_seconds() - began;
    }
    printf("%llu events in %.0f s, of %llu asked for: %.0f a second; %u met what was not back yet\n", done, passed, (unsigned long long)(passed * rate),
           (double)done / passed, weather.errors);
    for (unsigned what = 0; what < EVENTS; what++)
        printf("%u %s\n", counts[what], events[what].what);
    return 0;
}
