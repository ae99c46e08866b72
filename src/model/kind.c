/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of kinds. Never holds behaviour: a new kind is a row here and its attribute table in kernel/link.c. */
#include "model/kind.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

#include "base/macro.h"

#define LINK_FIELDS (FIELD_MTU | FIELD_UP | FIELD_MULTICAST | FIELD_IPV6 | FIELD_KIND)
#define ENDS (FIELD_LOCAL | FIELD_REMOTE | FIELD_LOWER)
#define V4_FIELDS (ENDS | FIELD_TTL | FIELD_TOS | FIELD_PMTUDISC | FIELD_FWMARK | LINK_FIELDS)
#define V6_FIELDS (ENDS | FIELD_TTL | FIELD_ENCAP_LIMIT | FIELD_FLOWINFO | FIELD_IP6_FLAGS | FIELD_FWMARK | LINK_FIELDS)

static const struct kind_info kinds[KIND_MAX] = {
    [KIND_NONE] = { .name = "none", .type = "none", .kernel_kind = "", .module = "", .fields = 0 },
    [KIND_GRE] = {
        .name = "gre", .type = "GRE", .kernel_kind = "gre", .module = "ip_gre", .fallback = "gre0",
        .family = AF_INET, .carries = CARRIES_IPV4 | CARRIES_IPV6, .overhead = 24,
        .fields = V4_FIELDS | FIELDS_KEY, .unique = ENDS | FIELD_IKEY, .multicast_fixed = true,
    },
    [KIND_IPIP] = {
        .name = "ipip", .type = "IPIP", .kernel_kind = "ipip", .module = "ipip", .fallback = "tunl0",
        .family = AF_INET, .carries = CARRIES_IPV4, .proto = IPPROTO_IPIP, .overhead = 20,
        .fields = V4_FIELDS | FIELD_PROTO, .unique = ENDS, .multicast_fixed = true, .proto_fixed = true,
    },
    [KIND_SIT] = {
        .name = "sit", .type = "SIT", .kernel_kind = "sit", .module = "sit", .fallback = "sit0",
        .family = AF_INET, .carries = CARRIES_IPV6, .default_ttl = 64, .proto = IPPROTO_IPV6, .overhead = 20, .uncounted = 20,
        .fields = V4_FIELDS | FIELD_PROTO, .unique = ENDS, .proto_fixed = true,
    },
    [KIND_IP6GRE] = {
        /* unset to set is accepted in place, but its neighbours stay those of a multipoint device */
        .name = "ip6gre", .type = "GRE6", .kernel_kind = "ip6gre", .module = "ip6_gre", .fallback = "ip6gre0",
        .family = AF_INET6, .carries = CARRIES_IPV4 | CARRIES_IPV6, .default_ttl = 64, .overhead = 44, .uncounted = 48,
        .fields = V6_FIELDS | FIELDS_KEY, .unique = ENDS | FIELD_IKEY,
    },
    [KIND_IPIP6] = {
        .name = "ipip6", .type = "IPIP6", .kernel_kind = "ip6tnl", .module = "ip6_tunnel", .fallback = "ip6tnl0",
        .family = AF_INET6, .carries = CARRIES_IPV4, .default_ttl = 64, .proto = IPPROTO_IPIP, .overhead = 40, .uncounted = 8,
        .fields = V6_FIELDS | FIELD_PROTO, .unique = ENDS, .any_flip = true,
    },
    [KIND_EXTERNAL] = {
        .name = "external", .type = "EXTERNAL", .kernel_kind = "ip6tnl", .module = "ip6_tunnel",
        .family = AF_INET6, .carries = CARRIES_IPV4 | CARRIES_IPV6, .overhead = 48, .uncounted = 48,
        .fields = FIELD_EXTERNAL | LINK_FIELDS,
    },
};

const struct kind_info *kind_info(enum kind kind)
{
    assert(kind < KIND_MAX);
    return &kinds[kind];
}

enum kind kind_from_kernel(const char *kernel_kind, bool external)
{
    for (enum kind kind = KIND_NONE + 1; kind < KIND_MAX; kind++)
        if (!strcmp(kinds[kind].kernel_kind, kernel_kind) && !(kinds[kind].fields & FIELD_EXTERNAL) == !external)
            return kind;
    return KIND_NONE;
}

bool kind_reserves_name(const char *name)
{
    /* also those of kinds that are not in the table */
    static const char *const reserved[] = {
        "gre0", "gretap0", "erspan0", "tunl0", "sit0", "ip6tnl0", "ip6gre0", "ip_vti0", "ip6_vti0",
    };

    for (size_t i = 0; i < ARRAY_SIZE(reserved); i++)
        if (!strcmp(reserved[i], name))
            return true;
    return false;
}
