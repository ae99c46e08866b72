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

static void hear(const struct heard *heard, void *userdata)
{
    bool may_be_nowhere = heard->event == MONITOR_RULE || heard->event == MONITOR_ROUTE || heard->event == MONITOR_UNADDRESS;
    bool never_of_link = heard->event == MONITOR_WAY || heard->event == MONITOR_LOST;

    (void)userdata;
    check(heard->event <= MONITOR_LOST && (heard->name ? !never_of_link : may_be_nowhere || never_of_link));
    check(!heard->name || (*heard->name && strlen(heard->name) < IFNAMSIZ));
    check(heard->event != MONITOR_WAY || heard->to.family == AF_INET || heard->to.family == AF_INET6);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct monitor *monitor;

    if (!monitor)
        check(monitor_open(&monitor) == 0);
    kernel_says(data, size);
    monitor_read(monitor, 0, hear, NULL);
    kernel_show();
    return 0;
}
