/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/bus-objects.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

int put_text(sd_bus_message *message, const char *text)
{
    _cleanup_free_ char *escaped = NULL;

    if (!text || text_is_utf8(text, strlen(text)))
        return sd_bus_message_append_basic(message, 's', text ? text : "");
    escaped = text_escape(text);
    return escaped ? sd_bus_message_append_basic(message, 's', escaped) : -ENOMEM;
}

int put_texts(sd_bus_message *message, char *const *texts, size_t n)
{
    int r = sd_bus_message_open_container(message, 'a', "s");

    for (size_t i = 0; r >= 0 && i < n; i++)
        r = put_text(message, texts[i]);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

int check_name(const char *name, sd_bus_error *error)
{
    _cleanup_free_ char *shown = NULL;
    const char *why;

    if (tunnel_check_name(name, &why) >= 0)
        return 0;
    shown = text_printable(name);
    return sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS, "\"%s\" is no name of a tunnel: %s", shown ? shown : "", why);
}

int set_unknown(const char *name, sd_bus_error *error)
{
    return sd_bus_error_setf(error, BUS_ERROR("NoSuchTunnel"), "there is no tunnel %s", name);
}

int set_failed(int r, sd_bus_error *error)
{
    return r == -ENOMEM ? r : sd_bus_error_setf(error, BUS_ERROR("Failed"), "%s", strerror(-r));
}
