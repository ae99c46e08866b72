/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon: its event loop, signals, and what it tells systemd. */
#pragma once

#include "base/macro.h"

enum agent_mode {
    AGENT_DAEMON,
    AGENT_ONCE,     /* one pass */
    AGENT_TEARDOWN, /* remove all that is ours */
    AGENT_PLAN,     /* print what would be done */
};

struct agent;

/* root: "" or a directory below which all files are looked for. What cannot be had is said on stderr or in the
 * journal; negative errno. */
int agent_new(enum agent_mode mode, const char *root, struct agent **ret);
struct agent *agent_free(struct agent *agent);
DEFINE_CLEANUP(struct agent *, agent_free)

/* 0, 1 (not all is as the files say), or negative errno. */
int agent_run(struct agent *agent);
