/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rtnetlink socket: messages sent in batches, dumps, and errors in words. */
#pragma once

#include <netlink/msg.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"

struct netlink;

int netlink_open(struct netlink **ret);
struct netlink *netlink_close(struct netlink *netlink);
DEFINE_CLEANUP(struct netlink *, netlink_close)

/* error: 0 or negative errno; text: the kernel's own explanation or NULL; reply: what it answered beside the
 * error, or NULL. Called once for each queued message, in their order for those that failed or replied, and at
 * the latest when the batch ends. */
typedef void (*netlink_done_fn)(void *userdata, int error, const char *text, const struct nlmsghdr *reply);

/* Takes the message over. The kernel handles queued messages in order, and goes on behind one that fails.
 * A full batch is flushed by itself. Negative errno if the batch as a whole failed, -ENOMEM. */
int netlink_queue(struct netlink *netlink, struct nl_msg *message, netlink_done_fn done, void *userdata);

/* Sends what is queued and waits until the kernel has handled all of it. -ENOBUFS: answers were lost, and it
 * is not known which messages succeeded (done is called with that error). */
int netlink_flush(struct netlink *netlink);

/* Forgets what is queued, unsent; done is not called. For when what a callback would write to goes away. */
void netlink_discard(struct netlink *netlink);

/* Dumps with strict checking, where the kernel has it: filters in the header and its attributes hold. Calls
 * each for every message; begin before the first one of each try, since a dump that was disturbed is repeated. */
typedef int (*netlink_each_fn)(void *userdata, const struct nlmsghdr *message);
typedef void (*netlink_begin_fn)(void *userdata);
int netlink_dump(struct netlink *netlink, struct nl_msg *message, netlink_begin_fn begin, netlink_each_fn each, void *userdata);

/* A request of that type with that fixed header behind it, and room for 1000 bytes of attributes; NULL when out of memory. */
struct nl_msg *netlink_message(int type, int flags, const void *header, size_t size);

/* The same, with room for that many bytes in all. */
struct nl_msg *netlink_message_of(size_t room, int type, int flags, const void *header, size_t size);
