/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "service/report.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/macro.h"

void report_say(const struct report *report, int level, const char *tunnel, const char *format, ...)
{
    _cleanup_free_ char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    report->say(level, tunnel, text ? text : "out of memory", report->userdata);
}
