/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/attributes.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static bool is_as_said(const struct nlattr *attribute, const struct nla_policy *policy)
{
    int size = attribute->nla_len - NLA_HDRLEN;

    if (size < policy->minlen)
        return false;
    if (policy->type == NLA_U32)
        return size >= (int)sizeof(uint32_t);
    if (policy->type == NLA_U8)
        return size >= 1;
    return policy->type != NLA_STRING || (size >= 1 && !((const char *)attribute)[attribute->nla_len - 1]);
}

int attributes_parse(const void *head, int size, struct nlattr **ret, int max, const struct nla_policy *policy)
{
    struct nlattr *attribute;
    int left;

    memset(ret, 0, ((size_t)max + 1) * sizeof(*ret));
    attributes_for_each (attribute, head, size, left) {
        int type = attribute_type(attribute);

        if (type > max)
            continue;
        if (policy && !is_as_said(attribute, &policy[type]))
            return -EBADMSG;
        ret[type] = attribute;
    }
    return 0;
}

int attributes_of_message(const struct nlmsghdr *message, size_t header, struct nlattr **ret, int max, const struct nla_policy *policy)
{
    size_t fixed = NLMSG_SPACE(header);

    if (message->nlmsg_len < NLMSG_LENGTH(header))
        return -EBADMSG;
    return attributes_parse((const char *)message + fixed, message->nlmsg_len > fixed ? (int)(message->nlmsg_len - fixed) : 0, ret, max, policy);
}

struct nlattr *attributes_find(const struct nlattr *nest, int type)
{
    struct nlattr *attribute;
    int left;

    attributes_for_each (attribute, (const char *)nest + NLA_HDRLEN, nest->nla_len - NLA_HDRLEN, left)
        if (attribute_type(attribute) == type)
            return attribute;
    return NULL;
}
