/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of bus share: the objects that every connection shows, and how their values are put into messages. Nobody else
 * includes it. */
#pragma once

#include <systemd/sd-bus.h>

#include "agent/bus-authority.h"
#include "agent/bus-connections.h"
#include "agent/bus.h"

#define BUS_NAME "io.tunneld"
#define BUS_ERROR(name) BUS_NAME ".Error." name
#define MANAGER_PATH "/io/tunneld"
#define MANAGER_INTERFACE BUS_NAME ".Manager"
#define TUNNELS_PATH MANAGER_PATH "/tunnel"
#define TUNNEL_INTERFACE BUS_NAME ".Tunnel"

/* The manager's state in words, and what it counts. */
struct summary {
    const char *state; /* static; NULL: not known */
    uint32_t counts[STATE_MAX];
    uint32_t refused, faulty; /* files, tunnels */
};

struct objects {
    struct bus_callbacks callbacks;
    struct connections connections;
    struct authority *authority;
    bool passed;           /* the first pass is over */
    struct summary told;   /* by signals, to those who were there */
    struct scope changing; /* those of which somebody was told that they are changing */
    bool was_changing;     /* so was the manager */

    struct view view; /* as it was looked at for the message in hand; */
    sd_bus_message *viewed;
    sd_event_source *forget; /* and no longer */
};

/* As a string of D-Bus, which must be UTF-8: any other bytes, as a file's name may have, are escaped. NULL: "". */
int put_text(sd_bus_message *message, const char *text);
int put_texts(sd_bus_message *message, char *const *texts, size_t n); /* as */

/* 0, or the error for a name that no link can have. */
int check_name(const char *name, sd_bus_error *error);
int set_unknown(const char *name, sd_bus_error *error);
int set_failed(int r, sd_bus_error *error);
