/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "look.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/ip6gre.h>
#include <netlink/route/link/ip6tnl.h>
#include <netlink/route/link/ipgre.h>
#include <netlink/route/link/ipip.h>
#include <netlink/route/link/sit.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MOST = 4000 };

static FILE *out;
static struct nl_cache *links; /* of the last look */

static const char *name_of(int index)
{
    static char names[4][IF_NAMESIZE];
    static unsigned next;
    char *name = names[next++ % 4];

    return index ? rtnl_link_i2name(links, index, name, IF_NAMESIZE) : "-";
}

static const char *text_of(struct nl_addr *address)
{
    static char texts[4][80];
    static unsigned next;

    return address ? nl_addr2str(address, texts[next++ % 4], sizeof(texts[0])) : "-";
}

static void put_ipv4(const char *what, uint32_t address)
{
    fprintf(out, " %s %s", what, inet_ntoa((struct in_addr){ address }));
}

static void put_ipv6(const char *what, const struct in6_addr *address)
{
    char text[INET6_ADDRSTRLEN];

    fprintf(out, " %s %s", what, inet_ntop(AF_INET6, address, text, sizeof(text)));
}

static void put_gre(struct rtnl_link *link)
{
    put_ipv4("local", rtnl_link_ipgre_get_local(link));
    put_ipv4("remote", rtnl_link_ipgre_get_remote(link));
    fprintf(out, " ttl %u tos %u pmtudisc %u flags %x/%x key %u/%u", rtnl_link_ipgre_get_ttl(link), rtnl_link_ipgre_get_tos(link),
            rtnl_link_ipgre_get_pmtudisc(link), rtnl_link_ipgre_get_iflags(link), rtnl_link_ipgre_get_oflags(link), ntohl(rtnl_link_ipgre_get_ikey(link)),
            ntohl(rtnl_link_ipgre_get_okey(link)));
}

static void put_ipip(struct rtnl_link *link)
{
    put_ipv4("local", rtnl_link_ipip_get_local(link));
    put_ipv4("remote", rtnl_link_ipip_get_remote(link));
    fprintf(out, " ttl %u tos %u pmtudisc %u", rtnl_link_ipip_get_ttl(link), rtnl_link_ipip_get_tos(link), rtnl_link_ipip_get_pmtudisc(link));
}

static void put_sit(struct rtnl_link *link)
{
    put_ipv4("local", rtnl_link_sit_get_local(link));
    put_ipv4("remote", rtnl_link_sit_get_remote(link));
    fprintf(out, " ttl %u tos %u pmtudisc %u", rtnl_link_sit_get_ttl(link), rtnl_link_sit_get_tos(link), rtnl_link_sit_get_pmtudisc(link));
}

static void put_ip6gre(struct rtnl_link *link)
{
    struct in6_addr local = { 0 }, remote = { 0 };

    (void)rtnl_link_ip6gre_get_local(link, &local);
    (void)rtnl_link_ip6gre_get_remote(link, &remote);
    put_ipv6("local", &local);
    put_ipv6("remote", &remote);
}

static void put_ip6tnl(struct rtnl_link *link)
{
    struct in6_addr local = { 0 }, remote = { 0 };

    (void)rtnl_link_ip6_tnl_get_local(link, &local);
    (void)rtnl_link_ip6_tnl_get_remote(link, &remote);
    put_ipv6("local", &local);
    put_ipv6("remote", &remote);
    fprintf(out, " ttl %u", rtnl_link_ip6_tnl_get_ttl(link));
}

static void put_link(struct nl_object *object, void *userdata)
{
    static const struct {
        const char *kind;
        void (*put)(struct rtnl_link *link);
    } kinds[] = { { "gre", put_gre }, { "ipip", put_ipip }, { "sit", put_sit }, { "ip6gre", put_ip6gre }, { "ip6tnl", put_ip6tnl } };
    struct rtnl_link *link = (struct rtnl_link *)object;
    const char *kind = rtnl_link_get_type(link), *alias = rtnl_link_get_ifalias(link);

    (void)userdata;
    fprintf(out, "link %s %s group %u alias %s %s mtu %u", rtnl_link_get_name(link), kind ? kind : "-", rtnl_link_get_group(link), alias ? alias : "-",
            rtnl_link_get_flags(link) & IFF_UP ? "up" : "down", rtnl_link_get_mtu(link));
    for (size_t i = 0; kind && i < sizeof(kinds) / sizeof(*kinds); i++)
        if (!strcmp(kind, kinds[i].kind))
            kinds[i].put(link);
    fputc('\n', out);
}

static void put_address(struct nl_object *object, void *userdata)
{
    struct rtnl_addr *address = (struct rtnl_addr *)object;
    struct nl_addr *peer = rtnl_addr_get_peer(address);

    (void)userdata;
    if (rtnl_addr_get_scope(address) != RT_SCOPE_LINK || rtnl_addr_get_family(address) == AF_INET)
        fprintf(out, "address %s %s%s%s\n", name_of(rtnl_addr_get_ifindex(address)), text_of(rtnl_addr_get_local(address)), peer ? " peer " : "",
                peer ? text_of(peer) : "");
}

static void put_route(struct nl_object *object, void *userdata)
{
    struct rtnl_route *route = (struct rtnl_route *)object;
    struct rtnl_nexthop *hop = rtnl_route_get_nnexthops(route) ? rtnl_route_nexthop_n(route, 0) : NULL;

    (void)userdata;
    if (rtnl_route_get_protocol(route) == RTPROT_KERNEL || rtnl_route_get_protocol(route) == RTPROT_RA)
        return;
    fprintf(out, "route %s table %u %s via %s metric %u proto %u type %u\n", hop ? name_of(rtnl_route_nh_get_ifindex(hop)) : "-", rtnl_route_get_table(route),
            text_of(rtnl_route_get_dst(route)), hop ? text_of(rtnl_route_nh_get_gateway(hop)) : "-", rtnl_route_get_priority(route),
            rtnl_route_get_protocol(route), rtnl_route_get_type(route));
}

static void put_rule(struct nl_object *object, void *userdata)
{
    struct rtnl_rule *rule = (struct rtnl_rule *)object;
    const char *in = rtnl_rule_get_iif(rule), *to = rtnl_rule_get_oif(rule);

    (void)userdata;
    fprintf(out, "rule - %d %u from %s to %s iif %s oif %s mark %u table %u\n", rtnl_rule_get_family(rule), rtnl_rule_get_prio(rule),
            text_of(rtnl_rule_get_src(rule)), text_of(rtnl_rule_get_dst(rule)), in ? in : "-", to ? to : "-", rtnl_rule_get_mark(rule),
            rtnl_rule_get_table(rule));
}

static void put_neighbour(struct nl_object *object, void *userdata)
{
    struct rtnl_neigh *neighbour = (struct rtnl_neigh *)object;

    (void)userdata;
    if (rtnl_neigh_get_state(neighbour) & NUD_PERMANENT)
        fprintf(out, "neighbour %s %s %s\n", name_of(rtnl_neigh_get_ifindex(neighbour)), text_of(rtnl_neigh_get_dst(neighbour)),
                text_of(rtnl_neigh_get_lladdr(neighbour)));
}

static void check(int error, const char *what)
{
    if (error >= 0)
        return;
    fprintf(stderr, "%s cannot be looked at: %s\n", what, nl_geterror(error));
    exit(EXIT_FAILURE);
}

static void put_all(struct nl_cache *cache, void (*put)(struct nl_object *object, void *userdata))
{
    nl_cache_foreach(cache, put, NULL);
    nl_cache_free(cache);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Into an array of lines of text, which it cuts up. */
static size_t split(char *text, char **lines)
{
    size_t n = 0;
    char *line;

    while (n < LINES_MOST && (line = strsep(&text, "\n")))
        if (*line)
            lines[n++] = line;
    qsort(lines, n, sizeof(*lines), compare);
    return n;
}

char *look_sort(char *text)
{
    static char *lines[LINES_MOST];
    size_t n = split(text, lines), size;
    char *result;
    FILE *copy = open_memstream(&result, &size);

    for (size_t i = 0; i < n; i++)
        fprintf(copy, "%s\n", lines[i]);
    fclose(copy);
    free(text);
    return result;
}

char *look(void)
{
    struct nl_sock *socket = nl_socket_alloc();
    struct nl_cache *cache;
    char *text;
    size_t size;

    check(nl_connect(socket, NETLINK_ROUTE), "the kernel");
    out = open_memstream(&text, &size);
    nl_cache_free(links);
    check(rtnl_link_alloc_cache(socket, AF_UNSPEC, &links), "links");
    nl_cache_foreach(links, put_link, NULL);
    check(rtnl_addr_alloc_cache(socket, &cache), "addresses");
    put_all(cache, put_address);
    check(rtnl_route_alloc_cache(socket, AF_UNSPEC, 0, &cache), "routes");
    put_all(cache, put_route);
    check(rtnl_rule_alloc_cache(socket, AF_UNSPEC, &cache), "rules");
    put_all(cache, put_rule);
    check(rtnl_neigh_alloc_cache(socket, &cache), "neighbours");
    put_all(cache, put_neighbour);
    nl_socket_free(socket);
    fclose(out);
    return look_sort(text);
}

unsigned look_index(const char *name)
{
    return (unsigned)rtnl_link_name2i(links, name);
}

void look_diff(const char *have, const char *want)
{
    static char *left[LINES_MOST], *right[LINES_MOST];
    char *have_copy = strdup(have), *want_copy = strdup(want);
    size_t n = split(have_copy, left), m = split(want_copy, right), i = 0, j = 0;

    while (i < n || j < m) {
        int order = i == n ? 1 : j == m ? -1 : strcmp(left[i], right[j]);

        if (order)
            printf("# %s: %s\n", order < 0 ? "too much" : "missing", order < 0 ? left[i] : right[j]);
        i += order <= 0;
        j += order >= 0;
    }
    free(have_copy);
    free(want_copy);
}
