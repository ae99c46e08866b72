/* SPDX-License-Identifier: GPL-2.0-or-later */
/* polkit's agent on this terminal, that asks for a password. */
#pragma once

#include <sys/types.h>

/* Starts it, if we are not root, there is a terminal, and it is installed. 0: there is none. */
pid_t polkit_agent_start(void);
void polkit_agent_stop(pid_t agent);
