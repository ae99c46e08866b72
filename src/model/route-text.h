/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A route or a rule in the words of `ip route` and `ip rule`, with numbers for names. */
#pragma once

#include <stdio.h>

#include "model/route.h"
#include "model/rule.h"

/* "10.0.0.0/8 via 192.0.2.1 dev tun0 metric 5 table 7" */
void route_put(const struct route *route, FILE *out);
/* "from 10.0.0.0/8 table 7 pref 900" */
void rule_put(const struct rule *rule, FILE *out);

/* The same as people read it rather than ip(8): always with the metric, a route's attributes in the order of their names and
 * in decimal, and last of a rule where it leads to. */
void route_put_plainly(const struct route *route, FILE *out);
void rule_put_plainly(const struct rule *rule, FILE *out);
