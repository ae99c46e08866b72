/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes sysctls of one link, never of "all" or "default". */
#include "kernel/sysctl.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int write_value(const char *link, const char *name, unsigned value)
{
    char path[sizeof("/proc/sys/net/ipv6/conf//accept_redirects") + IFNAMSIZ];
    char text[sizeof("4294967295\n")];
    const char *why;
    int fd, n, r = 0;

    assert(tunnel_check_name(link, &why) >= 0);
    snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/%s", link, name);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    n = snprintf(text, sizeof(text), "%u\n", value);
    if (write(fd, text, (size_t)n) < 0)
        r = -errno;
    close(fd);
    return r;
}

int sysctl_set_ipv6(const char *link, bool on)
{
    return write_value(link, "disable_ipv6", !on);
}

int sysctl_set_conf(const char *link, enum conf conf, uint8_t value)
{
    return write_value(link, conf_name(conf), value);
}
