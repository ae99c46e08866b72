/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SUSE's files of routes, ifroute-NAME: "DESTINATION GATEWAY NETMASK INTERFACE [TYPE [OPTION...]]". */
#pragma once

#include "read/routes.h"

/* As routes_read. Of the input the family is of no meaning: each line has its own. */
int ifroute_read(struct tunnel *tunnel, const struct routes_input *input, struct problems *problems);
