/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults on request, in what a program calls: linked into a test, or loaded before any program (LD_PRELOAD). */
#pragma once

#include <stdbool.h>

enum fault_call {
    FAULT_NONE,
    FAULT_SEND,    /* a batch on a netlink socket */
    FAULT_MESSAGE, /* one request in a batch */
    FAULT_CHANGE,  /* likewise, those that change something */
    FAULT_RECEIVE, /* a datagram on a netlink socket */
    FAULT_MEMORY,
    FAULT_FILE,  /* opening, reading, listing */
    FAULT_WRITE, /* opening for it, sysctls, making a folder, renaming, locking */
    FAULT_SOCKET,
    FAULT_BUFFER, /* making that of a socket larger */
    FAULT_WATCH,  /* inotify */
};

enum fault_action {
    FAULT_FAIL,     /* with an errno; an ENOBUFS of FAULT_RECEIVE loses the datagram, as in the kernel */
    FAULT_KILL,     /* SIGKILL before it; what comes before it in a batch is done */
    FAULT_LOSE,     /* a datagram never comes */
    FAULT_CUT,      /* half of a datagram or of a file is missing */
    FAULT_TRUNCATE, /* a datagram is larger than the buffer */
    FAULT_DISTURB,  /* a dump was not of one moment (NLM_F_DUMP_INTR) */
};

struct fault {
    enum fault_call call;
    enum fault_action action;
    int error;
    unsigned first; /* which call, from 1 */
    bool on;        /* and all after it */
};

/* CALL:ACTION-or-errno[:FIRST[+]], as "receive:ENOBUFS:3". false: it is none. */
bool fault_parse(const char *text, struct fault *ret);

/* Counts from now on. NULL: no fault any more. hits: in memory that outlives the process, or NULL. */
void fault_arm(const struct fault *fault, unsigned *hits);
