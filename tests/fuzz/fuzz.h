/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the targets share. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "write/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define check(good) check_at(good, #good, __FILE__, __LINE__)

static inline void check_at(bool good, const char *text, const char *file, int line)
{
    if (good)
        return;
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, text);
    abort();
}

/* What explain says of it, heap. */
static inline char *tell(const struct tunnel *tunnel)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    check(out);
    explain_tunnel(tunnel, out);
    explain_rules(tunnel, out);
    check(fclose(out) == 0);
    return text;
}

/* Cuts the next part off, which ends before the separator or with the text. */
static inline bool cut(const char **text, size_t *size, char separator, const char **ret, size_t *ret_size)
{
    const char *end = *text ? memchr(*text, separator, *size) : NULL;

    if (!*text)
        return false;
    *ret = *text;
    *ret_size = end ? (size_t)(end - *text) : *size;
    *size -= end ? *ret_size + 1 : *ret_size;
    *text = end ? end + 1 : NULL;
    return true;
}
