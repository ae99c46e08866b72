/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the kernel for what neither a file nor a link says. Only reads. */
#include "kernel/facts.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <stdlib.h>

#include "kernel/link.h"

struct path {
    struct fact *fact;
    int own_index; /* of the tunnel itself */
    int out_index; /* of the device that leads to the peer */
};

static void got_lower(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct fact *fact = userdata;

    (void)error, (void)text;
    if (reply)
        fact->lower_index = ((const struct ifinfomsg *)nlmsg_data(reply))->ifi_index;
}

static void set_controller(struct fact *fact, const struct tunnel *controller)
{
    fact->controller_index = controller->actual.ifindex;
    fact->vrf_table = controller->actual.vrf_table;
}

static void got_controller(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct tunnel *controller = NULL;

    (void)error, (void)text;
    if (reply && link_decode(reply, &controller) >= 0)
        set_controller(userdata, controller);
    tunnel_free(controller);
}

/* The devices that it needs: by the snapshot, or else by asking. */
static int ask_devices(struct netlink *netlink, const struct snapshot *snapshot, const struct tunnel *wanted, struct fact *fact)
{
    const struct tunnel *lower = set_get(snapshot->links, wanted->lower), *controller = set_get(snapshot->links, wanted->controller);
    struct nl_msg *message;
    int r = 0;

    if (lower)
        fact->lower_index = lower->actual.ifindex;
    if (controller)
        set_controller(fact, controller);
    if (*wanted->lower && !lower && !snapshot->complete) {
        message = link_get(wanted->lower);
        r = message ? netlink_queue(netlink, message, got_lower, fact) : -ENOMEM;
    }
    if (r >= 0 && *wanted->controller && !controller && !snapshot->complete) {
        message = link_get(wanted->controller);
        r = message ? netlink_queue(netlink, message, got_controller, fact) : -ENOMEM;
    }
    return r;
}

static void got_route(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct path *path = userdata;
    struct nlattr *out;

    (void)error, (void)text;
    if (!reply || reply->nlmsg_type != RTM_NEWROUTE)
        return;
    out = nlmsg_find_attr((struct nlmsghdr *)reply, sizeof(struct rtmsg), RTA_OIF);
    if (out && nla_len(out) >= (int)sizeof(uint32_t))
        path->out_index = (int)nla_get_u32(out);
}

/* As the kernel looks for it when a tunnel is made (net/ipv4/ip_tunnel.c ip_tunnel_bind_dev). */
static struct nl_msg *route_get(const struct tunnel *wanted, int lower_index)
{
    struct rtmsg header = { .rtm_family = wanted->remote.family, .rtm_dst_len = address_full_prefix(&wanted->remote) };
    struct nl_msg *message;
    int r = -ENOMEM;

    if (address_is_set(&wanted->local))
        header.rtm_src_len = header.rtm_dst_len;
    message = netlink_message(RTM_GETROUTE, 0, &header, sizeof(header));
    if (message)
        r = nla_put(message, RTA_DST, (int)address_size(&wanted->remote), wanted->remote.bytes);
    if (r >= 0 && address_is_set(&wanted->local))
        r = nla_put(message, RTA_SRC, (int)address_size(&wanted->local), wanted->local.bytes);
    if (r >= 0 && lower_index)
        r = nla_put_u32(message, RTA_OIF, (uint32_t)lower_index);
    if (r >= 0 && wanted->fwmark)
        r = nla_put_u32(message, RTA_MARK, wanted->fwmark);
    if (r >= 0)
        return message;
    nlmsg_free(message);
    return NULL;
}

static void got_mtu(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct path *path = userdata;
    struct nlattr *mtu;

    (void)error, (void)text;
    if (!reply || reply->nlmsg_type != RTM_NEWLINK)
        return;
    mtu = nlmsg_find_attr((struct nlmsghdr *)reply, sizeof(struct ifinfomsg), IFLA_MTU);
    if (mtu && nla_len(mtu) >= (int)sizeof(uint32_t))
        path->fact->path_mtu = nla_get_u32(mtu);
}

static struct nl_msg *link_get_index(int ifindex)
{
    struct ifinfomsg header = { .ifi_family = AF_UNSPEC, .ifi_index = ifindex };

    return netlink_message(RTM_GETLINK, 0, &header, sizeof(header));
}

static int index_links(const struct set *links, struct table *ret)
{
    for (size_t i = 0; i < links->n; i++) {
        int r = table_put(ret, &links->items[i]->actual.ifindex, sizeof(links->items[i]->actual.ifindex), links->items[i]);

        if (r < 0)
            return r;
    }
    return 0;
}

/* A tunnel whose peer is reached through the tunnel itself would shrink with every look. */
static int ask_mtus(struct netlink *netlink, const struct snapshot *snapshot, struct path *paths, size_t n)
{
    struct table by_index = { 0 };
    int r = index_links(snapshot->links, &by_index);

    for (size_t i = 0; r >= 0 && i < n; i++) {
        struct path *path = &paths[i];
        const struct tunnel *out;

        if (!path->out_index || path->out_index == path->own_index)
            continue;
        out = table_get(&by_index, &path->out_index, sizeof(path->out_index));
        if (out) {
            path->fact->path_mtu = out->mtu;
        } else {
            struct nl_msg *message = link_get_index(path->out_index);

            r = message ? netlink_queue(netlink, message, got_mtu, path) : -ENOMEM;
        }
    }
    table_done(&by_index);
    return r < 0 ? r : netlink_flush(netlink);
}

static bool needs_path(const struct tunnel *wanted, const struct tunnel *actual)
{
    return actual && actual->kind != KIND_NONE && tunnel_presence(wanted) != PRESENCE_MUST_NOT && !(wanted->stated & FIELD_MTU)
           && address_is_set(&wanted->remote) && !address_is_multicast(&wanted->remote);
}

static int ask_paths(struct netlink *netlink, const struct snapshot *snapshot, const struct set *wanted, struct facts *facts)
{
    struct path *paths = calloc(wanted->n + 1, sizeof(*paths));
    size_t n = 0;
    int r = paths ? 0 : -ENOMEM;

    for (size_t i = 0; r >= 0 && i < wanted->n; i++) {
        const struct tunnel *actual = set_get(snapshot->links, wanted->items[i]->name);
        struct nl_msg *message;

        if (!needs_path(wanted->items[i], actual))
            continue;
        paths[n] = (struct path){ .fact = &facts->items[i], .own_index = actual->actual.ifindex };
        message = route_get(wanted->items[i], facts->items[i].lower_index);
        r = message ? netlink_queue(netlink, message, got_route, &paths[n++]) : -ENOMEM;
    }
    if (r >= 0)
        r = netlink_flush(netlink);
    if (r >= 0)
        r = ask_mtus(netlink, snapshot, paths, n);
    if (r < 0)
        netlink_discard(netlink);
    free(paths);
    return r;
}

int facts_find(struct netlink *netlink, const struct snapshot *snapshot, const struct set *wanted, struct facts *ret)
{
    struct facts facts = { .items = calloc(wanted->n + 1, sizeof(*facts.items)), .n = wanted->n };
    int r = facts.items ? 0 : -ENOMEM;

    for (size_t i = 0; r >= 0 && i < wanted->n; i++)
        if (*wanted->items[i]->lower || *wanted->items[i]->controller)
            r = ask_devices(netlink, snapshot, wanted->items[i], &facts.items[i]);
    if (r >= 0)
        r = netlink_flush(netlink);
    if (r >= 0)
        r = ask_paths(netlink, snapshot, wanted, &facts);
    if (r < 0) {
        netlink_discard(netlink);
        free(facts.items);
    } else {
        *ret = facts;
    }
    return r;
}

void facts_done(struct facts *facts)
{
    free(facts->items);
    *facts = (struct facts){ 0 };
}
