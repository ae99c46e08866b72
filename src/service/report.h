/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a service has to say goes through its owner, since only that one logs. */
#pragma once

struct report {
    /* level: LOG_* of syslog.h; tunnel: NULL if it is about no single one */
    void (*say)(int level, const char *tunnel, const char *text, void *userdata);
    void *userdata;
};

void report_say(const struct report *report, int level, const char *tunnel, const char *format, ...) __attribute__((format(printf, 4, 5)));
