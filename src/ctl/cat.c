/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl cat: the files of tunnels, as they are. Never judges them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ctl/files.h"
#include "ctl/terminal.h"
#include "read/load.h"

struct cat {
    const struct options *options;
    struct json json;
    bool safely; /* a terminal must not do what a file says */
    size_t n;    /* files shown */
};

static void put_line(const char *line)
{
    const char *tab;

    for (; (tab = strchr(line, '\t')); line = tab + 1) {
        _cleanup_free_ char *cell = strndup(line, (size_t)(tab - line));

        text_put(cell ? cell : "?", stdout);
        putchar('\t');
    }
    text_put(line, stdout);
}

/* A byte of 0 ends a text, so it is put by itself. */
static void put_safely(const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        size_t length = strcspn(text + at, "\n"); /* ends at a byte of 0 too */
        _cleanup_free_ char *line = strndup(text + at, length);

        put_line(line ? line : "?");
        at += length;
        if (at < size)
            fputs(text[at] ? "\n" : "\\x00", stdout);
        at++;
    }
}

static void show(struct cat *cat, const char *path, const char *text, size_t size)
{
    if (cat->options->json) {
        json_begin(&cat->json, NULL, '{');
        json_text(&cat->json, "path", path);
        json_bytes(&cat->json, "content", text, size);
        json_end(&cat->json, '}');
        return;
    }
    printf("%s%s# ", cat->n ? "\n" : "", terminal_colour(COLOUR_STRONG));
    text_put(path, stdout);
    printf("%s\n", terminal_plain());
    if (cat->safely)
        put_safely(text, size);
    else
        fwrite(text, 1, size, stdout);
    if (size && text[size - 1] != '\n')
        putchar('\n');
}

static int cat_file(struct cat *cat, const char *path)
{
    _cleanup_free_ char *full = NULL, *text = NULL;
    size_t size;
    int r;

    if (asprintf(&full, "%s%s", cat->options->root, path) < 0) {
        full = NULL;
        r = -ENOMEM;
    } else {
        r = load_text(full, &text, &size);
    }
    if (r < 0) {
        files_complain(path, "cannot be read", r);
        return r == -EACCES || r == -EPERM ? STATUS_REFUSED : STATUS_PROBLEM;
    }
    show(cat, path, text, size);
    cat->n++;
    return STATUS_OK;
}

static int cat_name(struct cat *cat, const struct config *config, const char *name)
{
    struct paths paths = { 0 };
    int status = files_find(config, name, &paths);

    for (size_t i = 0; i < paths.n; i++) {
        int one = cat_file(cat, paths.items[i]);

        status = one > status ? one : status;
    }
    paths_done(&paths);
    return status;
}

int verb_cat(const struct options *options, int argc, char **argv)
{
    _cleanup_(config_freep) struct config *config = NULL;
    struct cat cat = { .options = options, .json.out = stdout, .safely = isatty(STDOUT_FILENO) };
    int status = STATUS_OK;

    if (files_load(options, 0, NULL, &config) < 0)
        return STATUS_PROBLEM;
    if (!options->no_pager && !options->json)
        pager_open();
    if (options->json) {
        json_begin(&cat.json, NULL, '{');
        json_begin(&cat.json, "files", '[');
    }
    for (int i = 0; i < argc; i++) {
        int one = cat_name(&cat, config, argv[i]);

        status = one > status ? one : status;
    }
    if (options->json) {
        json_end(&cat.json, ']');
        json_end(&cat.json, '}');
    }
    return terminal_end(status);
}
