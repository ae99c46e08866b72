/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what ListTunnels answers. A wrong type is a bad answer; a property that is not known here is passed over. */
#include "ctl/tunnels.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/connection.h"
#include "model/state.h"

static const struct property {
    const char *name;
    char type; /* as D-Bus calls it; 'a': an array of texts */
    size_t offset;
} properties[] = {
    { "Name", 's', offsetof(struct row, name) },
    { "Kind", 's', offsetof(struct row, kind) },
    { "File", 's', offsetof(struct row, file) },
    { "State", 's', offsetof(struct row, state) },
    { "Reason", 's', offsetof(struct row, reason) },
    { "Message", 's', offsetof(struct row, message) },
    { "Errno", 'i', offsetof(struct row, error) },
    { "Since", 't', offsetof(struct row, since) },
    { "Override", 's', offsetof(struct row, override) },
    { "Local", 's', offsetof(struct row, local) },
    { "Remote", 's', offsetof(struct row, remote) },
    { "InputKey", 's', offsetof(struct row, input_key) },
    { "OutputKey", 's', offsetof(struct row, output_key) },
    { "InnerAddresses", 'a', offsetof(struct row, inner_addresses) },
};

void row_init(struct row *row)
{
    *row = (struct row){ 0 };
    for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
        if (properties[i].type == 's')
            *(const char **)((char *)row + properties[i].offset) = "";
}

void texts_free(char **texts)
{
    for (char **text = texts; text && *text; text++)
        free(*text);
    free(texts);
}

void row_done(struct row *row)
{
    texts_free(row->inner_addresses);
    row->inner_addresses = NULL;
}

static int read_known(struct row *row, const struct property *property, sd_bus_message *message)
{
    void *target = (char *)row + property->offset;
    char **texts = NULL;
    int r;

    if (property->type != 'a') {
        r = sd_bus_message_read(message, "v", (const char[]){ property->type, 0 }, target);
        return r < 0 ? r : 1;
    }
    r = sd_bus_message_enter_container(message, 'v', "as");
    if (r >= 0)
        r = sd_bus_message_read_strv(message, &texts);
    if (r >= 0) {
        row_done(row);
        row->inner_addresses = texts;
        r = sd_bus_message_exit_container(message);
    }
    return r < 0 ? r : 1;
}

static int read_property(struct row *row, const char *name, sd_bus_message *message)
{
    for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
        if (!strcmp(properties[i].name, name))
            return read_known(row, &properties[i], message);
    return 0;
}

int row_read(struct row *row, sd_bus_message *message, row_other_fn other, void *userdata)
{
    const char *name;
    int r = sd_bus_message_enter_container(message, 'a', "{sv}");

    while (r >= 0 && (r = sd_bus_message_enter_container(message, 'e', "sv")) > 0) {
        r = sd_bus_message_read(message, "s", &name);
        if (r >= 0)
            r = read_property(row, name, message);
        if (r == 0 && other)
            r = other(name, message, userdata);
        if (r == 0)
            r = sd_bus_message_skip(message, "v");
        if (r >= 0)
            r = sd_bus_message_exit_container(message);
    }
    return r < 0 ? r : sd_bus_message_exit_container(message);
}

void tunnels_done(struct tunnels *tunnels)
{
    for (size_t i = 0; i < tunnels->n; i++)
        row_done(&tunnels->items[i]);
    free(tunnels->items);
    sd_bus_message_unref(tunnels->answer);
    *tunnels = (struct tunnels){ 0 };
}

static int add_row(struct tunnels *tunnels, sd_bus_message *message)
{
    struct row *row;
    int r;

    if (!(tunnels->n & (tunnels->n - 1))) { /* a power of two: full */
        struct row *grown = reallocarray(tunnels->items, tunnels->n ? tunnels->n * 2 : 1, sizeof(*grown));

        if (!grown)
            return -ENOMEM;
        tunnels->items = grown;
    }
    row = &tunnels->items[tunnels->n++];
    row_init(row);
    r = sd_bus_message_read(message, "o", &row->path);
    return r < 0 ? r : row_read(row, message, NULL, NULL);
}

static int compare_names(const void *a, const void *b)
{
    return strverscmp(((const struct row *)a)->name, ((const struct row *)b)->name);
}

static int read_rows(struct tunnels *tunnels)
{
    int r = sd_bus_message_enter_container(tunnels->answer, 'a', "(oa{sv})");

    while (r >= 0 && (r = sd_bus_message_enter_container(tunnels->answer, 'r', "oa{sv}")) > 0) {
        r = add_row(tunnels, tunnels->answer);
        if (r >= 0)
            r = sd_bus_message_exit_container(tunnels->answer);
    }
    if (r >= 0 && tunnels->n)
        qsort(tunnels->items, tunnels->n, sizeof(*tunnels->items), compare_names);
    return r;
}

int tunnels_read(sd_bus_message *answer, struct tunnels *ret)
{
    struct tunnels tunnels = { .answer = sd_bus_message_ref(answer) };
    int r = read_rows(&tunnels);

    if (r < 0)
        tunnels_done(&tunnels);
    else
        *ret = tunnels;
    return r < 0 ? r : 0;
}

int tunnels_ask(sd_bus *bus, struct tunnels *ret)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL, *answer = NULL;
    int r = connection_new_call(bus, MANAGER_PATH, MANAGER_INTERFACE, "ListTunnels", &call);

    if (r >= 0)
        r = sd_bus_call(bus, call, UINT64_MAX, NULL, &answer);
    return r < 0 ? r : tunnels_read(answer, ret);
}

const struct row *tunnels_find(const struct tunnels *tunnels, const char *name)
{
    for (size_t i = 0; i < tunnels->n; i++)
        if (!strcmp(tunnels->items[i].name, name))
            return &tunnels->items[i];
    return NULL;
}

const char *tunnels_name(size_t i, void *tunnels)
{
    const struct tunnels *all = tunnels;

    return i < all->n ? all->items[i].name : NULL;
}

bool state_is_well(const char *state)
{
    return !strcmp(state, state_name(STATE_UP)) || !strcmp(state, state_name(STATE_DOWN));
}

bool tunnels_are_well(const struct tunnels *tunnels)
{
    for (size_t i = 0; i < tunnels->n; i++)
        if (!state_is_well(tunnels->items[i].state))
            return false;
    return true;
}

size_t tunnels_count(const struct tunnels *tunnels, enum state state)
{
    size_t n = 0;

    for (size_t i = 0; i < tunnels->n; i++)
        n += !strcmp(tunnels->items[i].state, state_name(state));
    return n;
}

void tunnels_put_json(struct json *json, const struct tunnels *tunnels, bool brief)
{
    json_begin(json, "tunnels", '[');
    for (size_t i = 0; i < tunnels->n; i++) {
        json_begin(json, NULL, '{');
        row_put_json(json, &tunnels->items[i], brief);
        json_end(json, '}');
    }
    json_end(json, ']');
}

/* The states in the order in which they are counted; those that this program does not know are not. */
void tunnels_put_summary(const struct tunnels *tunnels, FILE *out)
{
    const char *separator = ": ";

    fprintf(out, "%zu tunnel%s", tunnels->n, tunnels->n == 1 ? "" : "s");
    for (enum state state = 0; state < STATE_MAX; state++) {
        size_t n = tunnels_count(tunnels, state);

        if (n)
            fprintf(out, "%s%zu %s", separator, n, state_name(state));
        separator = n ? ", " : separator;
    }
    fputc('\n', out);
}
