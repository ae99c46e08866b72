/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came of something that was asked for: a value to be told to who asked. */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

struct outcome_change {
    char link[IFNAMSIZ]; /* "": on none */
    char *why;           /* "ttl 64 -> 255" */
};

struct outcome {
    struct outcome_change *changes; /* in the order in which they were made */
    size_t n;
    bool well;     /* all that was asked about is as its file, or the operator, says */
    char *summary; /* "3 tunnels: 2 up, 1 waiting" */
};

int outcome_add(struct outcome *outcome, const char *link, const char *why); /* -ENOMEM */
void outcome_done(struct outcome *outcome);
