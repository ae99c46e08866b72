/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl check: what is wrong with the files. Never changes anything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ctl/files.h"
#include "read/findings.h"

struct counts {
    unsigned tunnels, ignored, errors, warnings;
    bool verbose;
    const struct problem **notes; /* that were said */
    size_t n_notes;
};

/* Once for all files that say the same. */
static void check_note(const struct problem *problem, struct counts *counts)
{
    const struct problem **notes;

    for (size_t i = 0; i < counts->n_notes; i++)
        if (!strcmp(counts->notes[i]->text, problem->text))
            return;
    notes = reallocarray(counts->notes, counts->n_notes + 1, sizeof(*notes));
    if (notes) {
        counts->notes = notes;
        notes[counts->n_notes++] = problem;
    }
    problem_print(problem, stdout);
    putchar('\n');
}

static void check_problem(const struct problem *problem, void *userdata)
{
    struct counts *counts = userdata;

    if (problem->severity == SEVERITY_NOTE) {
        if (counts->verbose)
            check_note(problem, counts);
        return;
    }
    if (problem->severity >= SEVERITY_LINE)
        counts->errors++;
    else
        counts->warnings++;
    problem_print(problem, stdout);
    putchar('\n');
}

static void check_file(const struct file *file, void *userdata)
{
    struct counts *counts = userdata;
    const char *reader = file->format == FORMAT_IFCFG ? ifcfg_counted_by(file->path) : NULL;

    counts->tunnels += file->verdict == FILE_TUNNEL;
    counts->ignored += file->verdict == FILE_IGNORED;
    if (file->verdict != FILE_IGNORED || (!counts->verbose && !reader))
        return;
    text_put(file->path, stdout);
    if (reader)
        printf(": ignored: by its name, which %s would read\n", reader);
    else
        printf(": ignored: %s\n", file->hidden             ? "hidden by another profile, or a tombstone, of its UUID"
                                  : file_name_counts(file) ? "not a tunnel of ours"
                                                           : "by its name");
}

int verb_check(const struct options *options, int argc, char **argv)
{
    _cleanup_(config_freep) struct config *config = NULL;
    struct counts counts = { .verbose = options->verbose };

    if (files_load(options, argc, argv, &config) < 0)
        return STATUS_PROBLEM;
    findings_each_problem(config, check_problem, &counts);
    findings_each_file(config, check_file, &counts);
    free(counts.notes);
    fflush(stdout);
    fprintf(stderr, "%u tunnel%s, %u error%s, %u warning%s, %u file%s ignored\n", counts.tunnels, counts.tunnels == 1 ? "" : "s", counts.errors,
            counts.errors == 1 ? "" : "s", counts.warnings, counts.warnings == 1 ? "" : "s", counts.ignored, counts.ignored == 1 ? "" : "s");
    return counts.errors ? STATUS_PROBLEM : STATUS_OK;
}
