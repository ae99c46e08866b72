/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions for the addresses of hosts, asked as every program on this host asks (nsswitch.conf, hosts, resolv.conf).
 * What answers may take its time, or hang, and reads what strangers send: so it is done by processes of their own,
 * without privileges, that can be ended at any time. */
#pragma once

#include <systemd/sd-event.h>

#include "base/macro.h"
#include "model/address.h"

enum { LOOKUP_ADDRESSES_MOST = 32 };

struct lookup_answer {
    int error; /* 0, or EAI_* of netdb.h */
    size_t n;  /* more than there is room for are left out */
    struct address addresses[LOOKUP_ADDRESSES_MOST];
};

typedef void (*lookup_fn)(void *question, const struct lookup_answer *answer, void *userdata);

struct lookup;

int lookup_new(sd_event *event, lookup_fn answered, void *userdata, struct lookup **ret);
struct lookup *lookup_free(struct lookup *lookup);
DEFINE_CLEANUP(struct lookup *, lookup_free)

/* answered is called with question, later. -EBUSY: as many as may be are under way; other errors: none can be asked. */
int lookup_ask(struct lookup *lookup, const char *host, uint8_t family, void *question);

/* There will be no answer to it. */
void lookup_cancel(struct lookup *lookup, const void *question);
