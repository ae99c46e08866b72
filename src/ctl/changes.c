/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has the daemon change something, and prints each change that was made. */
#include "ctl/changes.h"

#include <stdio.h>

#include "base/text.h"
#include "ctl/client.h"
#include "ctl/terminal.h"
#include "ctl/tunnels.h"
#include "ctl/writer.h"

static void put_change(const char *tunnel, const char *what, struct json *json)
{
    if (json) {
        json_begin(json, NULL, '{');
        json_text(json, "tunnel", *tunnel ? tunnel : NULL);
        json_text(json, "change", what);
        json_end(json, '}');
        return;
    }
    text_put(tunnel, stdout);
    fputs(*tunnel ? ": " : "", stdout);
    text_put(what, stdout);
    putchar('\n');
}

/* What is not well: the tunnel that it is about, if it is about one. */
static void tell_unwell(sd_bus *bus, const char *name, const char *summary)
{
    _cleanup_(tunnels_done) struct tunnels tunnels = { 0 };
    const struct row *row = name && tunnels_ask(bus, &tunnels) >= 0 ? tunnels_find(&tunnels, name) : NULL;

    fflush(stdout);
    if (row) {
        row_tell(name, row);
        return;
    }
    fputs("tunnelctl: not all is as the files say: ", stderr);
    text_put(summary, stderr);
    fputc('\n', stderr);
}

/* json: NULL for people. */
static int put_answer(sd_bus_message *answer, struct json *json, int *ret_well, const char **ret_summary)
{
    const char *tunnel, *what;
    int r = sd_bus_message_enter_container(answer, 'a', "(ss)");

    if (json) {
        json_begin(json, NULL, '{');
        json_begin(json, "changes", '[');
    }
    while (r >= 0 && (r = sd_bus_message_read(answer, "(ss)", &tunnel, &what)) > 0)
        put_change(tunnel, what, json);
    if (r >= 0)
        r = sd_bus_message_exit_container(answer);
    if (r >= 0)
        r = sd_bus_message_read(answer, "bs", ret_well, ret_summary);
    if (json) {
        json_end(json, ']');
        json_bool(json, "well", r >= 0 && *ret_well);
        json_text(json, "summary", r >= 0 ? *ret_summary : NULL);
        json_end(json, '}');
    }
    return r;
}

static int send_call(sd_bus *bus, const char *method, const char *name, sd_bus_message **ret_answer)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
    int r = connection_new_call(bus, MANAGER_PATH, MANAGER_INTERFACE, method, &call);

    if (r >= 0 && name)
        r = sd_bus_message_append(call, "s", name);
    return r < 0 ? client_failed(r) : client_send(bus, call, true, name, ret_answer);
}

int changes_ask(const struct options *options, const char *method, const char *name)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *answer = NULL;
    struct json json = { .out = stdout };
    const char *summary = "";
    int r = client_connect(options, &bus), well = 0, error;

    if (r == STATUS_OK)
        r = send_call(bus, method, name, &answer);
    if (r != STATUS_OK)
        return r;
    error = put_answer(answer, options->json ? &json : NULL, &well, &summary);
    if (error < 0)
        return client_bad_answer(error);
    if (!well)
        tell_unwell(bus, name, summary);
    return terminal_end(well ? STATUS_OK : STATUS_PROBLEM);
}
