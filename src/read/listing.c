/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists names. Never opens what they name. */
#include "read/listing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/shared.h"
#include "read/load.h"

const char *listing_prefix(const char *name)
{
    static const char *const prefixes[] = { "keys-", "route-", "route6-", "rule-", "rule6-", "ifroute-" };
    size_t size = strlen(name);

    for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
        if (!strncmp(name, prefixes[i], strlen(prefixes[i])) && name[strlen(prefixes[i])])
            return prefixes[i];
    return size > 6 && !strcmp(name + size - 6, ".route") ? "" : NULL;
}

size_t listing_alias(const char *name)
{
    const char *colon, *range;

    if (strncmp(name, "ifcfg-", 6))
        return 0;
    colon = strchr(name, ':');
    range = strstr(name + 6, "-range");
    if (colon && (!range || colon < range))
        return (size_t)(colon - name);
    return range ? (size_t)(range - name) : 0;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t size = strlen(name), ending_size = strlen(ending);

    return size >= ending_size && !strcmp(name + size - ending_size, ending);
}

static enum listing_format keyfile_format(enum listing_of of, const char *name)
{
    if (of == LISTING_OF_PROFILES)
        return ends_with(name, ".nmmeta") ? FORMAT_META : FORMAT_KEYFILE;
    return of == LISTING_OF_ALL || strstr(name, ".nmconnection") ? FORMAT_KEYFILE : FORMAT_NONE;
}

enum listing_format listing_format(enum listing_of of, const char *name)
{
    if (!strcmp(name, ".") || !strcmp(name, ".."))
        return FORMAT_NONE;
    if (of == LISTING_OF_PROFILES)
        return keyfile_format(of, name);
    if (!strncmp(name, "ifcfg-", 6))
        return FORMAT_IFCFG;
    if (of != LISTING_OF_IFCFG && ends_with(name, ".nmconnection")) /* a keyfile may be called keys-to-the-door */
        return FORMAT_KEYFILE;
    if (listing_prefix(name))
        return FORMAT_BESIDE;
    return of == LISTING_OF_IFCFG || !strcmp(name, "tunneld.conf") ? FORMAT_NONE : keyfile_format(of, name);
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct listing_entry *)a)->name, ((const struct listing_entry *)b)->name);
}

const char *listing_path(const struct listing *listing, const struct listing_entry *entry)
{
    return entry->name - listing->before;
}

static int append(struct listing *listing, const char *path, const char *name)
{
    size_t size = strlen(path);
    char full[PATH_MAX];
    const char *shared;

    if (listing->n == listing->room) {
        size_t room = listing->room + listing->room / 8 + 8;
        struct listing_entry *grown = reallocarray(listing->items, room, sizeof(*grown));

        if (!grown)
            return -ENOMEM;
        listing->items = grown;
        listing->room = room;
    }
    if (size + 1 + strlen(name) >= sizeof(full))
        return 0; /* nobody could open it */
    strcpy(stpcpy(stpcpy(full, path), "/"), name);
    shared = shared_get(full);
    if (!shared)
        return -ENOMEM;
    listing->before = size + 1;
    listing->items[listing->n++] = (struct listing_entry){ .name = shared + size + 1 };
    return 0;
}

/* A folder is no profile that somebody misnamed. */
static bool is_listed(enum listing_of of, const struct dirent *entry)
{
    enum listing_format format = listing_format(of, entry->d_name);

    return format == FORMAT_IFCFG || format == FORMAT_BESIDE || (format != FORMAT_NONE && entry->d_type != DT_DIR);
}

/* A directory that is read anew. */
struct looking {
    struct listing *listing;
    const struct listing_place *place;
    size_t before; /* entries; those behind them are new, and not sorted */
    size_t guess;  /* where the next one is */
    uint32_t n;    /* that were seen */
    int fd;
};

static size_t find_among(const struct listing *listing, size_t n, const char *name)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(listing->items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Most often they come in the order in which they came the last time. */
static struct listing_entry *find_again(const struct looking *looking, const char *name)
{
    const struct listing *listing = looking->listing;
    size_t at = looking->guess;

    if (at >= looking->before || strcmp(listing->items[at].name, name) != 0)
        at = find_among(listing, looking->before, name);
    return at < looking->before && !strcmp(listing->items[at].name, name) ? &listing->items[at] : NULL;
}

static bool has_changed(const struct looking *looking, const struct listing_entry *entry)
{
    struct stat status;

    if (entry->state == STAMP_NONE)
        return false; /* nobody knows what it was */
    return entry->state == STAMP_UNSURE || fstatat(looking->fd, entry->name, &status, 0) < 0 || !stamp_holds(&entry->stamp, &status, looking->listing->device);
}

static int take_name(struct looking *looking, const char *name)
{
    struct listing *listing = looking->listing;
    struct listing_entry *entry = find_again(looking, name);

    if (entry && entry->seen)
        return 0;
    if (entry) {
        looking->guess = entry->next;
        entry->changed = has_changed(looking, entry);
        if (entry->changed)
            entry->state = STAMP_NONE;
    } else {
        size_t n = listing->n;

        if (append(listing, looking->place->path, name) < 0)
            return -ENOMEM;
        if (listing->n == n)
            return 0;
        entry = &listing->items[n];
        entry->changed = true;
    }
    entry->seen = true;
    entry->next = looking->n++;
    return 0;
}

static int take_names(struct looking *looking, DIR *stream)
{
    int r = 0;

    while (r >= 0) {
        struct dirent *entry;

        errno = 0;
        entry = readdir(stream);
        if (!entry)
            return -errno;
        if (is_listed(looking->place->of, entry))
            r = take_name(looking, entry->d_name);
    }
    return r;
}

static int take_out_gone(struct listing *listing, struct listing *gone)
{
    size_t kept = 0, n = 0;

    for (size_t i = 0; i < listing->n; i++)
        n += !listing->items[i].seen;
    if (!n)
        return 0;
    gone->items = calloc(n, sizeof(*gone->items));
    if (!gone->items)
        return -ENOMEM;
    gone->room = n;
    gone->before = listing->before;
    for (size_t i = 0; i < listing->n; i++)
        if (listing->items[i].seen)
            listing->items[kept++] = listing->items[i];
        else
            gone->items[gone->n++] = listing->items[i];
    listing->n = kept;
    return 0;
}

/* From how many there were before each to where the next one is. */
static void link_up(struct listing *listing, size_t n_seen)
{
    uint32_t *where = calloc(n_seen + 1, sizeof(*where));

    if (!where)
        return;
    for (size_t i = 0; i < listing->n; i++)
        where[listing->items[i].next] = (uint32_t)i;
    for (size_t i = 0; i < listing->n; i++)
        listing->items[i].next = where[listing->items[i].next + 1];
    listing->first = where[0];
    free(where);
}

int listing_load(struct listing *listing, const struct listing_place *place, struct listing *ret_gone)
{
    struct looking looking = { .listing = listing, .place = place, .before = listing->n, .guess = listing->first };
    struct listing none = { 0 }, *gone = ret_gone ? ret_gone : &none;
    DIR *stream = opendir(place->opened);
    int r, error = stream ? 0 : load_open_error(errno);

    for (size_t i = 0; i < listing->n; i++)
        listing->items[i].seen = false;
    if (stream) {
        looking.fd = dirfd(stream);
        listing->device = stamp_device(looking.fd);
        error = take_names(&looking, stream);
        closedir(stream);
    }
    r = take_out_gone(listing, gone);
    if (r < 0)
        return r;
    if (listing->n > looking.before - gone->n)
        qsort(listing->items, listing->n, sizeof(*listing->items), compare);
    if (listing->n)
        link_up(listing, looking.n);
    listing_done(&none);
    return error;
}

void listing_done(struct listing *listing)
{
    for (size_t i = 0; i < listing->n; i++)
        shared_drop(listing_path(listing, &listing->items[i]));
    free(listing->items);
    *listing = (struct listing){ 0 };
}

size_t listing_find(const struct listing *listing, const char *name)
{
    return find_among(listing, listing->n, name);
}

struct listing_entry *listing_get(const struct listing *listing, const char *name)
{
    size_t at = listing_find(listing, name);

    return at < listing->n && !strcmp(listing->items[at].name, name) ? &listing->items[at] : NULL;
}

void listing_read(struct listing_entry *entry, enum stamp_state state, const struct stamp *stamp)
{
    if (entry->state == STAMP_NONE) {
        entry->state = state;
        entry->stamp = *stamp;
    } else if (state != STAMP_SURE || !stamp_equal(&entry->stamp, stamp)) {
        entry->state = STAMP_UNSURE;
    }
}

bool listing_has(const struct listing *listing, const char *name)
{
    return listing_get(listing, name);
}

int listing_note(struct listing *listing, const char *path, const char *name, bool there)
{
    size_t at = listing_find(listing, name), n;
    struct listing_entry added;

    if (listing_has(listing, name)) {
        listing->items[at].state = STAMP_NONE;
        if (there)
            return 0;
        shared_drop(listing_path(listing, &listing->items[at]));
        listing->n--;
        memmove(listing->items + at, listing->items + at + 1, (listing->n - at) * sizeof(*listing->items));
        return 0;
    }
    if (!there)
        return 0;
    n = listing->n;
    if (append(listing, path, name) < 0)
        return -ENOMEM;
    if (listing->n == n)
        return 0;
    added = listing->items[listing->n - 1];
    memmove(listing->items + at + 1, listing->items + at, (listing->n - 1 - at) * sizeof(*listing->items));
    listing->items[at] = added;
    return 0;
}
