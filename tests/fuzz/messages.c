/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as what the kernel says of a link, an address, a route, a rule or a neighbour: the first byte says which. What was
 * made of it means the same after it was sent and told once more. */
#include <linux/rtnetlink.h>
#include <netlink/msg.h>

#include "fuzz.h"
#include "kernel/address.h"
#include "kernel/link.h"
#include "kernel/neighbour.h"
#include "kernel/route.h"
#include "kernel/rule.h"
#include "plan/diff.h"

/* As the kernel would tell of what was sent; NULL: it could not be sent. */
static struct nlmsghdr *told(struct nl_msg *sent, uint16_t type)
{
    if (!sent)
        return NULL;
    nlmsg_hdr(sent)->nlmsg_type = type;
    return nlmsg_hdr(sent);
}

static struct tunnel *link_again(const struct tunnel *tunnel)
{
    struct nl_msg *sent = link_create(tunnel, tunnel->lower_index, tunnel->mtu);
    struct nlmsghdr *message = told(sent, RTM_NEWLINK);
    struct tunnel *again = NULL;

    check(!message || link_decode(message, &again) == 0);
    nlmsg_free(sent);
    return again;
}

/* What the kernel cannot say: metadata of a kind that has none, a number twice that makes it of a kind. */
static bool is_nonsense(const struct tunnel *tunnel)
{
    const struct kind_info *info = kind_info(tunnel->kind);
    struct kind_mark mark = { .proto = tunnel->proto, .isatap = tunnel->kind == KIND_ISATAP, .external = tunnel->external };

    return kind_from_kernel(info->kernel_kind, &mark) != tunnel->kind || (tunnel->external && !(info->fields & FIELD_EXTERNAL));
}

static void try_link(const struct nlmsghdr *message)
{
    struct tunnel *tunnel, *again = NULL;
    struct link_brief brief;
    struct fact fact = { 0 };

    if (link_decode(message, &tunnel) < 0)
        return;
    check(link_decode_brief(message, &brief) == 0 && brief.ifindex == tunnel->actual.ifindex);
    check(brief.tells_ipv6 == ((tunnel->stated & FIELD_IPV6) != 0) && (tunnel->kind == KIND_NONE || brief.ours == tunnel->actual.ours));
    check(strnlen(tunnel->name, sizeof(tunnel->name)) < sizeof(tunnel->name));
    if (tunnel->kind != KIND_NONE)
        free(tell(tunnel));
    if (tunnel->kind != KIND_NONE && !is_nonsense(tunnel))
        again = link_again(tunnel);
    if (again) {
        fact.lower_index = tunnel->lower_index;
        check(again->kind == tunnel->kind && again->actual.ours);
        check(!(diff_fields(tunnel, again, &fact) & FIELDS_INFO & tunnel_fields(tunnel)));
        check(tunnel->lower_index == again->lower_index || !(tunnel_fields(tunnel) & FIELD_LOWER));
    }
    tunnel_free(again);
    tunnel_free(tunnel);
}

static void try_address(const struct nlmsghdr *message)
{
    struct nl_msg *sent;
    struct inner inner, again;
    int ifindex;

    if (address_decode(message, &ifindex, &inner) < 0 || !address_is_set(&inner.local) || inner.prefix > address_full_prefix(&inner.local))
        return;
    sent = address_add(&inner, ifindex);
    if (told(sent, RTM_NEWADDR)) {
        check(address_decode(nlmsg_hdr(sent), &ifindex, &again) == 0);
        check(again.ours && inner_equal(&inner, &again));
    }
    nlmsg_free(sent);
    nlmsg_free(address_delete(&inner, ifindex));
}

/* -1: it could not be sent. */
static int route_again(const struct route *route, struct route *ret)
{
    struct nl_msg *sent = route_add(route, true);
    int r = told(sent, RTM_NEWROUTE) ? route_decode(nlmsg_hdr(sent), ret) : -1;

    check(!sent || r == 0);
    nlmsg_free(sent);
    return r;
}

/* Twice, since what the kernel never says (bytes behind a prefix) is not sent. */
static void try_route(const struct nlmsghdr *message)
{
    struct route route, once, twice;

    if (route_decode(message, &route) < 0)
        return;
    if (route_again(&route, &once) == 0) {
        check(once.ours && route_again(&once, &twice) == 0);
        check(route_equal(&once, &twice) && route_equal(&twice, &once));
        route_done(&once);
        route_done(&twice);
    }
    nlmsg_free(route_delete(&route));
    route_done(&route);
}

static int rule_again(const struct rule *rule, struct rule *ret)
{
    struct nl_msg *sent = rule_add(rule);
    int r = told(sent, RTM_NEWRULE) ? rule_decode(nlmsg_hdr(sent), ret) : -1;

    check(!sent || r == 0);
    nlmsg_free(sent);
    return r;
}

static void try_rule(const struct nlmsghdr *message)
{
    struct rule rule, once, twice, key, other;

    if (rule_decode(message, &rule) < 0 || (rule.family != AF_INET && rule.family != AF_INET6))
        return;
    if (rule_again(&rule, &once) < 0)
        return;
    check(once.ours && rule_again(&once, &twice) == 0);
    key = rule_key(&once, true);
    other = rule_key(&twice, true);
    check(!memcmp(&key, &other, sizeof(key)));
    nlmsg_free(rule_delete(&rule));
}

static void try_neighbour(const struct nlmsghdr *message)
{
    struct neighbour neighbour, again;
    struct nl_msg *sent;
    int ifindex;

    if (neighbour_decode(message, &ifindex, &neighbour) < 0 || !address_is_set(&neighbour.inner) || !address_is_set(&neighbour.outer))
        return;
    sent = neighbour_add(&neighbour, ifindex);
    if (told(sent, RTM_NEWNEIGH)) {
        check(neighbour_decode(nlmsg_hdr(sent), &ifindex, &again) == 0);
        check(again.ours && address_equal(&neighbour.inner, &again.inner) && address_equal(&neighbour.outer, &again.outer));
    }
    nlmsg_free(sent);
    nlmsg_free(neighbour_delete(&neighbour, ifindex));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        uint16_t type;
        void (*try)(const struct nlmsghdr *message);
    } types[] = {
        { RTM_NEWLINK, try_link }, { RTM_NEWADDR, try_address }, { RTM_NEWROUTE, try_route }, { RTM_NEWRULE, try_rule }, { RTM_NEWNEIGH, try_neighbour },
    };
    struct nlmsghdr *message;

    if (!size)
        return 0;
    message = calloc(1, NLMSG_HDRLEN + size - 1);
    check(message);
    memcpy((char *)message + NLMSG_HDRLEN, data + 1, size - 1);
    message->nlmsg_len = (uint32_t)(NLMSG_HDRLEN + size - 1);
    message->nlmsg_type = types[*data % 5].type;
    types[*data % 5].try(message);
    free(message);
    return 0;
}
