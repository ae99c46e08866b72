/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtnetlink over a plain socket, with no library between: messages are gathered in a batch and go out in one call.
 * And the tunnels that everybody in the benchmark makes: the same I, the same tunnel. */
#pragma once

#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TUNNELS_MOST = 200000,
    GROUP_FLOOR = 2784,
    GROUP_GOING = 0x54e7dead,
    PROTOCOL = 47,
    OUTER_LOCAL = 0x0ac80001,   /* 10.200.0.1 */
    OUTER_REMOTES = 0x0ac90000, /* 10.201.0.0, and I */
    INNER = 0xac100000,         /* 172.16.0.0, and 4 x I, a /30 each */
    INNER_PREFIX = 30,
    BEHIND = 0x0a800000, /* 10.128.0.0, and 16 x I, a /28 each */
    BEHIND_PREFIX = 28,
    TTL = 64,
};

struct rtnetlink;

/* Called for each message that is an answer, and no error or end. */
typedef void (*rtnetlink_answer)(void *userdata, const struct nlmsghdr *message);

struct rtnetlink *rtnetlink_new(void);
struct rtnetlink *rtnetlink_free(struct rtnetlink *rtnetlink);

/* Begins a message in the batch; what is put goes into it. HEADER is that of the type: struct ifinfomsg and so on. */
void rtnetlink_add(struct rtnetlink *rtnetlink, int type, int flags, const void *header, size_t length);
void rtnetlink_put(struct rtnetlink *rtnetlink, int type, const void *data, size_t length);
void rtnetlink_put_u32(struct rtnetlink *rtnetlink, int type, uint32_t value);
void rtnetlink_put_text(struct rtnetlink *rtnetlink, int type, const char *text);
/* Of an attribute that has others in it: where it began, for rtnetlink_close. */
size_t rtnetlink_open(struct rtnetlink *rtnetlink, int type);
void rtnetlink_close(struct rtnetlink *rtnetlink, size_t began);

/* Sends the batch and takes what comes back, up to the acknowledgement of its last message: the only one, but errors come anyway.
 * The number of errors; *ret_error is the first of them, negative. Ends the program if the socket itself fails. */
unsigned rtnetlink_send(struct rtnetlink *rtnetlink, rtnetlink_answer answer, void *userdata, int *ret_error);
/* Sends a batch of one dump. */
void rtnetlink_dump(struct rtnetlink *rtnetlink, rtnetlink_answer answer, void *userdata);

/* An attribute of a message, or NULL. */
const struct rtattr *rtnetlink_attribute(const struct nlmsghdr *message, size_t header, int type);

/* "t1" is tunnel 1; NAME has IFNAMSIZ bytes. Of another name, 0. */
void tunnel_name(unsigned i, char *name);
unsigned tunnel_number(const char *name);
uint32_t tunnel_key(unsigned i);

/* Messages of tunnel I. */
void tunnel_add_link(struct rtnetlink *rtnetlink, unsigned i, int flags, int ttl);
void tunnel_add_get(struct rtnetlink *rtnetlink, unsigned i);
void tunnel_add_address(struct rtnetlink *rtnetlink, int type, unsigned i, int ifindex);
void tunnel_add_route(struct rtnetlink *rtnetlink, int type, unsigned i, int ifindex);
/* Of all links of kind gre, without counters; of all IPv4 addresses. */
void tunnels_add_link_dump(struct rtnetlink *rtnetlink);
void tunnels_add_address_dump(struct rtnetlink *rtnetlink);

void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
