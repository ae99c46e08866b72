/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Per-link settings below /proc/sys/net. */
#pragma once

#include <stdbool.h>

/* Only for a link whose existence has been read back. -ENOENT: no such link, or a kernel without IPv6. */
int sysctl_set_ipv6(const char *link, bool on);
