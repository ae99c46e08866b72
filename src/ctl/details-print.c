/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One tunnel at full length, for people: what differs has a "!" before it, what is somebody else's a "*". */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ctl/details.h"
#include "ctl/journal.h"
#include "ctl/moment.h"
#include "model/state.h"

enum { INDENT = 2 };

static void put_heading(const char *heading)
{
    printf("\n%s%s%s\n", terminal_colour(COLOUR_STRONG), heading, terminal_plain());
}

static void put_line(const char *name, const char *text)
{
    printf("%*s%-10s", INDENT, "", name);
    text_put(text, stdout);
    putchar('\n');
}

/* "gre1: up for 5 min 12 s (since 2026-11-21 16:42:07)", and why. */
static void put_head(const struct row *row)
{
    uint64_t now = moment_now();

    fputs(terminal_colour(COLOUR_STRONG), stdout);
    text_put(row->name, stdout);
    printf("%s: %s", terminal_plain(), terminal_colour(state_colour(row->state)));
    text_put(row->state, stdout);
    fputs(terminal_plain(), stdout);
    if (row->since) {
        fputs(" for ", stdout);
        moment_put_span(now > row->since ? now - row->since : 0, stdout);
        fputs(" (since ", stdout);
        moment_put(row->since, stdout);
        putchar(')');
    }
    putchar('\n');
    if (*row->message) {
        _cleanup_free_ char *why = text_escape(row->message);

        printed_wrapped(why ? why : "?", INDENT, terminal_width(), stdout);
    }
}

static void put_files(const struct details *details)
{
    const char *operator= "an operator asked it ";

    put_line("kind", *details->row.kind ? details->row.kind : "none");
    put_line("file", *details->row.file ? details->row.file : "none");
    for (char **file = details->files; file && *file; file++)
        if (strcmp(*file, details->row.file) != 0)
            put_line("", *file);
    if (*details->row.override) {
        printf("%*s%-10s%s", INDENT, "", "override", operator);
        text_put(details->row.override, stdout);
        puts(", until the next boot");
    }
}

static void put_attribute(struct printed_table *table, const char *name, const struct named *wanted, const struct named *actual, bool differs)
{
    _cleanup_free_ char *want = wanted ? named_format(wanted) : strdup("-"), *have = actual ? named_format(actual) : strdup("-");
    enum colour colour = differs ? COLOUR_BAD : COLOUR_NONE;

    printed_table_cell(table, differs ? "!" : "", colour);
    printed_table_cell(table, name, COLOUR_NONE);
    printed_table_cell(table, want ? want : "?", COLOUR_NONE);
    printed_table_cell(table, have ? have : "?", colour);
}

static int put_attributes(const struct details *details)
{
    static const struct table_column columns[] = { { " ", 0 }, { "ATTRIBUTE", 0 }, { "WANTED", 0 }, { "ACTUAL", 0 } };
    struct printed_table *table;

    if (!details->wanted.n && !details->actual.n)
        return 0;
    table = printed_table_new(columns, ARRAY_SIZE(columns));
    if (!table)
        return -ENOMEM;
    for (size_t i = 0; i < details->wanted.n; i++) {
        const char *name = details->wanted.items[i].name;

        put_attribute(table, name, &details->wanted.items[i], named_find(&details->actual, name), details_differ(details, name));
    }
    for (size_t i = 0; i < details->actual.n; i++) {
        const char *name = details->actual.items[i].name;

        if (!named_find(&details->wanted, name))
            put_attribute(table, name, NULL, &details->actual.items[i], details_differ(details, name));
    }
    putchar('\n');
    return printed_table_end(table);
}

static void put_parts(const struct details *details, const char *separator)
{
    for (size_t i = 0; i < details->overhead.n; i++) {
        printf("%s%llu ", i || *separator == ' ' ? separator : "", (unsigned long long)details->overhead.items[i].number);
        text_put(details->overhead.items[i].name, stdout);
    }
}

static uint64_t sum_of_parts(const struct details *details)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < details->overhead.n; i++)
        sum += details->overhead.items[i].number;
    return sum;
}

/* "mtu 1472 = 1500 (path to 192.0.2.2) - 20 IPv4 - 4 GRE - 4 key" */
static void put_mtu(const struct details *details)
{
    const struct named *mtu = named_find(&details->actual, "mtu");
    uint64_t sum = sum_of_parts(details), path = details->path_mtu;

    if (!mtu)
        mtu = named_find(&details->wanted, "mtu");
    if (!details->overhead.n || (!mtu && !path))
        return;
    printf("\n%*s", INDENT, "");
    if (mtu)
        printf("mtu %llu", (unsigned long long)mtu->number);
    if (path > sum) {
        if (!mtu || mtu->number != path - sum)
            printf("%s%llu", mtu ? "; from below " : "mtu ", (unsigned long long)(path - sum));
        printf(" = %llu (path", (unsigned long long)path);
        fputs(*details->row.remote ? " to " : "", stdout);
        text_put(details->row.remote, stdout);
        putchar(')');
        put_parts(details, " - ");
    } else {
        printf("; a packet grows by %llu", (unsigned long long)sum);
        fputs(details->overhead.n > 1 ? " = " : ": ", stdout);
        put_parts(details, "+ ");
    }
    putchar('\n');
}

static int put_marked(const char *heading, const struct named_list *list)
{
    static const struct table_column columns[] = { { "", 0 }, { "", 0 }, { "", 0 } };
    struct printed_table *table;

    if (!list->n)
        return 0;
    table = printed_table_new(columns, ARRAY_SIZE(columns));
    if (!table)
        return -ENOMEM;
    for (size_t i = 0; i < list->n; i++) {
        const char *mark = list->items[i].text;
        bool present = !strcmp(mark, "present"), foreign = !strcmp(mark, "foreign");
        enum colour colour = present ? COLOUR_NONE : foreign ? COLOUR_FAINT : COLOUR_BAD;

        printed_table_cell(table, present ? " " : foreign ? "*" : "!", colour);
        printed_table_cell(table, present ? "" : mark, colour);
        printed_table_cell(table, list->items[i].name, COLOUR_NONE);
    }
    put_heading(heading);
    return printed_table_end(table);
}

static void put_counter(struct printed_table *table, const struct details *details, const char *way, const char *what)
{
    char name[32];
    const struct named *counter;
    _cleanup_free_ char *text = NULL;

    snprintf(name, sizeof(name), "%s_%s", way, what);
    counter = named_find(&details->statistics, name);
    text = counter ? named_format(counter) : NULL;
    printed_table_cell(table, text ? text : "?", COLOUR_NONE);
}

static int put_counters(const struct details *details)
{
    static const struct table_column columns[] = { { " ", 0 }, { "COUNTERS", 0 }, { "PACKETS", 0 }, { "BYTES", 0 }, { "ERRORS", 0 }, { "DROPPED", 0 } };
    static const struct {
        const char *name, *way;
    } ways[] = { { "received", "rx" }, { "sent", "tx" } };
    static const char *const whats[] = { "packets", "bytes", "errors", "dropped" };
    struct printed_table *table;

    if (!details->statistics.n)
        return 0;
    table = printed_table_new(columns, ARRAY_SIZE(columns));
    if (!table)
        return -ENOMEM;
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        printed_table_cell(table, "", COLOUR_NONE);
        printed_table_cell(table, ways[i].name, COLOUR_NONE);
        for (size_t k = 0; k < ARRAY_SIZE(whats); k++)
            put_counter(table, details, ways[i].way, whats[k]);
    }
    putchar('\n');
    return printed_table_end(table);
}

static void put_changes(const char *root, const char *tunnel)
{
    struct journal_entry entries[JOURNAL_ENTRIES];
    size_t n = journal_take(root, tunnel, entries);

    if (n)
        put_heading("Last changes");
    for (size_t i = 0; i < n; i++) {
        printf("%*s", INDENT, "");
        moment_put(entries[i].time, stdout);
        fputs("  ", stdout);
        text_put(entries[i].text, stdout);
        putchar('\n');
    }
    journal_done(entries, n);
}

int details_print(const struct details *details, const char *root)
{
    int r;

    put_head(&details->row);
    put_files(details);
    r = put_attributes(details);
    put_mtu(details);
    if (r >= 0)
        r = put_marked("Addresses", &details->addresses);
    if (r >= 0)
        r = put_marked("Neighbours", &details->neighbours);
    if (r >= 0)
        r = put_marked("Routes", &details->routes);
    if (r >= 0)
        r = put_marked("Rules", &details->rules);
    if (r >= 0)
        r = put_counters(details);
    if (r >= 0)
        put_changes(root, details->row.name);
    return r;
}
