/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/preview.h"

#include <errno.h>

const char *preview_action_name(enum preview_action action)
{
    static const char *const names[] = { "nothing", "create", "change", "recreate", "delete" };

    return names[action];
}

int preview_make(struct reconciler *reconciler, const struct scope *scope, struct preview *ret)
{
    (void)reconciler, (void)scope, (void)ret;
    return -ENOSYS;
}

void preview_done(struct preview *preview)
{
    *preview = (struct preview){ 0 };
}
