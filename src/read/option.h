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
/* Name of the bridge or VRF that it is in, into controller. */
int option_controller(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* Keys: of both directions, or of the one whose FIELD_*KEY is in fields. */
int option_key(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* Words out of iseq oseq icsum ocsum. */
int option_gre_flags(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* 0..255 or inherit. */
int option_ttl(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* 0..255 or inherit; on kinds over IPv6 it is the traffic class. */
int option_tos(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* 0..1048575 or inherit, of the kinds over IPv6. */
int option_flow_label(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* 0..255 or none, of the kinds over IPv6. */
int option_encap_limit(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* none, fou or gue, to the type of encap, and the flags that are the default of the kind. */
int option_encap(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* Words out of csum csum6 remcsum, to the flags of encap in place of the default. */
int option_encap_flags(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* 0..65535, or auto, which is 0; to a uint16_t at offset. */
int option_port(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* ingress or egress. */
int option_erspan_direction(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* 02:00:5e:00:53:01, to hardware. */
int option_hardware(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* A number in min..max, to a uint32_t, uint16_t or uint8_t at offset. */
int option_u32(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
int option_u16(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
int option_u8(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* One word without blanks. */
int option_zone(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* "SECONDS [RETRIES]" */
int option_drift(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
int option_keepalive(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
/* To a bool at offset. */
int option_bool(const struct option *option, const char *value, struct tunnel *tunnel, const char **ret_why);
