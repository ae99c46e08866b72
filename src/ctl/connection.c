/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the daemon is reached. Never prints anything. */
#include "ctl/connection.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define BUS_NAME "io.tunneld"

bool connection_uses_socket(const struct options *options)
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
    return text_end(out, ret);
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

int connection_open(const struct options *options, sd_bus **ret)
{
    int r = connection_uses_socket(options) ? connect_socket(options->root, ret) : sd_bus_open_system(ret);

    return r < 0 ? r : 0;
}

bool connection_is_gone(int error)
{
    return error == -ENOENT || error == -ECONNREFUSED || error == -ECONNRESET || error == -ENOTCONN || error == -EPIPE || error == -ESHUTDOWN;
}

int connection_new_call(sd_bus *bus, const char *path, const char *interface, const char *method, sd_bus_message **ret)
{
    int r = sd_bus_message_new_method_call(bus, ret, sd_bus_is_bus_client(bus) > 0 ? BUS_NAME : NULL, path, interface, method);

    return r < 0 ? r : sd_bus_message_set_auto_start(*ret, false);
}

int connection_subscribe(sd_bus *bus, sd_bus_message_handler_t callback, void *userdata)
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
