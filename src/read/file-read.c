/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which reader a file has. Never knows what is in it. */
#include "read/file-read.h"

#include <errno.h>

#include "read/file-ifcfg.h"
#include "read/file-keyfile.h"

static bool might_reach_out(const struct file *file)
{
    if (file->tunnel)
        return file->tunnel->doubts & DOUBT_ROUTES || file->conflicts.n || tunnel_reaches_out(file->tunnel);
    return file->changed || file->empty || file->verdict == FILE_REFUSED || file->verdict == FILE_UNREADABLE;
}

static int read_format(struct file *file, const struct file_context *context)
{
    int r;

    if (file->format == FORMAT_IFCFG)
        r = file_read_ifcfg(file, context);
    else
        r = file->format == FORMAT_META ? file_read_meta(file, context) : file_read_keyfile(file, context);
    if (r >= 0 && file->tunnel)
        file_note_identity(file);
    return r;
}

int file_read(struct file *file, const struct file_context *context)
{
    if (file_name_counts(file))
        file->reached_out = file->reached_out || might_reach_out(file);
    file_drop_aliases(file);
    file->tunnel = tunnel_free(file->tunnel);
    problems_done(&file->problems);
    problems_done(&file->conflicts);
    file->changed = true;
    file->told = false;
    file->empty = file->by_history = file->renamed = false;
    free(steal_pointer(&file->profile));
    if (file_name_counts(file))
        return read_format(file, context);
    if (!listing_has(&context->directory->listing, file->name))
        return -ENOENT;
    file->verdict = FILE_IGNORED;
    file->device = (struct ifcfg_device){ 0 };
    return 0;
}
