/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an operator asked for and no file says: tunnels that are up or down all the same. Kept in /run/tunneld until
 * the next boot, so that a restart of the daemon loses nothing. */
#pragma once

#include "base/macro.h"
#include "model/set.h"

struct overrides;

/* path: of their file, which may be missing. A line that is not understood is dropped with a warning in the log. Negative errno,
 * which is logged: it cannot be read as a whole, and to go on without would bring up what somebody brought down. */
int overrides_load(const char *path, struct overrides **ret);
struct overrides *overrides_free(struct overrides *overrides);
DEFINE_CLEANUP(struct overrides *, overrides_free)

/* ASKED_NOTHING takes it back. On disk when it returns; negative errno, and then nothing has changed. */
int overrides_set(struct overrides *overrides, const char *name, enum asked asked);
enum asked overrides_get(const struct overrides *overrides, const char *name);

/* Sets asked in each of them. */
void overrides_apply(const struct overrides *overrides, const struct set *wanted);
