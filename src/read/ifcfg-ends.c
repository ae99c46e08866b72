/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks outer ends. Never reads them: that is for the rows of the dialects. */
#include "read/ifcfg-ends.h"

#include <string.h>

void reading_check_ends(struct reading *reading, const char *local, const char *remote, const char *lonely)
{
    struct tunnel *tunnel = reading->tunnel;
    const struct kind_info *info = kind_info(tunnel->kind);

    if (!strcmp(tunnel->lower, tunnel->name))
        reading_fail(reading, reading_get(reading, "TUNNEL_DEVICE"), "a tunnel cannot be bound to itself");
    if (tunnel_more(tunnel)->local_name && !strcmp(tunnel_more(tunnel)->local_name, tunnel->name))
        reading_fail(reading, reading_get(reading, local), "a tunnel cannot have its own address for its outer one");
    if (address_is_multicast(&tunnel->remote) && !address_is_set(&tunnel->local) && !tunnel_more(tunnel)->local_name)
        reading_fail(reading, reading_get(reading, remote), lonely);
    if (tunnel_equals_fallback(tunnel) && !problems_has_error(reading->problems))
        problems_add(reading->problems, SEVERITY_ERROR, (struct place){ reading->input->file.path, 0, 0 },
                     "neither outer address%s: to the kernel the same as %s", info->unique & FIELD_IKEY ? " nor key" : "", info->fallback);
}

void reading_note_keepalive(struct reading *reading)
{
    if (reading->tunnel->keepalive)
        problems_add(reading->problems, SEVERITY_NOTE, (struct place){ reading->input->file.path, reading_get(reading, "KEEPALIVE")->line, 1 },
                     "KEEPALIVE: keepalives are not sent in this version of tunneld");
}
