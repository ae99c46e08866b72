/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who wins where two files want the same device, or what the kernel could not tell apart. Greedy in order of
 * precedence: whoever comes first has it, and a refused file claims nothing. */
#include "read/settle.h"

#include <errno.h>
#include <string.h>

struct settling {
    struct set *wanted;
    struct identity *identities; /* by file */
    struct table by_identity;
};

static int settle_file(struct settling *settling, struct file *file, struct identity *identity)
{
    struct tunnel *tunnel = file->tunnel, *other = set_get(settling->wanted, tunnel->name);
    struct place place = { file->path, file->device.line, file->device.column };
    int r;

    file->verdict = FILE_REFUSED;
    if (other) {
        problems_add(&file->conflicts, SEVERITY_ERROR, place, "%s%s is claimed by %s", file->device.suse ? "" : "DEVICE=", tunnel->name, other->source);
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

/* In order of precedence; in one directory the files that are named after their device come first. */
static int settle_all(struct settling *settling, struct file *const *files, size_t n, size_t n_directories)
{
    for (size_t directory = 0; directory < n_directories; directory++)
        for (int named = 1; named >= 0; named--)
            for (size_t i = 0; i < n; i++) {
                struct file *file = files[i];
                bool refused = file->conflicts.n > 0;
                int r;

                if (file->directory != directory || !file->tunnel)
                    continue;
                if ((strcmp(file->name + strlen("ifcfg-"), file->tunnel->name) == 0) != named)
                    continue;
                problems_done(&file->conflicts);
                r = settle_file(settling, file, &settling->identities[i]);
                if (r < 0)
                    return r;
                file->told = file->told && (refused || !file->conflicts.n);
            }
    return 0;
}

int settle_files(struct file *const *files, size_t n, size_t n_directories, struct set **ret)
{
    struct settling settling = { .wanted = set_new(false), .identities = calloc(n + 1, sizeof(struct identity)) };
    int r = -ENOMEM;

    if (settling.wanted && settling.identities)
        r = settle_all(&settling, files, n, n_directories);
    free(settling.identities);
    table_done(&settling.by_identity);
    if (r < 0)
        set_free(settling.wanted);
    else
        *ret = settling.wanted;
    return r;
}
