/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as what the kernel answers, down the whole road: a look at all of it or at some links, the facts, the plan, and its
 * steps. The first byte says which. Whatever it says, all comes to an end, and nothing is read that was not received. */
#include <errno.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

#include "kernel.h"
#include "kernel/apply.h"
#include "kernel/counters.h"
#include "kernel/facts.h"
#include "kernel/snapshot.h"
#include "kernel/sysctl.h"
#include "kernel/uevent.h"
#include "plan/plan.h"
#include "read/ifcfg.h"
#include "read/routes.h"
#include "write/ip.h"

ssize_t __wrap_recv(int fd, void *buffer, size_t room, int flags);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout);
ssize_t __wrap_sendto(int fd, const void *buffer, size_t size, int flags, const struct sockaddr *to, socklen_t to_size);
char *__wrap_if_indextoname(unsigned index, char *name);
int __wrap_sysctl_set_ipv6(const char *link, bool on);
int __wrap_sysctl_set_conf(const char *link, enum conf conf, uint8_t value);
void __wrap_uevent_change(const char *link);

enum { WANTED = 3 };

static const char *const files[WANTED] = {
    "DEVICE=gre1\nTYPE=GRE\nMY_OUTER_IPADDR=192.0.2.1\nPEER_OUTER_IPADDR=192.0.2.2\nTUNNEL_DEVICE=eth0\nVRF=red\nMY_INNER_IPADDR=10.0.0.1/30\n",
    "DEVICE=many\nTYPE=GRE\nMY_OUTER_IPADDR=192.0.2.1\nKEY=1\nMY_INNER_IPADDR=10.2.0.1/24\nNEIGHBOR1_INNER_IPADDR=10.2.0.2\nNEIGHBOR1_OUTER_IPADDR=192.0.2.9\n",
    "DEVICE=six\nTYPE=GRE6\nMY_OUTER_IPADDR=2001:db8::1\nPEER_OUTER_IPADDR=2001:db8::2\nIPV6INIT=yes\nIPV6ADDR=2001:db8:1::1/64\nIPV6FORWARDING=yes\n",
};

static uint32_t first, last; /* the numbers of what was sent */

/* What was sent is answered with its number, unless the input insists. */
static void number(void *buffer, size_t size, bool right)
{
    struct nlmsghdr *message = buffer;
    int left = (int)size;

    for (; right && left >= NLMSG_HDRLEN && NLMSG_OK(message, (unsigned)left); message = NLMSG_NEXT(message, left))
        message->nlmsg_seq = first + message->nlmsg_seq % (last - first + 1);
}

ssize_t __wrap_recv(int fd, void *buffer, size_t room, int flags)
{
    static const int errors[] = { EAGAIN, EINTR, ENOBUFS, ENOMEM };
    unsigned what = kernel_byte();
    ssize_t n;

    (void)fd, (void)flags;
    kernel_show();
    n = kernel_datagram(buffer, room);
    if (what >= 0xf0 || n < 0) {
        errno = n < 0 ? ENOBUFS : errors[what & 3];
        return -1;
    }
    if (n <= (ssize_t)room)
        number(buffer, (size_t)n, what < 0xe0);
    return n;
}

int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout)
{
    (void)fds, (void)n, (void)timeout;
    return 1;
}

ssize_t __wrap_sendto(int fd, const void *buffer, size_t size, int flags, const struct sockaddr *to, socklen_t to_size)
{
    const struct nlmsghdr *message = buffer;
    int left = (int)size;

    (void)fd, (void)flags, (void)to, (void)to_size;
    first = message->nlmsg_seq;
    for (; left >= NLMSG_HDRLEN && NLMSG_OK(message, (unsigned)left); message = NLMSG_NEXT(message, left))
        last = message->nlmsg_seq;
    check(left == 0 && last >= first);
    return (ssize_t)size;
}

char *__wrap_if_indextoname(unsigned index, char *name)
{
    if (index > 100)
        return NULL;
    snprintf(name, IFNAMSIZ, "link%u", index);
    return name;
}

int __wrap_sysctl_set_ipv6(const char *link, bool on)
{
    (void)on;
    return *link == 's' ? -ENOENT : 0;
}

int __wrap_sysctl_set_conf(const char *link, enum conf conf, uint8_t value)
{
    (void)link, (void)conf, (void)value;
    return 0;
}

void __wrap_uevent_change(const char *link)
{
    (void)link;
}

static void read_lines(struct tunnel *tunnel, const char *text, bool rules)
{
    struct routes_input input = { "/etc/tunneld/route-x", text, strlen(text), AF_INET, rules, NULL };
    struct problems problems = { 0 };

    check(routes_read(tunnel, &input, &problems) == 0 && !problems.n);
}

static struct set *read_wanted(void)
{
    struct set *wanted = set_new(true);
    struct assignments network = { 0 };
    struct problems problems = { 0 };
    struct ifcfg_device device;

    for (size_t i = 0; i < WANTED; i++) {
        struct ifcfg_input input = { .file = { "/etc/tunneld/ifcfg-x", files[i], strlen(files[i]), false }, .network = &network, .place = IFCFG_PLACE_EITHER };
        struct tunnel *tunnel;

        check(ifcfg_read(&input, &tunnel, &device, &problems) == IFCFG_TUNNEL && set_add(wanted, tunnel) == 0);
    }
    read_lines(wanted->items[0], "10.1.0.0/16 via 10.0.0.2 dev gre1\n10.3.0.0/16 dev many metric 5 table 7 mtu 1400\nblackhole 10.9.0.0/16\n", false);
    read_lines(wanted->items[1], "from 10.1.0.0/16 table 7 pref 5\n", true);
    problems_done(&problems);
    return wanted;
}

static void print(const struct plan *plan)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    check(out);
    for (size_t i = 0; i < plan->n_steps; i++)
        ip_step(&plan->steps[i], out);
    check(fclose(out) == 0);
    free(text);
}

static void carry_out(struct netlink *netlink, const struct snapshot *snapshot, const struct set *wanted, const struct facts *facts)
{
    struct plan_input input = {
        .wanted = wanted,
        .actual = snapshot->links,
        .facts = facts,
        .everyone = wanted,
        .adoption = ADOPTION_SAME_KIND,
        .whole = true,
        .outside = true,
    };
    struct apply_options options = { .group_delete = !snapshot->foreign_doomed };
    struct plan plan;

    check(plan_make(&input, &plan) == 0);
    print(&plan);
    (void)apply_plan(netlink, &plan, &options);
    for (size_t i = 0; i < plan.n_steps; i++)
        check(plan.steps[i].error <= 0);
    plan_done(&plan);
}

static void go_down_the_road(struct netlink *netlink, const struct set *wanted, const struct scope *scope)
{
    struct snapshot snapshot;
    struct facts facts;

    if (snapshot_take(netlink, scope, &snapshot) < 0)
        return;
    for (size_t i = 0; i < snapshot.links->n; i++)
        check(set_get(snapshot.links, snapshot.links->items[i]->name) == snapshot.links->items[i]);
    if (facts_find(netlink, &snapshot, wanted, &facts) >= 0) {
        carry_out(netlink, &snapshot, wanted, &facts);
        facts_done(&facts);
    }
    snapshot_done(&snapshot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct netlink *netlink;
    static struct set *wanted;
    struct scope scope = { 0 };
    struct counters counters;
    unsigned what;

    if (!netlink) {
        wanted = read_wanted();
        check(netlink_open(&netlink) == 0);
    }
    kernel_says(data, size);
    what = kernel_byte();
    if (what & 4) {
        (void)counters_take(netlink, 7, &counters);
        kernel_show();
        return 0;
    }
    scope.all = !(what & 1);
    scope.outside = what & 2;
    for (size_t i = 0; !scope.all && i < wanted->n; i++)
        check(scope_add(&scope, wanted->items[i]->name) == 0);
    go_down_the_road(netlink, wanted, &scope);
    kernel_show();
    scope_done(&scope);
    return 0;
}
