/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl status: all tunnels as a table, or some at full length. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl/client.h"
#include "ctl/details.h"
#include "ctl/journal.h"
#include "model/state.h"

static int print_table(const struct tunnels *tunnels)
{
    static const struct table_column columns[] = { { "NAME", 0 },   { "KIND", 0 }, { "STATE", 0 },           { "LOCAL", 3 },
                                                   { "REMOTE", 1 }, { "KEY", 4 },  { "INNER ADDRESSES", 2 }, { "FILE", 5 } };
    struct printed_table *table = printed_table_new(columns, ARRAY_SIZE(columns));

    if (!table)
        return -ENOMEM;
    for (size_t i = 0; i < tunnels->n; i++) {
        const struct row *row = &tunnels->items[i];
        _cleanup_free_ char *keys = row_join_keys(row), *addresses = row_join_addresses(row);

        printed_table_cell(table, row->name, COLOUR_NONE);
        printed_table_cell(table, row->kind, COLOUR_NONE);
        printed_table_cell(table, row->state, state_colour(row->state));
        printed_table_cell(table, row->local, COLOUR_NONE);
        printed_table_cell(table, row->remote, COLOUR_NONE);
        printed_table_cell(table, keys ? keys : "?", COLOUR_NONE);
        printed_table_cell(table, addresses ? addresses : "?", COLOUR_NONE);
        printed_table_cell(table, row->file, COLOUR_NONE);
        if (*row->message)
            printed_table_note(table, row->message);
    }
    return printed_table_end(table);
}

static void put_counts(struct json *json, const struct tunnels *tunnels)
{
    json_begin(json, "counts", '{');
    for (enum state state = 0; state < STATE_MAX; state++)
        json_number(json, state_name(state), tunnels_count(tunnels, state));
    json_end(json, '}');
}

static void print_table_as_json(const struct tunnels *tunnels)
{
    struct json json = { .out = stdout };

    json_begin(&json, NULL, '{');
    tunnels_put_json(&json, tunnels, false);
    put_counts(&json, tunnels);
    json_end(&json, '}');
}

static int status_of_all(const struct options *options, sd_bus *bus)
{
    _cleanup_(tunnels_done) struct tunnels tunnels = { 0 };
    int r = client_get_tunnels(bus, &tunnels);

    if (r != STATUS_OK)
        return r;
    if (options->json) {
        print_table_as_json(&tunnels);
    } else {
        if (!options->no_pager)
            pager_open();
        r = print_table(&tunnels);
        if (r < 0)
            return client_failed(r);
        tunnels_put_summary(&tunnels, stdout);
    }
    if (r == STATUS_OK && !tunnels_are_well(&tunnels))
        r = STATUS_PROBLEM;
    return r;
}

static void put_changes(struct json *json, const char *root, const char *tunnel)
{
    struct journal_entry entries[JOURNAL_ENTRIES];
    size_t n = journal_take(root, tunnel, entries);

    json_begin(json, "last_changes", '[');
    for (size_t i = 0; i < n; i++) {
        json_begin(json, NULL, '{');
        json_number(json, "time_us", entries[i].time);
        json_text(json, "text", entries[i].text);
        json_end(json, '}');
    }
    json_end(json, ']');
    journal_done(entries, n);
}

/* json: NULL for people. */
static int status_of_one(const struct options *options, sd_bus *bus, const char *name, struct json *json)
{
    _cleanup_(details_done) struct details details = { 0 };
    int r = details_get(bus, name, &details);

    if (r != STATUS_OK)
        return r;
    if (json) {
        json_begin(json, NULL, '{');
        details_put_json(json, &details);
        put_changes(json, options->root, name);
        json_end(json, '}');
    } else {
        r = details_print(&details, options->root);
    }
    if (r < 0)
        return client_failed(r);
    return strcmp(details.row.state, state_name(STATE_UP)) ? STATUS_PROBLEM : STATUS_OK;
}

/* The worst of what they are; who cannot be told of is passed over, but not a daemon that is not there. */
static int status_of_some(const struct options *options, sd_bus *bus, int n, char **names)
{
    struct json json = { .out = stdout };
    int worst = STATUS_OK;

    if (!options->json && !options->no_pager)
        pager_open();
    if (options->json) {
        json_begin(&json, NULL, '{');
        json_begin(&json, "tunnels", '[');
    }
    for (int i = 0; i < n && worst <= STATUS_PROBLEM; i++) {
        int r;

        if (i && !options->json)
            putchar('\n');
        r = status_of_one(options, bus, names[i], options->json ? &json : NULL);
        worst = r > worst ? r : worst;
    }
    if (options->json) {
        json_end(&json, ']');
        json_end(&json, '}');
    }
    return worst;
}

int verb_status(const struct options *options, int argc, char **argv)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    int r = client_connect(options, &bus);

    if (r != STATUS_OK)
        return r;
    return terminal_end(argc ? status_of_some(options, bus, argc, argv) : status_of_all(options, bus));
}
