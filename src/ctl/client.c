/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Speaks to the daemon. Never prints anything but errors. */
#include "ctl/client.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int cannot_connect(int error)
{
    if (error == -EACCES || error == -EPERM) {
        fputs("tunnelctl: only root can do that\n", stderr);
        return STATUS_REFUSED;
    }
    fprintf(stderr, "tunnelctl: the daemon cannot be reached, does tunneld run? (%s)\n", strerror(-error));
    return STATUS_NO_DAEMON;
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

int client_connect(const struct options *options, sd_bus **ret)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    _cleanup_free_ char *address = NULL;
    int r = format_address(options->root, &address);

    if (r >= 0)
        r = sd_bus_new(&bus);
    if (r >= 0)
        r = sd_bus_set_address(bus, address);
    if (r >= 0)
        r = sd_bus_start(bus);
    if (r < 0)
        return cannot_connect(r);
    *ret = steal_pointer(&bus);
    return STATUS_OK;
}

int client_call(sd_bus *bus, const char *method, sd_bus_message **ret_reply)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
    sd_bus_error error = SD_BUS_ERROR_NULL;
    int r = sd_bus_message_new_method_call(bus, &call, NULL, "/io/tunneld", "io.tunneld.Manager", method);

    if (r >= 0)
        r = sd_bus_call(bus, call, UINT64_MAX, &error, ret_reply);
    if (r >= 0)
        return STATUS_OK;
    if (error.name && !strncmp(error.name, "io.tunneld.Error.", strlen("io.tunneld.Error."))) {
        fprintf(stderr, "tunnelctl: not all is as the files say: %s\n", error.message);
        r = STATUS_PROBLEM;
    } else {
        r = cannot_connect(r);
    }
    sd_bus_error_free(&error);
    return r;
}
