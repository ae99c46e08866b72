/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks options against each other. Never knows a format: that is in the words. */
#include "read/kinds.h"

#include <errno.h>
#include <stdio.h>

#include "base/macro.h"

enum { SESSION_MOST = 1023 }; /* of ERSPAN, 10 bits: net/ipv4/ip_gre.c erspan_validate */

static bool says(const struct kinds_check *check, const char *key)
{
    return key && check->says(check->userdata, key);
}

static void fail(const struct kinds_check *check, const char *key, const char *why)
{
    check->tell(check->userdata, SEVERITY_ERROR, says(check, key) ? key : NULL, why);
}

static void warn(const struct kinds_check *check, const char *key, const char *why)
{
    if (says(check, key))
        check->tell(check->userdata, SEVERITY_WARNING, key, why);
}

static int check_encap(const struct kinds_check *check)
{
    const struct kinds_words *words = check->words;
    const char *const others[] = { words->encap_sport, words->encap_dport, words->encap_flags };
    struct tunnel *tunnel = check->tunnel;
    _cleanup_free_ char *why = NULL;
    bool none = !tunnel->encap.type;

    if (!(tunnel_fields(tunnel) & FIELD_ENCAP) || (!none && tunnel->encap.dport))
        return 0;
    if (asprintf(&why, none ? "of no effect without %s=fou or gue" : "without %s the packets go to port 0, where nobody listens",
                 none ? words->encap : words->encap_dport)
        < 0) {
        why = NULL;
        return -ENOMEM;
    }
    if (none)
        tunnel->encap = (struct encap){ 0 };
    else
        warn(check, words->encap, why);
    for (size_t i = 0; none && i < ARRAY_SIZE(others); i++)
        warn(check, others[i], why);
    return 0;
}

static bool has_session(uint16_t flags, uint32_t key)
{
    return flags & GRE_HAS_KEY && key <= SESSION_MOST;
}

/* Version 1 and 2 have a session, which is the key, and a sequence number; version 0 has neither. */
static void check_session(const struct kinds_check *check)
{
    const struct kinds_words *words = check->words;
    struct tunnel *tunnel = check->tunnel;
    const char *key = says(check, words->key) ? words->key : says(check, words->ikey) ? words->ikey : says(check, words->okey) ? words->okey : NULL;

    warn(check, words->gre_flags, "of no meaning on this kind of tunnel: the version of ERSPAN says which flags there are");
    tunnel->iflags &= GRE_HAS_KEY;
    tunnel->oflags &= GRE_HAS_KEY;
    if (!tunnel->erspan.version) {
        if (key)
            fail(check, key, "there is no key on ERSPAN of version 0");
        return;
    }
    tunnel->iflags |= GRE_HAS_SEQ;
    tunnel->oflags |= GRE_HAS_SEQ;
    if (!has_session(tunnel->iflags, tunnel->ikey) || !has_session(tunnel->oflags, tunnel->okey))
        fail(check, key, key ? "the session of ERSPAN is 0 to 1023, in both directions" : words->no_key);
}

static void check_erspan(const struct kinds_check *check)
{
    const struct kinds_words *words = check->words;
    struct tunnel *tunnel = check->tunnel;

    if (!(tunnel_fields(tunnel) & FIELD_ERSPAN))
        return;
    check_session(check);
    if (!tunnel->erspan.version && kind_info(tunnel->kind)->family == AF_INET6)
        fail(check, words->version, "over IPv6 there is version 1 and 2 only");
    if (tunnel->erspan.version != 1) {
        warn(check, words->index, "of no effect: it is of version 1 only");
        tunnel->erspan.index = 0;
    }
    if (tunnel->erspan.version != 2) {
        warn(check, words->direction, "of no effect: it is of version 2 only");
        warn(check, words->hwid, "of no effect: it is of version 2 only");
        tunnel->erspan.direction = 0;
        tunnel->erspan.hwid = 0;
    }
}

int kinds_check(const struct kinds_check *check)
{
    check_erspan(check);
    return check_encap(check);
}

const char *kinds_no_meaning(const struct tunnel *tunnel, uint32_t fields)
{
    return kind_info(tunnel->kind)->fields & fields ? "of no meaning on an external tunnel: each packet's route says it"
                                                    : "of no meaning on this kind of tunnel";
}
