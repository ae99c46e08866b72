/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of the ifcfg reader that is about IPv6 on the tunnel; nobody else includes it. */
#pragma once

#include "read/ifcfg-rows.h"

/* IPV6INIT, IPV6ADDR and the like: behind the other inner addresses. */
void reading_ipv6(struct reading *reading);

/* In place of that, in a dialect without such keys: on where something uses it. */
void reading_ipv6_where_used(struct reading *reading);

void reading_add_ipv6(struct reading *reading, const struct assignment *assignment, const char *value);
