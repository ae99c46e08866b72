/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What NetworkManager has no key for: the rows of [user], with the values of ifcfg files. */
#include "read/keyfile-user.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"
#include "read/kinds.h"

#define GROUP "user"
#define PREFIX "tunneld."
#define AT(member) offsetof(struct tunnel, member)

static const struct option rows[] = {
    { "tunneld.external", option_bool, FIELD_EXTERNAL, AT(external), 0, 0 }, /* first: it says which others count */
    { "tunneld.keepalive", option_keepalive, 0, 0, 0, 0 },
    { "tunneld.drift", option_drift, 0, 0, 0, 0 },
    { "tunneld.gre-flags", option_gre_flags, FIELD_IFLAGS | FIELD_OFLAGS, 0, 0, 0 },
    { "tunneld.multicast", option_bool, FIELD_MULTICAST, AT(multicast), 0, 0 },
    { "tunneld.fwmark", option_u32, FIELD_FWMARK, AT(fwmark), 0, UINT32_MAX },
    { "tunneld.ignore-df", option_bool, FIELD_IGNORE_DF, AT(ignore_df), 0, 0 },
    { "tunneld.encap", option_encap, FIELD_ENCAP, 0, 0, 0 },
    { "tunneld.encap-sport", option_port, FIELD_ENCAP, AT(encap.sport), 0, 0 },
    { "tunneld.encap-dport", option_port, FIELD_ENCAP, AT(encap.dport), 0, 0 },
    { "tunneld.encap-flags", option_encap_flags, FIELD_ENCAP, 0, 0, 0 },
    { "tunneld.erspan-version", option_u8, FIELD_ERSPAN, AT(erspan.version), 0, 2 },
    { "tunneld.erspan-index", option_u32, FIELD_ERSPAN, AT(erspan.index), 0, 0xfffff },
    { "tunneld.erspan-direction", option_erspan_direction, FIELD_ERSPAN, 0, 0, 0 },
    { "tunneld.erspan-hwid", option_u16, FIELD_ERSPAN, AT(erspan.hwid), 0, 63 },
};

/* Those that are no rows. */
static const char *const others[] = { "tunneld.onboot", "tunneld.manage", "tunneld.type" };

/* Without the blanks around it; NULL: there is none, or it is empty. */
static char *get_value(struct keyfile *keyfile, const char *name, const struct keyfile_entry **ret_entry)
{
    const struct keyfile_entry *entry = keyfile_get(keyfile, GROUP, name);
    char *value = entry ? keyfile_stripped(keyfile, entry->text) : NULL;

    *ret_entry = entry;
    if (value && *value)
        return value;
    free(value);
    return NULL;
}

bool keyfile_is_managed(struct keyfile *keyfile, bool *ret_said)
{
    const struct keyfile_entry *entry = keyfile_text_get(&keyfile->text, GROUP, "tunneld.manage");
    _cleanup_free_ char *value = entry && entry->text ? keyfile_stripped(keyfile, entry->text) : NULL;
    bool managed = false;

    *ret_said = entry && *entry->value;
    return value && text_parse_bool(value, &managed) >= 0 && managed;
}

void keyfile_check_manage(struct keyfile *keyfile)
{
    const struct keyfile_entry *entry;
    _cleanup_free_ char *value = get_value(keyfile, "tunneld.manage", &entry);
    bool managed;

    if (value && text_parse_bool(value, &managed) < 0)
        keyfile_warn(keyfile, entry, "neither yes nor no; no is taken");
}

enum kind keyfile_user_kind(struct keyfile *keyfile, enum kind kind)
{
    const struct keyfile_entry *entry;
    _cleanup_free_ char *type = get_value(keyfile, "tunneld.type", &entry);

    if (!type || !strcmp(type, kind_info(kind)->type))
        return kind;
    if (!strcmp(type, kind_info(KIND_ERSPAN)->type) && kind == KIND_GRETAP)
        return KIND_ERSPAN;
    if (!strcmp(type, kind_info(KIND_IP6ERSPAN)->type) && kind == KIND_IP6GRETAP)
        return KIND_IP6ERSPAN;
    keyfile_fail(keyfile, entry, "the types that mode does not say are ERSPAN with mode=10 and IP6ERSPAN with mode=11");
    return KIND_NONE;
}

static void read_row(struct keyfile *keyfile, const struct option *row)
{
    uint32_t fields = tunnel_fields(keyfile->tunnel);
    const struct keyfile_entry *entry;
    _cleanup_free_ char *value = get_value(keyfile, row->name, &entry);
    const char *why = "";
    int r;

    if (!value)
        return;
    if (row->fields && !(fields & row->fields)) {
        keyfile_warn(keyfile, entry, kinds_no_meaning(keyfile->tunnel, row->fields));
        return;
    }
    r = row->parse(row, value, keyfile->tunnel, &why);
    if (r == -ENOMEM)
        keyfile->out_of_memory = true;
    else if (r < 0 && row->parse == option_bool)
        keyfile_warn(keyfile, entry, "neither yes nor no; left out");
    else if (r < 0)
        keyfile_fail(keyfile, entry, why);
    else
        keyfile->tunnel->stated |= row->fields & fields;
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (!strcmp(rows[i].name, name))
            return true;
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        if (!strcmp(others[i], name))
            return true;
    return false;
}

/* The one that was probably meant: one slip away, two in a long name. */
static const char *find_near(const char *name)
{
    unsigned limit = strlen(name) >= strlen(PREFIX) + 8 ? 2 : 1, best = limit + 1;
    const char *near = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(rows) + ARRAY_SIZE(others); i++) {
        const char *known = i < ARRAY_SIZE(rows) ? rows[i].name : others[i - ARRAY_SIZE(rows)];
        unsigned distance = text_distance(name, known, limit);

        if (distance < best) {
            near = known;
            best = distance;
        }
    }
    return near;
}

static void warn_of_unknown(struct keyfile *keyfile)
{
    size_t n;
    const struct keyfile_entry *const *all = keyfile_text_all(&keyfile->text, GROUP, &n);

    for (size_t i = 0; i < n; i++) {
        const char *near;
        _cleanup_free_ char *why = NULL;

        if (strncmp(all[i]->name, PREFIX, strlen(PREFIX)) != 0 || is_known(all[i]->name))
            continue;
        near = find_near(all[i]->name);
        if (asprintf(&why, near ? "no key that is known; %s is" : "no key that is known%s", near ? near : "") < 0) {
            why = NULL;
            keyfile->out_of_memory = true;
        } else {
            keyfile_warn(keyfile, all[i], why);
        }
    }
}

static void read_onboot(struct keyfile *keyfile)
{
    const struct keyfile_entry *entry;
    _cleanup_free_ char *value = get_value(keyfile, "tunneld.onboot", &entry);
    bool onboot;

    if (!value)
        return;
    if (text_parse_bool(value, &onboot) < 0)
        keyfile_warn(keyfile, entry, "neither yes nor no; autoconnect holds");
    else
        keyfile->tunnel->presence = onboot ? PRESENCE_MUST : PRESENCE_MAY;
}

void keyfile_read_user(struct keyfile *keyfile)
{
    struct tunnel *tunnel = keyfile->tunnel;

    keyfile_check_manage(keyfile);
    read_onboot(keyfile);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        read_row(keyfile, &rows[i]);
    if (tunnel->keepalive)
        keyfile_note(keyfile, keyfile_text_get(&keyfile->text, GROUP, "tunneld.keepalive"), "keepalives are not sent in this version of tunneld");
    if (tunnel->ignore_df && tunnel->pmtudisc)
        keyfile_fail(keyfile, keyfile_text_get(&keyfile->text, GROUP, "tunneld.ignore-df"), "only with path-mtu-discovery=false");
    warn_of_unknown(keyfile);
}
