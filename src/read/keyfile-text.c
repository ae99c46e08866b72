/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads lines as GKeyFile does. Never knows what a key means. */
#include "read/keyfile-text.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { SIZE_MOST = 1 << 20 };

struct parsing {
    struct keyfile_text *text;
    struct problems *problems;
    const char *path;
    char *free; /* where the next text goes */
    size_t group, group_room, entry_room;
    bool has_group;
    unsigned line;
};

/* g_ascii_isspace: not the vertical tab */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static void fail(struct parsing *parsing, size_t column, const char *why)
{
    problems_add(parsing->problems, SEVERITY_ERROR, (struct place){ parsing->path, parsing->line, (unsigned)column }, "%s", why);
}

static const char *keep(struct parsing *parsing, const char *from, size_t size)
{
    char *kept = parsing->free;

    memcpy(kept, from, size);
    kept[size] = 0;
    parsing->free += size + 1;
    return kept;
}

/* What g_key_file_parse_value_as_string makes of it. NULL, with why, where that fails. */
static const char *unescape(struct parsing *parsing, const char *value, const char **ret_why)
{
    static const char letters[] = "sntr\\", meanings[] = " \n\t\r\\";
    char *start = parsing->free, *to = start;

    if (!strchr(value, '\\')) {
        *ret_why = "bytes that are not UTF-8";
        return text_is_utf8(value, strlen(value)) ? value : NULL;
    }
    for (const char *p = value; *p; p++) {
        const char *letter;

        if (*p != '\\') {
            *to++ = *p;
            continue;
        }
        letter = *++p ? strchr(letters, *p) : NULL;
        if (!letter) {
            *ret_why = *p ? "an escape that there is not: they are \\s, \\n, \\t, \\r and \\\\" : "a backslash at the end";
            return NULL;
        }
        *to++ = meanings[letter - letters];
    }
    *to++ = 0;
    *ret_why = "bytes that are not UTF-8";
    if (!text_is_utf8(start, strlen(start)))
        return NULL;
    parsing->free = to;
    return start;
}

static int find_group(struct parsing *parsing, const char *name, size_t column)
{
    struct keyfile_text *text = parsing->text;
    uintptr_t known = (uintptr_t)table_get(&text->by_name, name, strlen(name));

    if (known) {
        parsing->group = known - 1;
        return 0;
    }
    if (text->n_groups == parsing->group_room) {
        size_t room = parsing->group_room ? parsing->group_room * 2 : 16;
        struct keyfile_group *grown = reallocarray(text->groups, room, sizeof(*grown));

        if (!grown)
            return -ENOMEM;
        text->groups = grown;
        parsing->group_room = room;
    }
    text->groups[text->n_groups++] = (struct keyfile_group){ .name = name, .line = parsing->line, .column = (unsigned)column };
    parsing->group = text->n_groups - 1;
    return table_put(&text->by_name, name, strlen(name), (void *)(uintptr_t)text->n_groups);
}

/* NULL: it is well formed. */
static const char *check_group(const char *line, size_t size, const char **ret_end)
{
    const char *end = memchr(line, ']', size);

    if (!end)
        return "a group that is not closed";
    for (const char *p = end + 1; p < line + size; p++)
        if (*p != ' ' && *p != '\t')
            return "more after the group";
    if (end == line + 1)
        return "a group without a name";
    for (const char *p = line + 1; p < end; p++)
        if (*p == '[' || (unsigned char)*p < ' ' || *p == 0x7f)
            return "not the name of a group";
    *ret_end = end;
    return NULL;
}

static int read_group(struct parsing *parsing, const char *line, size_t size, size_t column)
{
    const char *end, *why = check_group(line, size, &end);

    if (why) {
        fail(parsing, column, why);
        return 0;
    }
    parsing->has_group = true;
    return find_group(parsing, keep(parsing, line + 1, (size_t)(end - line) - 1), column);
}

/* Letters of other scripts are not looked at more closely than that. */
static bool is_of_locale(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || (c && strchr("-_.@", c));
}

/* g_key_file_is_key_name */
static bool is_key_name(const char *name, size_t size)
{
    size_t at = 0;

    while (at < size && name[at] != '[' && name[at] != ']')
        at++;
    if (!at || name[at - 1] == ' ')
        return false;
    if (at < size && name[at] == '[') {
        for (at++; at < size && is_of_locale(name[at]); at++)
            ;
        if (at == size || name[at++] != ']')
            return false;
    }
    return at == size;
}

static int add_entry(struct parsing *parsing, const struct keyfile_entry *entry)
{
    struct keyfile_text *text = parsing->text;

    if (text->n_entries == parsing->entry_room) {
        size_t room = parsing->entry_room ? parsing->entry_room * 2 : 32;
        struct keyfile_entry *grown = reallocarray(text->entries, room, sizeof(*grown));

        if (!grown)
            return -ENOMEM;
        text->entries = grown;
        parsing->entry_room = room;
    }
    text->entries[text->n_entries++] = *entry;
    return 0;
}

static int read_entry(struct parsing *parsing, const char *line, size_t size, size_t column)
{
    const char *equals = memchr(line, '=', size), *value, *end = line + size;
    struct keyfile_entry entry = { .group = parsing->group, .line = parsing->line, .column = (unsigned)column };
    size_t length = equals ? (size_t)(equals - line) : 0;

    if (!equals) {
        fail(parsing, column, "neither a group, nor a key with a value, nor a comment");
        return 0;
    }
    while (length && is_blank(line[length - 1]))
        length--;
    if (!is_key_name(line, length)) {
        fail(parsing, column, length ? "not the name of a key" : "a key without a name");
        return 0;
    }
    if (!parsing->has_group) {
        fail(parsing, column, "a key before any group");
        return 0;
    }
    for (value = equals + 1; value < end && is_blank(*value); value++)
        ;
    entry.value_column = (unsigned)(column + (size_t)(value - line));
    entry.name = keep(parsing, line, length);
    entry.value = keep(parsing, value, (size_t)(end - value));
    entry.text = unescape(parsing, entry.value, &entry.why);
    if (parsing->group == 0 && !strcmp(entry.name, "Encoding") && strcasecmp(entry.value, "UTF-8") != 0)
        fail(parsing, entry.value_column, "an encoding that is not UTF-8");
    return add_entry(parsing, &entry);
}

static int read_line(struct parsing *parsing, const char *line, size_t size)
{
    size_t column = 1;

    while (size && is_blank(*line)) {
        line++;
        column++;
        size--;
    }
    if (!size || *line == '#')
        return 0;
    if (memchr(line, 0, size)) {
        fail(parsing, column, "a NUL byte");
        return 0;
    }
    if (*line == '[' && (memchr(line, ']', size) || !memchr(line, '=', size)))
        return read_group(parsing, line, size, column);
    return read_entry(parsing, line, size, column);
}

/* By group and name, then the later first. */
static int compare(const void *a, const void *b)
{
    const struct keyfile_entry *left = *(const struct keyfile_entry *const *)a, *right = *(const struct keyfile_entry *const *)b;
    int names;

    if (left->group != right->group)
        return left->group < right->group ? -1 : 1;
    names = strcmp(left->name, right->name);
    return names ? names : left > right ? -1 : left < right;
}

static int sort_entries(struct keyfile_text *text)
{
    if (!text->n_entries)
        return 0;
    text->sorted = calloc(text->n_entries, sizeof(*text->sorted));
    if (!text->sorted)
        return -ENOMEM;
    for (size_t i = 0; i < text->n_entries; i++)
        text->sorted[i] = &text->entries[i];
    qsort(text->sorted, text->n_entries, sizeof(*text->sorted), compare);
    for (size_t i = 0; i < text->n_entries; i++) {
        const struct keyfile_entry *entry = text->sorted[i], *last = text->n_sorted ? text->sorted[text->n_sorted - 1] : NULL;

        if (last && last->group == entry->group && !strcmp(last->name, entry->name))
            text->entries[entry - text->entries].beaten = true;
        else
            text->sorted[text->n_sorted++] = entry;
    }
    return 0;
}

static int read_lines(struct parsing *parsing, const char *at, const char *end)
{
    int r = 0;

    if (end - at >= 3 && !memcmp(at, "\xef\xbb\xbf", 3)) {
        parsing->line = 1;
        fail(parsing, 1, "a byte order mark, which NetworkManager does not read over");
        parsing->line = 0;
        at += 3;
    }
    while (r >= 0 && at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;

        parsing->line++;
        r = read_line(parsing, at, (size_t)(stop - at) - (newline && newline > at && newline[-1] == '\r'));
        at = newline ? newline + 1 : end;
    }
    return r;
}

int keyfile_text_parse(struct keyfile_text *text, const char *path, const char *bytes, size_t size, struct problems *problems)
{
    struct parsing parsing = { .text = text, .problems = problems, .path = path };
    int r;

    *text = (struct keyfile_text){ 0 };
    if (size > SIZE_MOST) {
        fail(&parsing, 0, "over 1 MiB: too large for a keyfile");
        return -EFBIG;
    }
    text->bytes = malloc(3 * size + 16); /* names and values, values unescaped; the NULs take the place of '=' and line ends */
    if (!text->bytes)
        return -ENOMEM;
    parsing.free = text->bytes;
    r = read_lines(&parsing, bytes, bytes + size);
    return r < 0 ? r : sort_entries(text);
}

void keyfile_text_done(struct keyfile_text *text)
{
    table_done(&text->by_name);
    free(text->groups);
    free(text->entries);
    free(text->sorted);
    free(text->bytes);
    *text = (struct keyfile_text){ 0 };
}

const struct keyfile_group *keyfile_text_group(const struct keyfile_text *text, const char *name)
{
    uintptr_t number = (uintptr_t)table_get(&text->by_name, name, strlen(name));

    return number ? &text->groups[number - 1] : NULL;
}

static int compare_to(const void *key, const void *item)
{
    const struct keyfile_entry *left = key, *right = *(const struct keyfile_entry *const *)item;

    if (left->group != right->group)
        return left->group < right->group ? -1 : 1;
    return strcmp(left->name, right->name);
}

const struct keyfile_entry *keyfile_text_get(const struct keyfile_text *text, const char *group, const char *name)
{
    const struct keyfile_group *found = keyfile_text_group(text, group);
    const struct keyfile_entry *const *entry;
    struct keyfile_entry key = { .name = name };

    if (!found || !text->n_sorted)
        return NULL;
    key.group = (size_t)(found - text->groups);
    entry = bsearch(&key, text->sorted, text->n_sorted, sizeof(*text->sorted), compare_to);
    return entry ? *entry : NULL;
}

const struct keyfile_entry *const *keyfile_text_all(const struct keyfile_text *text, const char *group, size_t *ret_n)
{
    const struct keyfile_group *found = keyfile_text_group(text, group);
    size_t at = found ? (size_t)(found - text->groups) : 0, first = 0;

    *ret_n = 0;
    if (!found)
        return NULL;
    while (first < text->n_sorted && text->sorted[first]->group != at)
        first++;
    while (first + *ret_n < text->n_sorted && text->sorted[first + *ret_n]->group == at)
        ++*ret_n;
    return text->sorted + first;
}
