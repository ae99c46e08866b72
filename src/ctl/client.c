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

#define BUS_NAME "io.tunneld"
#define ERRORS "io.tunneld.Error."

static bool uses_socket(const struct options *options)
{
    return *options->root || geteuid() == 0;
}

/* sd-bus takes an address with %XX for what is not plain. */
static int format_address(const char *root, char **ret)
{
    _cleanup_free_ char *path = NULL;
    size_t size;
    FILE *out;

    if (asprintf(&path, "%s%s/private", root, RUNDIR) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    out = open_memstream(ret, &size);
    if (!out)
        return -ENOMEM;
    fputs("unix:path=", out);
    for (const char *p = path; *p; p++)
        if (strchr("/-_.", *p) || (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'))
            fputc(*p, out);
        else
            fprintf(out, "%%%02x", (unsigned char)*p);
    return fclose(out) ? -ENOMEM : 0;
}

static int connect_socket(const char *root, sd_bus **ret)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    _cleanup_free_ char *address = NULL;
    int r = format_address(root, &address);

    if (r >= 0)
        r = sd_bus_new(&bus);
    if (r >= 0)
        r = sd_bus_set_address(bus, address);
    if (r >= 0)
        r = sd_bus_start(bus);
    if (r >= 0)
        *ret = steal_pointer(&bus);
    return r;
}

int client_try(const struct options *options, sd_bus **ret)
{
    int r = uses_socket(options) ? connect_socket(options->root, ret) : sd_bus_open_system(ret);

    return r < 0 ? r : 0;
}

bool client_is_gone(int error)
{
    return error == -ENOENT || error == -ECONNREFUSED || error == -ECONNRESET || error == -ENOTCONN || error == -EPIPE || error == -ESHUTDOWN;
}

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
    if (uses_socket(options) && (client_is_gone(error) || error == -ENOTDIR))
        return not_there(*options->root);
    if (!uses_socket(options) && access(RUNDIR "/private", F_OK) == 0)
        return refused(" where no system bus runs");
    fprintf(stderr, "tunnelctl: the %s cannot be reached: %s\n", uses_socket(options) ? "daemon" : "system bus", strerror(-error));
    return STATUS_NO_DAEMON;
}

int client_connect(const struct options *options, sd_bus **ret)
{
    int r = client_try(options, ret);

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

int client_new_call(sd_bus *bus, const char *path, const char *interface, const char *method, sd_bus_message **ret)
{
    int r = sd_bus_message_new_method_call(bus, ret, sd_bus_is_bus_client(bus) > 0 ? BUS_NAME : NULL, path, interface, method);

    return r < 0 ? r : sd_bus_message_set_auto_start(*ret, false);
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
    if (sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY) || sd_bus_error_has_name(error, SD_BUS_ERROR_DISCONNECTED) || client_is_gone(r)) {
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
    int r = client_new_call(bus, MANAGER_PATH, MANAGER_INTERFACE, method, &call);

    return r < 0 ? client_failed(r) : client_send(bus, call, false, NULL, ret_reply);
}

int client_subscribe(sd_bus *bus, sd_bus_message_handler_t callback, void *userdata)
{
    int r;

    if (sd_bus_is_bus_client(bus) <= 0) /* where nobody is named as the sender, and the end of the connection is told by itself */
        return sd_bus_add_match(bus, NULL, "type='signal',path_namespace='" MANAGER_PATH "'", callback, userdata);
    r = sd_bus_add_match(bus, NULL, "type='signal',sender='" BUS_NAME "',path_namespace='" MANAGER_PATH "'", callback, userdata);
    if (r >= 0)
        r = sd_bus_add_match(bus, NULL,
                             "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',interface='org.freedesktop.DBus',"
                             "member='NameOwnerChanged',arg0='" BUS_NAME "'",
                             callback, userdata);
    return r;
}
