/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Problems of files to the log: each once, also when all files are read again that nobody asked to be read. */
#pragma once

#include "read/findings.h"

struct tell;

struct tell *tell_new(void); /* NULL when out of memory */
struct tell *tell_free(struct tell *tell);

/* Before a configuration is forgotten: what it told is not told again by the next one. -ENOMEM. */
int tell_keep(struct tell *tell, const struct config *config);

/* What is new in the configuration. */
void tell_problems(struct tell *tell, struct config *config);
