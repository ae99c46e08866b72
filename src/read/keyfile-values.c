/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values and problems of one keyfile. Never knows what a key is for. */
#include "read/keyfile-values.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"

static const char blanks[] = " \t\n\f\r"; /* g_ascii_isspace */

static void tell(struct keyfile *keyfile, enum severity severity, const struct keyfile_entry *entry, const char *why)
{
    _cleanup_free_ char *value = entry ? text_printable(entry->value) : NULL, *name = entry ? text_printable(entry->name) : NULL;
    struct place place = { keyfile->input->path, 0, 0 };

    if (!entry) {
        problems_add(keyfile->problems, severity, place, "%s", why);
        return;
    }
    place.line = entry->line;
    place.column = severity == SEVERITY_ERROR ? entry->value_column : entry->column;
    problems_add(keyfile->problems, severity, place, "%s=%s: %s", name ? name : "?", value ? value : "?", why);
}

void keyfile_note(struct keyfile *keyfile, const struct keyfile_entry *entry, const char *why)
{
    tell(keyfile, SEVERITY_NOTE, entry, why);
}

void keyfile_warn(struct keyfile *keyfile, const struct keyfile_entry *entry, const char *why)
{
    tell(keyfile, SEVERITY_WARNING, entry, why);
}

void keyfile_fail(struct keyfile *keyfile, const struct keyfile_entry *entry, const char *why)
{
    tell(keyfile, SEVERITY_ERROR, entry, why);
}

void keyfile_reject(struct keyfile *keyfile, const struct keyfile_entry *entry, const char *why)
{
    keyfile->rejected = true;
    tell(keyfile, SEVERITY_ERROR, entry, why);
}

const struct keyfile_entry *keyfile_get(struct keyfile *keyfile, const char *group, const char *name)
{
    const struct keyfile_entry *entry = keyfile_text_get(&keyfile->text, group, name);

    if (!entry || entry->text)
        return entry;
    keyfile_warn(keyfile, entry, entry->why);
    return NULL;
}

int keyfile_parse_number(const char *value, int64_t min, int64_t max, int64_t *ret)
{
    bool negative;
    unsigned long long number;
    int64_t signed_number;
    char *end;

    value += strspn(value, blanks);
    negative = *value == '-';
    if (*value == '-' || *value == '+')
        value++;
    if (!isdigit((unsigned char)*value) || (*value == '0' && (value[1] == 'b' || value[1] == 'B'))) /* newer C libraries read binary numbers */
        return -EINVAL;
    errno = 0;
    number = strtoull(value, &end, 0);
    if (end[strspn(end, blanks)])
        return -EINVAL;
    if (errno || number > INT64_MAX)
        return -ERANGE;
    signed_number = negative ? -(int64_t)number : (int64_t)number;
    if (signed_number < min || signed_number > max)
        return -ERANGE;
    *ret = signed_number;
    return 0;
}

const struct keyfile_entry *keyfile_get_number(struct keyfile *keyfile, const char *group, const char *name, int64_t min, int64_t max, int64_t *ret)
{
    const struct keyfile_entry *entry = keyfile_text_get(&keyfile->text, group, name);
    int r = entry ? keyfile_parse_number(entry->value, min, max, ret) : 0;

    if (r >= 0)
        return entry;
    keyfile_warn(keyfile, entry, r == -ERANGE ? "out of range; the default holds, as in NetworkManager" : "no number; the default holds, as in NetworkManager");
    return NULL;
}

char *keyfile_stripped(struct keyfile *keyfile, const char *value)
{
    size_t size;
    char *copy;

    value += strspn(value, blanks);
    for (size = strlen(value); size && strchr(blanks, value[size - 1]); size--)
        ;
    copy = strndup(value, size);
    if (!copy)
        keyfile->out_of_memory = true;
    return copy;
}

const struct keyfile_entry *keyfile_get_bool(struct keyfile *keyfile, const char *group, const char *name, bool *ret)
{
    const struct keyfile_entry *entry = keyfile_text_get(&keyfile->text, group, name);
    _cleanup_free_ char *value = entry ? keyfile_stripped(keyfile, entry->value) : NULL;

    if (!value)
        return NULL;
    if (!strcmp(value, "true") || !strcmp(value, "1"))
        *ret = true;
    else if (!strcmp(value, "false") || !strcmp(value, "0"))
        *ret = false;
    else {
        keyfile_warn(keyfile, entry, "neither true nor false (nor 1 nor 0); the default holds, as in NetworkManager");
        return NULL;
    }
    return entry;
}

bool keyfile_parse_uuid(const char *text, char ret[static 37])
{
    if (strlen(text) != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    for (size_t i = 0; i < 37; i++)
        ret[i] = (char)tolower((unsigned char)text[i]);
    return true;
}

void keyfile_read_interface(struct keyfile *keyfile, const struct keyfile_entry *entry, char name[static IFNAMSIZ], struct keyfile_reference *reference)
{
    const char *why;

    if (keyfile_parse_uuid(entry->text, reference->uuid)) {
        reference->line = entry->line;
        reference->column = entry->value_column;
    } else if (!*entry->text)
        keyfile_reject(keyfile, entry, "empty: neither the name of an interface nor the UUID of a profile");
    else if (tunnel_check_name(entry->text, &why) < 0)
        keyfile_reject(keyfile, entry, why);
    else if (!strcmp(entry->text, keyfile->tunnel->name))
        keyfile_fail(keyfile, entry, "the tunnel itself");
    else
        strcpy(name, entry->text);
}
