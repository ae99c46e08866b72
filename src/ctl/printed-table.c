/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table for people: gathers cells, then lays them out. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"
#include "ctl/terminal.h"

enum { GAP = 2, INDENT = 4, LEAST = 12 /* columns of one that was cut: less says nothing */ };

struct cell {
    char *text; /* escaped */
    unsigned columns;
    enum colour colour;
};

struct note {
    char *text;
    size_t row;
};

struct printed_table {
    const struct table_column *columns;
    size_t n_columns;
    struct cell *cells;
    size_t n_cells, n_allocated;
    struct note *notes;
    size_t n_notes;
    bool has_titles;
    int error;
};

struct printed_table *printed_table_new(const struct table_column *columns, size_t n)
{
    struct printed_table *table = calloc(1, sizeof(*table));

    if (!table)
        return NULL;
    table->columns = columns;
    table->n_columns = n;
    for (size_t i = 0; i < n; i++)
        table->has_titles = table->has_titles || *columns[i].title;
    return table;
}

static void table_free(struct printed_table *table)
{
    for (size_t i = 0; i < table->n_cells; i++)
        free(table->cells[i].text);
    for (size_t i = 0; i < table->n_notes; i++)
        free(table->notes[i].text);
    free(table->cells);
    free(table->notes);
    free(table);
}

void printed_table_cell(struct printed_table *table, const char *text, enum colour colour)
{
    char *escaped = text_escape(text);

    if (escaped && table->n_cells == table->n_allocated) {
        size_t n = table->n_allocated ? table->n_allocated * 2 : 64;
        struct cell *cells = reallocarray(table->cells, n, sizeof(*cells));

        if (!cells) {
            free(escaped);
            escaped = NULL;
        } else {
            table->cells = cells;
            table->n_allocated = n;
        }
    }
    if (!escaped) {
        table->error = -ENOMEM;
        return;
    }
    table->cells[table->n_cells++] = (struct cell){ escaped, terminal_columns(escaped), colour };
}

void printed_table_note(struct printed_table *table, const char *text)
{
    char *escaped = text_escape(text);
    struct note *notes = escaped ? reallocarray(table->notes, table->n_notes + 1, sizeof(*notes)) : NULL;

    if (!notes) {
        free(escaped);
        table->error = -ENOMEM;
        return;
    }
    table->notes = notes;
    notes[table->n_notes++] = (struct note){ escaped, (table->n_cells - 1) / table->n_columns };
}

/* Of those that are still shown, the one that gives first; n_columns: none gives. */
static size_t next_to_give(const struct printed_table *table, const unsigned *widths)
{
    size_t best = table->n_columns;

    for (size_t i = 0; i < table->n_columns; i++)
        if (widths[i] && table->columns[i].give && (best == table->n_columns || table->columns[i].give >= table->columns[best].give))
            best = i;
    return best;
}

static unsigned total_width(const struct printed_table *table, const unsigned *widths)
{
    unsigned total = 0;

    for (size_t i = 0; i < table->n_columns; i++)
        if (widths[i])
            total += widths[i] + (total ? GAP : 0);
    return total;
}

/* widths: 0: the column is left out, as is one without a title in which nothing stands. */
static void fit(const struct printed_table *table, unsigned width, unsigned *widths)
{
    for (size_t i = 0; i < table->n_columns; i++)
        widths[i] = terminal_columns(table->columns[i].title);
    for (size_t i = 0; i < table->n_cells; i++)
        if (table->cells[i].columns > widths[i % table->n_columns])
            widths[i % table->n_columns] = table->cells[i].columns;
    while (width) {
        unsigned total = total_width(table, widths), least;
        size_t giving = next_to_give(table, widths);

        if (total <= width || giving == table->n_columns)
            return;
        least = terminal_columns(table->columns[giving].title);
        least = least > LEAST ? least : LEAST;
        if (widths[giving] < least || widths[giving] - least < total - width) {
            widths[giving] = 0;
            continue;
        }
        widths[giving] -= total - width;
    }
}

/* As much of the end of a text as fits. */
static const char *tail_of(const char *text, unsigned width)
{
    size_t size;

    while (terminal_columns(text) > width) {
        if (terminal_columns_until(text, 1, &size) == 0)
            (void)terminal_columns_until(text, 2, &size);
        text += size;
    }
    return text;
}

/* Of what is too long the end is cut, of a path the beginning. Returns the columns taken. */
static unsigned put_cut(const char *text, unsigned width, FILE *out)
{
    unsigned columns = terminal_columns(text), room = width > 3 ? width - 3 : 0;
    const char *tail;
    size_t size;

    if (columns <= width) {
        fputs(text, out);
        return columns;
    }
    if (*text == '/') {
        tail = tail_of(text, room);
        fprintf(out, "...%s", tail);
        return 3 + terminal_columns(tail);
    }
    columns = terminal_columns_until(text, room, &size);
    fprintf(out, "%.*s...", (int)size, text);
    return columns + 3;
}

/* NULL cells: the titles. */
static void put_row(const struct printed_table *table, const struct cell *cells, size_t n, const unsigned *widths, FILE *out)
{
    unsigned missing = 0; /* blanks that are due before the next text: none stand at the end of a line */

    for (size_t i = 0; i < n; i++) {
        const char *text = cells ? cells[i].text : table->columns[i].title;
        enum colour colour = cells ? cells[i].colour : COLOUR_STRONG;
        unsigned taken = 0;

        if (!widths[i])
            continue;
        if (*text) {
            fprintf(out, "%*s%s", (int)missing, "", colour ? terminal_colour(colour) : "");
            missing = 0;
            taken = put_cut(text, widths[i], out);
            fputs(colour ? terminal_plain() : "", out);
        }
        missing += widths[i] - taken + GAP;
    }
    fputc('\n', out);
}

void printed_wrapped(const char *text, unsigned indent, unsigned width, FILE *out)
{
    unsigned room = width > indent + LEAST ? width - indent : 0;

    do {
        size_t size = strlen(text), fits = size;

        if (room && terminal_columns_until(text, room, &fits) <= room && text[fits])
            for (size_t i = fits; i > 0; i--) /* the last blank; a word that is longer than a line is torn */
                if (text[i] == ' ') {
                    fits = i;
                    break;
                }
        fprintf(out, "%*s%.*s\n", (int)indent, "", (int)fits, text);
        text += fits ? fits : size;
        text += strspn(text, " ");
    } while (*text);
}

int printed_table_print(struct printed_table *table, unsigned width, FILE *out)
{
    _cleanup_free_ unsigned *widths = calloc(table->n_columns, sizeof(*widths));
    size_t next = 0;
    int r = widths ? table->error : -ENOMEM;

    if (r >= 0) {
        fit(table, width, widths);
        if (table->has_titles && table->n_cells)
            put_row(table, NULL, table->n_columns, widths, out);
        for (size_t i = 0; i < table->n_cells; i += table->n_columns) {
            size_t left = table->n_cells - i;

            put_row(table, table->cells + i, left < table->n_columns ? left : table->n_columns, widths, out);
            for (; next < table->n_notes && table->notes[next].row == i / table->n_columns; next++)
                printed_wrapped(table->notes[next].text, INDENT, width, out);
        }
    }
    table_free(table);
    return r;
}

int printed_table_end(struct printed_table *table)
{
    return printed_table_print(table, terminal_width(), stdout);
}
