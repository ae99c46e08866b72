/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps to messages, in the order of the plan. Never decides anything: what a step does not say is not done. */
#include "kernel/apply.h"

#include <assert.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "kernel/address.h"
#include "kernel/link.h"
#include "kernel/neighbour.h"
#include "kernel/route.h"
#include "kernel/rule.h"
#include "kernel/sysctl.h"
#include "kernel/uevent.h"

enum {
    GROUP_CHUNK = 256, /* links deleted by one message: bounds how long the kernel holds its lock */
    GROUP_LEAST = 3,   /* fewer are deleted one by one, without leaving the batch */
};

/* A link that this plan makes. */
struct made {
    const char *name;
    struct step *step;
    struct link_brief link; /* as read back; ifindex 0: not there */
};

struct applying {
    struct netlink *netlink;
    struct plan *plan;
    const struct apply_options *options;
    struct made *made;
    size_t n_made;
    struct table by_name; /* name -> struct made */
    bool out_of_memory;
};

static bool is_missing_module(int error, const char *text)
{
    return error == -EOPNOTSUPP && text && strstr(text, "Unknown device type");
}

static bool sends_encap(const struct step *step)
{
    return (step->type == STEP_CREATE || (step->type == STEP_CHANGE && step->fields & FIELDS_INFO)) && step->wanted->encap.type;
}

/* What is not about a link. */
static const char *explain_route_error(const struct step *step, int error)
{
    bool route = step->type == STEP_ADD_ROUTE || step->type == STEP_DELETE_ROUTE;

    if (error == -EEXIST && step->type == STEP_ADD_ROUTE)
        return "there is one to the same destination already, with the same metric";
    if (error == -EEXIST && step->type == STEP_ADD_RULE)
        return "there is the same one already";
    if (error == -ENETUNREACH && step->type == STEP_ADD_ROUTE)
        return "its next hop cannot be reached, or not through that device";
    if (error == -ENODEV && step->type == STEP_ADD_ROUTE)
        return "its device is not there";
    if (error == -ENETDOWN && step->type == STEP_ADD_ROUTE)
        return "its device is down";
    if (error == -EAFNOSUPPORT || error == -EOPNOTSUPP)
        return route ? "this kernel has no such routes" : "this kernel has no such rules";
    return NULL;
}

/* For tunnels the kernel explains next to nothing by itself. */
static char *explain_error(const struct step *step, int error, const char *text)
{
    const struct tunnel *tunnel = step_tunnel(step);
    const struct kind_info *info = kind_info(tunnel ? tunnel->kind : KIND_NONE);
    const char *known = step->type >= STEP_DELETE_ROUTE ? explain_route_error(step, error) : NULL;
    char *message = NULL;
    int n;

    if (known)
        n = asprintf(&message, "%s%s%s%s", known, text ? " (the kernel says: " : "", text ? text : "", text ? ")" : "");
    else if (is_missing_module(error, text))
        n = asprintf(&message, "the kernel has no %s tunnels: its module %s is missing", info->name, info->module);
    else if (error == -EPERM || error == -EACCES)
        n = asprintf(&message, "the kernel does not permit it: CAP_NET_ADMIN is needed%s%s", text ? ": " : "", text ? text : "");
    else if (error == -EEXIST && step->type == STEP_RENAME)
        n = asprintf(&message, "another link has the name");
    else if (error == -EEXIST && step->type == STEP_CREATE)
        n = asprintf(&message, "another link has the name, or the same outer addresses%s", info->unique & FIELD_IKEY ? " and key" : "");
    else if (error == -EEXIST && step->type == STEP_ADD_ADDRESS)
        n = asprintf(&message, "the link has that address already, in another form");
    else if (error == -EEXIST)
        n = asprintf(&message, "another tunnel has the same outer addresses%s", info->unique & FIELD_IKEY ? " and key" : "");
    else if (error == -ENODEV)
        n = asprintf(&message, "the link is gone");
    else if (error == -ENOENT && (step->type == STEP_IPV6 || step->type == STEP_CONF))
        n = asprintf(&message, "IPv6 is wanted on the tunnel, and this kernel has none");
    else if (step->type == STEP_CONTROLLER && *tunnel->controller)
        n = asprintf(&message, "the device %s does not take it: %s", tunnel->controller, text ? text : strerror(-error));
    else if (error == -EINVAL && sends_encap(step))
        n = asprintf(&message, "the kernel refuses it: for the encapsulation its module %s must be loaded, which it does not load by itself",
                     info->family == AF_INET6 ? "fou6" : "fou");
    else if (text)
        n = asprintf(&message, "the kernel says: %s (%s)", text, strerror(-error));
    else if (error == -EINVAL)
        n = asprintf(&message, "the kernel refuses these values and does not say why (%s)", strerror(-error));
    else
        n = asprintf(&message, "%s", strerror(-error));
    return n < 0 ? NULL : message;
}

static void fail_step(struct step *step, int error, const char *text)
{
    if (step->error || !error)
        return;
    step->error = error;
    if (error != -ECANCELED)
        step->message = explain_error(step, error, text);
}

static void step_done(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    (void)reply;
    fail_step(userdata, error, text);
}

static void read_back(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct made *made = userdata;

    (void)error, (void)text;
    if (!reply || made->step->error || link_decode_brief(reply, &made->link) < 0)
        made->link = (struct link_brief){ 0 };
    if (!made->link.ifindex)
        fail_step(made->step, -ENODEV, NULL);
}

static int queue(struct applying *applying, struct nl_msg *message, netlink_done_fn done, void *userdata)
{
    return message ? netlink_queue(applying->netlink, message, done, userdata) : -ENOMEM;
}

static int flush(struct applying *applying)
{
    int r = netlink_flush(applying->netlink);

    if (applying->options->tick)
        applying->options->tick(applying->options->userdata);
    return r;
}

static int create(struct applying *applying, struct step *step)
{
    struct made *made = &applying->made[applying->n_made++];
    int r;

    *made = (struct made){ .name = step->wanted->name, .step = step };
    r = table_put(&applying->by_name, made->name, strlen(made->name), made);
    if (r >= 0)
        r = queue(applying, link_create(step->wanted, step->lower_index, step->mtu), step_done, step);
    /* the answer tells the new ifindex, and what the kernel really took */
    return r < 0 ? r : queue(applying, link_get(step->wanted->name), read_back, made);
}

/* The link that a step is about: 0 if it is not there, because making it failed. */
static int ifindex_of(struct applying *applying, const struct step *step, int *ret)
{
    const char *name = step_tunnel(step)->name;
    struct made *made = table_get(&applying->by_name, name, strlen(name));
    int r;

    if (step->actual) {
        *ret = step->actual->actual.ifindex;
        return 0;
    }
    assert(made);
    if (!made->link.ifindex && !made->step->error) {
        r = flush(applying);
        if (r < 0)
            return r;
    }
    *ret = made->step->error ? 0 : made->link.ifindex;
    return 0;
}

static int set_ipv6(struct applying *applying, struct step *step)
{
    const char *name = step->wanted->name;
    struct made *made = table_get(&applying->by_name, name, strlen(name));
    bool wanted = step->wanted->ipv6;
    int r = 0;

    if (made && made->link.tells_ipv6 && made->link.ipv6 == wanted)
        return 0; /* it was made like that */
    if (!made)
        r = flush(applying); /* what comes before it in the plan is done before it */
    if (r >= 0) {
        int error = sysctl_set_ipv6(name, wanted);

        fail_step(step, error == -ENOENT && !wanted ? 0 : error, NULL);
    }
    return r;
}

static int set_conf(struct applying *applying, struct step *step)
{
    const char *name = step->wanted->name;
    struct made *made = table_get(&applying->by_name, name, strlen(name));
    uint8_t wanted = step->wanted->conf[step->conf];
    int r = 0;

    if (made && made->link.tells_ipv6 && made->link.conf[step->conf] == wanted)
        return 0; /* it was made like that */
    if (!made)
        r = flush(applying);
    if (r >= 0)
        fail_step(step, sysctl_set_conf(name, step->conf, wanted), NULL);
    return r;
}

/* The index of a hop's device: the tunnel's own, or that of any other link. */
static int hop_index(struct applying *applying, const struct step *step, const struct hop *hop)
{
    struct made *made = table_get(&applying->by_name, hop->device, strlen(hop->device));

    if (made)
        return made->step->error ? 0 : made->link.ifindex;
    if (step->actual && !strcmp(step->actual->name, hop->device))
        return step->actual->actual.ifindex;
    return (int)if_nametoindex(hop->device);
}

/* With the indexes of its devices, which a file cannot know. */
static int add_route(struct applying *applying, struct step *step)
{
    struct route route = *step->route;
    struct hop *hops = calloc(route.n_hops + 1, sizeof(*hops));
    struct nl_msg *message;
    int r = hops ? 0 : -ENOMEM;

    for (size_t i = 0; r >= 0 && i < route.n_hops; i++) {
        hops[i] = route.hops[i];
        hops[i].index = *hops[i].device ? hop_index(applying, step, &hops[i]) : 0;
        if (*hops[i].device && !hops[i].index) {
            fail_step(step, -ENODEV, NULL);
            free(hops);
            return 0;
        }
    }
    route.hops = hops;
    message = r < 0 ? NULL : route_add(&route, step->replace);
    free(hops);
    return r < 0 ? r : queue(applying, message, step_done, step);
}

/* What belongs to no tunnel, or may be on the device of another. */
static int carry_out_outside(struct applying *applying, struct step *step)
{
    switch (step->type) {
    case STEP_ADD_ROUTE:
        return add_route(applying, step);
    case STEP_DELETE_ROUTE:
        return queue(applying, route_delete(step->route), step_done, step);
    case STEP_ADD_RULE:
        return queue(applying, rule_add(step->rule), step_done, step);
    default:
        return queue(applying, rule_delete(step->rule), step_done, step);
    }
}

static bool is_outside(const struct step *step)
{
    if (step->type == STEP_ADD_ROUTE)
        return !route_is_on(step->route, step->wanted->name);
    return step->type == STEP_DELETE_ROUTE || step->type == STEP_ADD_RULE || step->type == STEP_DELETE_RULE;
}

/* Who leaves our links alone knows them by what udev says of their group. */
static void adopted(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct step *step = userdata;

    step_done(step, error, text, reply);
    if (!step->error)
        uevent_change(step->wanted->name);
}

/* Before Linux 6.2 a link that is up cannot be renamed (net/core/dev.c dev_change_name): what is lost when it is set down is
 * put back by who looks afterwards. */
static int rename_link(struct applying *applying, struct step *step, int ifindex)
{
    const struct tunnel up = { .up = true }, down = { .up = false };
    struct step first = { .type = STEP_RENAME, .actual = step->actual };
    int r = queue(applying, link_rename(ifindex, step->wanted->name), step_done, &first);

    if (r >= 0)
        r = flush(applying);
    step->error = first.error;
    step->message = first.message;
    if (r < 0 || first.error != -EBUSY)
        return r;
    step->error = 0;
    free(steal_pointer(&step->message));
    r = queue(applying, link_set_flags(&down, ifindex), step_done, step);
    if (r >= 0)
        r = queue(applying, link_rename(ifindex, step->wanted->name), step_done, step);
    return r < 0 ? r : queue(applying, link_set_flags(&up, ifindex), step_done, step);
}

static struct nl_msg *message_of(const struct step *step, int ifindex)
{
    switch (step->type) {
    case STEP_DELETE:
        return link_delete(ifindex);
    case STEP_ADOPT:
        return link_set_group(ifindex, GROUP_OURS);
    case STEP_ALIAS:
        return link_set_alias(step->wanted, ifindex);
    case STEP_PARK:
        return link_park(step->actual, ifindex, step->parking);
    case STEP_HEED_DF:
        return link_heed_df(step->actual, ifindex);
    case STEP_CONTROLLER:
        return link_set_controller(ifindex, step->controller_index);
    case STEP_CHANGE:
        return link_change(step->wanted, ifindex, step->lower_index, step->fields, step->mtu);
    case STEP_FLAGS:
        return link_set_flags(step->wanted, ifindex);
    case STEP_DELETE_ADDRESS:
        return address_delete(step->inner, ifindex);
    case STEP_ADD_ADDRESS:
        return address_add(step->inner, ifindex);
    case STEP_DELETE_NEIGHBOUR:
        return neighbour_delete(step->neighbour, ifindex);
    case STEP_ADD_NEIGHBOUR:
        return neighbour_add(step->neighbour, ifindex);
    default:
        assert(false);
        return NULL;
    }
}

static int carry_out(struct applying *applying, struct step *step)
{
    int ifindex, r;

    if (step->type == STEP_CREATE)
        return create(applying, step);
    if (is_outside(step))
        return carry_out_outside(applying, step);
    r = ifindex_of(applying, step, &ifindex);
    if (r < 0)
        return r;
    if (!ifindex) {
        fail_step(step, -ECANCELED, NULL);
        return 0;
    }
    if (step->type == STEP_IPV6)
        return set_ipv6(applying, step);
    if (step->type == STEP_CONF)
        return set_conf(applying, step);
    if (step->type == STEP_ADD_ROUTE)
        return add_route(applying, step);
    if (step->type == STEP_RENAME)
        return rename_link(applying, step, ifindex);
    return queue(applying, message_of(step, ifindex), step->type == STEP_ADOPT ? adopted : step_done, step);
}

static void verify_doomed(void *userdata, int error, const char *text, const struct nlmsghdr *reply)
{
    struct step *step = userdata;
    struct link_brief link;

    (void)text;
    if (!reply || link_decode_brief(reply, &link) < 0)
        fail_step(step, error ? error : -ENODEV, NULL);
    else if (!link.ours || link.ifindex != step->actual->actual.ifindex)
        fail_step(step, -ECANCELED, NULL);
}

/* Into the group of the doomed, then all of it at once: one wait for the kernel's readers instead of one each. */
static int delete_group(struct applying *applying, struct step *steps, size_t n)
{
    struct step whole = { .type = STEP_DELETE, .actual = steps[0].actual };
    int r = 0;

    /* the snapshot may be seconds old: what is not ours now is not doomed */
    for (size_t i = 0; r >= 0 && i < n; i++)
        r = queue(applying, link_get(steps[i].actual->name), verify_doomed, &steps[i]);
    if (r >= 0)
        r = flush(applying);
    for (size_t i = 0; r >= 0 && i < n; i++)
        if (!steps[i].error)
            r = queue(applying, link_set_group(steps[i].actual->actual.ifindex, GROUP_DOOMED), step_done, &steps[i]);
    if (r >= 0)
        r = queue(applying, link_delete_group(GROUP_DOOMED), step_done, &whole);
    if (r >= 0)
        r = flush(applying);
    for (size_t i = 0; i < n; i++)
        fail_step(&steps[i], whole.error, NULL);
    free(whole.message);
    return r;
}

static size_t count_deletions(const struct applying *applying, size_t from)
{
    const struct plan *plan = applying->plan;
    size_t n = 0;

    while (applying->options->group_delete && n < GROUP_CHUNK && from + n < plan->n_steps && plan->steps[from + n].type == STEP_DELETE
           && plan->steps[from + n].group_delete)
        n++;
    return n >= GROUP_LEAST ? n : 0;
}

static int carry_out_all(struct applying *applying)
{
    struct plan *plan = applying->plan;

    for (size_t i = 0; i < plan->n_steps;) {
        size_t doomed = count_deletions(applying, i);
        int r = doomed ? delete_group(applying, plan->steps + i, doomed) : carry_out(applying, &plan->steps[i]);

        if (r < 0)
            return r;
        i += doomed ? doomed : 1;
    }
    return flush(applying);
}

/* What somebody else, or the kernel with an address or a link, removed first. */
static bool is_gone_already(const struct step *step)
{
    switch (step->type) {
    case STEP_DELETE:
        return step->error == -ENODEV;
    case STEP_DELETE_ROUTE:
        return step->error == -ESRCH || step->error == -ENODEV;
    case STEP_DELETE_RULE:
    case STEP_DELETE_NEIGHBOUR:
        return step->error == -ENOENT;
    case STEP_DELETE_ADDRESS:
        return step->error == -EADDRNOTAVAIL;
    default:
        return false;
    }
}

static void forgive(struct plan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        struct step *step = &plan->steps[i];

        if (is_gone_already(step)) {
            step->error = 0;
            free(steal_pointer(&step->message));
        }
    }
}

int apply_plan(struct netlink *netlink, struct plan *plan, const struct apply_options *options)
{
    struct applying applying = { .netlink = netlink, .plan = plan, .options = options };
    int r = -ENOMEM;

    applying.made = calloc(plan->n_steps + 1, sizeof(*applying.made));
    if (applying.made)
        r = carry_out_all(&applying);
    if (r < 0)
        netlink_discard(netlink);
    forgive(plan);
    free(applying.made);
    table_done(&applying.by_name);
    return r;
}
