/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel itself costs: the work of an agent, done by the shortest program that does it, which knows nothing and checks little.
 * And it watches for others: it waits until the kernel has what somebody was told to make, and says how long that took. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "await.h"
#include "rtnetlink.h"
#include "storm.h"

enum { CREATED_AT_ONCE = 128, DELETED_AT_ONCE = 512 };

struct made {
    unsigned first;
    int ifindexes[CREATED_AT_ONCE];
};

static void note_ifindex(void *userdata, const struct nlmsghdr *message)
{
    struct made *made = userdata;
    const struct ifinfomsg *link = NLMSG_DATA(message);
    const struct rtattr *name = rtnetlink_attribute(message, sizeof(*link), IFLA_IFNAME);
    unsigned i = name ? tunnel_number(RTA_DATA(name)) : 0;

    if (message->nlmsg_type == RTM_NEWLINK && i >= made->first && i < made->first + CREATED_AT_ONCE)
        made->ifindexes[i - made->first] = link->ifi_index;
}

static void turn_ipv6_off(unsigned i)
{
    char name[IFNAMSIZ], path[64];
    int fd;

    tunnel_name(i, name);
    snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, "1", 1) != 1)
        die("%s: %s", path, strerror(errno));
    close(fd);
}

static void send_all(struct rtnetlink *rtnetlink, rtnetlink_answer answer, void *userdata, const char *what)
{
    int error = 0;
    unsigned errors = rtnetlink_send(rtnetlink, answer, userdata, &error);

    if (errors)
        die("%s: %u errors, the first of them: %s", what, errors, strerror(-error));
}

static void apply(struct rtnetlink *rtnetlink, unsigned n)
{
    for (unsigned first = 1; first <= n; first += CREATED_AT_ONCE) {
        unsigned end = first + CREATED_AT_ONCE <= n + 1 ? first + CREATED_AT_ONCE : n + 1;
        struct made made = { .first = first };
        for (unsigned i = first; i < end; i++) {
            tunnel_add_link(rtnetlink, i, NLM_F_CREATE | NLM_F_EXCL, TTL);
            tunnel_add_get(rtnetlink, i);
        }
        send_all(rtnetlink, note_ifindex, &made, "creating");
        for (unsigned i = first; i < end; i++)
            turn_ipv6_off(i);
        for (unsigned i = first; i < end; i++) {
            int ifindex = made.ifindexes[i - first];
            struct ifinfomsg up = { .ifi_index = ifindex, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
            rtnetlink_add(rtnetlink, RTM_NEWLINK, 0, &up, sizeof(up));
            tunnel_add_address(rtnetlink, RTM_NEWADDR, i, ifindex);
            tunnel_add_route(rtnetlink, RTM_NEWROUTE, i, ifindex);
        }
        send_all(rtnetlink, NULL, NULL, "up, addresses and routes");
    }
}

struct found {
    unsigned n;
    struct {
        unsigned i;
        int ifindex;
    } * links;
};

static void find_link(void *userdata, const struct nlmsghdr *message)
{
    struct found *found = userdata;
    const struct ifinfomsg *link = NLMSG_DATA(message);
    const struct rtattr *name = rtnetlink_attribute(message, sizeof(*link), IFLA_IFNAME);
    unsigned i = name ? tunnel_number(RTA_DATA(name)) : 0;

    if (!i || found->n == TUNNELS_MOST)
        return;
    found->links[found->n].i = i;
    found->links[found->n++].ifindex = link->ifi_index;
}

/* Routes and addresses first, and in batches: to take them from each link as it goes costs the kernel some times as much. */
static void delete_chunk(struct rtnetlink *rtnetlink, const struct found *found, unsigned from, unsigned to)
{
    struct ifinfomsg header = { 0 };

    for (unsigned k = from; k < to; k++) {
        tunnel_add_route(rtnetlink, RTM_DELROUTE, found->links[k].i, found->links[k].ifindex);
        tunnel_add_address(rtnetlink, RTM_DELADDR, found->links[k].i, found->links[k].ifindex);
        header.ifi_index = found->links[k].ifindex;
        rtnetlink_add(rtnetlink, RTM_NEWLINK, 0, &header, sizeof(header));
        rtnetlink_put_u32(rtnetlink, IFLA_GROUP, GROUP_GOING);
    }
    (void)rtnetlink_send(rtnetlink, NULL, NULL, NULL); /* somebody may have taken a route away */
    header.ifi_index = 0;
    rtnetlink_add(rtnetlink, RTM_DELLINK, 0, &header, sizeof(header));
    rtnetlink_put_u32(rtnetlink, IFLA_GROUP, GROUP_GOING);
    send_all(rtnetlink, NULL, NULL, "deleting");
}

static void teardown(struct rtnetlink *rtnetlink)
{
    struct found found = { .links = calloc(TUNNELS_MOST, sizeof(*found.links)) };

    if (!found.links)
        die("out of memory");
    tunnels_add_link_dump(rtnetlink);
    rtnetlink_dump(rtnetlink, find_link, &found);
    for (unsigned from = 0; from < found.n; from += DELETED_AT_ONCE)
        delete_chunk(rtnetlink, &found, from, from + DELETED_AT_ONCE < found.n ? from + DELETED_AT_ONCE : found.n);
    free(found.links);
}

static void count(void *userdata, const struct nlmsghdr *message)
{
    (void)message;
    ++*(unsigned *)userdata;
}

static void dump(struct rtnetlink *rtnetlink)
{
    unsigned links = 0, addresses = 0;

    tunnels_add_link_dump(rtnetlink);
    rtnetlink_dump(rtnetlink, count, &links);
    tunnels_add_address_dump(rtnetlink);
    rtnetlink_dump(rtnetlink, count, &addresses);
    printf("%u %u ", links, addresses);
}

static void edit(struct rtnetlink *rtnetlink, unsigned i, int ttl)
{
    tunnel_add_link(rtnetlink, i, 0, ttl);
    send_all(rtnetlink, NULL, NULL, "changing");
}

static void delete_one(struct rtnetlink *rtnetlink, unsigned i)
{
    static const struct ifinfomsg header;
    char name[IFNAMSIZ];

    tunnel_name(i, name);
    rtnetlink_add(rtnetlink, RTM_DELLINK, 0, &header, sizeof(header));
    rtnetlink_put_text(rtnetlink, IFLA_IFNAME, name);
    send_all(rtnetlink, NULL, NULL, "deleting");
}

static unsigned number(const char *text, unsigned most)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    if (!*text || *end || value > most)
        die("%s is no number up to %u", text, most);
    return (unsigned)value;
}

static const char usage[] = "Usage: bench-floor VERB [ARGUMENT...]\n"
                            "Does to the kernel what an agent for tunnels t1 to tN would, and prints: ms, ms of CPU, KiB of memory at most.\n"
                            "  apply N          make them, with an address and a route each\n"
                            "  dump             read all links and addresses (prints their numbers first)\n"
                            "  edit I TTL       change one\n"
                            "  remove I         remove one\n"
                            "  teardown         remove all\n"
                            "Or it waits until the kernel has something, and prints how many ms that took:\n"
                            "  await N START                since START, in seconds as of EPOCHREALTIME: all up with address and route\n"
                            "  await-ttl I TTL FROM TO      since file FROM was renamed to TO: one has that ttl\n"
                            "  await-gone I FILE...         since those files are gone: one is gone, too\n"
                            "  await-none N DIRECTORY       since all files in there are going (and how long they took): all are gone, too\n"
                            "  await-quiet PID START        since START: a process has last used the processor, and for a second not\n"
                            "  await-ready START COMMAND... since START: a daemon has said READY=1; its process id first\n"
                            "Or it runs somebody else, and prints the same:\n"
                            "  run SECONDS COMMAND...       no longer than that\n"
                            "Or it makes trouble:\n"
                            "  storm DIRECTORY N RATE SECONDS   takes away links, addresses and routes, sets links down, edits files\n";

static void report_own(double began)
{
    struct rusage own;

    getrusage(RUSAGE_SELF, &own);
    printf("%.3f %.3f %ld\n", 1000 * (now_seconds() - began), milliseconds(&own.ru_utime) + milliseconds(&own.ru_stime), own.ru_maxrss);
}

int main(int argc, char **argv)
{
    double began = now_seconds();
    const char *verb = argc > 1 ? argv[1] : "";
    struct rtnetlink *rtnetlink = rtnetlink_new();

    if (!strcmp(verb, "apply") && argc == 3)
        apply(rtnetlink, number(argv[2], TUNNELS_MOST));
    else if (!strcmp(verb, "dump") && argc == 2)
        dump(rtnetlink);
    else if (!strcmp(verb, "edit") && argc == 4)
        edit(rtnetlink, number(argv[2], TUNNELS_MOST), (int)number(argv[3], 255));
    else if (!strcmp(verb, "remove") && argc == 3)
        delete_one(rtnetlink, number(argv[2], TUNNELS_MOST));
    else if (!strcmp(verb, "teardown") && argc == 2)
        teardown(rtnetlink);
    else if (!strcmp(verb, "storm") && argc == 6)
        return storm(rtnetlink, argv[2], number(argv[3], TUNNELS_MOST), number(argv[4], 100000), number(argv[5], 1000000));
    else if (!await(rtnetlink, argc - 1, argv + 1)) {
        fputs(usage, stderr);
        return 2;
    } else
        return 0;
    report_own(began);
    rtnetlink_free(rtnetlink);
    return 0;
}
