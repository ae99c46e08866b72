/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent at work: what its parts share; nobody else includes it. */
#pragma once

#include <stdio.h>
#include <systemd/sd-event.h>

#include "agent/agent.h"
#include "agent/bus.h"
#include "agent/endpoints.h"
#include "agent/memory.h"
#include "agent/overrides.h"
#include "agent/pace.h"
#include "agent/reconcile.h"
#include "agent/repairs.h"
#include "agent/services.h"
#include "agent/tell.h"
#include "agent/told.h"
#include "agent/watch.h"

struct agent {
    enum agent_mode mode;
    char *root;
    int lock;
    struct config *config;
    struct memory *memory;
    struct netlink *netlink;
    sd_event *event;
    struct watch *watch;
    struct told *told;
    struct tell *tell;
    struct overrides *overrides;
    struct endpoints *endpoints;
    struct outcome *outcome; /* of what is asked for just now; NULL: nothing is */
    struct bus *bus;
    struct system_bus *system_bus; /* NULL: below another root, and when nothing is done */
    struct services *services;     /* likewise */
    sd_event_source *settle, *retry;
    uint64_t first_event; /* CLOCK_MONOTONIC in us, of those that wait for a pass; 0: none does */
    struct pace pace;
    struct scope dirty;   /* by files, or because it was asked for */
    struct scope drifted; /* by the kernel's word alone */
    struct repairs *repairs;
    bool keeps;        /* see struct reconciler */
    bool came;         /* a link, in the pass under way */
    bool reread;       /* all files, not only those that were touched */
    unsigned failures; /* of whole passes, in a row */
    int last_error;
};

/* Whatever it looks at is the agent's own. */
struct reconciler loop_reconciler(struct agent *agent);

/* Settings and all files, anew. */
int loop_load(struct agent *agent);

/* After that, or when some files were read: decides who wins, and tells of problems. */
int loop_settle(struct agent *agent);

/* Reads what is to be read, and makes the kernel so, now. Negative errno: nothing is known, and it will be tried again. */
int loop_pass(struct agent *agent);

/* A file was touched, and the pass that settles them comes in a moment: settled here already, what became dirty is left to it. */
int loop_know(struct agent *agent);

/* loop_pass for everything, all files read anew. */
int loop_reload(struct agent *agent);

/* "3 tunnels: 2 up, 1 refused"; NULL when out of memory. */
char *loop_describe(const struct agent *agent);
bool loop_all_well(const struct agent *agent);

/* Sets up what it waits for. */
int loop_start(struct agent *agent);

/* Until it is told to end. */
int loop_run(struct agent *agent);
