/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The word that was probably meant. */
#pragma once

#include <stddef.h>

/* The nearest of them; NULL if none is near, or two are as near. get: the i-th word, NULL behind the last. */
const char *suggest(const char *word, const char *(*get)(size_t i, void *userdata), void *userdata);
