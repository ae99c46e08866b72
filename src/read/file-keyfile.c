/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens keyfiles and what NetworkManager notes beside them. Never compares one with others. */
#include "read/file-keyfile.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "read/load.h"

enum { UUID_SIZE = 36 };

static int open_path(const struct file *file, const struct file_context *context, char **ret)
{
    return asprintf(ret, "%s/%s", context->directory->opened, file->name) < 0 ? -ENOMEM : 0;
}

/* A device only of one that is ours: what others are called matters but to those who refer to them. */
static void remember_profile(struct file *file)
{
    const struct keyfile_profile *profile = file->profile;

    file->device = (struct ifcfg_device){ .faulty = profile->faulty };
    if (file->verdict != FILE_IGNORED) {
        memcpy(file->device.name, profile->interface, sizeof(file->device.name));
        file->device.line = profile->line;
        file->device.column = profile->column;
    }
    if (!file->tunnel && !(profile->readable && *profile->self.uuid))
        free(steal_pointer(&file->profile));
}

static int judge(struct file *file, const struct keyfile_input *input, const struct file_context *context)
{
    int r;

    file->profile = calloc(1, sizeof(*file->profile));
    if (!file->profile)
        return -ENOMEM;
    r = keyfile_read(input, &file->tunnel, file->profile, &file->problems);
    if (r < 0)
        return r;
    file->verdict = r == KEYFILE_TUNNEL ? FILE_TUNNEL : r == KEYFILE_IGNORED ? FILE_IGNORED : FILE_REFUSED;
    if (file->tunnel && context->defaults->networking_off && file->tunnel->presence == PRESENCE_MUST)
        file->tunnel->presence = PRESENCE_MAY;
    remember_profile(file);
    return file->problems.incomplete ? -ENOMEM : 0;
}

int file_read_keyfile(struct file *file, const struct file_context *context)
{
    struct loaded loaded = { 0 };
    _cleanup_free_ char *insecure = NULL;
    struct keyfile_input input = { .path = file->path, .place = file->place, .all = context->all_profiles, .ipv6 = context->ipv6, .was_tunnel = *file->held };
    int r = directory_load(context->directory, context->overlay, file->path, &loaded);

    if (r == -EISDIR && file->place != KEYFILE_PLACE_OURS) { /* NetworkManager passes over it, too */
        file->verdict = FILE_IGNORED;
        file->device = (struct ifcfg_device){ 0 };
        return 0;
    }
    if (r == -ENOENT)
        return r;
    if (r < 0)
        return file_cannot_be_read(file, file->path, r);
    insecure = load_insecurity(&loaded.status);
    input.insecure = insecure && *insecure ? insecure : NULL;
    input.text = loaded.text;
    input.size = loaded.size;
    file->empty = !input.size;
    r = insecure ? judge(file, &input, context) : -ENOMEM;
    if (file->profile)
        file->profile->modified = loaded.status.st_mtim;
    file->by_history = input.was_tunnel && file->device.faulty;
    free(loaded.text);
    return r;
}

/* UUID.nmmeta with a UUID of the usual form */
static bool is_meta(const char *name)
{
    if (strlen(name) != UUID_SIZE + strlen(".nmmeta"))
        return false;
    for (size_t i = 0; i < UUID_SIZE; i++)
        if (i == 8 || i == 13 || i == 18 || i == 23 ? name[i] != '-' : !isxdigit((unsigned char)name[i]))
            return false;
    return true;
}

/* Is that what the file says in its one group? */
static bool says(const char *text, const char *key, const char *value, size_t size)
{
    bool here = false, found = false;

    while (*text) {
        size_t line = strcspn(text, "\n"), before = strlen(key);

        if (*text == '[')
            here = !strncmp(text, "[nmmeta]", 8);
        else if (here && line > before && !strncmp(text, key, before) && text[before] == '=')
            found = line == before + 1 + size && !strncmp(text + before + 1, value, size);
        text += line + (text[line] == '\n');
    }
    return found;
}

/* A symbolic link to /dev/null, or a file that says the same; both must be root's alone. */
static int find_tombstone(const char *full, const char *name, bool *ret_is)
{
    static const char nowhere[] = "/dev/null";
    _cleanup_free_ char *text = NULL, *insecure = NULL;
    char target[sizeof(nowhere)];
    struct stat status;
    ssize_t n;
    size_t size;
    int r;

    *ret_is = false;
    if (lstat(full, &status) < 0)
        return errno == ENOENT ? -ENOENT : 0;
    if (S_ISLNK(status.st_mode)) {
        n = readlink(full, target, sizeof(target));
        *ret_is = n == (ssize_t)strlen(nowhere) && !memcmp(target, nowhere, (size_t)n) && (!status.st_uid || status.st_uid == geteuid());
        return 0;
    }
    r = load_text_and_status(full, &text, &size, &status);
    if (r < 0)
        return r == -ENOENT || r == -ENOMEM ? r : 0;
    insecure = load_insecurity(&status);
    if (!insecure)
        return -ENOMEM;
    *ret_is = !*insecure && says(text, "uuid", name, UUID_SIZE) && says(text, "loaded-path", nowhere, strlen(nowhere));
    return 0;
}

int file_read_meta(struct file *file, const struct file_context *context)
{
    _cleanup_free_ char *full = NULL;
    bool tombstone;
    int r = open_path(file, context, &full);

    if (r >= 0)
        r = find_tombstone(full, file->name, &tombstone);
    if (r < 0)
        return r;
    file->verdict = FILE_IGNORED;
    if (!tombstone || !is_meta(file->name) || file->place == KEYFILE_PLACE_LIB) /* NetworkManager never looks there for one */
        return 0;
    file->profile = calloc(1, sizeof(*file->profile));
    if (!file->profile)
        return -ENOMEM;
    file->profile->readable = true;
    for (size_t i = 0; i < UUID_SIZE; i++)
        file->profile->self.uuid[i] = (char)tolower((unsigned char)file->name[i]);
    return 0;
}
