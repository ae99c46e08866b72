/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seeds FOLDER FILE...: what the kernel would tell of the tunnels of those files, as seeds of the targets that read messages:
 * FOLDER/messages, FOLDER/monitor and FOLDER/answers, which exist. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "fuzz.h"
#include "kernel/address.h"
#include "kernel/link.h"
#include "kernel/neighbour.h"
#include "kernel/netlink.h"
#include "kernel/route.h"
#include "kernel/rule.h"
#include "read/config.h"

enum { LINK, ADDRESS, ROUTE, RULE, NEIGHBOUR, TYPES_MAX };

struct bytes {
    char items[64 * 1024];
    size_t n;
};

static const uint16_t types[TYPES_MAX] = { RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE, RTM_NEWRULE, RTM_NEWNEIGH };
static struct bytes dumps[TYPES_MAX];
static const char *folder;
static unsigned number;

static void add(struct bytes *bytes, const void *from, size_t n)
{
    check(bytes->n + n <= sizeof(bytes->items));
    memcpy(bytes->items + bytes->n, from, n);
    bytes->n += n;
}

static void add_byte(struct bytes *bytes, unsigned byte)
{
    add(bytes, &(uint8_t){ (uint8_t)byte }, 1);
}

static void save(const char *target, const struct bytes *bytes)
{
    char path[4096];
    FILE *out;

    snprintf(path, sizeof(path), "%s/%s/made-%u", folder, target, ++number);
    out = fopen(path, "w");
    check(out && fwrite(bytes->items, 1, bytes->n, out) == bytes->n && fclose(out) == 0);
}

static void add_datagram(struct bytes *bytes, const void *messages, size_t n)
{
    add_byte(bytes, 0); /* all is well */
    add_byte(bytes, n & 0xff);
    add_byte(bytes, n >> 8);
    add(bytes, messages, n);
}

/* Takes the message over; what the kernel tells differs from what it is sent in little more than the type. */
static void tell_of(struct nl_msg *sent, int type)
{
    static struct bytes bytes;
    struct nlmsghdr *message = sent ? nlmsg_hdr(sent) : NULL;

    check(message);
    message->nlmsg_type = types[type];
    message->nlmsg_flags = 0;
    bytes.n = 0;
    add_byte(&bytes, (unsigned)type);
    add(&bytes, nlmsg_data(message), (size_t)nlmsg_datalen(message));
    save("messages", &bytes);
    bytes.n = 0;
    add_datagram(&bytes, message, message->nlmsg_len);
    message->nlmsg_type++; /* RTM_DEL* */
    add_datagram(&bytes, message, message->nlmsg_len);
    message->nlmsg_type--;
    save("monitor", &bytes);
    if (dumps[type].n + message->nlmsg_len < 8 * 1024)
        add(&dumps[type], message, NLMSG_ALIGN(message->nlmsg_len));
    nlmsg_free(sent);
}

static void tell_of_link(const struct tunnel *tunnel, int ifindex)
{
    struct nl_msg *message = link_create(tunnel, *tunnel->lower ? 1 : 0, 1476), *alias = link_set_alias(tunnel, ifindex);
    struct ifinfomsg *header = nlmsg_data(nlmsg_hdr(message));
    struct nlattr *text = nlmsg_find_attr(nlmsg_hdr(alias), sizeof(*header), IFLA_IFALIAS), *nest, *family;
    int32_t conf[64] = { 1, 64, 1280 };

    header->ifi_index = ifindex;
    header->ifi_flags = ifindex & 1 ? IFF_UP : 0;
    header->ifi_change = UINT32_MAX;
    check(nla_put_string(message, IFLA_IFALIAS, nla_data(text)) == 0 && nla_put_u32(message, IFLA_MASTER, 2) == 0);
    nest = nla_nest_start(message, IFLA_AF_SPEC);
    family = nla_nest_start(message, AF_INET6);
    check(nest && family && nla_put(message, IFLA_INET6_CONF, sizeof(conf), conf) == 0);
    nla_nest_end(message, family);
    nla_nest_end(message, nest);
    nlmsg_free(alias);
    tell_of(message, LINK);
}

static void tell_of_all(const struct tunnel *tunnel, int ifindex)
{
    tell_of_link(tunnel, ifindex);
    for (size_t i = 0; i < tunnel->n_inner; i++)
        tell_of(address_add(&tunnel->inner[i], ifindex), ADDRESS);
    for (size_t i = 0; i < tunnel->n_neighbours; i++)
        tell_of(neighbour_add(&tunnel->neighbours[i], ifindex), NEIGHBOUR);
    for (size_t i = 0; i < tunnel->routes.n; i++) {
        for (size_t j = 0; j < tunnel->routes.items[i].n_hops; j++)
            tunnel->routes.items[i].hops[j].index = ifindex;
        tell_of(route_add(&tunnel->routes.items[i], true), ROUTE);
    }
    for (size_t i = 0; i < tunnel->rules.n; i++)
        tell_of(rule_add(&tunnel->rules.items[i]), RULE);
}

static void add_dump(struct bytes *bytes, int type)
{
    struct {
        struct nlmsghdr header;
        int error;
    } done = { .header = { .nlmsg_len = sizeof(done), .nlmsg_type = NLMSG_DONE } };

    add_datagram(bytes, dumps[type].items, dumps[type].n);
    add_datagram(bytes, &done, sizeof(done));
}

/* An acknowledgement, or an error in the kernel's words, of something that is echoed and said to have that many bytes. */
static void add_answer(struct bytes *bytes, int error, uint32_t echoed)
{
    struct {
        struct nlmsghdr header;
        struct nlmsgerr error;
        struct nlattr text;
        char words[20];
    } answer = { .header = { .nlmsg_len = sizeof(answer), .nlmsg_type = NLMSG_ERROR, .nlmsg_flags = NLM_F_ACK_TLVS | (echoed ? 0 : NLM_F_CAPPED) },
                 .error = { error, { .nlmsg_len = echoed } },
                 .text = { sizeof(answer.text) + sizeof(answer.words), NLMSGERR_ATTR_MSG },
                 .words = "Unknown device type" };

    add_datagram(bytes, &answer, sizeof(answer));
}

/* A look at everything; errors and a reply for whatever is asked then. */
static void tell_of_everything(uint32_t echoed)
{
    static const int order[] = { LINK, ADDRESS, NEIGHBOUR, ROUTE, ROUTE, ROUTE, ROUTE, RULE, RULE };
    static struct bytes bytes;

    bytes.n = 0;
    add_byte(&bytes, 2);
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        add_dump(&bytes, order[i]);
    for (int i = 0; i < 8; i++)
        add_answer(&bytes, i & 1 ? -EOPNOTSUPP : 0, echoed);
    save("answers", &bytes);
    bytes.n = 0;
    add_byte(&bytes, 1);
    add_datagram(&bytes, dumps[LINK].items, dumps[LINK].n);
    add_answer(&bytes, 0, echoed);
    for (int i = 0; i < 3; i++)
        for (size_t j = 1; j < 4; j++)
            add_dump(&bytes, order[j]);
    add_answer(&bytes, -EEXIST, echoed);
    save("answers", &bytes);
}

int main(int argc, char **argv)
{
    struct config *config;
    struct scope dirty = { 0 };
    const struct set *wanted;

    check(argc > 2);
    folder = argv[1];
    check(config_new("/nowhere", &config) == 0 && config_load_settings(config) == 0);
    check(config_load_files(config, argv + 2, (size_t)argc - 2) == 0 && config_settle(config, &dirty) == 0);
    wanted = config_wanted(config);
    for (size_t i = 0; i < wanted->n; i++) {
        tell_of_all(wanted->items[i], 3 + (int)i % 90);
        if (i % 7)
            continue;
        tell_of_everything(0);
        tell_of_everything(sizeof(struct nlmsghdr));
        tell_of_everything(0xffff0000);
        memset(dumps, 0, sizeof(dumps));
    }
    fprintf(stderr, "%u seeds of %zu tunnels\n", number, wanted->n);
    scope_done(&dirty);
    config_free(config);
    return 0;
}
