/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl explain: what the files mean, in a small language for people and tests. */
#include "write/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ctl/files.h"
#include "read/findings.h"

struct lines {
    const struct problem **items;
    size_t n;
    bool incomplete;
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void explain_ignored(const struct file *file, void *userdata)
{
    (void)userdata;
    if (file->verdict != FILE_IGNORED)
        return;
    fputs("ignored ", stdout);
    text_put(file->name, stdout);
    putchar('\n');
}

static void collect(const struct problem *problem, void *userdata)
{
    struct lines *lines = userdata;
    const struct problem **items = reallocarray(lines->items, lines->n + 1, sizeof(*items));

    if (!items) {
        lines->incomplete = true;
        return;
    }
    items[lines->n++] = problem;
    lines->items = items;
}

static void print_line(const char *word, const struct problem *problem)
{
    printf("%s ", word);
    text_put(last_part(problem->file), stdout);
    if (problem->line)
        printf(":%u", problem->line);
    putchar(' ');
    text_put(problem->text, stdout);
    putchar('\n');
}

/* Has a file an error before this problem, or at all? */
static bool has_error(const struct lines *lines, const char *file, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (lines->items[i]->severity == SEVERITY_ERROR && !strcmp(lines->items[i]->file, file))
            return true;
    return false;
}

/* A refused file has one line, for its first fault; one that is read line by line has one for each of them. */
static void print_problems(const struct lines *lines)
{
    for (size_t i = 0; i < lines->n; i++)
        if (lines->items[i]->severity == SEVERITY_LINE || (lines->items[i]->severity == SEVERITY_ERROR && !has_error(lines, lines->items[i]->file, i)))
            print_line("refused", lines->items[i]);
    for (size_t i = 0; i < lines->n; i++)
        if (lines->items[i]->severity == SEVERITY_WARNING && !has_error(lines, lines->items[i]->file, lines->n))
            print_line("warning", lines->items[i]);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(struct tunnel *const *)a)->name, (*(struct tunnel *const *)b)->name);
}

static int print_tunnels(const struct set *wanted)
{
    _cleanup_free_ struct tunnel **sorted = calloc(wanted->n + 1, sizeof(struct tunnel *));

    if (!sorted)
        return -1;
    if (wanted->n)
        memcpy(sorted, wanted->items, wanted->n * sizeof(*sorted));
    qsort(sorted, wanted->n, sizeof(*sorted), compare_names);
    for (size_t i = 0; i < wanted->n; i++)
        explain_tunnel(sorted[i], stdout);
    for (size_t i = 0; i < wanted->n; i++)
        explain_rules(sorted[i], stdout);
    return 0;
}

int verb_explain(const struct options *options, int argc, char **argv)
{
    _cleanup_(config_freep) struct config *config = NULL;
    struct lines lines = { 0 };
    bool errors = false;

    if (files_load(options, argc, argv, &config) < 0)
        return STATUS_PROBLEM;
    findings_each_problem(config, collect, &lines);
    if (print_tunnels(config_wanted(config)) < 0 || lines.incomplete) {
        fputs("tunnelctl: Cannot allocate memory\n", stderr);
        free(lines.items);
        return STATUS_PROBLEM;
    }
    findings_each_file(config, explain_ignored, NULL);
    print_problems(&lines);
    for (size_t i = 0; i < lines.n; i++)
        errors = errors || lines.items[i]->severity >= SEVERITY_LINE;
    free(lines.items);
    return errors ? STATUS_PROBLEM : STATUS_OK;
}
