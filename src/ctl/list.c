/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl list: one line a tunnel. */
#include <errno.h>
#include <stdio.h>

#include "ctl/client.h"
#include "ctl/tunnels.h"

static int print_list(const struct tunnels *tunnels)
{
    static const struct table_column columns[] = { { "TUNNEL         ", 0 }, { "KIND    ", 0 }, { "STATE   ", 0 }, { "FILE, REASON", 1 } };
    struct printed_table *table = printed_table_new(columns, ARRAY_SIZE(columns));

    if (!table)
        return -ENOMEM;
    for (size_t i = 0; i < tunnels->n; i++) {
        const struct row *row = &tunnels->items[i];
        _cleanup_free_ char *last = NULL;

        if (asprintf(&last, "%s%s%s", row->file, *row->message ? ", " : "", row->message) < 0)
            last = NULL;
        printed_table_cell(table, row->name, COLOUR_NONE);
        printed_table_cell(table, row->kind, COLOUR_NONE);
        printed_table_cell(table, row->state, state_colour(row->state));
        printed_table_cell(table, last ? last : "?", COLOUR_NONE);
    }
    return printed_table_end(table);
}

static void print_json(const struct tunnels *tunnels)
{
    struct json json = { .out = stdout };

    json_begin(&json, NULL, '{');
    tunnels_put_json(&json, tunnels, true);
    json_end(&json, '}');
}

int verb_list(const struct options *options, int argc, char **argv)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    _cleanup_(tunnels_done) struct tunnels tunnels = { 0 };
    int r = client_connect(options, &bus);

    (void)argc, (void)argv;
    if (r == STATUS_OK)
        r = client_get_tunnels(bus, &tunnels);
    if (r != STATUS_OK)
        return r;
    if (options->json) {
        print_json(&tunnels);
    } else {
        if (!options->no_pager)
            pager_open();
        r = print_list(&tunnels);
    }
    if (r == STATUS_OK && !tunnels_are_well(&tunnels))
        r = STATUS_PROBLEM;
    return terminal_end(r < 0 ? client_failed(r) : r);
}
