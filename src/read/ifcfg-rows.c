/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One ifcfg file being read: its assignments by key, problems with the user's own key and value, and rows. */
#include "read/ifcfg-rows.h"

#include <errno.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"
#include "read/kinds.h"

const struct assignment *reading_get(const struct reading *reading, const char *name)
{
    const struct assignment *found = assignments_get(&reading->assignments, name);

    return found && *found->value ? found : NULL;
}

static struct place place_of(const struct reading *reading, const struct assignment *assignment, bool value)
{
    if (!assignment)
        return (struct place){ reading->input->file.path, 0, 0 };
    return (struct place){ assignment->file, assignment->line, value ? assignment->value_column : assignment->column };
}

void reading_warn(struct reading *reading, const struct assignment *assignment, const char *why)
{
    _cleanup_free_ char *value = assignment ? text_printable(assignment->value) : NULL;

    if (assignment)
        problems_add(reading->problems, SEVERITY_WARNING, place_of(reading, assignment, false), "%s=%s: %s", assignment->name, value ? value : "?", why);
    else
        problems_add(reading->problems, SEVERITY_WARNING, place_of(reading, NULL, false), "%s", why);
}

void reading_fail(struct reading *reading, const struct assignment *assignment, const char *why)
{
    _cleanup_free_ char *value = assignment ? text_printable(assignment->value) : NULL;

    if (assignment)
        problems_add(reading->problems, SEVERITY_ERROR, place_of(reading, assignment, true), "%s=%s: %s", assignment->name, value ? value : "?", why);
    else
        problems_add(reading->problems, SEVERITY_ERROR, place_of(reading, NULL, false), "%s", why);
}

/* A boolean that is none is the default, as in network-scripts. */
static void reading_bad_value(struct reading *reading, const struct option *row, const struct assignment *assignment, const char *why)
{
    if (row->parse == option_bool)
        reading_warn(reading, assignment, "neither yes nor no; left out");
    else
        reading_fail(reading, assignment, why);
}

void reading_row(struct reading *reading, const struct option *row)
{
    uint32_t fields = tunnel_fields(reading->tunnel);
    const struct assignment *assignment = reading_get(reading, row->name);
    const char *why = "";
    int r;

    if (!assignment)
        return;
    if (row->fields && !(fields & row->fields)) {
        if (row->parse == option_key && (reading->tunnel->kind == KIND_IPIP || reading->tunnel->kind == KIND_SIT))
            reading_fail(reading, assignment, "there is no key on this kind of tunnel"); /* nor did ip(8) make one */
        else
            reading_warn(reading, assignment, kinds_no_meaning(reading->tunnel, row->fields));
        return;
    }
    r = row->parse(row, assignment->value, reading->tunnel, &why);
    if (r == -ENOMEM)
        reading->out_of_memory = true;
    else if (r < 0)
        reading_bad_value(reading, row, assignment, why);
    else
        reading->tunnel->stated |= row->fields & fields;
}
