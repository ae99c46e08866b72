/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How one tunnel is told, in brief. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ctl/tunnels.h"
#include "model/state.h"

enum colour state_colour(const char *state)
{
    if (!strcmp(state, state_name(STATE_UP)))
        return COLOUR_GOOD;
    if (!strcmp(state, state_name(STATE_DOWN)))
        return COLOUR_FAINT;
    return !strcmp(state, state_name(STATE_WAITING)) || !strcmp(state, state_name(STATE_CHANGING)) ? COLOUR_PENDING : COLOUR_BAD;
}

void row_tell(const char *name, const struct row *row)
{
    fputs("tunnelctl: ", stderr);
    text_put(name, stderr);
    if (!row) {
        fputs(" is not there: no file speaks of it\n", stderr);
        return;
    }
    fputs(" is ", stderr);
    text_put(row->state, stderr);
    fputs(*row->message ? ": " : "", stderr);
    text_put(row->message, stderr);
    fputc('\n', stderr);
}

char *row_join_addresses(const struct row *row)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    for (char **address = row->inner_addresses; address && *address; address++)
        fprintf(out, "%s%s", address == row->inner_addresses ? "" : ", ", *address);
    return text_end(out, &text) < 0 ? NULL : text;
}

char *row_join_keys(const struct row *row)
{
    const char *in = row->input_key, *out = row->output_key;
    char *text;

    if (!strcmp(in, out))
        return strdup(in);
    return asprintf(&text, "%s in, %s out", *in ? in : "none", *out ? out : "none") < 0 ? NULL : text;
}

static void put_text(struct json *json, const char *name, const char *text)
{
    json_text(json, name, *text ? text : NULL);
}

void row_put_json(struct json *json, const struct row *row, bool brief)
{
    json_text(json, "name", row->name);
    put_text(json, "kind", row->kind);
    put_text(json, "file", row->file);
    json_text(json, "state", row->state);
    put_text(json, "reason", row->reason);
    put_text(json, "message", row->message);
    json_number(json, "errno", row->error < 0 ? 0 : (uint64_t)row->error);
    json_number(json, "since_us", row->since);
    put_text(json, "override", row->override);
    if (brief)
        return;
    put_text(json, "local", row->local);
    put_text(json, "remote", row->remote);
    put_text(json, "input_key", row->input_key);
    put_text(json, "output_key", row->output_key);
    json_begin(json, "inner_addresses", '[');
    for (char **address = row->inner_addresses; address && *address; address++)
        json_text(json, NULL, *address);
    json_end(json, ']');
}
