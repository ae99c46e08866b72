/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Logging. The only file that knows where messages go. */
#include "agent/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION /* where in the source it is helps nobody */
#include <systemd/sd-journal.h>

#include "base/macro.h"
#include "base/text.h"

static int max_level = LOG_INFO;

void log_set_level(int level)
{
    max_level = level;
}

/* systemd says in $JOURNAL_STREAM which device and inode leads to the journal. */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat status;
    unsigned long device, inode;

    return stream && sscanf(stream, "%lu:%lu", &device, &inode) == 2 && fstat(STDERR_FILENO, &status) >= 0 && status.st_dev == device && status.st_ino == inode;
}

/* What a file's name or value holds does not reach a terminal as it is. */
static void put_line(const char *text)
{
    text_put(text, stderr);
    fputc('\n', stderr);
}

static void send_line(int level, enum log_id id, const char *text, const char *field)
{
    static const char *const ids[LOG_ID_MAX] = {
        [LOG_ID_NONE] = "",
        [LOG_ID_TUNNEL_CHANGED] = "MESSAGE_ID=5b0e2d43e0a94c5bb26a1f0d0cbf2784",
        [LOG_ID_TUNNEL_FAILED] = "MESSAGE_ID=9a4c9f57d1d24e0f8f3d6f3b7a2a2785",
        [LOG_ID_FILE_PROBLEM] = "MESSAGE_ID=c1f6b0a2347e4bb7a2ce14b5a64f2786",
    };

    /* an empty last field is no field */
    if (stderr_is_journal())
        sd_journal_send("MESSAGE=%s", text, "PRIORITY=%i", level, "%s", field ? field : "SYSLOG_IDENTIFIER=tunneld", *ids[id] ? "%s" : NULL, ids[id], NULL);
    else
        put_line(text);
}

__attribute__((format(printf, 1, 0))) static char *format_text(const char *format, va_list arguments)
{
    char *text = NULL;

    return vasprintf(&text, format, arguments) < 0 ? NULL : text;
}

void log_message(int level, const char *format, ...)
{
    _cleanup_free_ char *text = NULL;
    va_list arguments;

    if (level > max_level)
        return;
    va_start(arguments, format);
    text = format_text(format, arguments);
    va_end(arguments);
    send_line(level, LOG_ID_NONE, text ? text : "out of memory", NULL);
}

void log_tunnel(int level, enum log_id id, const char *name, const char *format, ...)
{
    _cleanup_free_ char *text = NULL, *line = NULL, *field = NULL;
    va_list arguments;

    if (level > max_level)
        return;
    va_start(arguments, format);
    text = format_text(format, arguments);
    va_end(arguments);
    if (!text || asprintf(&line, "%s: %s", name, text) < 0)
        line = NULL;
    if (asprintf(&field, "TUNNEL=%s", name) < 0)
        field = NULL;
    send_line(level, id, line ? line : "out of memory", field);
}

void log_problem(const struct problem *problem)
{
    int level = problem->severity >= SEVERITY_LINE ? LOG_ERR : problem->severity == SEVERITY_WARNING ? LOG_WARNING : LOG_DEBUG;
    _cleanup_free_ char *line = NULL, *field = NULL;

    if (level > max_level)
        return;
    line = problem_describe(problem, "");
    if (!line || asprintf(&field, "CONFIG_FILE=%s", problem->file) < 0)
        return;
    send_line(level, LOG_ID_FILE_PROBLEM, line, field);
}
