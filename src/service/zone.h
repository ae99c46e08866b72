/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The zones of firewalld that tunnels are in, over its D-Bus interface. Never starts firewalld, never waits for it,
 * and never touches a link that it was not told of. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"
#include "service/report.h"
#include "service/system-bus.h"

struct zone;

/* bus and what report points to are borrowed. */
int zone_new(sd_event *event, struct system_bus *bus, const struct report *report, struct zone **ret);
struct zone *zone_free(struct zone *zone);
DEFINE_CLEANUP(struct zone *, zone_free)

/* The link belongs in that zone; NULL: into none, and it is taken out of the one that it was put into. Costs
 * nothing where that is known already. -ENOMEM. */
int zone_set(struct zone *zone, const char *link, const char *name);

/* The link is another one than before: what was done for it is done again. */
void zone_renew(struct zone *zone, const char *link);

/* The link is gone for good. said: the zone that its file says or said, where that is known, else NULL. -ENOMEM. */
int zone_drop(struct zone *zone, const char *link, const char *said);

/* The links that were spoken of, one behind the other; NULL behind the last. *i begins with 0. */
const char *zone_next(const struct zone *zone, size_t *i);

/* Begins with what zone_set and the others asked for; now, or once firewalld is there. */
void zone_apply(struct zone *zone);

/* Something that firewalld has not answered to yet. false where there is none. */
bool zone_is_busy(const struct zone *zone);
