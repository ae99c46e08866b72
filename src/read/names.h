/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that iproute2's files give to numbers: tables, protocols, scopes, realms. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"
#include "model/problem.h"

enum names_of { NAMES_TABLE, NAMES_PROTOCOL, NAMES_SCOPE, NAMES_REALM, NAMES_MAX };

struct names;

/* Reads them below root ("" for none); what is wrong in those files is told, and costs that line. -ENOMEM. */
int names_load(const char *root, struct names **ret, struct problems *problems);
struct names *names_free(struct names *names);
DEFINE_CLEANUP(struct names *, names_free)

/* The number of a name, or of a number in digits (decimal, or hexadecimal behind 0x). -EINVAL: neither. */
int names_get(const struct names *names, enum names_of of, const char *text, uint32_t *ret);

/* Do they give the same numbers to the same names? */
bool names_equal(const struct names *a, const struct names *b);
