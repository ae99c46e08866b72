/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The states of a tunnel, each a stable word for scripts. */
#pragma once

enum state {
    STATE_UP,
    STATE_DOWN,     /* as its file says */
    STATE_WAITING,  /* for what only the underlay can give */
    STATE_FAILED,   /* the kernel refused something; it is tried again */
    STATE_REFUSED,  /* its file cannot be used */
    STATE_CONFLICT, /* the name or the identity is taken by what is not ours */
    STATE_MAX,
};

const char *state_name(enum state state);
