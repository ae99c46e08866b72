/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers what was told. Never knows what a problem means. */
#include "agent/tell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/log.h"

struct tell {
    char **lines; /* sorted */
    size_t n;
    bool out_of_memory;
};

static void forget(struct tell *tell)
{
    for (size_t i = 0; i < tell->n; i++)
        free(tell->lines[i]);
    free(tell->lines);
    *tell = (struct tell){ 0 };
}

struct tell *tell_new(void)
{
    return calloc(1, sizeof(struct tell));
}

struct tell *tell_free(struct tell *tell)
{
    if (tell) {
        forget(tell);
        free(tell);
    }
    return NULL;
}

static void keep_line(const struct problem *problem, void *userdata)
{
    struct tell *tell = userdata;
    char **grown = reallocarray(tell->lines, tell->n + 1, sizeof(*grown));

    if (grown) {
        tell->lines = grown;
        grown[tell->n] = problem_describe(problem, "");
    }
    if (grown && grown[tell->n])
        tell->n++;
    else
        tell->out_of_memory = true;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int tell_keep(struct tell *tell, const struct config *config)
{
    forget(tell);
    findings_each_problem(config, keep_line, tell);
    if (tell->out_of_memory) {
        forget(tell);
        return -ENOMEM;
    }
    if (tell->n)
        qsort(tell->lines, tell->n, sizeof(*tell->lines), compare);
    return 0;
}

static void tell_one(const struct problem *problem, void *userdata)
{
    const struct tell *tell = userdata;
    _cleanup_free_ char *line = tell->n ? problem_describe(problem, "") : NULL;

    if (!line || !bsearch(&line, tell->lines, tell->n, sizeof(*tell->lines), compare))
        log_problem(problem);
}

void tell_problems(struct tell *tell, struct config *config)
{
    findings_tell(config, tell_one, tell);
    forget(tell);
}
