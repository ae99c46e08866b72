/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Profiles by UUID, as NetworkManager decides among its own: the directory, then a tombstone, then the newer, then the
 * later name. Never looks at what a profile is a profile of: of whatever type, it counts. */
#include "read/profiles.h"

#include <errno.h>
#include <string.h>

#include "base/table.h"

struct profiles {
    bool partial;
    struct table ours, theirs; /* files, by UUID: the first of ours, and the one that counts of NetworkManager's */
};

static bool has_uuid(const struct file *file)
{
    return file->profile && file->profile->readable && *file->profile->self.uuid;
}

static bool is_before(const struct file *file, const struct file *other)
{
    if (file->place != other->place)
        return file->place < other->place;
    if (file->format != other->format)
        return file->format == FORMAT_META;
    if (file->profile->modified.tv_sec != other->profile->modified.tv_sec)
        return file->profile->modified.tv_sec > other->profile->modified.tv_sec;
    if (file->profile->modified.tv_nsec != other->profile->modified.tv_nsec)
        return file->profile->modified.tv_nsec > other->profile->modified.tv_nsec;
    return strcmp(file->name, other->name) > 0;
}

static struct file *find(const struct table *table, const char *uuid)
{
    return table_get(table, uuid, strlen(uuid));
}

static int put(struct table *table, struct file *file)
{
    return table_put(table, file->profile->self.uuid, strlen(file->profile->self.uuid), file);
}

static int collect(struct profiles *profiles, struct file *const *files, size_t n)
{
    int r = 0;

    for (size_t i = 0; r >= 0 && i < n; i++) {
        struct table *table = files[i]->place == KEYFILE_PLACE_OURS ? &profiles->ours : &profiles->theirs;
        const struct file *other = has_uuid(files[i]) ? find(table, files[i]->profile->self.uuid) : NULL;

        if (has_uuid(files[i]) && (!other || (files[i]->place != KEYFILE_PLACE_OURS && is_before(files[i], other))))
            r = put(table, files[i]);
    }
    return r;
}

/* Without a tunnel, what it was before anybody compared it with others, if it was hidden until now. */
static void hide(struct file *file, bool hidden)
{
    if (file->hidden && !hidden) {
        file->told = false;
        if (!file->tunnel && file->verdict == FILE_IGNORED && problems_has_error(&file->problems))
            file->verdict = FILE_REFUSED;
    }
    file->hidden = hidden;
    if (hidden)
        file->verdict = FILE_IGNORED;
}

static void decide(const struct profiles *profiles, struct file *file)
{
    const struct file *first;

    if (file->place != KEYFILE_PLACE_OURS) {
        first = has_uuid(file) ? find(&profiles->theirs, file->profile->self.uuid) : file;
        if (file->profile)
            file->profile->hidden_by = first;
        hide(file, first != file);
        return;
    }
    first = has_uuid(file) && file->verdict != FILE_IGNORED ? find(&profiles->ours, file->profile->self.uuid) : NULL;
    if (first && first != file)
        problems_add(&file->conflicts, SEVERITY_WARNING, (struct place){ file->path, file->profile->self.line, file->profile->self.column },
                     "uuid=%s is that of %s too: a copied file should have one of its own", file->profile->self.uuid, first->path);
}

/* The interface of the profile; "" if there is none, with why. */
static const char *follow(const struct profiles *profiles, struct file *file, const char *key, const struct keyfile_reference *reference)
{
    struct place place = { file->path, reference->line, reference->column };
    const struct file *other = find(&profiles->ours, reference->uuid);

    if (!other)
        other = find(&profiles->theirs, reference->uuid);
    if (!other && profiles->partial)
        problems_add(&file->conflicts, SEVERITY_NOTE, place, "%s: no profile that was read has the UUID %s", key, reference->uuid);
    else if (!other || other->format == FORMAT_META)
        problems_add(&file->conflicts, SEVERITY_ERROR, place, "%s: no profile has the UUID %s", key, reference->uuid);
    else if (!*other->profile->interface)
        problems_add(&file->conflicts, SEVERITY_ERROR, place, "%s: the profile of this UUID, %s, names no interface", key, other->path);
    else if (!strcmp(other->profile->interface, file->tunnel->name))
        problems_add(&file->conflicts, SEVERITY_ERROR, place, "%s: the profile of this UUID, %s, names this tunnel itself", key, other->path);
    else
        return other->profile->interface;
    return "";
}

static void lead(const struct profiles *profiles, struct file *file)
{
    const struct {
        const char *key;
        const struct keyfile_reference *reference;
        char *name; /* IFNAMSIZ */
        uint32_t field;
    } leads[] = {
        { "parent", &file->profile->parent, file->tunnel->lower, FIELD_LOWER },
        { "controller", &file->profile->controller, file->tunnel->controller, FIELD_CONTROLLER },
    };

    for (size_t i = 0; i < ARRAY_SIZE(leads); i++) {
        const char *name;

        if (!*leads[i].reference->uuid)
            continue;
        name = follow(profiles, file, leads[i].key, leads[i].reference);
        file->changed = file->changed || strcmp(leads[i].name, name) != 0;
        strcpy(leads[i].name, name);
        if (*name)
            file->tunnel->stated |= leads[i].field;
    }
    file_note_identity(file);
}

int profiles_settle(struct file *const *files, size_t n, bool partial)
{
    struct profiles profiles = { .partial = partial };
    int r = collect(&profiles, files, n);

    for (size_t i = 0; r >= 0 && i < n; i++) {
        decide(&profiles, files[i]);
        if (files[i]->tunnel && files[i]->profile && !files[i]->hidden)
            lead(&profiles, files[i]);
        if (files[i]->conflicts.incomplete)
            r = -ENOMEM;
    }
    table_done(&profiles.ours);
    table_done(&profiles.theirs);
    return r;
}
