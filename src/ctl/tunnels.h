/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the daemon says of all its tunnels, in brief. */
#pragma once

#include <systemd/sd-bus.h>

#include "base/macro.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "ctl/writer.h"
#include "model/state.h"

/* Texts lie in the daemon's answer, and are "" where it says nothing. */
struct row {
    const char *path; /* of its object */
    const char *name, *kind, *file;
    const char *state, *reason, *message;
    const char *override; /* "up", "down": what an operator asked for */
    const char *local, *remote, *input_key, *output_key;
    char **inner_addresses; /* NULL behind the last; NULL: none */
    int error;              /* errno, positive */
    uint64_t since;         /* us since the epoch */
};

struct tunnels {
    struct row *items;
    size_t n;
    sd_bus_message *answer;
};

/* All zeroes is none. */
void tunnels_done(struct tunnels *tunnels);

/* Of the answer to ListTunnels. Negative errno. */
int tunnels_read(sd_bus_message *answer, struct tunnels *ret);

/* Asks for them. Negative errno. */
int tunnels_ask(sd_bus *bus, struct tunnels *ret);

const struct row *tunnels_find(const struct tunnels *tunnels, const char *name);

/* The name of the i-th, NULL behind the last; for suggest. */
const char *tunnels_name(size_t i, void *tunnels);

/* Reads a{sv} into the row; what is not there is left as it is. What is no property of a row goes to other, which returns 1 if it
 * read it, 0 if not; NULL: it is skipped. Negative errno. */
typedef int (*row_other_fn)(const char *name, sd_bus_message *message, void *userdata);
int row_read(struct row *row, sd_bus_message *message, row_other_fn other, void *userdata);

/* Those of sd_bus_message_read_strv; NULL: none. */
void texts_free(char **texts);

/* All texts are "". */
void row_init(struct row *row);
void row_done(struct row *row);

/* Is each up, or down on purpose? */
bool tunnels_are_well(const struct tunnels *tunnels);
size_t tunnels_count(const struct tunnels *tunnels, enum state state);

/* "tunnels": [ ... ], within an object. brief: as row_put_json has it. */
void tunnels_put_json(struct json *json, const struct tunnels *tunnels, bool brief);

/* What is said of it in JSON, within an object. brief: without what its file says of it. */
void row_put_json(struct json *json, const struct row *row, bool brief);

/* "tunnelctl: gre1 is waiting: for the device eth7" on stderr; NULL: nothing is known of it. */
void row_tell(const char *name, const struct row *row);

/* "10.0.0.1/30 peer 10.0.0.2/30, 2001:db8::1/64"; heap. NULL when out of memory. */
char *row_join_addresses(const struct row *row);

/* "5", "5 in, 7 out", "" for none; heap. NULL when out of memory. */
char *row_join_keys(const struct row *row);

enum colour state_colour(const char *state);

/* Neither up, nor down as it should be. */
bool state_is_well(const char *state);

/* "3 tunnels: 2 up, 1 waiting" */
void tunnels_put_summary(const struct tunnels *tunnels, FILE *out);
