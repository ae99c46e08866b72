/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs of tunneld in a process of their own, below one folder and in a network namespace of the test's own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "agent/agent.h"
#include "faults.h"

/* Moves this process into a new network namespace, and makes a folder for the files, which goes when it ends. Ends the program if it
 * cannot. */
const char *pass_begin(void);

/* Once, as agent_new and agent_run do. false: it crashed or hung, which is said. ret_hits: of the fault. */
bool pass_run(const char *root, const struct fault *fault, unsigned *ret_hits);

/* What tunneld would do now, but for remarks; "" when nothing. The caller frees it. */
char *pass_plan(const char *root);

/* What the last run said. */
void pass_print_log(void);

/* "ip ARGUMENT...", as a printf. false: it failed. */
__attribute__((format(printf, 1, 2))) bool pass_ip(const char *format, ...);

/* Each of them with "ip", and tells of those that fail. */
void pass_ip_all(const char *const *commands, size_t n);

/* Writes a file below root, or removes it (text: NULL). */
void pass_put(const char *root, const char *path, const char *text);
