/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The objects of io.tunneld on the daemon's own socket. Acts only through the callbacks that it is handed. */
#pragma once

#include <systemd/sd-event.h>

#include "agent/memory.h"
#include "base/macro.h"

struct bus_callbacks {
    /* Reads and applies everything; 0, or -EBUSY with *ret_text (heap) if not all is as the files say. */
    int (*reload)(char **ret_text, void *userdata);
    const struct memory *(*memory)(void *userdata);
    void *userdata;
};

struct bus;

/* Listens on the socket at path, which is replaced. */
int bus_new(sd_event *event, const char *path, const struct bus_callbacks *callbacks, struct bus **ret);
struct bus *bus_free(struct bus *bus);
DEFINE_CLEANUP(struct bus *, bus_free)
