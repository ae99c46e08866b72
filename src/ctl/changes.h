/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What reload, up and down have done, told. */
#pragma once

#include <systemd/sd-bus.h>

#include "ctl/verb.h"

/* Calls the method of the manager, for that tunnel (NULL: it takes none), and prints what it changed. STATUS_*. */
int changes_ask(const struct options *options, const char *method, const char *name);
