/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The states of a tunnel, and the reasons for them: each a stable word for scripts. */
#pragma once

enum state {
    STATE_UP,
    STATE_DOWN,     /* as its file or an operator says */
    STATE_WAITING,  /* for what only the underlay can give */
    STATE_FAILED,   /* the kernel refused something; it is tried again */
    STATE_REFUSED,  /* its file cannot be used */
    STATE_CONFLICT, /* the name, the identity or a route is taken by what is not ours, or not this one's */
    STATE_CHANGING, /* something happened, and it will be looked at in a moment */
    STATE_MAX,
};

enum reason {
    REASON_NONE,
    REASON_ONBOOT,         /* down: its file says that it is not brought up by itself */
    REASON_OPERATOR,       /* down: an operator said so */
    REASON_FILE,           /* down: its file says that it is made but not set up; refused: what is wrong in it */
    REASON_NAME,           /* waiting: for the address that a name stands for; up all the same: with the one that it had */
    REASON_DEVICE,         /* waiting: for the device that it is bound to */
    REASON_CONTROLLER,     /* waiting: for its bridge or VRF */
    REASON_ROUTE,          /* waiting: for the way to a next hop; conflict: a route is there already */
    REASON_ADDRESS,        /* conflict: one of its addresses */
    REASON_NEIGHBOUR,      /* conflict: one of its neighbours */
    REASON_NAME_TAKEN,     /* conflict: a device of its name that is not ours */
    REASON_IDENTITY_TAKEN, /* conflict: a tunnel that the kernel could not tell from it */
    REASON_KERNEL,         /* failed: the kernel's errno */
    REASON_NOT_KEPT,       /* failed: the kernel takes it, but does not keep it so */
    REASON_EVENT,          /* changing: a file or a link of it changed */
    REASON_DRIFT,          /* conflict or down: somebody else changed or removed it, and it is not to be put right */
    REASON_FIGHT,          /* conflict: what was put right was undone again and again */
    REASON_LOOP,           /* conflict: the way to its peer would lead, or leads, into the tunnel itself */
    REASON_OVERLAP,        /* up all the same: what is inside is also a network of the underlay */
    REASON_MAX,
};

const char *state_name(enum state state);

/* "" for none. */
const char *reason_name(enum reason reason);
