/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of words, and the values that the arguments of ip(8) take. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/address.h"
#include "read/names.h"

struct word {
    const char *text;
    unsigned line, column; /* both from 1 */
};

/* A text being read: blanks part words, '#' where a word begins starts a comment, a backslash before the end of
 * a line joins it to the next, a byte order mark and the CR of a CRLF are blanks. */
struct words {
    char *text; /* a copy, cut into words */
    size_t size, at;
    unsigned line;
    struct word *items; /* of the current line */
    size_t n, room;
    size_t next;               /* the word that is read next */
    const struct names *names; /* that its values may use; NULL: none */

    const char *why;          /* of an error, static or in buffer */
    const struct word *fault; /* where it is */
    char buffer[128];
    char joined[96]; /* room for a word that a reader makes of two */
    bool dos;        /* it has CRLF line ends or a byte order mark */
};

/* -ENOMEM. */
int words_init(struct words *words, const char *text, size_t size, const struct names *names);
void words_done(struct words *words);

/* The next line that has words. 0 at the end, -ENOMEM. */
int words_line(struct words *words);

/* The next word of the line, and past it; NULL at its end. */
const struct word *words_take(struct words *words);
const struct word *words_peek(const struct words *words);

/* Notes what is wrong with a word. Returns -EINVAL. */
int words_fail(struct words *words, const struct word *word, const char *why);

/* Is it this keyword, or at least so much of its beginning? */
bool word_is(const struct word *word, const char *keyword, size_t least);

/* Each takes the next word as a value for the keyword before it. -EINVAL: see why and fault. */
int words_text(struct words *words, const struct word **ret);
int words_u32(struct words *words, uint32_t min, uint32_t max, uint32_t *ret);
int words_tos(struct words *words, uint8_t *ret);
int words_named(struct words *words, enum names_of of, const char *what, uint32_t *ret);
int words_address(struct words *words, uint8_t family, struct address *ret); /* family AF_UNSPEC: either */
int words_device(struct words *words, char *ret);                            /* room for IFNAMSIZ bytes */

/* "ADDRESS[/LENGTH]", "default", "any", "all", and the short IPv4 forms that ip(8) takes before a length. */
int words_prefix(struct words *words, uint8_t family, struct address *ret, uint8_t *ret_prefix);

/* The same of a rule, where the kernel does not mind bits behind the length. */
int words_selector(struct words *words, uint8_t family, struct address *ret, uint8_t *ret_prefix);

/* "REALM" or "SOURCE/DESTINATION": source << 16 | destination. */
int words_realms(struct words *words, uint32_t *ret);
