/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl check: what is wrong with the files. Never changes anything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/files.h"
#include "ctl/terminal.h"
#include "read/findings.h"

struct counts {
    unsigned tunnels, ignored, errors, warnings;
    bool verbose;
    struct json *json;            /* NULL: for people */
    const struct problem **notes; /* that were said */
    size_t n_notes;
};

static void check_tell(const struct problem *problem, const struct counts *counts)
{
    if (counts->json) {
        files_problem_json(problem, counts->json);
        return;
    }
    files_problem_put(problem);
}

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
    check_tell(problem, counts);
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
    check_tell(problem, counts);
}

static const char *why_ignored(const struct file *file)
{
    if (file->hidden)
        return "hidden by another profile, or a tombstone, of its UUID";
    return file_name_counts(file) ? "not a tunnel of ours" : "by its name";
}

static void tell_ignored(const struct file *file, const char *reader, const struct counts *counts)
{
    _cleanup_free_ char *head = NULL;
    char why[64];

    if (counts->json) {
        json_begin(counts->json, NULL, '{');
        json_text(counts->json, "file", file->path);
        json_text(counts->json, "why", why_ignored(file));
        json_text(counts->json, "read_by", reader);
        json_end(counts->json, '}');
        return;
    }
    if (asprintf(&head, "%s: ignored:", file->path) < 0)
        head = NULL;
    if (reader)
        snprintf(why, sizeof(why), "by its name, which %s would read", reader);
    files_put(head ? head : "?", reader ? why : why_ignored(file));
}

static void check_file(const struct file *file, void *userdata)
{
    struct counts *counts = userdata;
    const char *reader = file->format == FORMAT_IFCFG ? ifcfg_counted_by(file->path) : NULL;

    counts->tunnels += file->verdict == FILE_TUNNEL;
    counts->ignored += file->verdict == FILE_IGNORED;
    if (file->verdict == FILE_IGNORED && (counts->verbose || reader))
        tell_ignored(file, reader, counts);
}

static void check_json(const struct config *config, struct counts *counts)
{
    struct json *json = counts->json;

    json_begin(json, NULL, '{');
    json_begin(json, "problems", '[');
    findings_each_problem(config, check_problem, counts);
    json_end(json, ']');
    json_begin(json, "ignored", '[');
    findings_each_file(config, check_file, counts);
    json_end(json, ']');
    json_number(json, "tunnels", counts->tunnels);
    json_number(json, "errors", counts->errors);
    json_number(json, "warnings", counts->warnings);
    json_number(json, "files_ignored", counts->ignored);
    json_end(json, '}');
}

static void print_counts(const struct counts *counts)
{
    fprintf(stderr, "%u tunnel%s, %u error%s, %u warning%s, %u file%s ignored\n", counts->tunnels, counts->tunnels == 1 ? "" : "s", counts->errors,
            counts->errors == 1 ? "" : "s", counts->warnings, counts->warnings == 1 ? "" : "s", counts->ignored, counts->ignored == 1 ? "" : "s");
}

int verb_check(const struct options *options, int argc, char **argv)
{
    _cleanup_(config_freep) struct config *config = NULL;
    struct json json = { .out = stdout };
    struct counts counts = { .verbose = options->verbose, .json = options->json ? &json : NULL };
    int status;

    if (files_load(options, argc, argv, &config) < 0)
        return STATUS_PROBLEM;
    if (options->json) {
        check_json(config, &counts);
    } else {
        if (!options->no_pager)
            pager_open();
        findings_each_problem(config, check_problem, &counts);
        findings_each_file(config, check_file, &counts);
    }
    status = terminal_end(counts.errors ? STATUS_PROBLEM : STATUS_OK);
    free(counts.notes);
    if (!options->json)
        print_counts(&counts);
    return status;
}
