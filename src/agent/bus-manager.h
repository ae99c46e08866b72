/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The manager's object: io.tunneld.Manager in io.tunneld(5). */
#pragma once

#include "agent/bus-objects.h"

int manager_add(struct objects *objects, sd_bus *connection);

/* changing: does it say that something is to be looked at in a moment? */
struct summary manager_summary(struct objects *objects, bool changing);

bool summary_equal(const struct summary *a, const struct summary *b);

/* The signal for what is another than it was. */
void manager_tell(sd_bus *connection, const struct summary *was, const struct summary *now);
