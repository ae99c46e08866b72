/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for the states and reasons. */
#include "model/state.h"

const char *state_name(enum state state)
{
    static const char *const names[STATE_MAX] = {
        [STATE_UP] = "up",           [STATE_DOWN] = "down",         [STATE_WAITING] = "waiting",   [STATE_FAILED] = "failed",
        [STATE_REFUSED] = "refused", [STATE_CONFLICT] = "conflict", [STATE_CHANGING] = "changing",
    };

    return names[state];
}

const char *reason_name(enum reason reason)
{
    static const char *const names[REASON_MAX] = {
        [REASON_NONE] = "",           [REASON_ONBOOT] = "onboot",       [REASON_OPERATOR] = "operator",     [REASON_FILE] = "file",
        [REASON_NAME] = "name",       [REASON_DEVICE] = "device",       [REASON_CONTROLLER] = "controller", [REASON_ROUTE] = "route",
        [REASON_ADDRESS] = "address", [REASON_NEIGHBOUR] = "neighbour", [REASON_NAME_TAKEN] = "name-taken", [REASON_IDENTITY_TAKEN] = "identity-taken",
        [REASON_KERNEL] = "kernel",   [REASON_NOT_KEPT] = "not-kept",   [REASON_EVENT] = "event",           [REASON_DRIFT] = "drift",
        [REASON_FIGHT] = "fight",     [REASON_LOOP] = "loop",           [REASON_OVERLAP] = "overlap",
    };

    return names[reason];
}
