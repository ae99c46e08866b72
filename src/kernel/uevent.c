/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes events for udev. Never waits for what becomes of them. */
#include "kernel/uevent.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "model/tunnel.h"

void uevent_change(const char *link)
{
    char path[sizeof("/sys/class/net//uevent") + IFNAMSIZ];
    const char *why;
    int fd;

    assert(tunnel_check_name(link, &why) >= 0);
    snprintf(path, sizeof(path), "/sys/class/net/%s/uevent", link);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)!write(fd, "change", 6);
    close(fd);
}
