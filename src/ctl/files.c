/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the configuration as the daemon would. Never needs root or a kernel. */
#include "ctl/files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ctl/suggest.h"
#include "ctl/terminal.h"
#include "read/beside.h"

static int complain(int error)
{
    fprintf(stderr, "tunnelctl: %s\n", strerror(-error));
    return error;
}

int files_load(const struct options *options, int argc, char **argv, struct config **ret)
{
    _cleanup_(config_freep) struct config *config = NULL;
    struct scope dirty = { 0 };
    int r = config_new(options->root, &config);

    if (r >= 0 && argc)
        r = config_load_files(config, argv, (size_t)argc);
    else if (r >= 0 && (r = config_load_settings(config)) >= 0)
        r = config_load(config);
    if (r >= 0)
        r = config_settle(config, &dirty);
    scope_done(&dirty);
    if (r < 0)
        return complain(r);
    *ret = steal_pointer(&config);
    return 0;
}

void paths_done(struct paths *paths)
{
    for (size_t i = 0; i < paths->n; i++)
        free(paths->items[i]);
    free(paths->items);
    *paths = (struct paths){ 0 };
}

/* NAME in the directory of path, or path itself where name is NULL. */
static int paths_add(struct paths *paths, const char *path, const char *name)
{
    char **items = reallocarray(paths->items, paths->n + 1, sizeof(*items));
    int n = -1;

    if (items) {
        paths->items = items;
        n = name ? asprintf(&items[paths->n], "%.*s/%s", (int)(strrchr(path, '/') - path), path, name) : asprintf(&items[paths->n], "%s", path);
    }
    if (n < 0)
        return -ENOMEM;
    paths->n++;
    return 0;
}

/* How well a file answers to a name: the less the better. */
enum answer { ANSWER_PATH, ANSWER_FILE, ANSWER_TUNNEL, ANSWER_STEM, ANSWER_NONE };

static bool has_stem(const struct file *file, const char *name)
{
    size_t size;
    const char *stem = file_stem(file, &size);

    return strlen(name) == size && !strncmp(stem, name, size);
}

static enum answer file_answers(const struct file *file, const char *name)
{
    if (!strcmp(file->path, name))
        return ANSWER_PATH;
    if (!strcmp(file->name, name))
        return ANSWER_FILE;
    if (!file_name_counts(file) || file->format == FORMAT_META || file->hidden)
        return ANSWER_NONE;
    if (file->verdict != FILE_IGNORED && !strcmp(file->device.name, name))
        return ANSWER_TUNNEL;
    return has_stem(file, name) ? ANSWER_STEM : ANSWER_NONE;
}

struct found {
    const struct file *file;
    enum answer answer;
    const struct file *other; /* that answers as well */
};

static struct found find_file(const struct config *config, const char *name)
{
    size_t n;
    struct file *const *files = config_files(config, &n);
    struct found found = { .answer = ANSWER_NONE };

    for (size_t i = 0; i < n; i++) {
        enum answer answer = file_answers(files[i], name);
        bool wins = files[i]->verdict == FILE_TUNNEL;

        if (answer < found.answer || (answer == found.answer && found.file && wins && found.file->verdict != FILE_TUNNEL))
            found = (struct found){ files[i], answer, NULL };
        else if (answer == found.answer && found.file && (wins || found.file->verdict != FILE_TUNNEL))
            found.other = files[i];
    }
    return found;
}

static bool stands_beside(const char *name, const struct file *file)
{
    const char *prefix = listing_prefix(name);

    if (!strcmp(name, file->name) || !beside_goes_with(name, file->name, file->device.name))
        return false;
    return file->device.suse ? prefix && !strcmp(prefix, "ifroute-") : !prefix || strcmp(prefix, "ifroute-") != 0;
}

static int load_listing(struct listing *listing, const char *directory)
{
    return listing_load(listing, &(struct listing_place){ LISTING_OF_IFCFG, directory, directory }, NULL);
}

static int add_beside(const struct config *config, const struct file *file, struct paths *paths)
{
    struct listing listing = { 0 };
    int r = load_listing(&listing, config_directory(config, file->directory));

    for (size_t i = 0; r >= 0 && i < listing.n; i++)
        if (stands_beside(listing.items[i].name, file))
            r = paths_add(paths, file->path, listing.items[i].name);
    listing_done(&listing);
    return r == -ENOMEM ? r : 0;
}

/* One that stands beside another, by its own name or path. */
static int find_beside(const struct config *config, const char *name, struct paths *paths)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    size_t n, last = SIZE_MAX;
    struct file *const *files = config_files(config, &n);
    int r = 0;

    for (size_t i = 0; r >= 0 && !paths->n && i < n && listing_prefix(base); i++) {
        struct listing listing = { 0 };
        size_t size = (size_t)(files[i]->name - 1 - files[i]->path);

        if (files[i]->directory == last || (slash && ((size_t)(slash - name) != size || strncmp(name, files[i]->path, size) != 0)))
            continue;
        last = files[i]->directory;
        if (load_listing(&listing, config_directory(config, last)) >= 0 && listing_has(&listing, base))
            r = paths_add(paths, files[i]->path, base);
        listing_done(&listing);
    }
    return r;
}

/* The names of tunnels and files, in turn. */
static const char *known_name(size_t i, void *userdata)
{
    size_t n;
    struct file *const *files = config_files(userdata, &n);
    const struct file *file = i / 2 < n ? files[i / 2] : NULL;

    if (!file)
        return NULL;
    if (file->verdict == FILE_IGNORED)
        return "";
    return i % 2 || !*file->device.name ? file->name : file->device.name;
}

static int complain_of_name(const struct config *config, const char *name)
{
    const char *meant = suggest(name, known_name, (void *)config);

    fputs("tunnelctl: there is no file of a tunnel '", stderr);
    text_put(name, stderr);
    if (meant) {
        fputs("', did you mean '", stderr);
        text_put(meant, stderr);
    }
    fputs(meant ? "'?\n" : "'\n", stderr);
    return STATUS_PROBLEM;
}

static int complain_of_two(const char *name, const struct found *found)
{
    fputs("tunnelctl: more than one file is of '", stderr);
    text_put(name, stderr);
    fputs("', name one of them: ", stderr);
    text_put(found->file->path, stderr);
    fputs(", ", stderr);
    text_put(found->other->path, stderr);
    fputc('\n', stderr);
    return STATUS_PROBLEM;
}

int files_find(const struct config *config, const char *name, struct paths *ret)
{
    struct found found = find_file(config, name);
    struct paths paths = { 0 };
    int r;

    if (found.other)
        return complain_of_two(name, &found);
    if (found.file)
        r = paths_add(&paths, found.file->path, NULL);
    else
        r = find_beside(config, name, &paths);
    if (r >= 0 && !paths.n)
        return complain_of_name(config, name);
    if (r >= 0 && found.file && found.file->format == FORMAT_IFCFG && file_name_counts(found.file))
        r = add_beside(config, found.file, &paths);
    if (r < 0) {
        paths_done(&paths);
        complain(r);
        return STATUS_PROBLEM;
    }
    *ret = paths;
    return STATUS_OK;
}

void files_complain(const char *path, const char *what, int error)
{
    fputs("tunnelctl: ", stderr);
    text_put(path, stderr);
    fprintf(stderr, ": %s: %s\n", what, error == -EFBIG ? "larger than 1 MiB" : error == -EISDIR ? "not a regular file" : strerror(-error));
}

void files_put(const char *head, const char *text)
{
    _cleanup_free_ char *shown_head = text_escape(head), *shown = text_escape(text);
    unsigned width = terminal_width();

    if (!shown_head || !shown || !width || terminal_columns(shown_head) + 1 + terminal_columns(shown) <= width) {
        printf("%s %s\n", shown_head ? shown_head : "?", shown ? shown : "?");
        return;
    }
    puts(shown_head);
    printed_wrapped(shown, 4, width, stdout);
}

void files_problem_put(const struct problem *problem)
{
    _cleanup_free_ char *head = NULL;
    struct problem only_head = *problem;
    size_t size;
    FILE *out = open_memstream(&head, &size);

    if (out) {
        only_head.text = (char[]){ "" };
        problem_print(&only_head, out);
        if (text_end(out, &head) >= 0 && size)
            head[size - 1] = 0; /* the blank before the text */
    }
    files_put(head ? head : "?", problem->text);
}

void files_problem_json(const struct problem *problem, struct json *json)
{
    static const char *const words[] = { [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_LINE] = "error", [SEVERITY_ERROR] = "error" };

    json_begin(json, NULL, '{');
    json_text(json, "file", problem->file);
    json_number(json, "line", problem->line);
    json_number(json, "column", problem->column);
    json_text(json, "severity", words[problem->severity]);
    json_text(json, "text", problem->text);
    json_end(json, '}');
}
