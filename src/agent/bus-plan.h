/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The manager's method Plan: what would be done now, or with files that are given. Never opens one. */
#pragma once

#include "agent/bus-objects.h"

/* A handler; userdata is struct objects. */
int plan_method(sd_bus_message *call, void *userdata, sd_bus_error *error);
