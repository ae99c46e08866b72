/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/bus-objects.h"

#include <errno.h>
#include <string.h>

#include "agent/bus-manager.h"
#include "agent/bus-tunnel.h"
#include "agent/bus-view.h"
#include "base/text.h"

static int on_idle(sd_event_source *source, void *userdata)
{
    (void)source;
    view_forget(userdata);
    return 0;
}

int objects_init(struct objects *objects, sd_event *event, const struct bus_callbacks *callbacks)
{
    int r = sd_event_add_defer(event, &objects->forget, on_idle, objects);

    objects->callbacks = *callbacks;
    objects->told.state = "starting";
    if (r >= 0)
        r = sd_event_source_set_enabled(objects->forget, SD_EVENT_OFF);
    return r < 0 ? r : authority_new(&objects->authority);
}

int objects_add(struct objects *objects, sd_bus *connection)
{
    int r = manager_add(objects, connection);

    return r < 0 ? r : tunnels_add(objects, connection);
}

void objects_done(struct objects *objects)
{
    authority_free(objects->authority);
    view_forget(objects);
    sd_event_source_disable_unref(objects->forget);
    scope_done(&objects->changing);
    connections_done(&objects->connections);
}

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
