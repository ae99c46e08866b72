/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel that says whatever the input has. Linked with -Wl,--wrap for each __wrap_ here; sockets are opened, and never used. */
#pragma once

#include <sanitizer/asan_interface.h>
#include <sys/types.h>

#include "fuzz.h"

static struct {
    const uint8_t *data;
    size_t size;
    const void *hidden; /* behind what was last received, where nobody may read */
    size_t n_hidden;
} said;

static void kernel_show(void)
{
    ASAN_UNPOISON_MEMORY_REGION(said.hidden, said.n_hidden);
    said.n_hidden = 0;
}

static void kernel_says(const uint8_t *data, size_t size)
{
    kernel_show();
    said.data = data;
    said.size = size;
}

static unsigned kernel_byte(void)
{
    if (!said.size)
        return 0;
    said.size--;
    return *said.data++;
}

/* The next datagram: two bytes of its size, then itself. Its size, which may be more than there is room for; -1: none is left. */
static ssize_t kernel_datagram(void *buffer, size_t room)
{
    size_t size;

    if (said.size < 2)
        return -1;
    size = kernel_byte();
    size |= (size_t)kernel_byte() << 8;
    if (size > said.size)
        size = said.size;
    memcpy(buffer, said.data, size < room ? size : room);
    said.data += size;
    said.size -= size;
    if (size < room) {
        said.hidden = (char *)buffer + size;
        said.n_hidden = room - size;
        ASAN_POISON_MEMORY_REGION(said.hidden, said.n_hidden);
    }
    return (ssize_t)size;
}
