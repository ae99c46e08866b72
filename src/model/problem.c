/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of problems. Never prints on its own account. */
#include "model/problem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"

void problems_add(struct problems *problems, enum severity severity, struct place place, const char *format, ...)
{
    _cleanup_free_ char *file = strdup(place.file), *text = NULL;
    struct problem *items;
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (n < 0)
        text = NULL;
    items = reallocarray(problems->items, problems->n + 1, sizeof(*items));
    if (items)
        problems->items = items;
    if (!items || !file || !text) {
        problems->incomplete = true;
        return;
    }
    items[problems->n++] = (struct problem){
        .severity = severity,
        .line = place.line,
        .column = place.column,
        .file = steal_pointer(&file),
        .text = steal_pointer(&text),
    };
}

void problems_move(struct problems *from, struct problems *to)
{
    struct problem *items = from->n ? reallocarray(to->items, to->n + from->n, sizeof(*items)) : NULL;

    to->incomplete = to->incomplete || from->incomplete || (from->n && !items);
    if (items) {
        memcpy(items + to->n, from->items, from->n * sizeof(*items));
        to->items = items;
        to->n += from->n;
        from->n = 0;
    }
    problems_done(from);
}

void problems_done(struct problems *problems)
{
    for (size_t i = 0; i < problems->n; i++) {
        free(problems->items[i].file);
        free(problems->items[i].text);
    }
    free(problems->items);
    *problems = (struct problems){ 0 };
}

bool problems_has_error(const struct problems *problems)
{
    for (size_t i = 0; i < problems->n; i++)
        if (problems->items[i].severity == SEVERITY_ERROR)
            return true;
    return problems->incomplete;
}

void problem_print(const struct problem *problem, FILE *out)
{
    static const char *const words[] = { [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_LINE] = "error", [SEVERITY_ERROR] = "error" };

    text_put(problem->file, out);
    if (problem->line)
        fprintf(out, ":%u", problem->line);
    if (problem->line && problem->column)
        fprintf(out, ":%u", problem->column);
    fprintf(out, ": %s: ", words[problem->severity]);
    text_put(problem->text, out);
}

char *problem_describe(const struct problem *problem, const char *more)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    problem_print(problem, out);
    fputs(more, out);
    return text_end(out, &text) < 0 ? NULL : text;
}
