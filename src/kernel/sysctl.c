/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes sysctls of one link, never of "all" or "default". */
#include "kernel/sysctl.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"
#include "model/tunnel.h"

int sysctl_set_ipv6(const char *link, bool on)
{
    char path[sizeof("/proc/sys/net/ipv6/conf//disable_ipv6") + IFNAMSIZ];
    const char *why;
    int fd, r = 0;

    assert(tunnel_check_name(link, &why) >= 0);
    snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", link);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (write(fd, on ? "0\n" : "1\n", 2) != 2)
        r = -errno;
    close(fd);
    return r;
}
