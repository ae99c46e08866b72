/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for the states. */
#include "model/state.h"

const char *state_name(enum state state)
{
    static const char *const names[STATE_MAX] = {
        [STATE_UP] = "up",         [STATE_DOWN] = "down",       [STATE_WAITING] = "waiting",
        [STATE_FAILED] = "failed", [STATE_REFUSED] = "refused", [STATE_CONFLICT] = "conflict",
    };

    return names[state];
}
