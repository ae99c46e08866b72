/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tunnel says of itself, as names and values, in the words of ip-link(8): for the bus, for JSON and for tables.
 * The names are part of the interface: told in io.tunneld(5). */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "model/facts.h"
#include "model/tunnel.h"

struct attribute {
    const char *name; /* static: "local", "ttl", ... */
    uint32_t fields;  /* FIELD_* that it shows */
    enum attribute_type { ATTRIBUTE_TEXT, ATTRIBUTE_NUMBER, ATTRIBUTE_BOOL } type;
    char *text; /* for people always, also of numbers and truth values ("on", "off") */
    uint32_t number;
};

struct attributes {
    struct attribute *items;
    size_t n;
};

/* In the order of the table. What is nothing (no key, no device, no encapsulation) is left out, and so is what the kind does not
 * have. mtu: bytes as it is or should be; 0: not known, left out. -ENOMEM. */
int attributes_of(const struct tunnel *tunnel, uint32_t mtu, struct attributes *ret);
void attributes_done(struct attributes *attributes);

/* NULL: none of that name. */
const struct attribute *attributes_get(const struct attributes *attributes, const char *name);

/* Of one name, each NULL if it is not there: is it changed, where these FIELD_* are? */
bool attribute_differs(const struct attribute *wanted, const struct attribute *actual, uint32_t differing);

/* "10.0.0.1/30", "10.0.0.1/30 peer 10.0.0.2/30": an address as ip-address(8) takes it. */
void inner_put(const struct inner *inner, FILE *out);
