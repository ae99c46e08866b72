/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the properties of one tunnel's object, and tells them as JSON. */
#include "ctl/details.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/client.h"
#include "ctl/journal.h"

static int add_named(struct named_list *list, const struct named *named)
{
    struct named *grown = reallocarray(list->items, list->n + 1, sizeof(*grown));

    if (!grown)
        return -ENOMEM;
    list->items = grown;
    grown[list->n++] = *named;
    return 0;
}

/* The value of an attribute, in its variant. */
static int read_value(sd_bus_message *message, struct named *named)
{
    const char *contents;
    uint32_t number;
    int truth = 0, r = sd_bus_message_peek_type(message, NULL, &contents);

    if (r < 0)
        return r;
    named->type = *contents;
    if (!strcmp(contents, "s"))
        return sd_bus_message_read(message, "v", "s", &named->text);
    if (!strcmp(contents, "u")) {
        r = sd_bus_message_read(message, "v", "u", &number);
        named->number = r < 0 ? 0 : number;
        return r;
    }
    if (!strcmp(contents, "b")) {
        r = sd_bus_message_read(message, "v", "b", &truth);
        named->number = truth != 0;
        return r;
    }
    named->type = 's';
    named->text = "?"; /* of a newer daemon */
    return sd_bus_message_skip(message, "v");
}

/* entry: "{sv}", "{st}", "(ss)", "(su)" */
static int read_entry(sd_bus_message *message, const char *entry, struct named *named)
{
    uint32_t number = 0;
    int r;

    if (entry[2] == 'v') {
        r = sd_bus_message_enter_container(message, 'e', "sv");
        if (r > 0)
            r = sd_bus_message_read(message, "s", &named->name);
        if (r > 0)
            r = read_value(message, named);
        return r > 0 ? sd_bus_message_exit_container(message) : r;
    }
    named->type = entry[2];
    if (named->type == 's')
        return sd_bus_message_read(message, entry, &named->name, &named->text);
    if (named->type == 't')
        return sd_bus_message_read(message, entry, &named->name, &named->number);
    r = sd_bus_message_read(message, entry, &named->name, &number);
    named->number = number;
    return r;
}

static int read_list(sd_bus_message *message, const char *type, struct named_list *ret)
{
    int r = sd_bus_message_enter_container(message, 'v', type);
    struct named named = { 0 };

    if (r >= 0)
        r = sd_bus_message_enter_container(message, 'a', type + 1);
    if (r >= 0)
        ret->n = 0;
    while (r >= 0 && !(r = sd_bus_message_at_end(message, false))) {
        named = (struct named){ 0 };
        r = read_entry(message, type + 1, &named);
        if (r >= 0)
            r = add_named(ret, &named);
    }
    if (r >= 0)
        r = sd_bus_message_exit_container(message);
    return r < 0 ? r : sd_bus_message_exit_container(message);
}

static int read_texts(sd_bus_message *message, char ***ret)
{
    char **texts = NULL;
    int r = sd_bus_message_enter_container(message, 'v', "as");

    if (r >= 0)
        r = sd_bus_message_read_strv(message, &texts);
    if (r < 0)
        return r;
    texts_free(*ret);
    *ret = texts;
    return sd_bus_message_exit_container(message);
}

static const struct list_property {
    const char *name, *json, *type;
    size_t offset;
} lists[] = {
    { "Wanted", "wanted", "a{sv}", offsetof(struct details, wanted) },
    { "Actual", "actual", "a{sv}", offsetof(struct details, actual) },
    { "Addresses", "addresses", "a(ss)", offsetof(struct details, addresses) },
    { "Neighbours", "neighbours", "a(ss)", offsetof(struct details, neighbours) },
    { "Routes", "routes", "a(ss)", offsetof(struct details, routes) },
    { "Rules", "rules", "a(ss)", offsetof(struct details, rules) },
    { "Statistics", "statistics", "a{st}", offsetof(struct details, statistics) },
    { "Overhead", "overhead", "a(su)", offsetof(struct details, overhead) },
};

static int read_property(const char *name, sd_bus_message *message, void *userdata)
{
    struct details *details = userdata;
    int r = 0;

    for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
        if (!strcmp(name, lists[i].name)) {
            r = read_list(message, lists[i].type, (struct named_list *)((char *)details + lists[i].offset));
            return r < 0 ? r : 1;
        }
    if (!strcmp(name, "Files"))
        r = read_texts(message, &details->files);
    else if (!strcmp(name, "Differences"))
        r = read_texts(message, &details->differences);
    else if (!strcmp(name, "InterfaceIndex"))
        r = sd_bus_message_read(message, "v", "i", &details->ifindex);
    else if (!strcmp(name, "PathMTU"))
        r = sd_bus_message_read(message, "v", "u", &details->path_mtu);
    else
        return 0;
    return r < 0 ? r : 1;
}

void details_done(struct details *details)
{
    for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
        free(((struct named_list *)((char *)details + lists[i].offset))->items);
    texts_free(details->files);
    texts_free(details->differences);
    row_done(&details->row);
    sd_bus_message_unref(details->answer);
    *details = (struct details){ 0 };
}

/* STATUS_*; *ret_path lies in the answer. */
static int get_path(sd_bus *bus, const char *name, sd_bus_message **ret_answer, const char **ret_path)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
    int r = connection_new_call(bus, MANAGER_PATH, MANAGER_INTERFACE, "GetTunnel", &call), error;

    if (r >= 0)
        r = sd_bus_message_append(call, "s", name);
    if (r < 0)
        return client_failed(r);
    r = client_send(bus, call, false, name, ret_answer);
    if (r != STATUS_OK)
        return r;
    error = sd_bus_message_read(*ret_answer, "o", ret_path);
    return error < 0 ? client_bad_answer(error) : STATUS_OK;
}

int details_get(sd_bus *bus, const char *name, struct details *ret)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL, *found = NULL;
    struct details details = { 0 };
    const char *path;
    int r = get_path(bus, name, &found, &path), error;

    if (r != STATUS_OK)
        return r;
    error = connection_new_call(bus, path, "org.freedesktop.DBus.Properties", "GetAll", &call);
    if (error >= 0)
        error = sd_bus_message_append(call, "s", TUNNEL_INTERFACE);
    if (error < 0)
        return client_failed(error);
    r = client_send(bus, call, false, name, &details.answer);
    if (r != STATUS_OK)
        return r;
    row_init(&details.row);
    error = row_read(&details.row, details.answer, read_property, &details);
    if (error < 0) {
        details_done(&details);
        return client_bad_answer(error);
    }
    *ret = details;
    return STATUS_OK;
}

const struct named *named_find(const struct named_list *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (!strcmp(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

char *named_format(const struct named *named)
{
    char *text;

    if (named->type == 's')
        return strdup(named->text);
    if (named->type == 'b')
        return strdup(named->number ? "on" : "off");
    return asprintf(&text, "%llu", (unsigned long long)named->number) < 0 ? NULL : text;
}

bool details_differ(const struct details *details, const char *attribute)
{
    for (char **name = details->differences; name && *name; name++)
        if (!strcmp(*name, attribute))
            return true;
    return false;
}

/* "encap-dport" is encap_dport: a key that jq(1) takes without quotes. */
static void put_value(struct json *json, const struct named *named)
{
    _cleanup_free_ char *key = strdup(named->name);

    for (char *c = key; c && *c; c++)
        *c = *c == '-' ? '_' : *c;
    if (named->type == 's')
        json_text(json, key ? key : named->name, named->text);
    else if (named->type == 'b')
        json_bool(json, key ? key : named->name, named->number);
    else
        json_number(json, key ? key : named->name, named->number);
}

/* (su): an object each, as the order matters; (ss): one with its mark. */
static void put_list(struct json *json, const struct list_property *property, const struct named_list *list)
{
    bool entries = property->type[1] == '(', marks = entries && property->type[3] == 's';

    json_begin(json, property->json, entries ? '[' : '{');
    for (size_t i = 0; i < list->n; i++) {
        if (!entries) {
            put_value(json, &list->items[i]);
            continue;
        }
        json_begin(json, NULL, '{');
        json_text(json, marks ? "text" : "name", list->items[i].name);
        if (marks)
            json_text(json, "mark", list->items[i].text);
        else
            json_number(json, "bytes", list->items[i].number);
        json_end(json, '}');
    }
    json_end(json, entries ? ']' : '}');
}

static void put_texts(struct json *json, const char *name, char **texts)
{
    json_begin(json, name, '[');
    for (char **text = texts; text && *text; text++)
        json_text(json, NULL, *text);
    json_end(json, ']');
}

void details_put_json(struct json *json, const struct details *details)
{
    row_put_json(json, &details->row, false);
    put_texts(json, "files", details->files);
    json_number(json, "ifindex", details->ifindex < 0 ? 0 : (uint64_t)details->ifindex);
    put_texts(json, "differences", details->differences);
    for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
        put_list(json, &lists[i], (const struct named_list *)((const char *)details + lists[i].offset));
    json_number(json, "path_mtu", details->path_mtu);
}
