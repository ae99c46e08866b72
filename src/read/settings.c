/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings in tunneld.conf. Never a reason not to run: what is wrong is told and left out. */
#include "read/settings.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <syslog.h>

#include "base/macro.h"
#include "base/text.h"
#include "read/defaults.h"

static const char *const default_paths[] = { TUNNELD_CONFDIR, NETWORK_SCRIPTS_PATH, NETWORK_PATH };

struct parsing {
    struct settings *settings;
    struct problems *problems;
    const char *file, *rest;
    unsigned line;
    bool paths_said, out_of_memory;
};

static int add_path(struct settings *settings, const char *path)
{
    char **paths = reallocarray(settings->paths, settings->n_paths + 1, sizeof(*paths));

    if (!paths)
        return -ENOMEM;
    settings->paths = paths;
    paths[settings->n_paths] = strdup(path);
    return paths[settings->n_paths++] ? 0 : -ENOMEM;
}

static void drop_paths(struct settings *settings)
{
    for (size_t i = 0; i < settings->n_paths; i++)
        free(settings->paths[i]);
    free(settings->paths);
    settings->paths = NULL;
    settings->n_paths = 0;
}

int settings_init(struct settings *settings)
{
    *settings = (struct settings){ .adopt = ADOPT_SAME, .drift = DRIFT_REPAIR, .log_level = LOG_INFO };
    for (size_t i = 0; i < ARRAY_SIZE(default_paths); i++)
        if (add_path(settings, default_paths[i]) < 0) {
            settings_done(settings);
            return -ENOMEM;
        }
    return 0;
}

void settings_done(struct settings *settings)
{
    drop_paths(settings);
    *settings = (struct settings){ 0 };
}

static const char *parse_paths(struct parsing *parsing, const char *value)
{
    _cleanup_free_ char *list = strdup(value), *copy = strdup(value);
    char *rest, *path;

    if (!list || !copy) {
        parsing->out_of_memory = true;
        return NULL;
    }
    path = strtok_r(copy, " \t,", &rest);
    if (!path)
        return "no path";
    for (; path; path = strtok_r(NULL, " \t,", &rest))
        if (*path != '/')
            return "a path is absolute";
    if (!parsing->paths_said)
        drop_paths(parsing->settings); /* several lines add up, but not to the default */
    parsing->paths_said = true;
    for (path = strtok_r(list, " \t,", &rest); path; path = strtok_r(NULL, " \t,", &rest)) {
        size_t size = strlen(path);

        while (size > 1 && path[size - 1] == '/')
            path[--size] = 0;
        if (add_path(parsing->settings, path) < 0)
            parsing->out_of_memory = true;
    }
    return NULL;
}

static const char *parse_networkmanager(struct parsing *parsing, const char *value)
{
    return text_parse_bool(value, &parsing->settings->networkmanager) < 0 ? "neither yes nor no" : NULL;
}

static const char *parse_adopt(struct parsing *parsing, const char *value)
{
    static const char *const words[] = { [ADOPT_NO] = "no", [ADOPT_SAME] = "same", [ADOPT_SAME_KIND] = "same-kind" };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (!strcasecmp(value, words[i])) {
            parsing->settings->adopt = (enum adopt)i;
            return NULL;
        }
    return "not one of no, same, same-kind";
}

static const char *parse_drift(struct parsing *parsing, const char *value)
{
    return drift_parse(value, &parsing->settings->drift) < 0 ? "not one of repair, report, ignore" : NULL;
}

static const char *parse_ipv6(struct parsing *parsing, const char *value)
{
    if (!strcasecmp(value, "auto"))
        parsing->settings->ipv6 = false;
    else if (!strcasecmp(value, "on"))
        parsing->settings->ipv6 = true;
    else
        return "neither auto nor on";
    return NULL;
}

static const char *parse_compat_wicked_keys(struct parsing *parsing, const char *value)
{
    return text_parse_bool(value, &parsing->settings->compat_wicked_keys) < 0 ? "neither yes nor no" : NULL;
}

static const char *parse_hooks(struct parsing *parsing, const char *value)
{
    return text_parse_bool(value, &parsing->settings->hooks) < 0 ? "neither yes nor no" : NULL;
}

static const char *parse_log_level(struct parsing *parsing, const char *value)
{
    static const struct {
        const char *word;
        int level;
    } words[] = { { "error", LOG_ERR }, { "warning", LOG_WARNING }, { "info", LOG_INFO }, { "debug", LOG_DEBUG } };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (!strcasecmp(value, words[i].word)) {
            parsing->settings->log_level = words[i].level;
            return NULL;
        }
    return "not one of error, warning, info, debug";
}

static const struct row {
    const char *name;
    const char *(*parse)(struct parsing *parsing, const char *value); /* NULL, or what is wrong */
} rows[] = {
    { "paths", parse_paths },
    { "networkmanager", parse_networkmanager },
    { "adopt", parse_adopt },
    { "drift", parse_drift },
    { "ipv6", parse_ipv6 },
    { "hooks", parse_hooks },
    { "compat_wicked_keys", parse_compat_wicked_keys },
    { "log_level", parse_log_level },
};

/* inih's callback: 1 is "go on" */
static int read_setting(void *userdata, const char *section, const char *name, const char *value)
{
    struct parsing *parsing = userdata;
    struct place place = { parsing->file, parsing->line, 0 };
    _cleanup_free_ char *shown = text_printable(*section ? section : name);

    if (*section) {
        problems_add(parsing->problems, SEVERITY_ERROR, place, "[%s]: there are no sections in this file", shown ? shown : "?");
        return 1;
    }
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (!strcmp(name, rows[i].name)) {
            const char *why = rows[i].parse(parsing, value);

            if (why)
                problems_add(parsing->problems, SEVERITY_ERROR, place, "%s: %s", name, why);
            return 1;
        }
    problems_add(parsing->problems, SEVERITY_ERROR, place, "%s is no setting that is known", shown ? shown : "?");
    return 1;
}

/* Hands inih one line a call, so that the line number is known: Debian's inih passes none. What does not fit
 * its buffer is told and cut, rather than read as a line of its own. */
static char *next_line(char *buffer, int room, void *userdata)
{
    struct parsing *parsing = userdata;
    size_t size = strcspn(parsing->rest, "\n"), taken = size;

    if (!*parsing->rest)
        return NULL;
    parsing->line++;
    if (taken > (size_t)room - 2) {
        taken = (size_t)room - 2;
        problems_add(parsing->problems, SEVERITY_ERROR, (struct place){ parsing->file, parsing->line, 0 }, "a line of more than %d bytes", room - 2);
    }
    memcpy(buffer, parsing->rest, taken);
    buffer[taken] = '\n';
    buffer[taken + 1] = 0;
    parsing->rest += size + (parsing->rest[size] == '\n');
    return buffer;
}

int settings_parse(struct settings *settings, const char *file, const char *text, struct problems *problems)
{
    struct parsing parsing = { .settings = settings, .problems = problems, .file = file, .rest = text };
    int r = ini_parse_stream(next_line, &parsing, read_setting, &parsing);

    if (parsing.out_of_memory || r == -2)
        return -ENOMEM;
    if (r > 0)
        problems_add(problems, SEVERITY_ERROR, (struct place){ file, (unsigned)r, 0 }, "not a line of the form name = value");
    return 0;
}
