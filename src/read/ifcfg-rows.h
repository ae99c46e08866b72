/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the ifcfg reader share; nobody else includes it. */
#pragma once

#include "model/problem.h"
#include "model/tunnel.h"
#include "read/ifcfg.h"
#include "read/option.h"
#include "read/shell.h"

struct reading {
    const struct ifcfg_input *input;
    struct assignments assignments; /* of the file, then of its keys file */
    struct problems *problems;
    struct tunnel *tunnel;
    bool late_ipv6; /* an alias turned IPv6 on */
    bool out_of_memory;
};

/* The last assignment of that name, if its value is not empty. */
const struct assignment *reading_get(const struct reading *reading, const char *name);

/* With the assignment's own key, value and place, or of the whole file where it is NULL. */
void reading_warn(struct reading *reading, const struct assignment *assignment, const char *why);
void reading_fail(struct reading *reading, const struct assignment *assignment, const char *why);

/* Reads one row if the file has it. */
void reading_row(struct reading *reading, const struct option *row);
