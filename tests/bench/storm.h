/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trouble at a steady rate, for who must put it right: links, addresses and routes go, links go down, files are edited. */
#pragma once

struct rtnetlink;

/* Of tunnels 1 to N, whose files are in DIRECTORY: RATE events a second, or as many as it can. Prints what it did. 0, or 1. */
int storm(struct rtnetlink *rtnetlink, const char *directory, unsigned n, unsigned rate, unsigned seconds);
