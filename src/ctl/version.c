/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl version: of this program and of the daemon that runs. */
#include <stdio.h>

#include "base/text.h"
#include "ctl/client.h"
#include "ctl/terminal.h"
#include "ctl/writer.h"

/* *ret lies in the answer. STATUS_*. */
static int ask_version(sd_bus *bus, sd_bus_message **ret_answer, const char **ret)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
    int r = connection_new_call(bus, MANAGER_PATH, "org.freedesktop.DBus.Properties", "Get", &call), error;

    if (r >= 0)
        r = sd_bus_message_append(call, "ss", MANAGER_INTERFACE, "Version");
    if (r < 0)
        return client_failed(r);
    r = client_send(bus, call, false, NULL, ret_answer);
    if (r != STATUS_OK)
        return r;
    error = sd_bus_message_read(*ret_answer, "v", "s", ret);
    return error < 0 ? client_bad_answer(error) : STATUS_OK;
}

int verb_version(const struct options *options, int argc, char **argv)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *answer = NULL;
    const char *version = NULL;
    struct json json = { .out = stdout };
    int r;

    (void)argc, (void)argv;
    if (!options->json)
        puts("tunnelctl " PACKAGE_VERSION);
    r = client_connect(options, &bus);
    if (r == STATUS_OK)
        r = ask_version(bus, &answer, &version);
    if (options->json) {
        json_begin(&json, NULL, '{');
        json_text(&json, "tunnelctl", PACKAGE_VERSION);
        json_text(&json, "tunneld", version);
        json_end(&json, '}');
    } else if (version) {
        fputs("tunneld ", stdout);
        text_put(version, stdout);
        putchar('\n');
    }
    return terminal_end(r);
}
