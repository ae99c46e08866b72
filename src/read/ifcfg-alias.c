/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alias files, as ifup-aliases reads them. Never a reason to refuse the tunnel. */
#include "read/ifcfg-alias.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"
#include "read/ifcfg-inner.h"
#include "read/ifcfg-ipv6.h"

static void set_broadcast(struct reading *alias, const struct assignment *said, struct inner *inner)
{
    if (said) {
        reading_broadcast(alias, said, inner);
    } else if (inner->prefix < 31) {
        inner->broadcast.s_addr = inner->local.v4.s_addr | htonl(UINT32_MAX >> inner->prefix);
    }
}

/* Of the alias if it says either, else of the tunnel's own file. */
static void find_prefix(const struct reading *alias, const struct reading *parent, const struct assignment **ret_prefix, const struct assignment **ret_netmask)
{
    *ret_prefix = reading_get(alias, "PREFIX");
    *ret_netmask = reading_get(alias, "NETMASK");
    if (*ret_prefix || *ret_netmask)
        return;
    *ret_prefix = reading_get(parent, "PREFIX");
    *ret_netmask = reading_get(parent, "NETMASK");
}

static void read_one(struct reading *alias, const struct reading *parent, const char *label)
{
    const struct assignment *said = reading_get(alias, "IPADDR");
    struct inner inner = { 0 };
    const char *why;

    if (address_parse_prefix(said->value, &inner.local, &inner.prefix, &why) < 0) {
        reading_fail(alias, said, why);
        return;
    }
    if (inner.local.family != AF_INET) {
        reading_fail(alias, said, "an IPv6 address; IPV6ADDR is for those");
        return;
    }
    inner.local = address_from_bytes(AF_INET, inner.local.bytes); /* 0.0.0.0: none */
    if (inner.prefix == ADDRESS_NO_PREFIX) {
        const struct assignment *prefix, *netmask;

        find_prefix(alias, parent, &prefix, &netmask);
        if (!prefix && !netmask)
            reading_warn(alias, said, "neither PREFIX nor NETMASK: a single host is taken");
        if (!reading_prefix(alias, prefix, netmask, &inner))
            return;
    }
    set_broadcast(alias, reading_get(alias, "BROADCAST"), &inner);
    reading_label(alias, reading_get(alias, "DEVICE"), label, &inner);
    if (!problems_has_error(alias->problems))
        reading_add_inner(alias, said, &inner);
}

static bool parse_end(struct reading *alias, const char *name, struct address *ret)
{
    const struct assignment *said = reading_get(alias, name);
    const char *why = "";

    if (!said) {
        problems_add(alias->problems, SEVERITY_ERROR, (struct place){ alias->input->file.path, 0, 0 }, "%s is missing", name);
        return false;
    }
    if (address_parse(said->value, ret, &why) >= 0 && ret->family == AF_INET)
        return true;
    reading_fail(alias, said, *why ? why : "not an IPv4 address");
    return false;
}

/* IPADDR_START to IPADDR_END, which differ in the last number only, with labels from CLONENUM_START on. */
static void read_range(struct reading *alias, const struct reading *parent)
{
    const struct assignment *end = reading_get(alias, "IPADDR_END"), *number = reading_get(alias, "CLONENUM_START");
    const struct assignment *prefix, *netmask;
    struct address first = { 0 }, last = { 0 };
    uint32_t clone = 0;
    unsigned too_long = 0;

    if (!parse_end(alias, "IPADDR_START", &first) || !parse_end(alias, "IPADDR_END", &last))
        return;
    if (number && text_parse_u32(number->value, 0, 99999, &clone) < 0) {
        reading_fail(alias, number, "not a number");
        return;
    }
    if (address_common_bits(&first, &last) < 24 || first.bytes[3] > last.bytes[3]) {
        reading_fail(alias, end, "not behind IPADDR_START in the same /24");
        return;
    }
    find_prefix(alias, parent, &prefix, &netmask);
    if (!prefix && !netmask)
        reading_warn(alias, reading_get(alias, "IPADDR_START"), "neither PREFIX nor NETMASK: single hosts are taken");
    for (;; first.bytes[3]++, clone++) {
        struct inner inner = { .local = address_from_bytes(AF_INET, first.bytes) };
        char label[IFNAMSIZ + 16];

        snprintf(label, sizeof(label), "%s:%u", alias->tunnel->name, clone);
        if (!reading_prefix(alias, prefix, netmask, &inner))
            return;
        set_broadcast(alias, reading_get(alias, "BROADCAST"), &inner);
        if (strlen(label) < sizeof(inner.label))
            strcpy(inner.label, label);
        else if (!too_long++) /* once for all of the range */
            reading_warn(alias, number, "labels of more than 15 bytes: their addresses have none");
        if (problems_has_error(alias->problems))
            return;
        reading_add_inner(alias, reading_get(alias, "IPADDR_START"), &inner);
        if (first.bytes[3] == last.bytes[3])
            return;
    }
}

static bool may_have_ipv6(const struct reading *parent)
{
    const struct tunnel *tunnel = parent->tunnel;
    const struct assignment *init = reading_get(parent, "IPV6INIT");
    bool on = true;

    if (init)
        (void)text_parse_bool(init->value, &on);
    return on && reading_carries(parent, AF_INET6) && tunnel_has_room_for_ipv6(tunnel);
}

static void read_addresses(struct reading *alias, struct reading *parent)
{
    const char *name = strrchr(alias->input->file.path, '/') + strlen("/ifcfg-"), *label = name;
    const struct assignment *device = reading_get(alias, "DEVICE"), *six = reading_get(alias, "IPV6ADDR");
    size_t size = strlen(alias->tunnel->name);

    if (!strncmp(name, alias->tunnel->name, size) && name[size] == '-') { /* its keys file can have named it otherwise */
        read_range(alias, parent);
        return;
    }
    if (device)
        label = device->value;
    if (strncmp(label, alias->tunnel->name, size) != 0 || label[size] != ':') {
        reading_fail(alias, device, "not an alias of the tunnel that the name of the file says");
        return;
    }
    if (reading_get(alias, "IPADDR"))
        read_one(alias, parent, label);
    else if (!six)
        reading_fail(alias, NULL, "neither IPADDR nor IPV6ADDR");
    if (six && (alias->tunnel->ipv6 || may_have_ipv6(parent))) {
        parent->late_ipv6 = parent->late_ipv6 || !alias->tunnel->ipv6;
        alias->tunnel->ipv6 = true;
        reading_add_ipv6(alias, six, six->value);
    } else if (six)
        reading_warn(alias, six, "left out: IPV6INIT, the kind of tunnel or its MTU does not let IPv6 be on");
}

static bool is_wanted(struct reading *alias)
{
    const struct assignment *onparent = reading_get(alias, "ONPARENT");
    bool on = true;

    if (onparent && text_parse_bool(onparent->value, &on) < 0)
        reading_warn(alias, onparent, "neither yes nor no; yes is taken");
    return on;
}

static void read_alias(struct reading *parent, struct ifcfg_text *text, struct problems *asides)
{
    struct ifcfg_input input = { .file = *text, .network = parent->input->network };
    struct problems found = { 0 };
    struct reading alias = { .input = &input, .assignments.outer = &parent->assignments, .problems = &found, .tunnel = parent->tunnel };
    size_t before = parent->tunnel->n_inner;
    bool ipv6 = parent->tunnel->ipv6, late = parent->late_ipv6;
    int r = 0;

    if (!text->text)
        problems_add(&found, SEVERITY_ERROR, (struct place){ text->path, 0, 0 }, "cannot be read");
    else
        r = shell_parse(text->text, text->size, text->path, &alias.assignments, &found);
    text->used = true;
    if (r >= 0 && !problems_has_error(&found)) {
        text->used = is_wanted(&alias);
        if (text->used)
            read_addresses(&alias, parent);
    }
    if (problems_has_error(&found)) {
        parent->tunnel->n_inner = before;
        parent->tunnel->ipv6 = ipv6;
        parent->late_ipv6 = late;
        parent->tunnel->doubts |= DOUBT_ADDRESSES;
    }
    parent->out_of_memory = parent->out_of_memory || r < 0 || alias.out_of_memory;
    assignments_done(&alias.assignments);
    problems_move(&found, asides);
}

void reading_aliases(struct reading *reading, struct problems *asides)
{
    for (size_t i = 0; i < reading->input->n_aliases; i++)
        read_alias(reading, &reading->input->aliases[i], asides);
}
