/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl edit: a copy of a tunnel's file in an editor, checked in the place of the file before it is put there. What was edited
 * is never lost without being asked. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"
#include "ctl/client.h"
#include "ctl/editor.h"
#include "ctl/files.h"
#include "ctl/replace.h"
#include "read/findings.h"
#include "read/load.h"

/* What all files come to, with a text in the place of the one that is edited. */
struct judgement {
    struct problems problems;
    char tunnel[IFNAMSIZ]; /* that comes of the file; "": none */
};

struct edit {
    const struct options *options;
    const char *path; /* as seen below --root */
    struct original original;
    struct editor_copy copy;
    char *text; /* as it was edited */
    size_t size;
    struct judgement before, now; /* with the original, and as it was edited */
};

enum answer { ANSWER_AGAIN, ANSWER_LEAVE, ANSWER_WRITE, ANSWER_NONE };

static void edit_done(struct edit *edit)
{
    original_done(&edit->original);
    editor_copy_done(&edit->copy);
    problems_done(&edit->before.problems);
    problems_done(&edit->now.problems);
    free(edit->text);
}

static int complain(const struct edit *edit, const char *what)
{
    fputs("tunnelctl: ", stderr);
    text_put(edit->path, stderr);
    fprintf(stderr, ": %s\n", what);
    return STATUS_PROBLEM;
}

static int tell(const struct edit *edit, const char *what)
{
    _cleanup_free_ char *head = NULL;

    if (asprintf(&head, "%s:", edit->path) < 0)
        head = NULL;
    files_put(head ? head : "?", what);
    return STATUS_OK;
}

static int cannot(const struct edit *edit, const char *what, int error)
{
    files_complain(edit->path, what, error);
    return error == -EACCES || error == -EPERM ? STATUS_REFUSED : STATUS_PROBLEM;
}

static void keep(const struct problem *problem, void *userdata)
{
    problems_add(userdata, problem->severity, (struct place){ problem->file, problem->line, problem->column }, "%s", problem->text);
}

static void look_for_tunnel(const struct config *config, const char *path, char ret[IFNAMSIZ])
{
    const struct set *wanted = config_wanted(config);

    *ret = 0;
    for (size_t i = 0; i < wanted->n; i++)
        if (!strcmp(wanted->items[i]->source, path))
            strcpy(ret, wanted->items[i]->name);
}

/* -EINVAL: no such file is read. */
static int judge(const struct edit *edit, const char *text, size_t size, struct judgement *ret)
{
    _cleanup_(config_freep) struct config *config = NULL;
    _cleanup_free_ char *path = NULL;
    struct scope dirty = { 0 };
    int r = config_new(edit->options->root, &config);

    if (r >= 0)
        r = config_load_settings(config);
    if (r >= 0)
        r = config_overlay(config, edit->path, text, size, &path);
    if (r >= 0)
        r = config_load(config);
    if (r >= 0)
        r = config_settle(config, &dirty);
    scope_done(&dirty);
    if (r < 0)
        return r;
    problems_done(&ret->problems);
    findings_each_problem(config, keep, &ret->problems);
    look_for_tunnel(config, edit->path, ret->tunnel);
    return ret->problems.incomplete ? -ENOMEM : 0;
}

static bool has(const struct problems *problems, const struct problem *problem)
{
    for (size_t i = 0; i < problems->n; i++)
        if (!strcmp(problems->items[i].file, problem->file) && !strcmp(problems->items[i].text, problem->text))
            return true;
    return false;
}

/* As check says what is wrong with the file, and with others for the sake of it. */
static bool has_errors(const struct edit *edit)
{
    const struct problems *problems = &edit->now.problems;
    bool errors = false;

    for (size_t i = 0; i < problems->n; i++) {
        const struct problem *problem = &problems->items[i];

        if (problem->severity == SEVERITY_NOTE || (strcmp(problem->file, edit->path) != 0 && has(&edit->before.problems, problem)))
            continue;
        errors = errors || problem->severity >= SEVERITY_LINE;
        files_problem_put(problem);
    }
    if (!errors && *edit->before.tunnel && !*edit->now.tunnel) { /* half of a file is no tunnel, and no mistake of its own */
        char text[64];

        errors = true;
        snprintf(text, sizeof(text), "it is no tunnel any more, and %s would go", edit->before.tunnel);
        files_problem_put(&(struct problem){ .severity = SEVERITY_ERROR, .file = (char *)edit->path, .text = text });
    }
    fflush(stdout);
    return errors;
}

static enum answer parse_answer(char *line)
{
    static const char *const words[] = { [ANSWER_AGAIN] = "edit", [ANSWER_LEAVE] = "leave", [ANSWER_WRITE] = "write" };

    line[strcspn(line, " \t\r\n")] = 0;
    for (size_t i = 0; *line && i < ARRAY_SIZE(words); i++)
        if (!strncasecmp(line, words[i], strlen(line)))
            return (enum answer)i;
    return ANSWER_NONE;
}

static void on_interrupt(int number)
{
    (void)number; /* that it ends the waiting for a line is all */
}

/* False: there is none, or who was asked has interrupted, which counts from the question on. */
static bool ask_for_line(const char *question, char *line, int size)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    struct sigaction interrupt = { .sa_handler = on_interrupt }, before;
    sigset_t blocked, open;
    bool read;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigprocmask(SIG_BLOCK, &blocked, &open);
    sigaction(SIGINT, &interrupt, &before);
    fputs(question, stderr);
    read = ppoll(&input, 1, NULL, &open) > 0 && fgets(line, size, stdin);
    sigaction(SIGINT, &before, NULL);
    sigprocmask(SIG_SETMASK, &open, NULL);
    return read;
}

/* ANSWER_NONE: there is nobody to ask, or no answer. */
static enum answer ask(void)
{
    enum answer answer = ANSWER_NONE;
    char line[64];

    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return ANSWER_NONE;
    while (answer == ANSWER_NONE) {
        if (!ask_for_line("(e)dit again, (l)eave the file as it was, or (w)rite it all the same? ", line, sizeof(line))) {
            fputc('\n', stderr);
            break;
        }
        answer = parse_answer(line);
    }
    return answer;
}

static bool is_changed(const struct edit *edit)
{
    return edit->size != edit->original.size || memcmp(edit->text, edit->original.text, edit->size) != 0;
}

/* What was edited stays where it is. */
static int keep_copy(struct edit *edit, int status)
{
    edit->copy.kept = edit->text ? is_changed(edit) : access(edit->copy.path, F_OK) == 0;
    if (edit->copy.kept) {
        fputs("tunnelctl: what was edited is kept in ", stderr);
        text_put(edit->copy.path, stderr);
        fputc('\n', stderr);
    }
    return status;
}

static int give_up(struct edit *edit)
{
    return keep_copy(edit, complain(edit, "left as it was"));
}

/* STATUS_OK: there is a text. */
static int let_edit(struct edit *edit)
{
    int status = editor_run(edit->copy.path), r;

    free(steal_pointer(&edit->text));
    r = load_text(edit->copy.path, &edit->text, &edit->size);
    if (!status && r >= 0)
        return STATUS_OK;
    if (status < 0)
        fprintf(stderr, "tunnelctl: the editor cannot be run: %s\n", strerror(-status));
    else if (status)
        fprintf(stderr, "tunnelctl: the editor failed: exit status %d\n", status);
    else
        files_complain(edit->copy.path, "cannot be read", r);
    return give_up(edit);
}

static int tell_written(const struct edit *edit)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
    int r = connection_open(edit->options, &bus);

    if (r >= 0)
        r = connection_new_call(bus, MANAGER_PATH, "org.freedesktop.DBus.Peer", "Ping", &call);
    if (r >= 0)
        r = sd_bus_call(bus, call, 0, NULL, NULL);
    return tell(edit, r >= 0 ? "written; tunneld sees it by itself" : "written; tunneld does not run now");
}

static int put_in_place(struct edit *edit)
{
    int r = original_replace(&edit->original, edit->text, edit->size);

    if (r >= 0)
        return tell_written(edit);
    if (r == -ESTALE)
        return keep_copy(edit, complain(edit, "changed by somebody else meanwhile, and left so"));
    return keep_copy(edit, cannot(edit, "cannot be written", r));
}

/* Until there is a text that can be written, or nothing is to be. */
static int edit_until_well(struct edit *edit)
{
    for (;;) {
        enum answer answer;
        int status = let_edit(edit), r;

        if (status != STATUS_OK)
            return status;
        if (!is_changed(edit))
            return tell(edit, "not changed, so nothing is written");
        r = judge(edit, edit->text, edit->size, &edit->now);
        if (r < 0) {
            cannot(edit, "cannot be checked", r);
            return give_up(edit);
        }
        answer = has_errors(edit) ? ask() : ANSWER_WRITE;
        if (answer == ANSWER_WRITE)
            return put_in_place(edit);
        if (answer == ANSWER_LEAVE)
            return complain(edit, "left as it was");
        if (answer == ANSWER_NONE)
            return give_up(edit);
    }
}

/* What would be in vain is said before there is an editor. */
static int prepare(struct edit *edit)
{
    _cleanup_free_ char *full = NULL, *directory = NULL;
    int r = -ENOMEM;

    if (asprintf(&full, "%s%s", edit->options->root, edit->path) < 0)
        full = NULL;
    else
        r = original_load(full, &edit->original);
    if (r < 0)
        return cannot(edit, "cannot be read", r);
    directory = strndup(edit->original.path, (size_t)(strrchr(edit->original.path, '/') - edit->original.path) + 1);
    if (!directory || faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) < 0)
        return cannot(edit, "cannot be written", directory ? -errno : -ENOMEM);
    r = judge(edit, edit->original.text, edit->original.size, &edit->before);
    if (r == -EINVAL)
        return complain(edit, "no file of that name is read");
    if (r < 0)
        return cannot(edit, "cannot be checked", r);
    r = editor_copy_make(strrchr(edit->path, '/') + 1, edit->original.text, edit->original.size, &edit->copy);
    return r < 0 ? cannot(edit, "cannot be copied", r) : STATUS_OK;
}

int verb_edit(const struct options *options, int argc, char **argv)
{
    _cleanup_(config_freep) struct config *config = NULL;
    struct edit edit = { .options = options };
    struct paths paths = { 0 };
    int status;

    (void)argc;
    if (files_load(options, 0, NULL, &config) < 0)
        return STATUS_PROBLEM;
    status = files_find(config, argv[0], &paths);
    if (status == STATUS_OK) {
        edit.path = paths.items[0];
        status = prepare(&edit);
    }
    if (status == STATUS_OK)
        status = edit_until_well(&edit);
    edit_done(&edit);
    paths_done(&paths);
    return status;
}
