/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides what an event of the kernel's may concern. Never looks at the kernel itself. */
#include "agent/told.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/table.h"
#include "kernel/monitor.h"
#include "plan/ways.h"

enum {
    EVENTS_MOST = 64,    /* datagrams between other work */
    PID_MASK = 0x3fffff, /* linux/threads.h PID_MAX_LIMIT; libnl numbers a process's further sockets above it */
    COMM_SIZE = 16,      /* linux/sched.h TASK_COMM_LEN */
};

/* What was last heard of a link: events say how it is, not what of it changed. */
struct known {
    int ifindex;
    uint32_t mtu;
    bool down; /* it was up, and is not */
    char name[IFNAMSIZ];
};

struct culprit {
    char tunnel[IFNAMSIZ];
    uint32_t pid;
    char text[COMM_SIZE + 32];
};

struct told {
    struct monitor *monitor;
    struct scope *dirty;
    bool paused;           /* until the next look */
    struct table known;    /* ifindex -> struct known */
    struct table culprits; /* name of a tunnel -> struct culprit */
};

struct hearing {
    struct told *told;
    const struct config *config;
    const struct memory *memory;
    const struct scope *scope; /* that will be looked at; NULL: none */
    bool elsewhere;            /* something changed beside the tunnels */
};

int told_new(struct scope *dirty, struct told **ret)
{
    _cleanup_(told_freep) struct told *told = calloc(1, sizeof(*told));
    int r;

    if (!told)
        return -ENOMEM;
    told->dirty = dirty;
    r = monitor_open(&told->monitor);
    if (r >= 0)
        *ret = steal_pointer(&told);
    return r;
}

static void free_values(struct table *table)
{
    for (size_t i = 0; i < table->n_slots; i++)
        free(table->slots[i].value);
    table_done(table);
}

struct told *told_free(struct told *told)
{
    if (told) {
        monitor_close(told->monitor);
        free_values(&told->known);
        free_values(&told->culprits);
        free(told);
    }
    return NULL;
}

int told_fd(const struct told *told)
{
    return monitor_fd(told->monitor);
}

static bool leads_to(const struct tunnel *tunnel, const char *device)
{
    for (size_t i = 0; i < tunnel->routes.n; i++)
        for (size_t j = 0; j < tunnel->routes.items[i].n_hops; j++)
            if (!strcmp(tunnel->routes.items[i].hops[j].device, device))
                return true;
    return false;
}

/* Does a route of some other file lead to this device? */
static bool is_spoken_of(const struct set *wanted, const char *device)
{
    for (size_t i = 0; wanted->traits & SET_REACHES_OUT && i < wanted->n; i++)
        if (strcmp(wanted->items[i]->name, device) != 0 && leads_to(wanted->items[i], device))
            return true;
    return false;
}

static void make_dirty(const struct hearing *hearing, const char *name)
{
    if (!(hearing->scope && scope_has(hearing->scope, name)))
        (void)scope_add(hearing->told->dirty, name);
}

static void make_outside_dirty(const struct hearing *hearing)
{
    if (!(hearing->scope && hearing->scope->outside))
        hearing->told->dirty->outside = true;
}

/* NULL: whichever it is. */
static bool is_called(const char *name, const char *device)
{
    return name && *name && (!device || !strcmp(name, device));
}

/* What needs it has lost it when it went, and was not told. */
static void wake_those_that_need(const struct hearing *hearing, const struct set *wanted, const char *device)
{
    for (size_t i = 0; wanted->traits & SET_NEEDS && i < wanted->n; i++)
        if (is_called(wanted->items[i]->lower, device) || is_called(wanted->items[i]->controller, device))
            make_dirty(hearing, wanted->items[i]->name);
}

static void wake_those_that_wait(const struct hearing *hearing)
{
    if (memory_waiting(hearing->memory, hearing->told->dirty) != 0)
        hearing->told->dirty->outside = true; /* what they wait with may be a rule, or a route elsewhere */
}

/* What we removed ourselves is of the scope of the pass that did, and heard before its second look. */
static void on_gone(const struct hearing *hearing, const char *name)
{
    const struct set *wanted = config_wanted(hearing->config);

    if (name && wanted && set_get(wanted, name))
        make_dirty(hearing, name);
    if (!name || !wanted || !set_get(wanted, name) || is_spoken_of(wanted, name))
        make_outside_dirty(hearing);
}

/* What takes its outer address from it has to look for it again. */
static void wake_those_that_take_from(const struct hearing *hearing, const struct set *wanted, const char *device)
{
    for (size_t i = 0; wanted->traits & SET_TAKES_FROM && i < wanted->n; i++)
        if (is_called(tunnel_more(wanted->items[i])->local_name, device))
            make_dirty(hearing, wanted->items[i]->name);
}

/* Without an MTU of its own: it has that of the way to its peer. */
static bool follows_mtu(const struct tunnel *tunnel)
{
    return !(tunnel->stated & FIELD_MTU) && address_is_set(&tunnel->remote);
}

static void wake_those_that_follow(const struct hearing *hearing, const struct set *wanted, const char *device)
{
    for (size_t i = 0; i < wanted->n; i++)
        if (follows_mtu(wanted->items[i]) && (!*wanted->items[i]->lower || !strcmp(wanted->items[i]->lower, device)))
            make_dirty(hearing, wanted->items[i]->name);
}

/* Is the address in one of the tunnel's networks, or where one of its routes leads? */
static bool may_lead_to(const struct tunnel *tunnel, const struct address *address)
{
    for (size_t i = 0; i < tunnel->n_inner; i++)
        if (tunnel->inner[i].local.family == address->family && address_is_within(address, inner_network(&tunnel->inner[i]), tunnel->inner[i].prefix))
            return true;
    for (size_t i = 0; i < tunnel->routes.n; i++)
        if (tunnel->routes.items[i].family == address->family && address_is_within(address, &tunnel->routes.items[i].to, tunnel->routes.items[i].prefix))
            return true;
    return false;
}

/* One of ours may be the way to the peers of others. */
static void wake_those_over(const struct hearing *hearing, const struct set *wanted, const char *name)
{
    const struct tunnel *own = set_get(wanted, name);

    for (size_t i = 0; i < wanted->n; i++) {
        const struct tunnel *tunnel = wanted->items[i];

        if (tunnel != own && follows_mtu(tunnel) && (*tunnel->lower ? !strcmp(tunnel->lower, name) : may_lead_to(own, &tunnel->remote)))
            make_dirty(hearing, tunnel->name);
    }
}

static void forget_link(struct told *told, int ifindex)
{
    free(table_take(&told->known, &ifindex, sizeof(ifindex)));
}

/* What name had it ("": it is new, or was not known), and is, of one that is known, the MTU another one? */
static void learn_link(struct told *told, const struct heard *heard, char ret_was[static IFNAMSIZ], bool *ret_mtu)
{
    struct known *known = table_get(&told->known, &heard->ifindex, sizeof(heard->ifindex));

    strcpy(ret_was, known ? known->name : "");
    *ret_mtu = known ? known->mtu != heard->mtu : !heard->created;
    if (!known) {
        known = calloc(1, sizeof(*known));
        if (!known)
            return;
        known->ifindex = heard->ifindex;
        if (table_put(&told->known, &known->ifindex, sizeof(known->ifindex), known) < 0) {
            free(known);
            return;
        }
    }
    known->mtu = heard->mtu;
    strcpy(known->name, heard->name);
}

/* name: NULL: whichever it was */
static void on_name(const struct hearing *hearing, const struct set *wanted, const char *name)
{
    wake_those_that_need(hearing, wanted, name);
    wake_those_that_take_from(hearing, wanted, name);
}

static void on_other_link(const struct hearing *hearing, const struct set *wanted, const struct heard *heard)
{
    char was[IFNAMSIZ];
    bool mtu;

    learn_link(hearing->told, heard, was, &mtu);
    if (heard->marked && !(hearing->scope && scope_has(hearing->scope, heard->name)))
        hearing->told->dirty->all = true; /* one of ours under a name that no file says: it may be a wanted one, renamed */
    if (strcmp(was, heard->name) != 0) {
        if (*was || !heard->created)
            on_name(hearing, wanted, *was ? was : NULL);
        on_name(hearing, wanted, heard->name);
    }
    if (mtu)
        wake_those_that_follow(hearing, wanted, heard->name);
}

static void on_own_link(const struct hearing *hearing, const struct set *wanted, const struct heard *heard)
{
    char was[IFNAMSIZ];
    bool mtu;

    learn_link(hearing->told, heard, was, &mtu);
    if (*was && strcmp(was, heard->name) != 0)
        on_name(hearing, wanted, was);
    if (mtu)
        wake_those_over(hearing, wanted, heard->name);
}

/* Routes go with it, some without a word, and of those that come back with it some are the kernel's own. Most links come and
 * go as a whole: those never led anywhere. */
static void on_other_up_or_down(const struct hearing *hearing, const struct set *wanted, const struct heard *heard)
{
    struct known *known = table_get(&hearing->told->known, &heard->ifindex, sizeof(heard->ifindex));
    bool was_down = known && known->down;

    if (known)
        known->down = heard->event == MONITOR_DOWN;
    if (was_down || heard->event == MONITOR_DOWN)
        wake_those_that_follow(hearing, wanted, heard->name);
}

static bool covers(const struct heard *way, const struct address *address)
{
    return way->to.family == address->family && address_is_within(address, &way->to, way->prefix);
}

static bool has_route_to(const struct tunnel *tunnel, const struct heard *way)
{
    for (size_t i = 0; i < tunnel->routes.n; i++) {
        const struct route *route = &tunnel->routes.items[i];

        if (route->prefix == way->prefix && route->family == way->to.family && (!way->prefix || address_equal(&route->to, &way->to)))
            return true;
    }
    return false;
}

/* It may lead to peers, it may be what somebody put in the place of one of ours, and what waited may be reachable. */
static void on_way(struct hearing *hearing, const struct set *wanted, const struct heard *heard)
{
    const struct fact unknown = { .lower_index = 0 };

    for (size_t i = 0; i < wanted->n; i++) {
        const struct tunnel *tunnel = wanted->items[i];

        if (has_route_to(tunnel, heard)) {
            make_dirty(hearing, tunnel->name);
            make_outside_dirty(hearing);
        } else if (covers(heard, &tunnel->remote) && (follows_mtu(tunnel) || ways_may_loop(tunnel, &unknown))) {
            make_dirty(hearing, tunnel->name);
        }
    }
    wake_those_that_wait(hearing);
}

static bool sends_from(const struct tunnel *tunnel, const struct address *address)
{
    for (size_t i = 0; i < tunnel->routes.n; i++)
        if (address_is_set(address) && address_equal(&route_more(&tunnel->routes.items[i])->source, address))
            return true;
    return false;
}

/* With its link, which may have been the way to any peer. */
static bool is_lost_for_good(const struct heard *heard)
{
    return heard->event == MONITOR_UNADDRESS && !heard->name && !heard->ours && !(heard->local.family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&heard->local.v6));
}

/* On whichever link: with an address the kernel drops the routes that send from it (net/ipv4/fib_semantics.c
 * fib_sync_down_addr), older ones without a word, and makes and drops the one to its network, which is not listened to. */
static void on_address(const struct hearing *hearing, const struct set *wanted, const struct heard *heard)
{
    for (size_t i = 0; i < wanted->n; i++) {
        const struct tunnel *tunnel = wanted->items[i];

        if (wanted->traits & SET_SENDS_FROM && sends_from(tunnel, &heard->local)) {
            make_dirty(hearing, tunnel->name);
            if (tunnel_reaches_out(tunnel))
                make_outside_dirty(hearing);
        } else if (follows_mtu(tunnel) && (covers(heard, &tunnel->remote) || (is_lost_for_good(heard) && !*tunnel->lower))) {
            make_dirty(hearing, tunnel->name);
        }
    }
    if (heard->name)
        wake_those_that_take_from(hearing, wanted, heard->name);
}

static void on_own(const struct hearing *hearing, const struct set *wanted, const struct heard *heard)
{
    if (heard->event != MONITOR_ADDRESS || !heard->ours)
        make_dirty(hearing, heard->name);
    if (heard->event == MONITOR_LINK)
        on_own_link(hearing, wanted, heard);
    if (heard->event == MONITOR_UP || heard->event == MONITOR_DOWN)
        wake_those_over(hearing, wanted, heard->name);
    if (heard->event == MONITOR_UP)
        wake_those_that_need(hearing, wanted, heard->name);
}

static void on_other(struct hearing *hearing, const struct set *wanted, const struct heard *heard)
{
    if (heard->event == MONITOR_LINK)
        on_other_link(hearing, wanted, heard);
    if (heard->event == MONITOR_UP || heard->event == MONITOR_GONE)
        wake_those_that_need(hearing, wanted, heard->name);
    if (heard->event == MONITOR_UP || heard->event == MONITOR_DOWN)
        on_other_up_or_down(hearing, wanted, heard);
    /* what is on our own is most often our own doing, and who waits for that is woken by whoever did it */
    if (heard->event != MONITOR_LINK && heard->event != MONITOR_DOWN)
        wake_those_that_wait(hearing);
}

/* Kept while it can still be asked: most are gone in a moment. Of a process's further sockets the kernel makes numbers up,
 * from the top (net/netlink/af_netlink.c netlink_autobind). */
static void note_culprit(struct told *told, const char *tunnel, uint32_t who)
{
    struct culprit *culprit = table_get(&told->culprits, tunnel, strlen(tunnel));
    uint32_t pid = who & PID_MASK;
    char path[32], comm[COMM_SIZE + 1] = "";
    FILE *file;

    if (!pid || who > INT32_MAX || pid == (uint32_t)getpid() || (culprit && culprit->pid == pid))
        return;
    snprintf(path, sizeof(path), "/proc/%u/comm", pid);
    file = fopen(path, "re");
    if (!file)
        return;
    if (!fgets(comm, sizeof(comm), file))
        comm[0] = 0;
    fclose(file);
    comm[strcspn(comm, "\n")] = 0;
    if (!culprit) {
        culprit = calloc(1, sizeof(*culprit));
        if (!culprit)
            return;
        strcpy(culprit->tunnel, tunnel);
        if (table_put(&told->culprits, culprit->tunnel, strlen(culprit->tunnel), culprit) < 0) {
            free(culprit);
            return;
        }
    }
    culprit->pid = pid;
    snprintf(culprit->text, sizeof(culprit->text), "%s (process %u)", comm, pid);
}

const char *told_culprit(const struct told *told, const char *name)
{
    const struct culprit *culprit = table_get(&told->culprits, name, strlen(name));

    return culprit ? culprit->text : "";
}

static bool is_elsewhere(const struct heard *heard, bool own)
{
    switch (heard->event) {
    case MONITOR_WAY:
    case MONITOR_LOST:
        return true;
    case MONITOR_UP:
    case MONITOR_GONE:
    case MONITOR_ADDRESS:
    case MONITOR_UNADDRESS:
        return !own && !heard->ours;
    default:
        return false;
    }
}

/* What is not listened to must not be taken for what is so still. */
static void unlearn(struct told *told, const struct heard *heard)
{
    if (heard->event == MONITOR_LOST)
        free_values(&told->known);
    else if (heard->ifindex)
        forget_link(told, heard->ifindex);
}

static void on_event(const struct heard *heard, void *userdata)
{
    struct hearing *hearing = userdata;
    const struct set *wanted = config_wanted(hearing->config);
    bool own = heard->name && wanted && set_get(wanted, heard->name);

    if (own)
        note_culprit(hearing->told, heard->name, heard->who);
    hearing->elsewhere = hearing->elsewhere || is_elsewhere(heard, own);
    if (heard->event == MONITOR_LOST || !wanted || (hearing->scope && hearing->scope->all)) {
        hearing->told->dirty->all = hearing->told->dirty->all || !hearing->scope || !hearing->scope->all;
        unlearn(hearing->told, heard);
        return;
    }
    if (heard->event == MONITOR_RULE || heard->event == MONITOR_ROUTE)
        on_gone(hearing, heard->name);
    else if (heard->event == MONITOR_WAY)
        on_way(hearing, wanted, heard);
    else if (own)
        on_own(hearing, wanted, heard);
    else
        on_other(hearing, wanted, heard);
    if (heard->event == MONITOR_UP || heard->event == MONITOR_ADDRESS)
        if (is_spoken_of(wanted, heard->name))
            make_outside_dirty(hearing);
    if (heard->event == MONITOR_ADDRESS || heard->event == MONITOR_UNADDRESS)
        on_address(hearing, wanted, heard);
    if (heard->event == MONITOR_GONE) {
        wake_those_that_take_from(hearing, wanted, heard->name);
        forget_link(hearing->told, heard->ifindex);
    }
}

/* What happened meanwhile nobody knows: the look that follows is at everything. */
static void catch_up(struct hearing *hearing)
{
    const struct heard lost = { .event = MONITOR_LOST };
    struct told *told = hearing->told;

    if (!told->paused)
        return;
    told->paused = monitor_resume(told->monitor) < 0;
    on_event(&lost, hearing);
    told->dirty->all = told->dirty->all || told->paused;
}

bool told_read(struct told *told, const struct config *config, const struct memory *memory)
{
    struct hearing hearing = { told, config, memory, NULL, false };

    catch_up(&hearing);
    monitor_read(told->monitor, EVENTS_MOST, on_event, &hearing);
    return hearing.elsewhere;
}

bool told_before_look(struct told *told, const struct config *config, const struct memory *memory, const struct scope *scope)
{
    struct hearing hearing = { told, config, memory, scope, false };

    catch_up(&hearing);
    monitor_read(told->monitor, 0, on_event, &hearing);
    return hearing.elsewhere;
}

void told_pause(struct told *told)
{
    told->paused = true;
    monitor_pause(told->monitor);
}
