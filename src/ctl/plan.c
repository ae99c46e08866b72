/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl plan: what would be done, now or if these files were in place. Never does it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ctl/client.h"
#include "ctl/files.h"
#include "ctl/plan-files.h"
#include "ctl/terminal.h"
#include "ctl/tunnels.h"
#include "ctl/writer.h"
#include "model/problem.h"
#include "model/state.h"

/* All texts lie in the daemon's answer. */
struct item {
    const char *name, *action, *state, *message;
    char **changes, **commands;
};

struct printing {
    const struct options *options;
    const struct plan_files *files;
    struct json json;
    unsigned counts[5]; /* of actions[] */
    bool refused;       /* something cannot be as its file says */
};

static const struct action {
    const char *name, *text;
} actions[] = {
    { "nothing", NULL },           { "create", "to be created" }, { "change", "to be changed in place" }, { "recreate", "to be made anew" },
    { "delete", "to be deleted" },
};

static void item_done(struct item *item)
{
    texts_free(item->changes);
    texts_free(item->commands);
}

static int item_read(sd_bus_message *message, struct item *item)
{
    int r = sd_bus_message_enter_container(message, 'r', "ssssasas");

    if (r <= 0)
        return r;
    r = sd_bus_message_read(message, "ssss", &item->name, &item->action, &item->state, &item->message);
    if (r >= 0)
        r = sd_bus_message_read_strv(message, &item->changes);
    if (r >= 0)
        r = sd_bus_message_read_strv(message, &item->commands);
    if (r >= 0)
        r = sd_bus_message_exit_container(message);
    return r < 0 ? r : 1;
}

/* NULL: one that this program does not know. */
static const struct action *action_of(const struct item *item)
{
    for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
        if (!strcmp(actions[i].name, item->action))
            return &actions[i];
    return NULL;
}

static void put_texts_json(struct json *json, const char *name, char **texts)
{
    json_begin(json, name, '[');
    for (char **text = texts; text && *text; text++)
        json_text(json, NULL, *text);
    json_end(json, ']');
}

static void put_json(struct json *json, const struct item *item)
{
    json_begin(json, NULL, '{');
    json_text(json, "tunnel", *item->name ? item->name : NULL);
    json_text(json, "action", item->action);
    json_text(json, "state", *item->state ? item->state : NULL);
    json_text(json, "message", *item->message ? item->message : NULL);
    put_texts_json(json, "changes", item->changes);
    put_texts_json(json, "commands", item->commands);
    json_end(json, '}');
}

static void put_name(const struct item *item)
{
    if (*item->name)
        text_put(item->name, stdout);
    else
        fputs("on no tunnel", stdout);
}

static void put_comment(const struct item *item, const char *text)
{
    fputs("# ", stdout);
    put_name(item);
    fputs(": ", stdout);
    text_put(text, stdout);
    putchar('\n');
}

/* A comment for each change, then the commands: a script for sh(1). */
static void put_commands(const struct item *item)
{
    if (!strcmp(item->action, "nothing"))
        put_comment(item, "nothing can be done");
    if (*item->message)
        put_comment(item, item->message);
    for (char **change = item->changes; change && *change; change++)
        put_comment(item, *change);
    for (char **command = item->commands; command && *command; command++) {
        text_put(*command, stdout);
        putchar('\n');
    }
}

static enum colour action_colour(const struct item *item)
{
    return !strcmp(item->action, "create") ? COLOUR_GOOD : COLOUR_PENDING;
}

/* "gre1: to be changed in place", what changes, and how it is then, if it is not up. */
static void put_text(const struct item *item, bool idle)
{
    const struct action *action = action_of(item);
    bool well = !*item->state || state_is_well(item->state);

    fputs(terminal_colour(COLOUR_STRONG), stdout);
    put_name(item);
    printf("%s: ", terminal_plain());
    if (!idle) {
        fputs(terminal_colour(action_colour(item)), stdout);
        text_put(action ? action->text : item->action, stdout);
        fputs(terminal_plain(), stdout);
    }
    if (idle || !well) {
        printf("%s%s", idle ? "nothing can be done, it is " : ", and is then ", terminal_colour(state_colour(item->state)));
        text_put(item->state, stdout);
        fputs(terminal_plain(), stdout);
    }
    putchar('\n');
    if (*item->message) {
        _cleanup_free_ char *message = text_escape(item->message);

        printed_wrapped(message ? message : "?", 4, terminal_width(), stdout);
    }
    for (char **change = item->changes; change && *change; change++) {
        bool said = !strncmp(*change, "created: ", strlen("created: ")) || !strncmp(*change, "removed: ", strlen("removed: "));

        fputs("    ", stdout);
        text_put(*change + (said ? strlen("created: ") : 0), stdout);
        putchar('\n');
    }
}

static void put_item(struct printing *printing, const struct item *item)
{
    const struct action *action = action_of(item);
    bool concerns = plan_files_concern(printing->files, item->name), idle = action == &actions[0];

    if (concerns && *item->state && !state_is_well(item->state) && strcmp(item->state, state_name(STATE_WAITING)) != 0)
        printing->refused = true;
    if (printing->options->json) {
        put_json(&printing->json, item);
        return;
    }
    if (idle && !concerns) /* so it is without these files too */
        return;
    if (action)
        printing->counts[action - actions]++;
    if (printing->options->ip)
        put_commands(item);
    else
        put_text(item, idle);
}

static int put_items(struct printing *printing, sd_bus_message *answer)
{
    int r = sd_bus_message_enter_container(answer, 'a', "(ssssasas)");

    while (r >= 0) {
        _cleanup_(item_done) struct item item = { 0 };

        r = item_read(answer, &item);
        if (r <= 0)
            break;
        put_item(printing, &item);
    }
    return r < 0 ? r : sd_bus_message_exit_container(answer);
}

static void put_problem(struct printing *printing, const struct problem *problem)
{
    if (printing->options->json) {
        files_problem_json(problem, &printing->json);
        return;
    }
    if (problem->severity > SEVERITY_NOTE || printing->options->verbose) {
        problem_print(problem, stderr);
        fputc('\n', stderr);
    }
}

static int put_problems(struct printing *printing, sd_bus_message *answer)
{
    const char *file, *severity, *text;
    uint32_t line, column;
    int r = sd_bus_message_enter_container(answer, 'a', "(suuss)");

    while (r >= 0 && (r = sd_bus_message_read(answer, "(suuss)", &file, &line, &column, &severity, &text)) > 0) {
        enum severity known = !strcmp(severity, "note") ? SEVERITY_NOTE : !strcmp(severity, "warning") ? SEVERITY_WARNING : SEVERITY_ERROR;

        printing->refused = printing->refused || known == SEVERITY_ERROR;
        put_problem(printing, &(struct problem){ known, line, column, (char *)plan_files_shown(printing->files, file), (char *)text });
    }
    return r < 0 ? r : sd_bus_message_exit_container(answer);
}

/* "1 to be created, 2 to be changed in place; for 1 nothing can be done" */
static void put_summary(const struct printing *printing)
{
    const char *separator = "";

    for (size_t i = 1; i < ARRAY_SIZE(actions); i++)
        if (printing->counts[i]) {
            printf("%s%u %s", separator, printing->counts[i], actions[i].text);
            separator = ", ";
        }
    if (!*separator)
        fputs(printing->counts[0] ? "nothing would be changed" : "nothing to do: all is as the files say", stdout);
    if (printing->counts[0])
        printf("; for %u nothing can be done", printing->counts[0]);
    putchar('\n');
}

static int print_answer(struct printing *printing, sd_bus_message *answer)
{
    bool for_people = !printing->options->json && !printing->options->ip;
    int r;

    if (printing->options->json) {
        json_begin(&printing->json, NULL, '{');
        json_begin(&printing->json, "items", '[');
    }
    r = put_items(printing, answer);
    if (printing->options->json) {
        json_end(&printing->json, ']');
        json_begin(&printing->json, "problems", '[');
    }
    if (r >= 0 && for_people)
        put_summary(printing);
    fflush(stdout);
    if (r >= 0)
        r = put_problems(printing, answer);
    if (printing->options->json) {
        json_end(&printing->json, ']');
        json_end(&printing->json, '}');
    }
    return r;
}

static int ask(sd_bus *bus, const struct plan_files *files, sd_bus_message **ret_answer)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
    int r = connection_new_call(bus, MANAGER_PATH, MANAGER_INTERFACE, "Plan", &call);

    if (r >= 0)
        r = sd_bus_message_open_container(call, 'a', "(say)");
    for (size_t i = 0; r >= 0 && i < files->n; i++) {
        r = sd_bus_message_open_container(call, 'r', "say");
        if (r >= 0)
            r = sd_bus_message_append(call, "s", files->items[i].path);
        if (r >= 0)
            r = sd_bus_message_append_array(call, 'y', files->items[i].text, files->items[i].size);
        if (r >= 0)
            r = sd_bus_message_close_container(call);
    }
    if (r >= 0)
        r = sd_bus_message_close_container(call);
    return r < 0 ? client_failed(r) : client_send(bus, call, files->n > 0, NULL, ret_answer);
}

int verb_plan(const struct options *options, int argc, char **argv)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *answer = NULL;
    _cleanup_(plan_files_done) struct plan_files files = { 0 };
    struct printing printing = { .options = options, .files = &files, .json = { .out = stdout } };
    int r = plan_files_read(options, argc, argv, &files), error;

    if (r == STATUS_OK)
        r = client_connect(options, &bus);
    if (r == STATUS_OK)
        r = ask(bus, &files, &answer);
    if (r != STATUS_OK)
        return r;
    if (!options->json && !options->no_pager)
        pager_open();
    error = print_answer(&printing, answer);
    r = error < 0 ? client_bad_answer(error) : printing.refused ? STATUS_PROBLEM : STATUS_OK;
    return terminal_end(r);
}
