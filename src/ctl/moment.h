/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Points of time and spans, for people. */
#pragma once

#include <stdint.h>
#include <stdio.h>

/* us since the epoch */
uint64_t moment_now(void);

/* "2026-11-21 16:42:07", the local time. */
void moment_put(uint64_t time, FILE *out);

/* "3 days 4 h", "5 min 12 s", "0 s": the two largest parts. */
void moment_put_span(uint64_t us, FILE *out);
