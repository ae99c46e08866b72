/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as what the kernel tells by itself. */
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "kernel.h"
#include "kernel/monitor.h"

ssize_t __wrap_recv(int fd, void *buffer, size_t room, int flags);
char *__wrap_if_indextoname(unsigned index, char *name);
int __wrap_ioctl(int fd, unsigned long request, ...);

ssize_t __wrap_recv(int fd, void *buffer, size_t room, int flags)
{
    static const int errors[] = { EAGAIN, EINTR, ENOBUFS, EAGAIN };
    unsigned what = kernel_byte();
    ssize_t n;

    (void)fd, (void)flags;
    kernel_show();
    if (what >= 0xf0) {
        errno = errors[what & 3];
        return -1;
    }
    n = kernel_datagram(buffer, room);
    errno = EAGAIN;
    return n;
}

char *__wrap_if_indextoname(unsigned index, char *name)
{
    if (!index || index > 100)
        return NULL;
    snprintf(name, IFNAMSIZ, "link%u", index);
    return name;
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
    va_list list;
    struct ifreq *link;

    (void)fd;
    va_start(list, request);
    link = va_arg(list, struct ifreq *);
    va_end(list);
    if (request == SIOCGIFNAME)
        return __wrap_if_indextoname((unsigned)link->ifr_ifindex, link->ifr_name) ? 0 : -1;
    link->ifr_flags = IFF_UP;
    return 0;
}

static void heard(enum monitor_event event, const char *name, uint32_t who, void *userdata)
{
    unsigned *n = userdata;

    (void)who;
    check(event <= MONITOR_LOST && (!name || (*name && strlen(name) < IFNAMSIZ)));
    check(name || event == MONITOR_RULE || event == MONITOR_WAY || event == MONITOR_LOST || event == MONITOR_ROUTE);
    ++*n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct monitor *monitor;
    unsigned n = 0;

    if (!monitor)
        check(monitor_open(&monitor) == 0);
    kernel_says(data, size);
    monitor_read(monitor, 0, heard, &n);
    kernel_show();
    return 0;
}
