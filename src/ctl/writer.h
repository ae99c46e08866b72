/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One description of what is to be shown, for people or as JSON (RFC 8259): a verb says what there is, a writer how it looks.
 * Only prints; nothing here reads JSON. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/macro.h"

/* name: the key in an object; NULL in an array. Text is UTF-8; what is not becomes U+FFFD. */
struct json {
    FILE *out;
    unsigned depth;
    bool first; /* in its object or array */
    bool lines; /* all in one line: for what is printed one after the other */
};

void json_begin(struct json *json, const char *name, char bracket);    /* '{' or '[' */
void json_end(struct json *json, char bracket);                        /* '}' or ']'; a newline after the outermost */
void json_text(struct json *json, const char *name, const char *text); /* NULL: null */
void json_number(struct json *json, const char *name, uint64_t number);
void json_bool(struct json *json, const char *name, bool value);

/* A text that may have bytes of 0. */
void json_bytes(struct json *json, const char *name, const char *text, size_t size);
