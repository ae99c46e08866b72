/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who wins where two files want the same device, or what the kernel could not tell apart. Greedy in order of
 * precedence: whoever comes first has it, and a refused file claims nothing. */
#include "read/settle.h"

#include <errno.h>
#include <string.h>

#include "read/profiles.h"

struct settling {
    struct set *wanted;
    struct identity *identities; /* by file */
    size_t *conflicts;           /* by file: how many there were before */
    struct table by_identity;
};

/* How the file says the name of its tunnel, before that name. */
static const char *key_of_name(const struct file *file)
{
    return file->format == FORMAT_KEYFILE ? "interface-name=" : file->device.suse ? "" : "DEVICE=";
}

static int settle_file(struct settling *settling, struct file *file, struct identity *identity)
{
    struct tunnel *tunnel = file->tunnel, *other = set_get(settling->wanted, tunnel->name);
    struct place place = { file->path, file->device.line, file->device.column };
    int r;

    file->verdict = FILE_REFUSED;
    if (problems_has_error(&file->conflicts)) /* a profile that it refers to is not there */
        return 0;
    if (other) {
        problems_add(&file->conflicts, SEVERITY_ERROR, place, "%s%s is claimed by %s", key_of_name(file), tunnel->name, other->source);
        return 0;
    }
    *identity = tunnel_identity(tunnel, -1);
    other = table_get(&settling->by_identity, identity, sizeof(*identity));
    if (other) {
        problems_add(&file->conflicts, SEVERITY_ERROR, (struct place){ file->path, 0, 0 }, "%s as %s of %s",
                     tunnel->external                               ? "an external tunnel, of which the kernel has one at the most,"
                     : kind_info(tunnel->kind)->unique & FIELD_IKEY ? "the same outer addresses and key"
                                                                    : "the same outer addresses",
                     other->name, other->source);
        return 0;
    }
    file->verdict = FILE_TUNNEL;
    r = table_put(&settling->by_identity, identity, sizeof(*identity), tunnel);
    return r < 0 ? r : set_add(settling->wanted, tunnel);
}

static bool is_named_after_it(const struct file *file)
{
    size_t size;
    const char *stem = file_stem(file, &size);

    return size == strlen(file->tunnel->name) && !memcmp(stem, file->tunnel->name, size);
}

/* In order of precedence; in one directory the files that are named after their device come first. */
static int settle_all(struct settling *settling, struct file *const *files, size_t n, size_t n_directories)
{
    for (size_t directory = 0; directory < n_directories; directory++)
        for (int named = 1; named >= 0; named--)
            for (size_t i = 0; i < n; i++) {
                struct file *file = files[i];
                int r;

                if (file->directory != directory || !file->tunnel || file->hidden || is_named_after_it(file) != named)
                    continue;
                r = settle_file(settling, file, &settling->identities[i]);
                if (r < 0)
                    return r;
            }
    return 0;
}

int settle_files(struct file *const *files, size_t n, size_t n_directories, bool partial, struct set **ret)
{
    struct settling settling = {
        .wanted = set_new(false),
        .identities = calloc(n + 1, sizeof(struct identity)),
        .conflicts = calloc(n + 1, sizeof(size_t)),
    };
    int r = -ENOMEM;

    if (settling.wanted && settling.identities && settling.conflicts) {
        for (size_t i = 0; i < n; i++) {
            settling.conflicts[i] = files[i]->conflicts.n;
            problems_done(&files[i]->conflicts);
        }
        r = profiles_settle(files, n, partial);
        if (r >= 0)
            r = settle_all(&settling, files, n, n_directories);
        for (size_t i = 0; i < n; i++)
            files[i]->told = files[i]->told && files[i]->conflicts.n <= settling.conflicts[i];
    }
    free(settling.conflicts);
    free(settling.identities);
    table_done(&settling.by_identity);
    if (r < 0)
        set_free(settling.wanted);
    else
        *ret = settling.wanted;
    return r;
}
