/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel tells by itself, as names made dirty. */
#pragma once

#include <stdbool.h>

#include "agent/memory.h"
#include "base/macro.h"
#include "read/config.h"

struct told;

/* dirty is borrowed. Negative errno. */
int told_new(struct scope *dirty, struct told **ret);
struct told *told_free(struct told *told);
DEFINE_CLEANUP(struct told *, told_free)

/* To poll for reading. */
int told_fd(const struct told *told);

/* Hears what has come, or some of it. True: the network is not as it was, beside the tunnels. */
bool told_read(struct told *told, const struct config *config, const struct memory *memory);

/* Who it was that changed something of this tunnel last, if the kernel told and it was not us: "ip (process 4711)", or "". */
const char *told_culprit(const struct told *told, const char *name);

/* Hears all that has come; what is of the scope is forgotten, since what will be seen has it. True: as told_read. */
bool told_before_look(struct told *told, const struct config *config, const struct memory *memory, const struct scope *scope);

/* Hears nothing until the next look, which must be at everything: for when thousands of changes of our own are to come. */
void told_pause(struct told *told);
