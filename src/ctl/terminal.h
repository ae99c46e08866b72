/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What standard output is: its width and colours, a table that fits into it, and a pager where it is longer than the screen. What is
 * piped is plain and whole. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Columns of the terminal ($COLUMNS, or what it says), 0: not a terminal, so there is no limit. */
unsigned terminal_width(void);

/* Not where NO_COLOR is set (https://no-color.org), nor on a dumb terminal, nor into a pipe. */
bool terminal_has_colours(void);

enum colour { COLOUR_NONE, COLOUR_GOOD, COLOUR_BAD, COLOUR_PENDING, COLOUR_FAINT, COLOUR_STRONG };

/* What begins and ends a colour; "" where there are none. */
const char *terminal_colour(enum colour colour);
const char *terminal_plain(void);

/* Columns that a text takes, where it is UTF-8. */
unsigned terminal_columns(const char *text);

/* Of as much of it as fits into that many columns; *ret_size: bytes. */
unsigned terminal_columns_until(const char *text, unsigned most, size_t *ret_size);

/* A table: cells are added row by row, each as long as it likes. Where it is too wide, columns are cut ("...") or left out, those of
 * the highest give first; a column of give 0 stays whole. */
struct table_column {
    const char *title;
    unsigned give;
};
struct printed_table;
struct printed_table *printed_table_new(const struct table_column *columns, size_t n); /* NULL when out of memory */
void printed_table_cell(struct printed_table *table, const char *text, enum colour colour);
/* Below the row that was begun last, over the whole width. */
void printed_table_note(struct printed_table *table, const char *text);
/* Prints, and frees it. -ENOMEM if something could not be kept. */
int printed_table_end(struct printed_table *table);
/* The same, for a terminal of that width (0: no limit). */
int printed_table_print(struct printed_table *table, unsigned width, FILE *out);

/* A text in lines of at most width columns (0: no limit), each behind that many blanks; a newline after the last. */
void printed_wrapped(const char *text, unsigned indent, unsigned width, FILE *out);

/* From here on standard output, and what is said on standard error, go through $TUNNELCTL_PAGER, $PAGER or less, if they are the
 * terminal. */
void pager_open(void);

/* The end of a verb: closes the pager, and sees to it that all was printed. The exit status: the one given, or STATUS_PROBLEM if
 * not all could be printed; that is said on stderr, but where nobody reads it any more. */
int terminal_end(int status);
