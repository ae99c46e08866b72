/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An IPv4 or IPv6 address. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address {
    uint8_t family; /* AF_INET, AF_INET6, or AF_UNSPEC: no address ("any") */
    union {
        uint8_t bytes[16]; /* network order; those that the family does not use are 0 */
        struct in_addr v4;
        struct in6_addr v6;
    };
};

enum {
    ADDRESS_TEXT_MAX = INET6_ADDRSTRLEN,
    ADDRESS_NO_PREFIX = 255,
};

/* A literal address, strictly: four decimal numbers without leading zeros, or RFC 4291 text. No prefix,
 * no zone. On -EINVAL *ret_why says in words what is wrong (static text). */
int address_parse(const char *text, struct address *ret, const char **ret_why);

/* The same with /LENGTH or, IPv4 only, /NETMASK behind it; without one *ret_prefix is ADDRESS_NO_PREFIX. */
int address_parse_prefix(const char *text, struct address *ret, uint8_t *ret_prefix, const char **ret_why);

/* Digits and dots alone: meant as an IPv4 address, well formed or not. */
bool address_looks_like_ipv4(const char *text);

/* Never fails; AF_UNSPEC is "any". Returns buffer. */
const char *address_format(const struct address *address, char buffer[static ADDRESS_TEXT_MAX]);

/* Makes one of bytes in network order, 4 or 16 of them; all zeroes give AF_UNSPEC. */
struct address address_from_bytes(uint8_t family, const void *bytes);

size_t address_size(const struct address *address);                             /* bytes: 4, 16 or 0 */
uint8_t address_full_prefix(const struct address *address);                     /* bits: 32 or 128 */
unsigned address_common_bits(const struct address *a, const struct address *b); /* at their beginning */
/* Is the address in the network? Both are of one family; all zeroes, which are "any", make a network of it too. */
bool address_is_within(const struct address *address, const struct address *network, uint8_t prefix);
/* Clears the bits behind the prefix. Were there any? */
bool address_clear_host(struct address *address, uint8_t prefix);

bool address_equal(const struct address *a, const struct address *b);
bool address_is_set(const struct address *address);
bool address_is_multicast(const struct address *address);
