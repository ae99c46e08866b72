/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/bus-view.h"

#include <errno.h>
#include <string.h>

#include "agent/bus-tunnel.h"

void view_forget(struct objects *objects)
{
    view_done(&objects->view);
    objects->view = (struct view){ 0 };
    objects->viewed = sd_bus_message_unref(objects->viewed);
}

/* Of a tunnel without file and link (its file is refused) there is nothing to see. */
static int take(struct objects *objects, const char *name, sd_bus_message *message)
{
    int r;

    if (objects->viewed && objects->viewed == message && !strcmp(objects->view.name, name))
        return 0;
    view_forget(objects);
    r = objects->callbacks.view(name, &objects->view, objects->callbacks.userdata);
    if (r < 0 && r != -ENOENT)
        return r;
    if (r == -ENOENT)
        objects->view = (struct view){ 0 };
    strncpy(objects->view.name, name, sizeof(objects->view.name) - 1);
    objects->viewed = sd_bus_message_ref(message);
    return sd_event_source_set_enabled(objects->forget, SD_EVENT_ONESHOT);
}

static int put_attribute(sd_bus_message *message, const struct attribute *attribute)
{
    int r = sd_bus_message_open_container(message, 'e', "sv");

    if (r >= 0)
        r = sd_bus_message_append_basic(message, 's', attribute->name);
    if (r >= 0)
        r = sd_bus_message_open_container(message, 'v', attribute->type == ATTRIBUTE_TEXT ? "s" : attribute->type == ATTRIBUTE_NUMBER ? "u" : "b");
    if (r >= 0)
        r = attribute->type == ATTRIBUTE_TEXT     ? put_text(message, attribute->text)
            : attribute->type == ATTRIBUTE_NUMBER ? sd_bus_message_append(message, "u", attribute->number)
                                                  : sd_bus_message_append(message, "b", attribute->number != 0);
    if (r >= 0)
        r = sd_bus_message_close_container(message);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int put_attributes(sd_bus_message *message, const struct attributes *attributes)
{
    int r = sd_bus_message_open_container(message, 'a', "{sv}");

    for (size_t i = 0; r >= 0 && i < attributes->n; i++)
        r = put_attribute(message, &attributes->items[i]);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int put_wanted(sd_bus_message *message, const struct view *view)
{
    return put_attributes(message, &view->wanted);
}

static int put_actual(sd_bus_message *message, const struct view *view)
{
    return put_attributes(message, &view->actual);
}

/* What both have under one name is said once. */
static int put_differences(sd_bus_message *message, const struct view *view)
{
    int r = sd_bus_message_open_container(message, 'a', "s");

    for (size_t i = 0; r >= 0 && i < view->wanted.n; i++) {
        const struct attribute *wanted = &view->wanted.items[i];

        if (attribute_differs(wanted, attributes_get(&view->actual, wanted->name), view->differing))
            r = sd_bus_message_append_basic(message, 's', wanted->name);
    }
    for (size_t i = 0; r >= 0 && i < view->actual.n; i++) {
        const struct attribute *actual = &view->actual.items[i];

        if (!attributes_get(&view->wanted, actual->name) && attribute_differs(NULL, actual, view->differing))
            r = sd_bus_message_append_basic(message, 's', actual->name);
    }
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int put_item(sd_bus_message *message, const struct view_item *item)
{
    int r = sd_bus_message_open_container(message, 'r', "ss");

    if (r >= 0)
        r = put_text(message, item->text);
    if (r >= 0)
        r = put_text(message, view_mark_name(item->mark));
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int put_items(sd_bus_message *message, const struct view_items *items)
{
    int r = sd_bus_message_open_container(message, 'a', "(ss)");

    for (size_t i = 0; r >= 0 && i < items->n; i++)
        r = put_item(message, &items->items[i]);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int put_addresses(sd_bus_message *message, const struct view *view)
{
    return put_items(message, &view->addresses);
}

static int put_neighbours(sd_bus_message *message, const struct view *view)
{
    return put_items(message, &view->neighbours);
}

static int put_routes(sd_bus_message *message, const struct view *view)
{
    return put_items(message, &view->routes);
}

static int put_rules(sd_bus_message *message, const struct view *view)
{
    return put_items(message, &view->rules);
}

static int put_statistics(sd_bus_message *message, const struct view *view)
{
    const struct counters *counters = &view->counters;
    int r = sd_bus_message_open_container(message, 'a', "{st}");

    if (r >= 0 && view->ifindex)
        r = sd_bus_message_append(message, "{st}{st}{st}{st}", "rx_packets", counters->rx_packets, "tx_packets", counters->tx_packets, "rx_bytes",
                                  counters->rx_bytes, "tx_bytes", counters->tx_bytes);
    if (r >= 0 && view->ifindex)
        r = sd_bus_message_append(message, "{st}{st}{st}{st}", "rx_errors", counters->rx_errors, "tx_errors", counters->tx_errors, "rx_dropped",
                                  counters->rx_dropped, "tx_dropped", counters->tx_dropped);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int put_overhead(sd_bus_message *message, const struct view *view)
{
    int r = sd_bus_message_open_container(message, 'a', "(su)");

    for (size_t i = 0; r >= 0 && i < view->n_parts; i++)
        r = sd_bus_message_append(message, "(su)", view->parts[i].name, view->parts[i].bytes);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int put_index(sd_bus_message *message, const struct view *view)
{
    return sd_bus_message_append(message, "i", view->ifindex);
}

static int put_path_mtu(sd_bus_message *message, const struct view *view)
{
    return sd_bus_message_append(message, "u", view->path_mtu);
}

static const struct property {
    const char *name;
    int (*put)(sd_bus_message *message, const struct view *view);
} properties[] = {
    { "InterfaceIndex", put_index },  { "Wanted", put_wanted },         { "Actual", put_actual },     { "Differences", put_differences },
    { "Addresses", put_addresses },   { "Neighbours", put_neighbours }, { "Routes", put_routes },     { "Rules", put_rules },
    { "Statistics", put_statistics }, { "PathMTU", put_path_mtu },      { "Overhead", put_overhead },
};

int view_get(sd_bus *connection, const char *path, const char *interface, const char *property, sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
    struct objects *objects = userdata;
    _cleanup_free_ char *name = NULL;
    int r = sd_bus_path_decode(path, TUNNELS_PATH, &name);

    (void)interface;
    if (r > 0)
        r = take(objects, name, sd_bus_get_current_message(connection));
    if (r < 0)
        return set_failed(r, error);
    for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
        if (!strcmp(properties[i].name, property))
            return properties[i].put(reply, &objects->view);
    return -ENOENT;
}
