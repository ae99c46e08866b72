/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a fragment of shell. What is assigned has a name and a place, and its value, quoted, is the same again. */
#include "read/shell.h"
#include "fuzz.h"

static void check_name(const char *name)
{
    check(*name && (*name < '0' || *name > '9'));
    check(!name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")]);
}

static void check_value(const char *value)
{
    struct assignments again = { 0 };
    struct problems problems = { 0 };
    char *text = malloc(4 * strlen(value) + sizeof("A=''")), *end = text;

    check(text);
    end = stpcpy(end, "A='");
    for (const char *c = value; *c; c++)
        if (*c == '\'')
            end = stpcpy(end, "'\\''");
        else
            *end++ = *c;
    *end++ = '\'';
    check(shell_parse(text, (size_t)(end - text), "/x", &again, &problems) == 0);
    check(again.n == 1 && !strcmp(again.items[0].value, value) && !problems_has_error(&problems));
    assignments_done(&again);
    problems_done(&problems);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct assignments assignments = { 0 };
    struct problems problems = { 0 };

    check(shell_parse((const char *)data, size, "/x", &assignments, &problems) == 0);
    for (size_t i = 0; i < assignments.n; i++) {
        const struct assignment *item = &assignments.items[i];

        check_name(item->name);
        check(item->line && item->column && item->value_column > item->column);
        check(!i || item->line >= item[-1].line);
        if (i < 3 && !strstr(item->value, "\r\n")) /* quoted, that is the end of a line of such a file */
            check_value(item->value);
    }
    for (size_t i = 0; i < problems.n; i++)
        check(problems.items[i].text && (problems.items[i].line || !problems.items[i].column));
    assignments_done(&assignments);
    problems_done(&problems);
    return 0;
}
