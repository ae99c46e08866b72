/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the files that stand beside an ifcfg file, and hands them to their readers. */
#include "read/beside.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "read/ifroute.h"
#include "read/load.h"
#include "read/routes.h"

static const char *suffix_of(const struct beside_of *of)
{
    return strrchr(of->path, '/') + strlen("/ifcfg-");
}

/* -ENOENT: it went since it was listed. */
static int read_text(const struct beside_of *of, const char *name, struct ifcfg_text *ret)
{
    struct loaded loaded = { 0 };
    char *path;
    int r;

    if (asprintf(&path, "%s/%s", of->directory->path, name) < 0)
        return -ENOMEM;
    ret->path = path;
    r = directory_load(of->directory, of->overlay, path, &loaded);
    ret->text = loaded.text;
    ret->size = loaded.size;
    return r;
}

static void text_done(struct ifcfg_text *text)
{
    free((char *)text->path);
    free((char *)text->text);
    *text = (struct ifcfg_text){ 0 };
}

void beside_done(struct beside *beside)
{
    text_done(&beside->keys);
    for (size_t i = 0; i < beside->n_aliases; i++)
        text_done(&beside->aliases[i]);
    free(beside->aliases);
    *beside = (struct beside){ 0 };
}

bool beside_is_alias_of(const char *name, const char *device)
{
    size_t size = strlen(device);

    return *device && listing_alias(name) == 6 + size && !strncmp(name + 6, device, size) && ifcfg_name_is_alias(name);
}

size_t beside_stems(const char *name, struct beside_stem ret[BESIDE_STEMS])
{
    static const char legacy[] = ".route";
    const char *prefix = listing_prefix(name);
    size_t size = strlen(name), n = 0;

    if (prefix && *prefix)
        ret[n++] = (struct beside_stem){ name + strlen(prefix), size - strlen(prefix), false };
    else if (ifcfg_name_is_alias(name))
        ret[n++] = (struct beside_stem){ name + 6, listing_alias(name) - 6, false };
    if (size > strlen(legacy) && !strcmp(name + size - strlen(legacy), legacy))
        ret[n++] = (struct beside_stem){ name, size - strlen(legacy), true };
    return n;
}

static bool is_stem(const struct beside_stem *stem, const char *text)
{
    return strlen(text) == stem->size && !memcmp(text, stem->text, stem->size);
}

bool beside_has_stem(const struct beside_stem *stems, size_t n, const char *file, const char *device)
{
    for (size_t i = 0; i < n; i++)
        if (is_stem(&stems[i], file + strlen("ifcfg-")) || (!stems[i].of_file && is_stem(&stems[i], device)))
            return true;
    return false;
}

bool beside_goes_with(const char *name, const char *file, const char *device)
{
    struct beside_stem stems[BESIDE_STEMS];
    size_t n = beside_stems(name, stems);

    return beside_has_stem(stems, n, file, device);
}

static int add_alias(const struct beside_of *of, const char *name, struct beside *beside)
{
    struct ifcfg_text *grown = reallocarray(beside->aliases, beside->n_aliases + 1, sizeof(*grown));
    int r;

    if (!grown)
        return -ENOMEM;
    beside->aliases = grown;
    grown[beside->n_aliases] = (struct ifcfg_text){ 0 };
    r = read_text(of, name, &grown[beside->n_aliases]);
    if (r == -ENOENT)
        text_done(&grown[beside->n_aliases]);
    else if (grown[beside->n_aliases].path)
        beside->n_aliases++;
    return r == -ENOMEM ? r : 0; /* one that cannot be read is told by whoever finds no text in it */
}

/* Those with a number first, then the ranges, as ifup-aliases has them. */
static int add_aliases(const struct beside_of *of, struct beside *beside)
{
    static const char *const kinds[] = { ":", "-range" };
    const struct listing *listing = &of->directory->listing;
    int r = 0;

    for (size_t kind = 0; r >= 0 && kind < ARRAY_SIZE(kinds); kind++) {
        char first[6 + IFNAMSIZ + 6 + 1];
        size_t size;

        snprintf(first, sizeof(first), "ifcfg-%s%s", of->device->name, kinds[kind]);
        size = strlen(first);
        for (size_t i = listing_find(listing, first); r >= 0 && i < listing->n && !strncmp(listing->items[i].name, first, size); i++)
            if (beside_is_alias_of(listing->items[i].name, of->device->name))
                r = add_alias(of, listing->items[i].name, beside);
    }
    return r;
}

/* Is there one that is called so? Without a heap: most of the names that there could be, of thousands of tunnels, there are not. */
static bool find(const struct beside_of *of, const char *before, const char *name, const char *behind, char ret[NAME_MAX + 1])
{
    if (strlen(before) + strlen(name) + strlen(behind) > NAME_MAX)
        return false;
    strcpy(stpcpy(stpcpy(ret, before), name), behind);
    return listing_has(&of->directory->listing, ret);
}

int beside_read(const struct beside_of *of, struct beside *ret, char **ret_path)
{
    struct beside beside = { 0 };
    char name[NAME_MAX + 1];
    int r = 0;

    if (find(of, "keys-", suffix_of(of), "", name))
        r = read_text(of, name, &beside.keys);
    if (r == -ENOENT)
        r = 0;
    if (r < 0 && r != -ENOMEM)
        *ret_path = steal_pointer((char **)&beside.keys.path);
    if (r >= 0)
        r = add_aliases(of, &beside);
    if (r < 0)
        beside_done(&beside);
    else
        *ret = beside;
    return r;
}

static int read_routes_of(const struct beside_of *of, const char *name, struct routes_input *input)
{
    struct ifcfg_text text = { 0 };
    int r = read_text(of, name, &text);

    if (r >= 0) {
        input->path = text.path;
        input->text = text.text;
        input->size = text.size;
        input->names = of->defaults->names;
        r = of->device->suse ? ifroute_read(of->tunnel, input, of->problems) : routes_read(of->tunnel, input, of->problems);
    } else if (r == -ENOENT) {
        r = 0;
    } else if (r != -ENOMEM) {
        load_failed(of->problems, text.path, r);
        of->tunnel->doubts |= DOUBT_ROUTES;
        r = 0;
    }
    text_done(&text);
    return r;
}

static int read_kind(const struct beside_of *of, bool rules, const char *name_of)
{
    static const char *const prefixes[2][2] = { { "route-", "route6-" }, { "rule-", "rule6-" } };
    int r = 0;

    for (int six = 0; r >= 0 && six <= 1; six++) {
        struct routes_input input = { .family = six ? AF_INET6 : AF_INET, .rules = rules };
        char name[NAME_MAX + 1];

        if (find(of, prefixes[rules][six], name_of, "", name))
            r = read_routes_of(of, name, &input);
    }
    return r;
}

/* The oldest name of all, NAME.route. */
static int read_legacy(const struct beside_of *of)
{
    struct routes_input input = { .family = AF_INET };
    char name[NAME_MAX + 1];

    return find(of, "", suffix_of(of), ".route", name) ? read_routes_of(of, name, &input) : 0;
}

static int read_static(const struct beside_of *of)
{
    struct routes_input input = { .path = STATIC_ROUTES_PATH, .text = of->defaults->static_routes, .size = of->defaults->n_static_routes, .family = AF_INET6 };

    return input.text && !of->device->no_ipv6 ? routes_read_static(of->tunnel, &input, of->problems) : 0;
}

/* By the name of the device, then by that of the file, as ifup-routes does it. */
static int read_files(const struct beside_of *of)
{
    const char *device = of->tunnel->name, *suffix = suffix_of(of);
    bool both = strcmp(device, suffix) != 0;
    int r = read_kind(of, false, device);

    if (r >= 0 && both)
        r = read_kind(of, false, suffix);
    if (r >= 0)
        r = read_legacy(of);
    if (r >= 0)
        r = read_kind(of, true, device);
    return r >= 0 && both ? read_kind(of, true, suffix) : r;
}

/* SUSE's. The file of all interfaces, routes, is not read. */
static int read_ifroute(const struct beside_of *of)
{
    struct routes_input input = { 0 };
    char name[NAME_MAX + 1];

    return find(of, "ifroute-", suffix_of(of), "", name) ? read_routes_of(of, name, &input) : 0;
}

int beside_read_routes(const struct beside_of *of)
{
    int r;

    if (of->device->suse)
        return read_ifroute(of);
    r = read_static(of);
    return r >= 0 && !of->device->no_routes ? read_files(of) : r;
}
