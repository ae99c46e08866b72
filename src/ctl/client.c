/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Speaks to the daemon. Never prints anything but errors. */
#include "ctl/client.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ctl/polkit-agent.h"
#include "ctl/suggest.h"
#include "ctl/tunnels.h"

#define ERRORS "io.tunneld.Error."

static int refused(const char *how)
{
    fprintf(stderr, "tunnelctl: only root can do that%s\n", how);
    return STATUS_REFUSED;
}

static int not_there(bool started_by_hand)
{
    fprintf(stderr, "tunnelctl: tunneld does not run%s\n", started_by_hand ? " there" : "; 'systemctl start tunneld' starts it");
    return STATUS_NO_DAEMON;
}

static int cannot_connect(const struct options *options, int error)
{
    if (error == -EACCES || error == -EPERM)
        return refused("");
    if (connection_uses_socket(options) && (connection_is_gone(error) || error == -ENOTDIR))
        return not_there(*options->root);
    if (!connection_uses_socket(options) && access(RUNDIR "/private", F_OK) == 0)
        return refused(" where no system bus runs");
    fprintf(stderr, "tunnelctl: the %s cannot be reached: %s\n", connection_uses_socket(options) ? "daemon" : "system bus", strerror(-error));
    return STATUS_NO_DAEMON;
}

int client_connect(const struct options *options, sd_bus **ret)
{
    int r = connection_open(options, ret);

    return r < 0 ? cannot_connect(options, r) : STATUS_OK;
}

int client_bad_answer(int error)
{
    fprintf(stderr, "tunnelctl: the daemon's answer cannot be read: %s\n", strerror(-error));
    return STATUS_NO_DAEMON;
}

int client_failed(int error)
{
    fprintf(stderr, "tunnelctl: %s\n", strerror(-error));
    return STATUS_PROBLEM;
}

static void put_error(const char *text)
{
    fputs("tunnelctl: ", stderr);
    text_put(text, stderr);
    fputc('\n', stderr);
}

/* With the name that was probably meant. */
static int no_such_tunnel(sd_bus *bus, const char *name)
{
    struct tunnels tunnels = { 0 };
    const char *near = NULL;

    fputs("tunnelctl: there is no tunnel ", stderr);
    text_put(name, stderr);
    if (tunnels_ask(bus, &tunnels) >= 0)
        near = suggest(name, tunnels_name, &tunnels);
    if (near) {
        fputs("; is it ", stderr);
        text_put(near, stderr);
        fputc('?', stderr);
    }
    fputc('\n', stderr);
    tunnels_done(&tunnels);
    return STATUS_PROBLEM;
}

/* What to say of an error, and the exit status that it is. */
static int tell_error(sd_bus *bus, const sd_bus_error *error, int r, const char *name)
{
    const char *text = error->message ? error->message : strerror(-r);

    if (name && sd_bus_error_has_name(error, ERRORS "NoSuchTunnel"))
        return no_such_tunnel(bus, name);
    if (sd_bus_error_has_name(error, SD_BUS_ERROR_ACCESS_DENIED) || sd_bus_error_has_name(error, SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED)) {
        put_error(text);
        return STATUS_REFUSED;
    }
    if (sd_bus_error_has_name(error, SD_BUS_ERROR_SERVICE_UNKNOWN) || sd_bus_error_has_name(error, SD_BUS_ERROR_NAME_HAS_NO_OWNER))
        return not_there(false);
    if (sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY) || sd_bus_error_has_name(error, SD_BUS_ERROR_DISCONNECTED) || connection_is_gone(r)) {
        fputs("tunnelctl: the daemon ended before it answered\n", stderr);
        return STATUS_NO_DAEMON;
    }
    put_error(text);
    if (sd_bus_error_has_name(error, SD_BUS_ERROR_INVALID_ARGS))
        return STATUS_USAGE;
    return error->name && !strncmp(error->name, ERRORS, strlen(ERRORS)) ? STATUS_PROBLEM : STATUS_NO_DAEMON;
}

int client_send(sd_bus *bus, sd_bus_message *call, bool changes, const char *name, sd_bus_message **ret_reply)
{
    sd_bus_error error = SD_BUS_ERROR_NULL;
    pid_t agent = 0;
    int r = 0;

    if (changes) {
        r = sd_bus_message_set_allow_interactive_authorization(call, true);
        agent = sd_bus_is_bus_client(bus) > 0 ? polkit_agent_start() : 0;
    }
    if (r >= 0)
        r = sd_bus_call(bus, call, UINT64_MAX, &error, ret_reply);
    polkit_agent_stop(agent);
    if (r >= 0)
        return STATUS_OK;
    r = tell_error(bus, &error, r, name);
    sd_bus_error_free(&error);
    return r;
}

int client_call(sd_bus *bus, const char *method, sd_bus_message **ret_reply)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
    int r = connection_new_call(bus, MANAGER_PATH, MANAGER_INTERFACE, method, &call);

    return r < 0 ? client_failed(r) : client_send(bus, call, false, NULL, ret_reply);
}

int client_get_tunnels(sd_bus *bus, struct tunnels *ret)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *answer = NULL;
    int r = client_call(bus, "ListTunnels", &answer), error;

    if (r != STATUS_OK)
        return r;
    error = tunnels_read(answer, ret);
    return error < 0 ? client_bad_answer(error) : STATUS_OK;
}
