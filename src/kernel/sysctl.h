/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Per-link settings below /proc/sys/net. */
#pragma once

#include "model/tunnel.h"

/* Only for a link whose existence has been read back. -ENOENT: no such link, or a kernel without IPv6. */
int sysctl_set_ipv6(const char *link, bool on);
int sysctl_set_conf(const char *link, enum conf conf, uint8_t value);
