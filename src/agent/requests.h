/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may be asked of the daemon over its bus. */
#pragma once

struct agent;

/* Listens. What cannot be had is logged; negative errno. */
int requests_start(struct agent *agent);
