/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An address of either family. Never resolves a name. */
#include "model/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

bool address_looks_like_ipv4(const char *text)
{
    return *text && text[strspn(text, "0123456789.")] == 0;
}

static const char *ipv4_error(const char *text, int error)
{
    int dots = 0;

    if (error == -ERANGE)
        return "a number of the address is over 255";
    if (error == -EDOM)
        return "a number of the address has a leading zero: octal or decimal?";
    for (const char *p = text; *p; p++)
        dots += *p == '.';
    if (address_looks_like_ipv4(text) && dots < 3)
        return "an IPv4 address has four numbers";
    return "not an address";
}

int address_parse(const char *text, struct address *ret, const char **ret_why)
{
    struct address address = { 0 };
    uint32_t quad;
    int r;

    if (strchr(text, '/')) {
        *ret_why = "no prefix can stand here";
        return -EINVAL;
    }
    if (strchr(text, ':')) {
        if (inet_pton(AF_INET6, text, &address.v6) != 1) {
            *ret_why = "not an IPv6 address";
            return -EINVAL;
        }
        address.family = AF_INET6;
        *ret = address;
        return 0;
    }
    r = text_parse_quad(text, &quad);
    if (r < 0) {
        *ret_why = ipv4_error(text, r);
        return -EINVAL;
    }
    address.family = AF_INET;
    address.v4.s_addr = htonl(quad);
    *ret = address;
    return 0;
}

static int parse_netmask(const char *text, uint8_t *ret)
{
    uint32_t mask;
    int r = text_parse_quad(text, &mask);

    if (r < 0)
        return r;
    if (~mask & (~mask + 1)) /* ones, then zeroes */
        return -EINVAL;
    *ret = (uint8_t)__builtin_popcount(mask);
    return 0;
}

int address_parse_prefix(const char *text, struct address *ret, uint8_t *ret_prefix, const char **ret_why)
{
    const char *slash = strchr(text, '/');
    char host[ADDRESS_TEXT_MAX + 1];
    struct address address;
    uint32_t length;
    uint8_t prefix;
    int r;

    if (!slash) {
        r = address_parse(text, ret, ret_why);
        if (r >= 0)
            *ret_prefix = ADDRESS_NO_PREFIX;
        return r;
    }
    if ((size_t)(slash - text) >= sizeof(host)) {
        *ret_why = "not an address";
        return -EINVAL;
    }
    snprintf(host, sizeof(host), "%.*s", (int)(slash - text), text);
    r = address_parse(host, &address, ret_why);
    if (r < 0)
        return r;
    if (address.family == AF_INET && strchr(slash, '.')) {
        r = parse_netmask(slash + 1, &prefix);
        *ret_why = "not a netmask";
    } else {
        r = text_parse_u32(slash + 1, 0, address_full_prefix(&address), &length);
        prefix = (uint8_t)length;
        *ret_why = r != -ERANGE                ? "the prefix length is no number"
                   : address.family == AF_INET ? "the prefix length is over 32"
                                               : "the prefix length is over 128";
    }
    if (r < 0)
        return -EINVAL;
    *ret = address;
    *ret_prefix = prefix;
    return 0;
}

const char *address_format(const struct address *address, char buffer[static ADDRESS_TEXT_MAX])
{
    if (!address_is_set(address) || !inet_ntop(address->family, address->bytes, buffer, ADDRESS_TEXT_MAX))
        strcpy(buffer, "any");
    return buffer;
}

size_t address_size(const struct address *address)
{
    return address->family == AF_INET ? 4 : address->family == AF_INET6 ? 16 : 0;
}

struct address address_from_bytes(uint8_t family, const void *bytes)
{
    static const uint8_t zeroes[16];
    struct address address = { .family = family };
    size_t size = address_size(&address);

    memcpy(address.bytes, bytes, size);
    if (!memcmp(address.bytes, zeroes, size))
        address.family = AF_UNSPEC;
    return address;
}

uint8_t address_full_prefix(const struct address *address)
{
    return address->family == AF_INET ? 32 : 128;
}

bool address_is_within(const struct address *address, const struct address *network, uint8_t prefix)
{
    struct address beginning = *network;

    beginning.family = address->family;
    return address_common_bits(&beginning, address) >= prefix;
}

bool address_clear_host(struct address *address, uint8_t prefix)
{
    struct address before = *address;

    for (size_t bit = prefix; bit < address_size(address) * 8; bit++)
        address->bytes[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
    return !address_equal(&before, address);
}

bool address_equal(const struct address *a, const struct address *b)
{
    return a->family == b->family && !memcmp(a->bytes, b->bytes, address_size(a));
}

bool address_is_set(const struct address *address)
{
    return address->family != AF_UNSPEC;
}

bool address_is_multicast(const struct address *address)
{
    if (address->family == AF_INET)
        return IN_MULTICAST(ntohl(address->v4.s_addr));
    return address->family == AF_INET6 && IN6_IS_ADDR_MULTICAST(&address->v6);
}

unsigned address_common_bits(const struct address *a, const struct address *b)
{
    unsigned bits = 0;

    while (bits < address_size(a) * 8 && !((a->bytes[bits / 8] ^ b->bytes[bits / 8]) & (0x80 >> bits % 8)))
        bits++;
    return a->family == b->family ? bits : 0;
}
