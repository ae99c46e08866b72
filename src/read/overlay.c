/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps a few texts by their paths. Never decides which file a path means. */
#include "read/overlay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/macro.h"
#include "read/load.h"

void overlay_done(struct overlay *overlay)
{
    for (size_t i = 0; i < overlay->n; i++) {
        free(overlay->items[i].path);
        free(overlay->items[i].text);
    }
    free(overlay->items);
    *overlay = (struct overlay){ 0 };
}

const struct overlay_file *overlay_find(const struct overlay *overlay, const char *path)
{
    for (size_t i = 0; i < overlay->n; i++)
        if (!strcmp(overlay->items[i].path, path))
            return &overlay->items[i];
    return NULL;
}

/* With a 0 byte behind it, as load_text has it. NULL when out of memory. */
static char *copy_of(const char *text, size_t size)
{
    char *copy = malloc(size + 1);

    if (copy && size)
        memcpy(copy, text, size);
    if (copy)
        copy[size] = 0;
    return copy;
}

int overlay_add(struct overlay *overlay, const char *path, const char *text, size_t size)
{
    _cleanup_free_ char *path_copy = NULL, *text_copy = NULL;
    struct overlay_file *grown;

    if (overlay_find(overlay, path))
        return -EEXIST;
    path_copy = strdup(path);
    text_copy = copy_of(text, size);
    grown = reallocarray(overlay->items, overlay->n + 1, sizeof(*grown));
    if (grown)
        overlay->items = grown;
    if (!path_copy || !text_copy || !grown)
        return -ENOMEM;
    grown[overlay->n++] = (struct overlay_file){ steal_pointer(&path_copy), steal_pointer(&text_copy), size };
    return 0;
}

int overlay_load(const struct overlay *overlay, const char *path, const char *full, char **ret, size_t *ret_size, struct stat *ret_status)
{
    const struct overlay_file *file = overlay_find(overlay, path);
    struct stat status = { .st_mode = S_IFREG | 0600 };
    char *text;

    if (!file)
        return load_text_and_status(full, ret, ret_size, ret_status);
    if (file->size > LOAD_MOST)
        return -EFBIG;
    text = copy_of(file->text, file->size);
    if (!text)
        return -ENOMEM;
    clock_gettime(CLOCK_REALTIME, &status.st_mtim);
    *ret = text;
    *ret_size = file->size;
    *ret_status = status;
    return 0;
}
