/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunneld.conf: flat "name = value" lines, read with inih. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "model/problem.h"
#include "model/tunnel.h"

enum adopt {
    ADOPT_NO,
    ADOPT_SAME,      /* an unmarked tunnel of the wanted name, kind, endpoints and keys */
    ADOPT_SAME_KIND, /* one of the wanted name and kind; what differs is changed */
};

struct settings {
    char **paths; /* directories in order of precedence, as seen below --root */
    size_t n_paths;
    enum adopt adopt;
    enum drift drift;        /* where no file says it; never DRIFT_UNSAID */
    bool networkmanager;     /* NetworkManager does not run: all its profiles of tunnels are ours */
    bool ipv6;               /* on every tunnel, also where its file does not ask for it */
    bool compat_wicked_keys; /* in SUSE's dialect, keys as wicked sends them */
    bool hooks;              /* /sbin/ifup-local and /sbin/ifdown-local are run */
    int log_level;           /* LOG_* of syslog.h: what is less urgent is not logged */
};

/* The defaults. -ENOMEM. */
int settings_init(struct settings *settings);
void settings_done(struct settings *settings);

/* Reads text into settings that hold the defaults; what is wrong costs that line. -ENOMEM. */
int settings_parse(struct settings *settings, const char *file, const char *text, struct problems *problems);
