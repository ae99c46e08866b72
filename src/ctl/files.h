/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration for the verbs that need no daemon. */
#pragma once

#include "ctl/verb.h"
#include "read/config.h"

/* Reads the named files, or all; says on stderr why it cannot. */
int files_load(const struct options *options, int argc, char **argv, struct config **ret);
