/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who wins where two files want the same device, or what the kernel could not tell apart. Greedy in order of
 * precedence: whoever comes first has it, and a refused file claims nothing. */
#include "read/settle.h"

#include <errno.h>
#include <string.h>

#include "base/hashes.h"
#include "read/profiles.h"

struct settling {
    struct file *const *files;
    struct set *wanted;
    struct hashes by_identity; /* of the winners: numbers of files */
};

/* How the file says the name of its tunnel, before that name. */
static const char *key_of_name(const struct file *file)
{
    return file->format == FORMAT_KEYFILE ? "interface-name=" : file->device.suse ? "" : "DEVICE=";
}

static const struct tunnel *find_equal(const struct settling *settling, const struct file *file)
{
    size_t probe = 0;
    uint32_t number;

    while (hashes_next(&settling->by_identity, file->identity, &probe, &number)) {
        struct identity a = tunnel_identity(file->tunnel, -1), b = tunnel_identity(settling->files[number]->tunnel, -1);

        if (!memcmp(&a, &b, sizeof(a)))
            return settling->files[number]->tunnel;
    }
    return NULL;
}

static int settle_file(struct settling *settling, size_t number)
{
    struct file *file = settling->files[number];
    struct tunnel *tunnel = file->tunnel;
    const struct tunnel *other = set_get(settling->wanted, tunnel->name);
    struct place place = { file->path, file->device.line, file->device.column };
    int r;

    file->verdict = FILE_REFUSED;
    if (problems_has_error(&file->conflicts)) /* a profile that it refers to is not there */
        return 0;
    if (other) {
        problems_add(&file->conflicts, SEVERITY_ERROR, place, "%s%s is claimed by %s", key_of_name(file), tunnel->name, other->source);
        return 0;
    }
    other = find_equal(settling, file);
    if (other) {
        problems_add(&file->conflicts, SEVERITY_ERROR, (struct place){ file->path, 0, 0 }, "%s as %s of %s",
                     tunnel->external                               ? "an external tunnel, of which the kernel has one at the most,"
                     : kind_info(tunnel->kind)->unique & FIELD_IKEY ? "the same outer addresses and key"
                                                                    : "the same outer addresses",
                     other->name, other->source);
        return 0;
    }
    file->verdict = FILE_TUNNEL;
    r = hashes_add(&settling->by_identity, file->identity, (uint32_t)number);
    return r < 0 ? r : set_add(settling->wanted, tunnel);
}

/* In order of precedence; in one directory the files that are named after their device come first. */
static int settle_all(struct settling *settling, size_t n)
{
    size_t end;

    for (size_t begin = 0; begin < n; begin = end) {
        end = begin;
        while (end < n && settling->files[end]->directory == settling->files[begin]->directory)
            end++;
        for (int named = 1; named >= 0; named--)
            for (size_t i = begin; i < end; i++) {
                const struct file *file = settling->files[i];
                int r = file->tunnel && !file->hidden && file->named_after_it == named ? settle_file(settling, i) : 0;

                if (r < 0)
                    return r;
            }
    }
    return 0;
}

/* Conflicts are told again where there are more than before. */
static size_t begin(struct file *const *files, size_t n)
{
    size_t tunnels = 0;

    for (size_t i = 0; i < n; i++) {
        files[i]->n_conflicts = (unsigned)files[i]->conflicts.n;
        problems_done(&files[i]->conflicts);
        tunnels += files[i]->tunnel != NULL;
    }
    return tunnels;
}

int settle_files(struct file *const *files, size_t n, bool partial, struct set **ret)
{
    struct settling settling = { .files = files, .wanted = set_new(false) };
    size_t tunnels = begin(files, n);
    int r = -ENOMEM;

    if (settling.wanted && set_reserve(settling.wanted, tunnels) >= 0 && hashes_reserve(&settling.by_identity, tunnels) >= 0)
        r = profiles_settle(files, n, partial);
    if (r >= 0)
        r = settle_all(&settling, n);
    for (size_t i = 0; i < n; i++)
        files[i]->told = files[i]->told && files[i]->conflicts.n <= files[i]->n_conflicts;
    hashes_done(&settling.by_identity);
    if (r < 0)
        set_free(settling.wanted);
    else
        *ret = settling.wanted;
    return r;
}
