/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as tunneld.conf. Whatever it says, each setting has a value that can be, and the same text the same ones. */
#include <syslog.h>

#include "fuzz.h"
#include "read/settings.h"

static void parse(const char *text, struct settings *settings, struct problems *problems)
{
    check(settings_init(settings) == 0);
    check(settings_parse(settings, "/etc/tunneld/tunneld.conf", text, problems) == 0);
    check(settings->adopt <= ADOPT_SAME_KIND && settings->log_level >= LOG_EMERG && settings->log_level <= LOG_DEBUG && settings->n_paths);
    for (size_t i = 0; i < settings->n_paths; i++)
        check(settings->paths[i][0] == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct problems problems = { 0 }, again = { 0 };
    struct settings settings, others;

    check(text);
    memcpy(text, data, size);
    text[size] = 0;
    parse(text, &settings, &problems);
    parse(text, &others, &again);
    check(settings.n_paths == others.n_paths && settings.adopt == others.adopt && settings.log_level == others.log_level && problems.n == again.n);
    settings_done(&settings);
    settings_done(&others);
    problems_done(&problems);
    problems_done(&again);
    free(text);
    return 0;
}
