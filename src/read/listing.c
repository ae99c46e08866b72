/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists names. Never opens what they name. */
#include "read/listing.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
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
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int append(struct listing *listing, const char *name)
{
    if (!(listing->n & (listing->n - 1))) { /* a power of two: full */
        char **grown = reallocarray(listing->names, listing->n ? listing->n * 2 : 1, sizeof(*grown));

        if (!grown)
            return -ENOMEM;
        listing->names = grown;
    }
    listing->names[listing->n] = strdup(name);
    if (!listing->names[listing->n])
        return -ENOMEM;
    listing->n++;
    return 0;
}

/* A folder is no profile that somebody misnamed. */
static bool is_listed(enum listing_of of, const struct dirent *entry)
{
    enum listing_format format = listing_format(of, entry->d_name);

    return format == FORMAT_IFCFG || format == FORMAT_BESIDE || (format != FORMAT_NONE && entry->d_type != DT_DIR);
}

int listing_load(struct listing *listing, enum listing_of of, const char *directory)
{
    DIR *stream = opendir(directory);
    int r = 0;

    listing_done(listing);
    if (!stream)
        return load_open_error(errno);
    while (r >= 0) {
        struct dirent *entry;

        errno = 0;
        entry = readdir(stream);
        if (!entry)
            break;
        if (is_listed(of, entry))
            r = append(listing, entry->d_name);
    }
    if (r >= 0)
        r = -errno;
    closedir(stream);
    if (listing->n)
        qsort(listing->names, listing->n, sizeof(*listing->names), compare);
    return r;
}

void listing_done(struct listing *listing)
{
    for (size_t i = 0; i < listing->n; i++)
        free(listing->names[i]);
    free(listing->names);
    *listing = (struct listing){ 0 };
}

size_t listing_find(const struct listing *listing, const char *name)
{
    size_t low = 0, high = listing->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(listing->names[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool listing_has(const struct listing *listing, const char *name)
{
    size_t at = listing_find(listing, name);

    return at < listing->n && !strcmp(listing->names[at], name);
}

int listing_note(struct listing *listing, const char *name, bool there)
{
    size_t at = listing_find(listing, name);
    char *added;
    int r;

    if (there == listing_has(listing, name))
        return 0;
    if (!there) {
        free(listing->names[at]);
        listing->n--;
        memmove(listing->names + at, listing->names + at + 1, (listing->n - at) * sizeof(*listing->names));
        return 0;
    }
    r = append(listing, name);
    if (r < 0)
        return r;
    added = listing->names[listing->n - 1];
    memmove(listing->names + at + 1, listing->names + at, (listing->n - 1 - at) * sizeof(*listing->names));
    listing->names[at] = added;
    return 0;
}
