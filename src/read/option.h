/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The row engine: what an option of a file is called, how its text is read, and which field it fills.
 * A reader is a table of such rows. */
#pragma once

#include "model/tunnel.h"

struct option {
    const char *name;
    /* Writes value into the tunnel; -EINVAL with *ret_why (static text) if it cannot be that, -ENOMEM. */
    int (*parse)(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
    uint32_t fields;   /* FIELD_* that it sets; of no meaning on a kind that has none of them. 0: of meaning on all */
    size_t offset;     /* in struct tunnel, for those that are told where */
    uint32_t min, max; /* for numbers */
};

/* Literal address of the kind's family; "any" and the all-zero address are none. To offset. Or, of the local end
 * the name of an interface, of the remote one that of a host. */
int option_outer(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* Name of a device, into lower. */
int option_lower(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* Keys: of both directions, or of the one whose FIELD_*KEY is in fields. */
int option_key(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* Words out of iseq oseq icsum ocsum. */
int option_gre_flags(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* 0..255 or inherit. */
int option_ttl(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* 0..255 or inherit; on kinds over IPv6 it is the traffic class. */
int option_tos(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* A number in min..max, to a uint32_t at offset. */
int option_u32(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* One word without blanks, to a char * at offset, on the heap. */
int option_word(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* "SECONDS [RETRIES]" */
int option_keepalive(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* To a bool at offset. */
int option_bool(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
