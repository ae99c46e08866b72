/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads iproute2's files of names. Never writes them: data/iproute2 has those for our own numbers. */
#include "read/names.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "base/text.h"
#include "read/load.h"

/* What comes later adds to what came before, and wins where both name the same. */
static const char *const directories[] = { IPROUTE2_VENDOR_DIR, IPROUTE2_DIR };

static const char *const files[] = {
    [NAMES_TABLE] = "rt_tables",
    [NAMES_PROTOCOL] = "rt_protos",
    [NAMES_SCOPE] = "rt_scopes",
    [NAMES_REALM] = "rt_realms",
};

/* Those that are known without any file (linux/rtnetlink.h, and what iproute2 calls them). */
static const struct {
    enum names_of of;
    const char *name;
    uint32_t number;
} known[] = {
    { NAMES_TABLE, "default", 253 },   { NAMES_TABLE, "main", 254 },         { NAMES_TABLE, "local", 255 },   { NAMES_PROTOCOL, "unspec", 0 },
    { NAMES_PROTOCOL, "redirect", 1 }, { NAMES_PROTOCOL, "kernel", 2 },      { NAMES_PROTOCOL, "boot", 3 },   { NAMES_PROTOCOL, "static", 4 },
    { NAMES_PROTOCOL, "gated", 8 },    { NAMES_PROTOCOL, "ra", 9 },          { NAMES_PROTOCOL, "mrt", 10 },   { NAMES_PROTOCOL, "zebra", 11 },
    { NAMES_PROTOCOL, "bird", 12 },    { NAMES_PROTOCOL, "dnrouted", 13 },   { NAMES_PROTOCOL, "xorp", 14 },  { NAMES_PROTOCOL, "ntk", 15 },
    { NAMES_PROTOCOL, "dhcp", 16 },    { NAMES_PROTOCOL, "keepalived", 18 }, { NAMES_PROTOCOL, "babel", 42 }, { NAMES_PROTOCOL, "openr", 99 },
    { NAMES_PROTOCOL, "bgp", 186 },    { NAMES_PROTOCOL, "isis", 187 },      { NAMES_PROTOCOL, "ospf", 188 }, { NAMES_PROTOCOL, "rip", 189 },
    { NAMES_PROTOCOL, "eigrp", 192 },  { NAMES_SCOPE, "global", 0 },         { NAMES_SCOPE, "universe", 0 },  { NAMES_SCOPE, "site", 200 },
    { NAMES_SCOPE, "link", 253 },      { NAMES_SCOPE, "host", 254 },         { NAMES_SCOPE, "nowhere", 255 },
};

struct named {
    uint32_t number;
    char name[];
};

struct names {
    struct table by_name[NAMES_MAX];
};

struct names *names_free(struct names *names)
{
    if (names) {
        for (enum names_of of = 0; of < NAMES_MAX; of++) {
            for (size_t i = 0; i < names->by_name[of].n_slots; i++)
                free(names->by_name[of].slots[i].value);
            table_done(&names->by_name[of]);
        }
        free(names);
    }
    return NULL;
}

static int add(struct names *names, enum names_of of, const char *name, uint32_t number)
{
    size_t size = strlen(name);
    struct named *named = table_get(&names->by_name[of], name, size);
    int r;

    if (named) {
        named->number = number;
        return 0;
    }
    named = malloc(sizeof(*named) + size + 1);
    if (!named)
        return -ENOMEM;
    named->number = number;
    memcpy(named->name, name, size + 1);
    r = table_put(&names->by_name[of], named->name, size, named);
    if (r < 0)
        free(named);
    return r;
}

/* "NUMBER NAME", and what is behind it is a comment. */
static int read_line(struct names *names, enum names_of of, char *line, struct place place, struct problems *problems)
{
    char *rest, *number = strtok_r(line, " \t\r", &rest), *name = number ? strtok_r(NULL, " \t\r", &rest) : NULL;
    uint32_t most = of == NAMES_TABLE ? UINT32_MAX : 255, value;

    if (!number || *number == '#')
        return 0;
    if (name && *name != '#' && text_parse_u32(number, 0, most, &value) >= 0)
        return add(names, of, name, value);
    problems_add(problems, SEVERITY_WARNING, place, "not a number and a name; left out");
    return 0;
}

static int read_text(struct names *names, enum names_of of, char *text, const char *path, struct problems *problems)
{
    struct place place = { .file = path };
    int r = 0;

    while (r >= 0 && text) {
        char *line = strsep(&text, "\n");

        place.line++;
        r = read_line(names, of, line, place, problems);
    }
    return r;
}

static int read_one(struct names *names, enum names_of of, const char *root, const char *path, struct problems *problems)
{
    _cleanup_free_ char *full = NULL, *text = NULL;
    size_t size;
    int r;

    if (asprintf(&full, "%s%s", root, path) < 0) {
        full = NULL;
        return -ENOMEM;
    }
    r = load_text(full, &text, &size);
    if (r == -ENOENT || r == -ENOTDIR)
        return 0;
    if (r == -ENOMEM)
        return r;
    if (r < 0)
        load_failed(problems, path, r);
    return r < 0 ? 0 : read_text(names, of, text, path, problems);
}

static int is_more(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);

    return entry->d_name[0] != '.' && size > 5 && !strcmp(entry->d_name + size - 5, ".conf");
}

/* FILE.d/ *.conf, in the order of their names */
static int read_more(struct names *names, enum names_of of, const char *root, const char *path, struct problems *problems)
{
    _cleanup_free_ char *full = NULL;
    struct dirent **entries;
    int n, r = 0;

    if (asprintf(&full, "%s%s.d", root, path) < 0) {
        full = NULL;
        return -ENOMEM;
    }
    n = scandir(full, &entries, is_more, alphasort);
    if (n < 0)
        return errno == ENOMEM ? -ENOMEM : 0;
    for (int i = 0; i < n; i++) {
        _cleanup_free_ char *one = NULL;

        if (r >= 0 && asprintf(&one, "%s.d/%s", path, entries[i]->d_name) < 0) {
            one = NULL;
            r = -ENOMEM;
        }
        if (r >= 0)
            r = read_one(names, of, root, one, problems);
        free(entries[i]);
    }
    free(entries);
    return r;
}

static int read_all(struct names *names, enum names_of of, const char *root, struct problems *problems)
{
    int r = 0;

    for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(known); i++)
        if (known[i].of == of)
            r = add(names, of, known[i].name, known[i].number);
    for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(directories); i++) {
        _cleanup_free_ char *path = NULL;

        if (asprintf(&path, "%s/%s", directories[i], files[of]) < 0) {
            path = NULL;
            return -ENOMEM;
        }
        r = read_one(names, of, root, path, problems);
        if (r >= 0)
            r = read_more(names, of, root, path, problems);
    }
    return r;
}

int names_load(const char *root, struct names **ret, struct problems *problems)
{
    _cleanup_(names_freep) struct names *names = calloc(1, sizeof(*names));
    int r = names ? 0 : -ENOMEM;

    for (enum names_of of = 0; r >= 0 && of < NAMES_MAX; of++)
        r = read_all(names, of, root, problems);
    if (r >= 0)
        *ret = steal_pointer(&names);
    return r;
}

int names_get(const struct names *names, enum names_of of, const char *text, uint32_t *ret)
{
    const struct named *named = names ? table_get(&names->by_name[of], text, strlen(text)) : NULL;

    if (named) {
        *ret = named->number;
        return 0;
    }
    return text_parse_u32(text, 0, of == NAMES_TABLE ? UINT32_MAX : of == NAMES_REALM ? 65535 : 255, ret) < 0 ? -EINVAL : 0;
}

static bool has_all(const struct table *table, const struct table *of)
{
    for (size_t i = 0; i < of->n_slots; i++) {
        const struct table_slot *slot = &of->slots[i];
        const struct named *named = slot->value, *other = named ? table_get(table, slot->key, slot->size) : NULL;

        if (named && (!other || other->number != named->number))
            return false;
    }
    return true;
}

bool names_equal(const struct names *a, const struct names *b)
{
    if (!a || !b)
        return a == b;
    for (enum names_of of = 0; of < NAMES_MAX; of++)
        if (a->by_name[of].n != b->by_name[of].n || !has_all(&a->by_name[of], &b->by_name[of]))
            return false;
    return true;
}
