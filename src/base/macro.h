/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small language helpers: scoped cleanup, moving a pointer out, array length. */
#pragma once

#include <stddef.h>
#include <stdlib.h>

/* An enumeration in as few bytes as it needs: for fields of what there are thousands of. */
#define SMALL __attribute__((packed))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define _cleanup_(function) __attribute__((cleanup(function)))

/* Makes FUNCTIONp, which calls FUNCTION on what the variable points to when it goes out of scope. */
#define DEFINE_CLEANUP(type, function)                                                                                                                         \
    static inline void function##p(type *p)                                                                                                                    \
    {                                                                                                                                                          \
        if (*p)                                                                                                                                                \
            function(*p);                                                                                                                                      \
    }

static inline void freep(void *p)
{
    free(*(void **)p);
}
#define _cleanup_free_ _cleanup_(freep)

/* Hands the pointer on: the variable is NULL afterwards. */
#define steal_pointer(p)                                                                                                                                       \
    ({                                                                                                                                                         \
        __typeof__(*(p)) *_from = (p);                                                                                                                         \
        __typeof__(*(p)) _value = *_from;                                                                                                                      \
        *_from = NULL;                                                                                                                                         \
        _value;                                                                                                                                                \
    })
