/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal, or stderr where there is none. */
#pragma once

#include <syslog.h>

#include "model/problem.h"

/* What happened, for those who filter the journal: MESSAGE_ID. */
enum log_id { LOG_ID_NONE, LOG_ID_TUNNEL_CHANGED, LOG_ID_TUNNEL_FAILED, LOG_ID_FILE_PROBLEM, LOG_ID_MAX };

/* Less urgent messages than max_level (LOG_*) are dropped. */
void log_set_level(int max_level);

void log_message(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "NAME: text", with TUNNEL=NAME. */
void log_tunnel(int level, enum log_id id, const char *name, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "FILE:LINE:COLUMN: error: text", with CONFIG_FILE=. */
void log_problem(const struct problem *problem);
