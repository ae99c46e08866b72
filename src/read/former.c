/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides which files need not be read again. Never opens one; where in doubt, it must be read. */
#include "read/former.h"

#include <errno.h>
#include <string.h>

#include "read/beside.h"

bool former_fits(const struct former *former, const struct settings *settings)
{
    return former->ipv6 == settings->ipv6 && former->wicked_keys == settings->compat_wicked_keys && former->all_profiles == settings->networkmanager;
}

static void drop_stems(struct former *former)
{
    for (size_t i = 0; i < former->stems.n_slots; i++)
        free(former->stems.slots[i].value);
    table_done(&former->stems);
}

static bool has_stem(const struct former *former, const char *text, size_t size)
{
    return table_get(&former->stems, text, size);
}

static int add_stems(struct former *former, const char *name)
{
    struct beside_stem stems[BESIDE_STEMS];
    size_t n = beside_stems(name, stems);

    for (size_t i = 0; i < n; i++) {
        _cleanup_free_ char *copy = NULL;

        if (!stems[i].size || has_stem(former, stems[i].text, stems[i].size))
            continue;
        copy = strndup(stems[i].text, stems[i].size);
        if (!copy || table_put(&former->stems, copy, stems[i].size, copy) < 0)
            return -ENOMEM;
        steal_pointer(&copy);
    }
    return 0;
}

static int find_stems(struct former *former, const struct listing *listing, const struct listing *gone)
{
    int r = 0;

    for (size_t i = 0; r >= 0 && i < gone->n; i++)
        r = add_stems(former, gone->items[i].name);
    for (size_t i = 0; r >= 0 && i < listing->n; i++)
        if (listing->items[i].changed)
            r = add_stems(former, listing->items[i].name);
    return r;
}

/* Hands on what is known of the directory, and finds its files. */
static void begin(struct former *former, struct directory *directory)
{
    struct directory *before = directories_find(&former->directories, directory->path, strlen(directory->path));
    size_t index;

    former->at = former->end = former->n;
    if (!before || before->beside || before->of != directory->of || before->place != directory->place)
        return;
    index = (size_t)(before - former->directories.items);
    directory->listing = before->listing;
    before->listing = (struct listing){ 0 };
    former->at = 0;
    while (former->at < former->n && (!former->files[former->at] || former->files[former->at]->directory != index))
        former->at++;
    former->end = former->at;
    while (former->end < former->n && former->files[former->end] && former->files[former->end]->directory == index)
        former->end++;
}

int former_list(struct former *former, struct directory *directory, struct problems *problems)
{
    struct listing gone = { 0 };
    int r;

    drop_stems(former);
    begin(former, directory);
    r = directory_list(directory, &gone, problems);
    if (r >= 0 && former->at < former->end)
        r = find_stems(former, &directory->listing, &gone);
    listing_done(&gone);
    return r;
}

static bool is_as_it_was(const struct former *former, const struct file *file, const struct listing_entry *entry)
{
    const char *suffix = file->name + strlen("ifcfg-");

    if (!file_name_counts(file))
        return true; /* it is not opened at all */
    if (entry->changed || entry->state != STAMP_SURE || file->verdict == FILE_UNREADABLE || file->by_history)
        return false;
    if (file->format != FORMAT_IFCFG || !former->stems.n)
        return true;
    return !file->renamed && !has_stem(former, suffix, strlen(suffix)) && !has_stem(former, file->device.name, strlen(file->device.name));
}

struct file *former_take(struct former *former, const struct listing_entry *entry)
{
    int order = -1;

    while (former->at < former->end && (order = strcmp(former->files[former->at]->name, entry->name)) < 0)
        former->at++;
    if (former->at == former->end || order || !is_as_it_was(former, former->files[former->at], entry))
        return NULL;
    return steal_pointer(&former->files[former->at++]);
}

int former_drop(struct former *former, struct scope *lost)
{
    int r = 0;

    for (size_t i = 0; i < former->n; i++) {
        struct file *file = former->files[i];

        if (!file)
            continue;
        if (scope_add(lost, file->held) < 0)
            r = -ENOMEM;
        lost->outside = lost->outside || file->reached_out || (file->tunnel && tunnel_reaches_out(file->tunnel));
        file_free(file);
    }
    free(former->files);
    directories_done(&former->directories);
    drop_stems(former);
    *former = (struct former){ 0 };
    return r;
}
