/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket. libnl opens it and builds messages; batching and receiving are here, since its nl_recvmsgs copies
 * every message and knows no extended acknowledgements. Never knows what a message means. */
#include "kernel/netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <netlink/netlink.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    MESSAGE_BYTES = 1024, /* of one with any of the attributes that there can be but once; libnl's own have a page, and all of it is cleared */
    BATCH_MESSAGES = 256,
    BATCH_BYTES = 128 * 1024,
    RECEIVE_BYTES = 64 * 1024, /* the kernel's dumps grow to the size that is received with, up to 32 KiB */
    SOCKET_BYTES = 8 * 1024 * 1024,
    ANSWER_TIMEOUT = 60 * 1000, /* ms without a word: the kernel is stuck, not slow */
    DUMP_TRIES = 10,
};

struct pending {
    netlink_done_fn done;
    void *userdata;
    bool told;
};

struct netlink {
    struct nl_sock *socket;
    int fd;
    uint32_t sequence; /* of the last message */
    size_t n, size;
    struct nlmsghdr *last; /* in batch */
    struct pending pending[BATCH_MESSAGES];
    char batch[BATCH_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
    char received[RECEIVE_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
};

static void set_option(int fd, int level, int option, int value)
{
    (void)setsockopt(fd, level, option, &value, sizeof(value)); /* older kernels and other users lack some, and get on without */
}

int netlink_open(struct netlink **ret)
{
    _cleanup_(netlink_closep) struct netlink *netlink = calloc(1, sizeof(*netlink));
    int r;

    if (!netlink)
        return -ENOMEM;
    netlink->socket = nl_socket_alloc();
    if (!netlink->socket)
        return -ENOMEM;
    errno = 0;
    r = nl_connect(netlink->socket, NETLINK_ROUTE);
    if (r < 0)
        return errno ? -errno : -ENOMEM;
    netlink->fd = nl_socket_get_fd(netlink->socket);
    netlink->sequence = nl_socket_use_seq(netlink->socket);
    set_option(netlink->fd, SOL_SOCKET, SO_RCVBUF, SOCKET_BYTES); /* what anybody may have */
    set_option(netlink->fd, SOL_SOCKET, SO_SNDBUF, SOCKET_BYTES);
    set_option(netlink->fd, SOL_SOCKET, SO_RCVBUFFORCE, SOCKET_BYTES);
    set_option(netlink->fd, SOL_SOCKET, SO_SNDBUFFORCE, SOCKET_BYTES);
    set_option(netlink->fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
    set_option(netlink->fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
    set_option(netlink->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
    *ret = steal_pointer(&netlink);
    return 0;
}

struct netlink *netlink_close(struct netlink *netlink)
{
    if (netlink) {
        nl_socket_free(netlink->socket);
        free(netlink);
    }
    return NULL;
}

struct nl_msg *netlink_message_of(size_t room, int type, int flags, const void *header, size_t size)
{
    struct nl_msg *message = nlmsg_alloc_size(room);

    if (message && nlmsg_append(message, (void *)header, size, NLMSG_ALIGNTO) < 0) {
        nlmsg_free(message);
        return NULL;
    }
    if (message) {
        nlmsg_hdr(message)->nlmsg_type = (uint16_t)type;
        nlmsg_hdr(message)->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    }
    return message;
}

struct nl_msg *netlink_message(int type, int flags, const void *header, size_t size)
{
    return netlink_message_of(MESSAGE_BYTES, type, flags, header, size);
}

/* Numbers it and puts it into the batch. */
static struct nlmsghdr *append(struct netlink *netlink, const struct nl_msg *message)
{
    struct nlmsghdr *header = nlmsg_hdr((struct nl_msg *)message);
    size_t size = NLMSG_ALIGN(header->nlmsg_len);

    if (size > BATCH_BYTES - netlink->size)
        return NULL;
    netlink->last = (struct nlmsghdr *)(netlink->batch + netlink->size);
    memset(netlink->last, 0, size);
    memcpy(netlink->last, header, header->nlmsg_len);
    netlink->last->nlmsg_flags |= NLM_F_REQUEST; /* libnl's builders leave it to its own sender */
    netlink->last->nlmsg_seq = ++netlink->sequence;
    netlink->size += size;
    return netlink->last;
}

static int send_batch(struct netlink *netlink)
{
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    ssize_t n;

    do
        n = sendto(netlink->fd, netlink->batch, netlink->size, 0, (struct sockaddr *)&kernel, sizeof(kernel));
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : 0;
}

/* The kernel has answered when it has taken a batch, as a rule: to wait for it first would cost a call for each answer. */
static ssize_t receive(struct netlink *netlink)
{
    for (;;) {
        struct pollfd ready = { .fd = netlink->fd, .events = POLLIN };
        ssize_t n = recv(netlink->fd, netlink->received, sizeof(netlink->received), MSG_TRUNC | MSG_DONTWAIT);
        int r;

        if (n > (ssize_t)sizeof(netlink->received))
            return -EMSGSIZE;
        if (n >= 0 || (errno != EINTR && errno != EAGAIN))
            return n < 0 ? -errno : n;
        if (errno == EINTR)
            continue;
        r = poll(&ready, 1, ANSWER_TIMEOUT);
        if (!r || (r < 0 && errno != EINTR))
            return r < 0 ? -errno : -ETIMEDOUT;
    }
}

/* The kernel's own words behind an error (linux/netlink.h, NLMSGERR_ATTR_MSG), and behind what it was about. */
static const char *error_text(const struct nlmsghdr *message)
{
    const struct nlmsgerr *error = nlmsg_data(message);
    size_t skip = sizeof(*error), echoed = message->nlmsg_flags & NLM_F_CAPPED ? sizeof(error->msg) : error->msg.nlmsg_len;
    struct nlattr *found;

    if (!(message->nlmsg_flags & NLM_F_ACK_TLVS) || echoed < sizeof(error->msg) || echoed > message->nlmsg_len)
        return NULL;
    skip += echoed - sizeof(error->msg);
    found = nlmsg_find_attr((struct nlmsghdr *)message, (int)NLMSG_ALIGN(skip), NLMSGERR_ATTR_MSG);
    if (!found || !nla_len(found) || ((char *)nla_data(found))[nla_len(found) - 1])
        return NULL;
    return nla_data(found);
}

/* As the kernel has them (linux/err.h, MAX_ERRNO): a positive one would pass for success. */
static int checked(int error)
{
    return error > 0 || error < -4095 ? -EBADMSG : error;
}

static int error_of(const struct nlmsghdr *message)
{
    const struct nlmsgerr *error = nlmsg_data(message);

    return message->nlmsg_len < NLMSG_LENGTH(sizeof(*error)) ? -EBADMSG : checked(error->error);
}

static void tell(struct pending *pending, int error, const char *text, const struct nlmsghdr *reply)
{
    if (!pending->told && pending->done)
        pending->done(pending->userdata, error, text, reply);
    pending->told = true;
}

/* Returns true when it is the answer to the last message. */
static bool handle_answer(struct netlink *netlink, const struct nlmsghdr *message, uint32_t first)
{
    uint32_t i = message->nlmsg_seq - first;
    const struct nlmsgerr *error = nlmsg_data(message);

    if (i >= netlink->n)
        return false; /* of an earlier batch that was given up */
    if (message->nlmsg_type != NLMSG_ERROR) {
        tell(&netlink->pending[i], 0, NULL, message);
        return false;
    }
    if (message->nlmsg_len < NLMSG_LENGTH(sizeof(*error)))
        return false;
    tell(&netlink->pending[i], error_of(message), error_text(message), NULL);
    return i == netlink->n - 1;
}

static int await_answers(struct netlink *netlink)
{
    uint32_t first = netlink->sequence - (uint32_t)netlink->n + 1;

    for (;;) {
        struct nlmsghdr *message = (struct nlmsghdr *)netlink->received;
        ssize_t n = receive(netlink);
        int left = (int)n;

        if (n < 0)
            return (int)n;
        for (; nlmsg_ok(message, left); message = nlmsg_next(message, &left))
            if (handle_answer(netlink, message, first))
                return 0;
    }
}

void netlink_discard(struct netlink *netlink)
{
    netlink->n = 0;
    netlink->size = 0;
}

int netlink_flush(struct netlink *netlink)
{
    int r;

    if (!netlink->n)
        return 0;
    /* errors are answered without being asked for; the last message's acknowledgement says that all are done */
    netlink->last->nlmsg_flags |= NLM_F_ACK;
    r = send_batch(netlink);
    if (r >= 0)
        r = await_answers(netlink);
    for (size_t i = 0; i < netlink->n; i++)
        tell(&netlink->pending[i], r, NULL, NULL);
    netlink_discard(netlink);
    return r;
}

int netlink_queue(struct netlink *netlink, struct nl_msg *message, netlink_done_fn done, void *userdata)
{
    bool fits = netlink->n < BATCH_MESSAGES && netlink->size + NLMSG_ALIGN(nlmsg_hdr(message)->nlmsg_len) <= BATCH_BYTES;
    int r = fits ? 0 : netlink_flush(netlink);

    if (r >= 0 && !append(netlink, message))
        r = -EMSGSIZE;
    nlmsg_free(message);
    if (r >= 0)
        netlink->pending[netlink->n++] = (struct pending){ .done = done, .userdata = userdata };
    return r;
}

enum dump_progress { DUMP_MORE, DUMP_DONE, DUMP_DISTURBED };

static int handle_dump(const struct nlmsghdr *message, netlink_each_fn each, void *userdata)
{
    const int *done = nlmsg_data(message);
    int r;

    if (message->nlmsg_type == NLMSG_ERROR) {
        r = error_of(message);
        return r < 0 ? r : (int)DUMP_DONE;
    }
    if (message->nlmsg_flags & NLM_F_DUMP_INTR)
        return DUMP_DISTURBED;
    if (message->nlmsg_type == NLMSG_DONE)
        return message->nlmsg_len >= NLMSG_LENGTH(sizeof(*done)) && *done < 0 ? checked(*done) : (int)DUMP_DONE;
    r = each(userdata, message);
    return r < 0 ? r : (int)DUMP_MORE;
}

/* To the end also when it was disturbed or each failed: the rest must not be left on the socket. */
static int receive_dump(struct netlink *netlink, netlink_each_fn each, void *userdata)
{
    int result = DUMP_MORE;

    for (;;) {
        struct nlmsghdr *message = (struct nlmsghdr *)netlink->received;
        ssize_t n = receive(netlink);
        int left = (int)n;

        if (n < 0)
            return (int)n;
        for (; nlmsg_ok(message, left); message = nlmsg_next(message, &left)) {
            if (message->nlmsg_seq != netlink->sequence)
                continue;
            if (result == DUMP_MORE)
                result = handle_dump(message, each, userdata);
            if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
                return result;
        }
    }
}

int netlink_dump(struct netlink *netlink, struct nl_msg *message, netlink_begin_fn begin, netlink_each_fn each, void *userdata)
{
    int r = netlink_flush(netlink);

    nlmsg_hdr(message)->nlmsg_flags |= NLM_F_DUMP;
    for (int i = 0; r >= 0 && i < DUMP_TRIES; i++) {
        begin(userdata);
        if (!append(netlink, message))
            r = -EMSGSIZE;
        if (r >= 0)
            r = send_batch(netlink);
        netlink->size = 0;
        if (r >= 0)
            r = receive_dump(netlink, each, userdata);
        if (r == DUMP_DONE || r < 0)
            break;
    }
    nlmsg_free(message);
    return r == DUMP_DONE ? 0 : r < 0 ? r : -EAGAIN;
}
