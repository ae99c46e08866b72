/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that many hold and nobody changes, such as the paths of files: each is in memory once. Not for several threads. */
#pragma once

/* The same text; it lives until each who got it has dropped it. NULL when out of memory. */
const char *shared_get(const char *text);

/* NULL is fine, and is what it returns. */
const char *shared_drop(const char *text);
