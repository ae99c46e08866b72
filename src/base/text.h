/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strict text to value: the whole text must be the value, or nothing is written. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* y yes t true on 1 / n no f false off 0, in any letter case, as initscripts' is_true and is_false
 * take them. -EINVAL if it is neither. */
int text_parse_bool(const char *text, bool *ret);

/* Decimal, or hexadecimal behind 0x; no sign, no blanks, no leading zero (octal or decimal?).
 * -EINVAL: no number. -EDOM: a leading zero. -ERANGE: outside min..max. */
int text_parse_u32(const char *text, uint32_t min, uint32_t max, uint32_t *ret);

/* The four numbers of a dotted quad, as one number, the first in the highest byte.
 * -EINVAL: not four numbers. -EDOM: a leading zero. -ERANGE: a number over 255. */
int text_parse_quad(const char *text, uint32_t *ret);

/* A tunnel's key: a number, a dotted quad, or a word (it begins with an ASCII letter), whose key is its
 * CRC. Errors as above. */
int text_parse_key(const char *text, uint32_t *ret);

/* The CRC that cksum(1) prints (POSIX.1-2017, XCU cksum: the length counts too). */
uint32_t text_cksum(const void *data, size_t size);

/* What is wrong with a number, for one of the errors above: "is no number", ... Never NULL. */
const char *text_number_error(int error);

/* Edit distance with transpositions (optimal string alignment), looked for up to limit only: anything
 * over it gives limit + 1. */
unsigned text_distance(const char *a, const char *b, unsigned limit);

/* NULL is a text of its own. */
bool text_same(const char *a, const char *b);

/* UTF-8 without anything that would do more to a terminal than show. */
bool text_is_plain(const char *text);

bool text_is_utf8(const char *text, size_t size);

/* A printable copy, at most about 60 bytes: control characters and broken UTF-8 as \xNN, what is longer
 * cut with "...". Heap; NULL when out of memory. */
char *text_printable(const char *text);

/* The same of the whole. Every name of a file goes through it before it is shown: it can hold anything. */
char *text_escape(const char *text);
void text_put(const char *text, FILE *out);

/* A word as a shell takes it: in quotes where it needs them. */
void text_put_quoted(const char *word, FILE *out);

/* Ends what open_memstream began: *text is the whole of it, to be freed. -ENOMEM: it is not, and *text is NULL; also with NULL for
 * out. fclose alone says nothing where memory ran out at the last moment (glibc's libio/memstream.c, _IO_mem_finish). */
int text_end(FILE *out, char **text);
