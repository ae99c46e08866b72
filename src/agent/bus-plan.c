/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/bus-plan.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/text.h"

enum {
    PLAN_FILES_MOST = 64,
    PLAN_FILE_MOST = 1024 * 1024, /* bytes */
};

/* What it gives lies in the call. */
static int read_files(sd_bus_message *call, struct bus_file files[static PLAN_FILES_MOST], size_t *ret_n, sd_bus_error *error)
{
    size_t n = 0;
    int r = sd_bus_message_enter_container(call, 'a', "(say)");

    while (r >= 0 && (r = sd_bus_message_enter_container(call, 'r', "say")) > 0) {
        struct bus_file *file = &files[n];
        const void *text;

        if (n == PLAN_FILES_MOST)
            return sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS, "more than %d files", PLAN_FILES_MOST);
        r = sd_bus_message_read(call, "s", &file->path);
        if (r >= 0 && strlen(file->path) >= PATH_MAX)
            return sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS, "the path of file %zu is too long", n + 1);
        if (r >= 0)
            r = sd_bus_message_read_array(call, 'y', &text, &file->size);
        if (r >= 0 && file->size > PLAN_FILE_MOST)
            return sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS, "file %zu has more than %d bytes", n + 1, PLAN_FILE_MOST);
        if (r >= 0)
            r = sd_bus_message_exit_container(call);
        file->text = file->size ? text : "";
        n++;
    }
    if (r >= 0)
        r = sd_bus_message_exit_container(call);
    *ret_n = n;
    return r;
}

static int put_preview_item(sd_bus_message *reply, const struct preview_item *item)
{
    int r = sd_bus_message_open_container(reply, 'r', "ssssasas");

    if (r >= 0)
        r = put_text(reply, item->name);
    if (r >= 0)
        r = put_text(reply, preview_action_name(item->action));
    if (r >= 0)
        r = put_text(reply, item->state < STATE_MAX ? state_name(item->state) : "");
    if (r >= 0)
        r = put_text(reply, item->message);
    if (r >= 0)
        r = put_texts(reply, item->changes.items, item->changes.n);
    if (r >= 0)
        r = put_texts(reply, item->commands.items, item->commands.n);
    return r < 0 ? r : sd_bus_message_close_container(reply);
}

static const char *severity_name(enum severity severity)
{
    switch (severity) {
    case SEVERITY_NOTE:
        return "note";
    case SEVERITY_WARNING:
        return "warning";
    default:
        return "error";
    }
}

static int put_problem(sd_bus_message *reply, const struct problem *problem)
{
    int r = sd_bus_message_open_container(reply, 'r', "suuss");

    if (r >= 0)
        r = put_text(reply, problem->file);
    if (r >= 0)
        r = sd_bus_message_append(reply, "uus", problem->line, problem->column, severity_name(problem->severity));
    if (r >= 0)
        r = put_text(reply, problem->text);
    return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int reply_plan(sd_bus_message *call, const struct preview *preview, const struct problems *problems)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
    int r = sd_bus_message_new_method_return(call, &reply);

    if (r >= 0)
        r = sd_bus_message_open_container(reply, 'a', "(ssssasas)");
    for (size_t i = 0; r >= 0 && i < preview->n; i++)
        r = put_preview_item(reply, &preview->items[i]);
    if (r >= 0)
        r = sd_bus_message_close_container(reply);
    if (r >= 0)
        r = sd_bus_message_open_container(reply, 'a', "(suuss)");
    for (size_t i = 0; r >= 0 && i < problems->n; i++)
        r = put_problem(reply, &problems->items[i]);
    if (r >= 0)
        r = sd_bus_message_close_container(reply);
    return r < 0 ? r : sd_bus_send(NULL, reply, NULL);
}

static int plan(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    struct objects *objects = userdata;
    struct bus_file files[PLAN_FILES_MOST];
    _cleanup_(preview_done) struct preview preview = { 0 };
    _cleanup_(problems_done) struct problems problems = { 0 };
    _cleanup_free_ char *bad = NULL, *why = NULL;
    size_t n;
    int r = read_files(call, files, &n, error);

    if (r < 0)
        return r;
    r = objects->callbacks.plan(files, n, &preview, &problems, &bad, objects->callbacks.userdata);
    if (r >= 0)
        return reply_plan(call, &preview, &problems);
    if (r != -EINVAL || !bad)
        return set_failed(r, error);
    why = text_escape(bad);
    return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS, why ? why : "");
}

int plan_method(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    struct objects *objects = userdata;
    struct bus_file files[PLAN_FILES_MOST];
    size_t n, size = 0;
    int r = read_files(call, files, &n, error);

    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++)
        size += files[i].size;
    if (n)
        return authority_ask(objects->authority, call, size, plan, objects, error);
    r = sd_bus_message_rewind(call, true);
    return r < 0 ? r : plan(call, objects, error);
}
