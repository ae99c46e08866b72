/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the attributes of a message apart. libnl does it with some calls for each attribute: of ten thousand links, which have
 * sixty each, that took as long as the kernel needs to tell of them. */
#pragma once

#include <linux/netlink.h>
#include <netlink/attr.h>
#include <stdbool.h>
#include <stddef.h>

static inline bool attribute_is_whole(const struct nlattr *attribute, int left)
{
    return left >= (int)sizeof(*attribute) && attribute->nla_len >= sizeof(*attribute) && attribute->nla_len <= left;
}

static inline struct nlattr *attribute_next(const struct nlattr *attribute, int *left)
{
    *left -= NLA_ALIGN(attribute->nla_len);
    return (struct nlattr *)((char *)attribute + NLA_ALIGN(attribute->nla_len));
}

static inline int attribute_type(const struct nlattr *attribute)
{
    return attribute->nla_type & NLA_TYPE_MASK;
}

/* Those of size bytes from head; left: an int. */
#define attributes_for_each(attribute, head, size, left)                                                                                                       \
    for (attribute = (struct nlattr *)(head), left = (int)(size); attribute_is_whole(attribute, left); attribute = attribute_next(attribute, &left))

/* By their types, up to max; the last one of each, NULL where there is none. -EBADMSG: one is shorter than policy (NULL: none) says,
 * of which minlen, NLA_U8, NLA_U32 and NLA_STRING (with a 0 byte at its end) are known. */
int attributes_parse(const void *head, int size, struct nlattr **ret, int max, const struct nla_policy *policy);

/* Those behind the fixed header, of header bytes, of a message; -EBADMSG also where that is not whole. */
int attributes_of_message(const struct nlmsghdr *message, size_t header, struct nlattr **ret, int max, const struct nla_policy *policy);

/* The first one of that type in a nest; NULL: there is none. */
struct nlattr *attributes_find(const struct nlattr *nest, int type);
