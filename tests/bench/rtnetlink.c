/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rtnetlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH_BYTES = 1 << 20, RECEIVED_BYTES = 1 << 18, SOCKET_BYTES = 32 << 20, SKIP_STATS = 8 };

struct rtnetlink {
    int fd;
    uint32_t sequence;
    size_t length, last; /* of the batch, and where its last message began */
    char *batch, *received;
};

void die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("bench-floor: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

struct rtnetlink *rtnetlink_new(void)
{
    struct sockaddr_nl anywhere = { .nl_family = AF_NETLINK };
    int on = 1, bytes = SOCKET_BYTES;
    struct rtnetlink *new = calloc(1, sizeof(*new));

    if (!new || !(new->batch = malloc(BATCH_BYTES)) || !(new->received = malloc(RECEIVED_BYTES)))
        die("out of memory");
    new->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (new->fd < 0 || bind(new->fd, (struct sockaddr *)&anywhere, sizeof(anywhere)) < 0)
        die("no netlink socket: %s", strerror(errno));
    (void)setsockopt(new->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
    (void)setsockopt(new->fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes));
    (void)setsockopt(new->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
    (void)setsockopt(new->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
    return new;
}

struct rtnetlink *rtnetlink_free(struct rtnetlink *rtnetlink)
{
    if (!rtnetlink)
        return NULL;
    close(rtnetlink->fd);
    free(rtnetlink->batch);
    free(rtnetlink->received);
    free(rtnetlink);
    return NULL;
}

static struct nlmsghdr *last_message(struct rtnetlink *rtnetlink)
{
    return (struct nlmsghdr *)(rtnetlink->batch + rtnetlink->last);
}

static void *reserve(struct rtnetlink *rtnetlink, size_t length)
{
    char *at = rtnetlink->batch + rtnetlink->length;

    length = NLMSG_ALIGN(length);
    if (rtnetlink->length + length > BATCH_BYTES)
        die("the batch is full");
    memset(at, 0, length);
    rtnetlink->length += length;
    last_message(rtnetlink)->nlmsg_len = (uint32_t)(rtnetlink->length - rtnetlink->last);
    return at;
}

void rtnetlink_add(struct rtnetlink *rtnetlink, int type, int flags, const void *header, size_t length)
{
    struct nlmsghdr *message;

    rtnetlink->last = rtnetlink->length;
    message = reserve(rtnetlink, sizeof(*message));
    message->nlmsg_type = (uint16_t)type;
    message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    message->nlmsg_seq = ++rtnetlink->sequence;
    memcpy(reserve(rtnetlink, length), header, length);
}

void rtnetlink_put(struct rtnetlink *rtnetlink, int type, const void *data, size_t length)
{
    struct rtattr *attribute = reserve(rtnetlink, RTA_LENGTH(length));

    attribute->rta_type = (uint16_t)type;
    attribute->rta_len = (uint16_t)RTA_LENGTH(length);
    if (length)
        memcpy(RTA_DATA(attribute), data, length);
}

void rtnetlink_put_u32(struct rtnetlink *rtnetlink, int type, uint32_t value)
{
    rtnetlink_put(rtnetlink, type, &value, sizeof(value));
}

void rtnetlink_put_text(struct rtnetlink *rtnetlink, int type, const char *text)
{
    rtnetlink_put(rtnetlink, type, text, strlen(text) + 1);
}

size_t rtnetlink_open(struct rtnetlink *rtnetlink, int type)
{
    size_t began = rtnetlink->length;

    rtnetlink_put(rtnetlink, type, NULL, 0);
    return began;
}

void rtnetlink_close(struct rtnetlink *rtnetlink, size_t began)
{
    ((struct rtattr *)(rtnetlink->batch + began))->rta_len = (uint16_t)(rtnetlink->length - began);
}

static void send_batch(struct rtnetlink *rtnetlink)
{
    if (send(rtnetlink->fd, rtnetlink->batch, rtnetlink->length, 0) != (ssize_t)rtnetlink->length)
        die("sending failed: %s", strerror(errno));
    rtnetlink->length = 0;
}

static size_t receive(struct rtnetlink *rtnetlink)
{
    ssize_t n;

    do
        n = recv(rtnetlink->fd, rtnetlink->received, RECEIVED_BYTES, MSG_TRUNC);
    while (n < 0 && errno == EINTR);
    if (n < 0 || n > RECEIVED_BYTES)
        die("receiving failed: %s", n < 0 ? strerror(errno) : "too much at once");
    return (size_t)n;
}

unsigned rtnetlink_send(struct rtnetlink *rtnetlink, rtnetlink_answer answer, void *userdata, int *ret_error)
{
    uint32_t barrier = rtnetlink->sequence;
    unsigned errors = 0;

    if (!rtnetlink->length)
        return 0;
    last_message(rtnetlink)->nlmsg_flags |= NLM_F_ACK;
    send_batch(rtnetlink);
    for (;;) {
        size_t left = receive(rtnetlink);
        for (struct nlmsghdr *message = (struct nlmsghdr *)rtnetlink->received; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
            int error;
            if (message->nlmsg_type != NLMSG_ERROR) {
                if (answer)
                    answer(userdata, message);
                continue;
            }
            error = ((struct nlmsgerr *)NLMSG_DATA(message))->error;
            if (error && !errors++ && ret_error)
                *ret_error = error;
            if (message->nlmsg_seq == barrier)
                return errors;
        }
    }
}

void rtnetlink_dump(struct rtnetlink *rtnetlink, rtnetlink_answer answer, void *userdata)
{
    last_message(rtnetlink)->nlmsg_flags |= NLM_F_DUMP;
    send_batch(rtnetlink);
    for (;;) {
        size_t left = receive(rtnetlink);
        for (struct nlmsghdr *message = (struct nlmsghdr *)rtnetlink->received; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
            if (message->nlmsg_type == NLMSG_DONE)
                return;
            if (message->nlmsg_type == NLMSG_ERROR)
                die("a dump failed: %s", strerror(-((struct nlmsgerr *)NLMSG_DATA(message))->error));
            answer(userdata, message);
        }
    }
}

const struct rtattr *rtnetlink_attribute(const struct nlmsghdr *message, size_t header, int type)
{
    const char *at = (const char *)NLMSG_DATA(message) + NLMSG_ALIGN(header), *end = (const char *)message + message->nlmsg_len;

    for (size_t left = (size_t)(end - at); RTA_OK((const struct rtattr *)at, left);) {
        const struct rtattr *attribute = (const struct rtattr *)at;
        if ((attribute->rta_type & NLA_TYPE_MASK) == type)
            return attribute;
        at += RTA_ALIGN(attribute->rta_len);
        left -= left < RTA_ALIGN(attribute->rta_len) ? left : RTA_ALIGN(attribute->rta_len);
    }
    return NULL;
}

void tunnel_name(unsigned i, char *name)
{
    snprintf(name, IFNAMSIZ, "t%u", i);
}

unsigned tunnel_number(const char *name)
{
    char *end;
    unsigned long i;

    if (name[0] != 't' || name[1] < '1' || name[1] > '9')
        return 0;
    i = strtoul(name + 1, &end, 10);
    return *end || i > TUNNELS_MOST ? 0 : (unsigned)i;
}

uint32_t tunnel_key(unsigned i)
{
    return i * 2654435761u; /* so that the kernel's hash, of key XOR remote, spreads them */
}

void tunnel_add_link(struct rtnetlink *rtnetlink, unsigned i, int flags, int ttl)
{
    static const struct ifinfomsg header;
    char name[IFNAMSIZ];
    size_t info, data;
    uint16_t with_key = htons(0x2000);
    uint8_t hops = (uint8_t)ttl, discover = 1;

    tunnel_name(i, name);
    rtnetlink_add(rtnetlink, RTM_NEWLINK, flags, &header, sizeof(header));
    rtnetlink_put_text(rtnetlink, IFLA_IFNAME, name);
    if (flags & NLM_F_CREATE)
        rtnetlink_put_u32(rtnetlink, IFLA_GROUP, GROUP_FLOOR);
    info = rtnetlink_open(rtnetlink, IFLA_LINKINFO);
    rtnetlink_put_text(rtnetlink, IFLA_INFO_KIND, "gre");
    data = rtnetlink_open(rtnetlink, IFLA_INFO_DATA);
    rtnetlink_put_u32(rtnetlink, IFLA_GRE_LOCAL, htonl(OUTER_LOCAL));
    rtnetlink_put_u32(rtnetlink, IFLA_GRE_REMOTE, htonl(OUTER_REMOTES + i));
    rtnetlink_put(rtnetlink, IFLA_GRE_IFLAGS, &with_key, sizeof(with_key));
    rtnetlink_put(rtnetlink, IFLA_GRE_OFLAGS, &with_key, sizeof(with_key));
    rtnetlink_put_u32(rtnetlink, IFLA_GRE_IKEY, htonl(tunnel_key(i)));
    rtnetlink_put_u32(rtnetlink, IFLA_GRE_OKEY, htonl(tunnel_key(i)));
    rtnetlink_put(rtnetlink, IFLA_GRE_TTL, &hops, sizeof(hops));
    rtnetlink_put(rtnetlink, IFLA_GRE_PMTUDISC, &discover, sizeof(discover));
    rtnetlink_close(rtnetlink, data);
    rtnetlink_close(rtnetlink, info);
}

void tunnel_add_get(struct rtnetlink *rtnetlink, unsigned i)
{
    static const struct ifinfomsg header;
    char name[IFNAMSIZ];

    tunnel_name(i, name);
    rtnetlink_add(rtnetlink, RTM_GETLINK, 0, &header, sizeof(header));
    rtnetlink_put_text(rtnetlink, IFLA_IFNAME, name);
    rtnetlink_put_u32(rtnetlink, IFLA_EXT_MASK, SKIP_STATS);
}

void tunnel_add_address(struct rtnetlink *rtnetlink, int type, unsigned i, int ifindex)
{
    struct ifaddrmsg header = { .ifa_family = AF_INET, .ifa_prefixlen = INNER_PREFIX, .ifa_index = (unsigned)ifindex };

    rtnetlink_add(rtnetlink, type, type == RTM_NEWADDR ? NLM_F_CREATE | NLM_F_EXCL : 0, &header, sizeof(header));
    rtnetlink_put_u32(rtnetlink, IFA_LOCAL, htonl(INNER + 4 * i + 1));
    rtnetlink_put_u32(rtnetlink, IFA_ADDRESS, htonl(INNER + 4 * i + 1));
}

void tunnel_add_route(struct rtnetlink *rtnetlink, int type, unsigned i, int ifindex)
{
    struct rtmsg header = { .rtm_family = AF_INET,
                            .rtm_dst_len = BEHIND_PREFIX,
                            .rtm_table = RT_TABLE_MAIN,
                            .rtm_protocol = PROTOCOL,
                            .rtm_scope = RT_SCOPE_LINK,
                            .rtm_type = RTN_UNICAST };

    rtnetlink_add(rtnetlink, type, type == RTM_NEWROUTE ? NLM_F_CREATE | NLM_F_EXCL : 0, &header, sizeof(header));
    rtnetlink_put_u32(rtnetlink, RTA_DST, htonl(BEHIND + 16 * i));
    rtnetlink_put_u32(rtnetlink, RTA_OIF, (uint32_t)ifindex);
}

void tunnels_add_link_dump(struct rtnetlink *rtnetlink)
{
    static const struct ifinfomsg header;
    size_t info;

    rtnetlink_add(rtnetlink, RTM_GETLINK, NLM_F_DUMP, &header, sizeof(header));
    rtnetlink_put_u32(rtnetlink, IFLA_EXT_MASK, SKIP_STATS);
    info = rtnetlink_open(rtnetlink, IFLA_LINKINFO);
    rtnetlink_put_text(rtnetlink, IFLA_INFO_KIND, "gre");
    rtnetlink_close(rtnetlink, info);
}

void tunnels_add_address_dump(struct rtnetlink *rtnetlink)
{
    struct ifaddrmsg header = { .ifa_family = AF_INET };

    rtnetlink_add(rtnetlink, RTM_GETADDR, NLM_F_DUMP, &header, sizeof(header));
}
