/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until the kernel, or a process, is as told, and prints how long that took. Looks seldom enough to cost nearly nothing. */
#pragma once

#include <stdbool.h>

struct rtnetlink;
struct timeval;

/* Of the clock that bash's EPOCHREALTIME has. */
double now_seconds(void);
double milliseconds(const struct timeval *time);

/* False if the words are none of its verbs; see the usage in floor.c. */
bool await(struct rtnetlink *rtnetlink, int argc, char **argv);
