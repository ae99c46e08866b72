/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must go together on some kinds of tunnels, whichever format says it. */
#pragma once

#include "model/problem.h"
#include "model/tunnel.h"

/* How a format says it. */
struct kinds_words {
    const char *encap, *encap_sport, *encap_dport, *encap_flags;
    const char *key, *ikey, *okey; /* key: of both directions; NULL: there is none such */
    const char *no_key;            /* "KEY is missing" */
    const char *gre_flags;
    const char *version, *index, *direction, *hwid; /* of ERSPAN */
};

struct kinds_check {
    struct tunnel *tunnel;
    const struct kinds_words *words;
    bool (*says)(void *userdata, const char *key);
    void (*tell)(void *userdata, enum severity severity, const char *key, const char *why); /* key NULL: the file as a whole */
    void *userdata;
};

/* After all rows: combinations that the kernel refuses, or takes for something else. What is of no effect is left out of the
 * tunnel, so that it equals what the kernel will have. -ENOMEM. */
int kinds_check(const struct kinds_check *check);

/* Why an option that fills these FIELD_*, none of which the tunnel has, is of no meaning: static text. */
const char *kinds_no_meaning(const struct tunnel *tunnel, uint32_t fields);
