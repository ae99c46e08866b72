/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/bus-tunnel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/bus-view.h"
#include "base/text.h"

/* A tunnel about to be told of. */
struct subject {
    const struct remembered *now;
    const struct tunnel *wanted; /* NULL: no file wants it */
    enum asked asked;
    bool changing;
};

static struct subject subject_of(struct objects *objects, const struct remembered *now)
{
    const struct bus_callbacks *callbacks = &objects->callbacks;

    return (struct subject){
        .now = now,
        .wanted = callbacks->wanted(now->name, callbacks->userdata),
        .asked = callbacks->asked(now->name, callbacks->userdata),
    };
}

/* The same as somebody who asks is told: he will be told too when it has been looked at. */
static struct subject subject_asked_for(struct objects *objects, const struct remembered *now)
{
    struct subject subject = subject_of(objects, now);

    subject.changing = objects->callbacks.is_changing(now->name, objects->callbacks.userdata);
    if (subject.changing)
        (void)scope_add(&objects->changing, now->name);
    return subject;
}

/* ---- properties, one function each ---- */

static int put_name(sd_bus_message *message, const struct subject *subject)
{
    return put_text(message, subject->now->name);
}

static int put_kind(sd_bus_message *message, const struct subject *subject)
{
    return put_text(message, kind_info(subject->now->kind)->name);
}

static int put_file(sd_bus_message *message, const struct subject *subject)
{
    return put_text(message, subject->now->source);
}

static int put_state(sd_bus_message *message, const struct subject *subject)
{
    enum state state = subject->changing ? STATE_CHANGING : subject->now->state;

    return put_text(message, state < STATE_MAX ? state_name(state) : "");
}

static int put_reason(sd_bus_message *message, const struct subject *subject)
{
    return put_text(message, reason_name(subject->changing ? REASON_EVENT : subject->now->code));
}

static int put_message(sd_bus_message *message, const struct subject *subject)
{
    return put_text(message, subject->changing ? "something happened to it, and it will be looked at in a moment" : subject->now->reason);
}

static int put_errno(sd_bus_message *message, const struct subject *subject)
{
    return sd_bus_message_append(message, "i", subject->changing ? 0 : -subject->now->error);
}

static int put_since(sd_bus_message *message, const struct subject *subject)
{
    return sd_bus_message_append(message, "t", subject->now->since);
}

static int put_override(sd_bus_message *message, const struct subject *subject)
{
    static const char *const names[] = { [ASKED_NOTHING] = "", [ASKED_UP] = "up", [ASKED_DOWN] = "down" };

    return put_text(message, names[subject->asked]);
}

static int put_end(sd_bus_message *message, const struct address *address, const char *name)
{
    char text[ADDRESS_TEXT_MAX];

    if (name)
        return put_text(message, name);
    return put_text(message, address_is_set(address) ? address_format(address, text) : "");
}

static int put_local(sd_bus_message *message, const struct subject *subject)
{
    const struct tunnel *wanted = subject->wanted;

    return wanted ? put_end(message, &wanted->local, tunnel_more(wanted)->local_name) : put_text(message, "");
}

static int put_remote(sd_bus_message *message, const struct subject *subject)
{
    const struct tunnel *wanted = subject->wanted;

    return wanted ? put_end(message, &wanted->remote, tunnel_more(wanted)->remote_name) : put_text(message, "");
}

static int put_key(sd_bus_message *message, bool has, uint32_t key)
{
    char text[16] = "";

    if (has)
        snprintf(text, sizeof(text), "%u", key);
    return put_text(message, text);
}

static int put_input_key(sd_bus_message *message, const struct subject *subject)
{
    const struct tunnel *wanted = subject->wanted;

    return put_key(message, wanted && wanted->iflags & GRE_HAS_KEY, wanted ? wanted->ikey : 0);
}

static int put_output_key(sd_bus_message *message, const struct subject *subject)
{
    const struct tunnel *wanted = subject->wanted;

    return put_key(message, wanted && wanted->oflags & GRE_HAS_KEY, wanted ? wanted->okey : 0);
}

static int put_inner(sd_bus_message *message, const struct inner *inner)
{
    _cleanup_free_ char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return -ENOMEM;
    inner_put(inner, out);
    return text_end(out, &text) < 0 ? -ENOMEM : put_text(message, text);
}

static int put_inner_addresses(sd_bus_message *message, const struct subject *subject)
{
    int r = sd_bus_message_open_container(message, 'a', "s");

    for (size_t i = 0; r >= 0 && subject->wanted && i < subject->wanted->n_inner; i++)
        r = put_inner(message, &subject->wanted->inner[i]);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int put_files(sd_bus_message *message, const struct subject *subject)
{
    const struct tunnel *wanted = subject->wanted;
    int r = sd_bus_message_open_container(message, 'a', "s");

    if (r >= 0 && subject->now->source)
        r = put_text(message, subject->now->source);
    for (size_t i = 0; r >= 0 && wanted && i < wanted->n_beside; i++)
        r = put_text(message, wanted->beside[i]);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

/* The bits of TUNNEL_* are places in it; ListTunnels gives all but the last. */
static const struct property {
    const char *name, *signature;
    int (*put)(sd_bus_message *message, const struct subject *subject);
} properties[] = {
    { "Name", "s", put_name },
    { "Kind", "s", put_kind },
    { "File", "s", put_file },
    { "State", "s", put_state },
    { "Reason", "s", put_reason },
    { "Message", "s", put_message },
    { "Errno", "i", put_errno },
    { "Since", "t", put_since },
    { "Override", "s", put_override },
    { "Local", "s", put_local },
    { "Remote", "s", put_remote },
    { "InputKey", "s", put_input_key },
    { "OutputKey", "s", put_output_key },
    { "InnerAddresses", "as", put_inner_addresses },
    { "Files", "as", put_files },
};

enum { LISTED = (1 << (ARRAY_SIZE(properties) - 1)) - 1 };

/* a{sv} */
static int put_properties(sd_bus_message *message, const struct subject *subject, unsigned wanted)
{
    int r = sd_bus_message_open_container(message, 'a', "{sv}");

    for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(properties); i++) {
        if (!(wanted & 1U << i))
            continue;
        r = sd_bus_message_open_container(message, 'e', "sv");
        if (r >= 0)
            r = sd_bus_message_append_basic(message, 's', properties[i].name);
        if (r >= 0)
            r = sd_bus_message_open_container(message, 'v', properties[i].signature);
        if (r >= 0)
            r = properties[i].put(message, subject);
        if (r >= 0)
            r = sd_bus_message_close_container(message);
        if (r >= 0)
            r = sd_bus_message_close_container(message);
    }
    return r < 0 ? r : sd_bus_message_close_container(message);
}

/* ---- objects ---- */

char *tunnel_path(const char *name)
{
    char *path;

    return sd_bus_path_encode(TUNNELS_PATH, name, &path) < 0 ? NULL : path;
}

static const struct remembered *find(struct objects *objects, const char *path)
{
    _cleanup_free_ char *name = NULL;

    if (sd_bus_path_decode(path, TUNNELS_PATH, &name) <= 0)
        return NULL;
    return memory_find(objects->callbacks.memory(objects->callbacks.userdata), name);
}

static int on_find(sd_bus *connection, const char *path, const char *interface, void *userdata, void **ret_found, sd_bus_error *error)
{
    (void)connection, (void)interface, (void)error;
    if (!find(userdata, path))
        return 0;
    *ret_found = userdata;
    return 1;
}

static int get(sd_bus *connection, const char *path, const char *interface, const char *property, sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
    const struct remembered *now = find(userdata, path);
    struct subject subject;

    (void)connection, (void)interface;
    if (!now)
        return sd_bus_error_set(error, SD_BUS_ERROR_UNKNOWN_OBJECT, "it is gone");
    subject = subject_asked_for(userdata, now);
    for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
        if (!strcmp(properties[i].name, property))
            return properties[i].put(reply, &subject);
    return -ENOENT;
}

static int put_tunnel(struct objects *objects, sd_bus_message *message, const struct remembered *now)
{
    struct subject subject = subject_asked_for(objects, now);
    _cleanup_free_ char *path = tunnel_path(now->name);
    int r = path ? sd_bus_message_open_container(message, 'r', "oa{sv}") : -ENOMEM;

    if (r >= 0)
        r = sd_bus_message_append_basic(message, 'o', path);
    if (r >= 0)
        r = put_properties(message, &subject, LISTED);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

int tunnels_put(struct objects *objects, sd_bus_message *message)
{
    const struct memory *memory = objects->callbacks.memory(objects->callbacks.userdata);
    const struct remembered *now;
    int r = sd_bus_message_open_container(message, 'a', "(oa{sv})");

    for (size_t i = 0; r >= 0 && (now = memory_get(memory, i)); i++)
        r = put_tunnel(objects, message, now);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static void paths_free(char **paths)
{
    for (char **path = paths; path && *path; path++)
        free(*path);
    free(paths);
}
DEFINE_CLEANUP(char **, paths_free)

static int enumerate(sd_bus *connection, const char *prefix, void *userdata, char ***ret_nodes, sd_bus_error *error)
{
    struct objects *objects = userdata;
    const struct memory *memory = objects->callbacks.memory(objects->callbacks.userdata);
    _cleanup_(paths_freep) char **paths = NULL;
    size_t n = 0;

    (void)connection, (void)prefix, (void)error;
    while (memory_get(memory, n))
        n++;
    paths = calloc(n + 1, sizeof(*paths));
    if (!paths)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        paths[i] = tunnel_path(memory_get(memory, i)->name);
        if (!paths[i])
            return -ENOMEM;
    }
    *ret_nodes = steal_pointer(&paths);
    return 0;
}

static const sd_bus_vtable vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("Name", "s", get, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("Kind", "s", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("File", "s", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("State", "s", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Reason", "s", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Message", "s", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Errno", "i", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Since", "t", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Override", "s", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Local", "s", get, 0, 0),
    SD_BUS_PROPERTY("Remote", "s", get, 0, 0),
    SD_BUS_PROPERTY("InputKey", "s", get, 0, 0),
    SD_BUS_PROPERTY("OutputKey", "s", get, 0, 0),
    SD_BUS_PROPERTY("InnerAddresses", "as", get, 0, 0),
    SD_BUS_PROPERTY("Files", "as", get, 0, 0),
    SD_BUS_PROPERTY("InterfaceIndex", "i", view_get, 0, 0),
    SD_BUS_PROPERTY("Wanted", "a{sv}", view_get, 0, 0),
    SD_BUS_PROPERTY("Actual", "a{sv}", view_get, 0, 0),
    SD_BUS_PROPERTY("Differences", "as", view_get, 0, 0),
    SD_BUS_PROPERTY("Addresses", "a(ss)", view_get, 0, 0),
    SD_BUS_PROPERTY("Neighbours", "a(ss)", view_get, 0, 0),
    SD_BUS_PROPERTY("Routes", "a(ss)", view_get, 0, 0),
    SD_BUS_PROPERTY("Rules", "a(ss)", view_get, 0, 0),
    SD_BUS_PROPERTY("Statistics", "a{st}", view_get, 0, 0),
    SD_BUS_PROPERTY("PathMTU", "u", view_get, 0, 0),
    SD_BUS_PROPERTY("Overhead", "a(su)", view_get, 0, 0),
    SD_BUS_VTABLE_END,
};

int tunnels_add(struct objects *objects, sd_bus *connection)
{
    int r = sd_bus_add_fallback_vtable(connection, NULL, TUNNELS_PATH, TUNNEL_INTERFACE, vtable, on_find, objects);

    return r < 0 ? r : sd_bus_add_node_enumerator(connection, NULL, TUNNELS_PATH, enumerate, objects);
}

/* ---- signals ---- */

static int send_changed(sd_bus *connection, const char *path, const struct subject *subject, unsigned which)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *signal = NULL;
    int r = sd_bus_message_new_signal(connection, &signal, path, "org.freedesktop.DBus.Properties", "PropertiesChanged");

    if (r >= 0)
        r = sd_bus_message_append(signal, "s", TUNNEL_INTERFACE);
    if (r >= 0)
        r = put_properties(signal, subject, which);
    if (r >= 0)
        r = sd_bus_message_append(signal, "as", 0);
    return r < 0 ? r : sd_bus_send(connection, signal, NULL);
}

void tunnel_tell(struct objects *objects, const struct remembered *now, unsigned which)
{
    struct subject subject = subject_of(objects, now);
    _cleanup_free_ char *path = NULL;
    sd_bus *connection;

    for (size_t i = 0; (connection = connections_next(&objects->connections, &i));) {
        if (!path)
            path = tunnel_path(now->name);
        if (path)
            (void)send_changed(connection, path, &subject, which);
    }
}
