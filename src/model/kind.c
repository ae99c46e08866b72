/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of kinds. Never holds behaviour: a new kind is a row here and its attribute table in kernel/link.c. */
#include "model/kind.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

#define LINK_FIELDS (FIELD_MTU | FIELD_UP | FIELD_MULTICAST | FIELD_IPV6 | FIELD_CONTROLLER | FIELD_KIND)
#define ENDS (FIELD_LOCAL | FIELD_REMOTE | FIELD_LOWER)
#define V4_FIELDS (ENDS | FIELD_TTL | FIELD_TOS | FIELD_PMTUDISC | FIELD_FWMARK | FIELD_ENCAP | LINK_FIELDS)
#define V6_FIELDS (ENDS | FIELD_TTL | FIELD_ENCAP_LIMIT | FIELD_FLOWINFO | FIELD_IP6_FLAGS | FIELD_FWMARK | FIELD_ENCAP | FIELD_EXTERNAL | LINK_FIELDS)
#define GRE_FIELDS (V4_FIELDS | FIELDS_KEY | FIELD_IGNORE_DF | FIELD_EXTERNAL)
/* a VTI has no header of its own: what carries the packet is IPsec's */
#define VTI_FIELDS (ENDS | FIELD_IKEY | FIELD_OKEY | FIELD_FWMARK | LINK_FIELDS)
#define BOTH (CARRIES_IPV4 | CARRIES_IPV6)

static const struct kind_info kinds[KIND_MAX] = {
    [KIND_NONE] = { .name = "none", .type = "none", .kernel_kind = "", .module = "", .fields = 0 },
    [KIND_GRE] = {
        .name = "gre", .type = "GRE", .kernel_kind = "gre", .module = "ip_gre", .fallback = "gre0",
        .family = AF_INET, .carries = BOTH,
        .fields = GRE_FIELDS, .unique = ENDS | FIELD_IKEY, .multicast_fixed = true,
    },
    [KIND_IPIP] = {
        .name = "ipip", .type = "IPIP", .kernel_kind = "ipip", .module = "ipip", .fallback = "tunl0",
        .family = AF_INET, .carries = CARRIES_IPV4, .proto = IPPROTO_IPIP,
        .fields = V4_FIELDS | FIELD_PROTO | FIELD_EXTERNAL, .unique = ENDS, .multicast_fixed = true, .proto_fixed = true,
    },
    [KIND_SIT] = {
        .name = "sit", .type = "SIT", .kernel_kind = "sit", .module = "sit", .fallback = "sit0",
        .family = AF_INET, .carries = CARRIES_IPV6, .default_ttl = 64, .proto = IPPROTO_IPV6, .uncounted = 20,
        .fields = V4_FIELDS | FIELD_PROTO | FIELD_ISATAP, .unique = ENDS, .proto_fixed = true,
    },
    [KIND_ISATAP] = {
        .name = "isatap", .type = "ISATAP", .kernel_kind = "sit", .module = "sit", .fallback = "sit0",
        .family = AF_INET, .carries = CARRIES_IPV6, .default_ttl = 64, .proto = IPPROTO_IPV6, .uncounted = 20,
        .fields = V4_FIELDS | FIELD_PROTO | FIELD_ISATAP, .unique = ENDS, .proto_fixed = true,
    },
    [KIND_IP6GRE] = {
        /* unset to set is accepted in place, but its neighbours stay those of a multipoint device */
        .name = "ip6gre", .type = "GRE6", .kernel_kind = "ip6gre", .module = "ip6_gre", .fallback = "ip6gre0",
        .family = AF_INET6, .carries = BOTH, .default_ttl = 64, .uncounted = 40,
        .fields = V6_FIELDS | FIELDS_KEY, .unique = ENDS | FIELD_IKEY,
    },
    [KIND_IPIP6] = {
        .name = "ipip6", .type = "IPIP6", .kernel_kind = "ip6tnl", .module = "ip6_tunnel", .fallback = "ip6tnl0",
        .family = AF_INET6, .carries = CARRIES_IPV4, .default_ttl = 64, .proto = IPPROTO_IPIP,
        .fields = V6_FIELDS | FIELD_PROTO, .unique = ENDS, .any_flip = true,
    },
    [KIND_IP6IP6] = {
        .name = "ip6ip6", .type = "IP6IP6", .kernel_kind = "ip6tnl", .module = "ip6_tunnel", .fallback = "ip6tnl0",
        .family = AF_INET6, .carries = CARRIES_IPV6, .default_ttl = 64, .proto = IPPROTO_IPV6, .uncounted = 40,
        .fields = V6_FIELDS | FIELD_PROTO, .unique = ENDS, .any_flip = true,
    },
    [KIND_EXTERNAL] = {
        .name = "external", .type = "EXTERNAL", .kernel_kind = "ip6tnl", .module = "ip6_tunnel",
        .family = AF_INET6, .carries = BOTH, .uncounted = 40,
        .fields = FIELD_EXTERNAL | LINK_FIELDS,
    },
    [KIND_GRETAP] = {
        .name = "gretap", .type = "GRETAP", .kernel_kind = "gretap", .module = "ip_gre", .fallback = "gretap0",
        .family = AF_INET, .carries = BOTH,
        .fields = GRE_FIELDS | FIELD_HARDWARE, .unique = ENDS | FIELD_IKEY, .any_flip = true, .ethernet = true,
    },
    [KIND_IP6GRETAP] = {
        .name = "ip6gretap", .type = "IP6GRETAP", .kernel_kind = "ip6gretap", .module = "ip6_gre",
        .family = AF_INET6, .carries = BOTH, .default_ttl = 64, .uncounted = 40, .external_with = "ip6gre",
        .fields = V6_FIELDS | FIELDS_KEY | FIELD_HARDWARE, .unique = ENDS | FIELD_IKEY, .ethernet = true,
    },
    [KIND_ERSPAN] = {
        .name = "erspan", .type = "ERSPAN", .kernel_kind = "erspan", .module = "ip_gre", .fallback = "erspan0",
        .family = AF_INET, .carries = BOTH,
        .fields = GRE_FIELDS | FIELD_ERSPAN | FIELD_HARDWARE, .unique = ENDS | FIELD_IKEY, .ethernet = true,
    },
    [KIND_IP6ERSPAN] = {
        .name = "ip6erspan", .type = "IP6ERSPAN", .kernel_kind = "ip6erspan", .module = "ip6_gre",
        .family = AF_INET6, .carries = BOTH, .default_ttl = 64, .uncounted = 40, .unique_with = "ip6gretap",
        .fields = V6_FIELDS | FIELDS_KEY | FIELD_ERSPAN | FIELD_HARDWARE, .unique = ENDS | FIELD_IKEY, .ethernet = true,
    },
    [KIND_VTI] = {
        .name = "vti", .type = "VTI", .kernel_kind = "vti", .module = "ip_vti", .fallback = "ip_vti0",
        .family = AF_INET, .carries = BOTH,
        .fields = VTI_FIELDS, .unique = ENDS, .multicast_fixed = true,
    },
    [KIND_VTI6] = {
        .name = "vti6", .type = "VTI6", .kernel_kind = "vti6", .module = "ip6_vti", .fallback = "ip6_vti0",
        .family = AF_INET6, .carries = BOTH,
        .fields = VTI_FIELDS, .unique = FIELD_LOCAL | FIELD_REMOTE, .any_flip = true,
    },
};

const struct kind_info *kind_info(enum kind kind)
{
    assert(kind < KIND_MAX);
    return &kinds[kind];
}

/* Of those that are one to the kernel the first carries what is not told apart. */
enum kind kind_from_kernel(const char *kernel_kind, const struct kind_mark *mark)
{
    enum kind found = KIND_NONE;

    if (!strcmp(kernel_kind, "sit"))
        return mark->isatap ? KIND_ISATAP : KIND_SIT;
    if (!strcmp(kernel_kind, "ip6tnl") && mark->external && !mark->proto)
        return KIND_EXTERNAL;
    for (enum kind kind = KIND_NONE + 1; kind < KIND_MAX && !found; kind++)
        if (!strcmp(kinds[kind].kernel_kind, kernel_kind))
            found = kind;
    return found == KIND_IPIP6 && mark->proto == IPPROTO_IPV6 ? KIND_IP6IP6 : found;
}

bool kind_reserves_name(const char *name)
{
    for (enum kind kind = KIND_NONE + 1; kind < KIND_MAX; kind++)
        if (kinds[kind].fallback && !strcmp(kinds[kind].fallback, name))
            return true;
    return false;
}
