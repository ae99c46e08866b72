/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of ifcfg files: which are tunnels, and Red Hat's rows; SUSE's are in suse.c. Never opens a file; inner
 * addresses and IPv6 are in ifcfg-inner.c, the keys that are not rows in ifcfg-keys.c, what all three use in ifcfg-rows.c. */
#include "read/ifcfg.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/macro.h"
#include "base/shared.h"
#include "base/text.h"
#include "model/marks.h"
#include "read/defaults.h"
#include "read/ifcfg-alias.h"
#include "read/ifcfg-ends.h"
#include "read/ifcfg-inner.h"
#include "read/ifcfg-ipv6.h"
#include "read/ifcfg-keys.h"
#include "read/ifcfg-kinds.h"
#include "read/ifcfg-neighbour.h"
#include "read/ifcfg-rows.h"
#include "read/listing.h"
#include "read/option.h"
#include "read/suse.h"

/* In this order, so that what is more special comes later. */
static const struct option rows[] = {
    { "TUNNEL_EXTERNAL", option_bool, FIELD_EXTERNAL, offsetof(struct tunnel, external), 0, 0 }, /* first: it says which others count */
    { "MY_OUTER_IPADDR", option_outer, FIELD_LOCAL, offsetof(struct tunnel, local), 0, 0 },
    { "PEER_OUTER_IPADDR", option_outer, FIELD_REMOTE, offsetof(struct tunnel, remote), 0, 0 },
    { "TUNNEL_DEVICE", option_lower, FIELD_LOWER, 0, 0, 0 },
    { "KEY", option_key, FIELDS_KEY, 0, 0, 0 },
    { "TUNNEL_GRE_IKEY", option_key, FIELD_IKEY | FIELD_IFLAGS, 0, 0, 0 },
    { "TUNNEL_GRE_OKEY", option_key, FIELD_OKEY | FIELD_OFLAGS, 0, 0, 0 },
    { "TUNNEL_GRE_FLAGS", option_gre_flags, FIELD_IFLAGS | FIELD_OFLAGS, 0, 0, 0 },
    { "TTL", option_ttl, FIELD_TTL, 0, 0, 0 },
    { "TUNNEL_TOS", option_tos, FIELD_TOS | FIELD_FLOWINFO | FIELD_IP6_FLAGS, 0, 0, 0 },
    { "TUNNEL_FLOWLABEL", option_flow_label, FIELD_FLOWINFO | FIELD_IP6_FLAGS, 0, 0, 0 },
    { "TUNNEL_ENCAP_LIMIT", option_encap_limit, FIELD_ENCAP_LIMIT | FIELD_IP6_FLAGS, 0, 0, 0 },
    { "TUNNEL_PMTUDISC", option_bool, FIELD_PMTUDISC, offsetof(struct tunnel, pmtudisc), 0, 0 },
    { "TUNNEL_IGNORE_DF", option_bool, FIELD_IGNORE_DF, offsetof(struct tunnel, ignore_df), 0, 0 },
    { "TUNNEL_FWMARK", option_u32, FIELD_FWMARK, offsetof(struct tunnel, fwmark), 0, UINT32_MAX },
    { "TUNNEL_ENCAP", option_encap, FIELD_ENCAP, 0, 0, 0 },
    { "TUNNEL_ENCAP_SPORT", option_port, FIELD_ENCAP, offsetof(struct tunnel, encap.sport), 0, 0 },
    { "TUNNEL_ENCAP_DPORT", option_port, FIELD_ENCAP, offsetof(struct tunnel, encap.dport), 0, 0 },
    { "TUNNEL_ENCAP_FLAGS", option_encap_flags, FIELD_ENCAP, 0, 0, 0 },
    { "TUNNEL_ERSPAN_VERSION", option_u8, FIELD_ERSPAN, offsetof(struct tunnel, erspan.version), 0, 2 },
    { "TUNNEL_ERSPAN_INDEX", option_u32, FIELD_ERSPAN, offsetof(struct tunnel, erspan.index), 0, 0xfffff },
    { "TUNNEL_ERSPAN_DIRECTION", option_erspan_direction, FIELD_ERSPAN, 0, 0, 0 },
    { "TUNNEL_ERSPAN_HWID", option_u16, FIELD_ERSPAN, offsetof(struct tunnel, erspan.hwid), 0, 63 },
    { "MTU", option_u32, FIELD_MTU, offsetof(struct tunnel, mtu), 68, 65535 },
    { "MULTICAST", option_bool, FIELD_MULTICAST, offsetof(struct tunnel, multicast), 0, 0 },
    { "KEEPALIVE", option_keepalive, 0, 0, 0, 0 },
    { "DRIFT", option_drift, 0, 0, 0, 0 },
    { "ZONE", option_zone, 0, 0, 0, 0 },
};

/* Those of ifup-sit, in place of MY_OUTER_IPADDR and PEER_OUTER_IPADDR. */
static const struct option sit_local = { "IPV6TUNNELIPV4LOCAL", option_outer, FIELD_LOCAL, offsetof(struct tunnel, local), 0, 0 };
static const struct option sit_remote = { "IPV6TUNNELIPV4", option_outer, FIELD_REMOTE, offsetof(struct tunnel, remote), 0, 0 };

static bool ends_with(const char *name, const char *ending)
{
    size_t size = strlen(name), ending_size = strlen(ending);

    return size >= ending_size && !strcasecmp(name + size - ending_size, ending);
}

/* rpm's temporary name: NAME;XXXXXXXX */
static bool is_rpm_temporary(const char *name)
{
    const char *semicolon = strrchr(name, ';');

    return semicolon && strlen(semicolon) == 9 && semicolon[1 + strspn(semicolon + 1, "0123456789abcdefABCDEF")] == 0;
}

static bool is_left_aside(const char *name)
{
    /* the union of what initscripts, NetworkManager, wicked and package managers leave aside */
    static const char *const endings[] = {
        "~", ".bak", ".old", ".orig", ".rej", ".rpmnew", ".rpmorig", ".rpmsave", ".augnew", ".augtmp", ".scpmbackup", ".swp", ".swx", ".tmp",
    };

    for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
        if (ends_with(name, endings[i]))
            return true;
    for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.'))
        if (!strncasecmp(dot, ".dpkg-", 6) && !strchr(dot + 1, '.'))
            return true;
    return is_rpm_temporary(name);
}

bool ifcfg_name_counts(const char *name)
{
    return !strncmp(name, "ifcfg-", 6) && name[6] && strcmp(name, "ifcfg-lo") != 0 && !listing_alias(name) && !is_left_aside(name);
}

bool ifcfg_name_is_alias(const char *name)
{
    return listing_alias(name) > 6 && !is_left_aside(name);
}

enum ifcfg_place ifcfg_place_of(const char *path)
{
    if (!strcmp(path, NETWORK_SCRIPTS_PATH))
        return IFCFG_PLACE_RED_HAT;
    return strcmp(path, NETWORK_PATH) ? IFCFG_PLACE_EITHER : IFCFG_PLACE_SUSE;
}

static bool has_ending(const char *name, const char *const endings[], size_t n)
{
    size_t size = strlen(name);

    for (size_t i = 0; i < n; i++)
        if (size >= strlen(endings[i]) && !strcmp(name + size - strlen(endings[i]), endings[i]))
            return true;
    return false;
}

const char *ifcfg_counted_by(const char *path)
{
    /* what its sed expression drops, in this letter case only; names with a colon are aliases there too */
    static const char *const dropped[] = { "~", ".bak", ".old", ".orig", ".rpmnew", ".rpmorig", ".rpmsave" };
    static const char *const dropped_by_wicked[] = { "~", ".bak", ".old", ".orig", ".rpmnew", ".rpmorig", ".rpmsave", ".scpmbackup" };
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *why;
    _cleanup_free_ char *directory = strndup(path, slash ? (size_t)(slash - path) : 0);

    if (ifcfg_name_counts(name) || strncmp(name, "ifcfg-", 6) || !name[6] || !strcmp(name, "ifcfg-lo") || strchr(name, ':'))
        return NULL;
    if (directory && ifcfg_place_of(directory) == IFCFG_PLACE_SUSE)
        return tunnel_check_name(name + 6, &why) < 0 || has_ending(name, dropped_by_wicked, ARRAY_SIZE(dropped_by_wicked)) ? NULL : "wicked";
    return strstr(name + 6, "-range") || has_ending(name, dropped, ARRAY_SIZE(dropped)) ? NULL : "network-scripts";
}

static enum kind kind_of_type(const char *type)
{
    if (!strcmp(type, "sit")) /* the only one that also counts in lower case */
        return KIND_SIT;
    for (enum kind kind = KIND_NONE + 1; kind < KIND_MAX; kind++)
        if (!strcmp(type, kind_info(kind)->type))
            return kind;
    return KIND_NONE;
}

/* TYPEs that network-scripts sends to some other script, whatever DEVICETYPE or DEVICE say. */
static bool is_other_type(const char *type)
{
    static const char *const others[] = {
        "Ethernet", "Wireless", "Bridge", "Bond", "Team", "TeamPort", "Vlan",  "InfiniBand", "infiniband", "IPSEC",
        "CIPE",     "CTC",      "CLIP",   "ADSL", "xDSL", "ISDN",     "Modem", "TOKENRING",  "Token Ring",
    };

    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        if (!strcmp(type, others[i]))
            return true;
    return !strncmp(type, "OVS", 3);
}

/* Which ifup-* script network-scripts would run where TYPE does not say: DEVICETYPE, else DEVICE without its
 * number. */
static bool script_is(const struct reading *reading, const char *script)
{
    const struct assignment *type = reading_get(reading, "DEVICETYPE"), *device = reading_get(reading, "DEVICE");
    size_t size;

    if (type)
        return !strcmp(type->value, script);
    if (!device)
        return false;
    size = strlen(device->value);
    while (size && isdigit((unsigned char)device->value[size - 1]))
        size--;
    return size == strlen(script) && !memcmp(device->value, script, size);
}

static enum kind dispatch(const struct reading *reading)
{
    const struct assignment *type = reading_get(reading, "TYPE");
    enum kind kind = type ? kind_of_type(type->value) : KIND_NONE;

    if (kind == KIND_EXTERNAL)
        return script_is(reading, "tunnel") ? kind : KIND_NONE;
    if (kind != KIND_NONE)
        return kind;
    if (type && is_other_type(type->value))
        return KIND_NONE;
    return script_is(reading, "sit") ? KIND_SIT : KIND_NONE;
}

static const char *near_type(const char *type)
{
    for (enum kind kind = KIND_NONE + 1; kind < KIND_MAX; kind++)
        if (!strcasecmp(type, kind_info(kind)->type))
            return kind_info(kind)->type;
    return NULL;
}

static const char *no_type(void)
{
    static char why[320];

    snprintf(why, sizeof(why), "not one of the types of tunnels (%s): this is none", kinds_list());
    return why;
}

/* Is it nearly a tunnel? Then *ret_assignment is what says so. */
static const char *near_miss(struct reading *reading, const struct assignment **ret_assignment)
{
    const struct assignment *type = reading_get(reading, "TYPE");

    *ret_assignment = type;
    if (type && !strcmp(type->value, "EXTERNAL"))
        return "this is a tunnel only with DEVICETYPE=tunnel beside it";
    if (type && near_type(type->value))
        return "letter case counts in TYPE: as it stands, this is no tunnel";
    if (type)
        return is_other_type(type->value) || !script_is(reading, "tunnel") ? NULL : no_type();
    *ret_assignment = reading_get(reading, "TUNNEL");
    if (*ret_assignment)
        return "this is how SUSE says it; with TYPE, DEVICE, MY_OUTER_IPADDR and PEER_OUTER_IPADDR it would be a tunnel";
    *ret_assignment = reading_get(reading, "IPV6TUNNELIPV4");
    if (*ret_assignment)
        return "without TYPE=SIT this is no tunnel";
    *ret_assignment = reading_get(reading, "PEER_OUTER_IPADDR");
    return *ret_assignment ? "without TYPE (GRE, IPIP, ...) this is no tunnel" : NULL;
}

/* In a file that cannot be read to its end, whatever part of it that is: a word that only tunnels have. */
static bool speaks_of_tunnels(const struct ifcfg_text *file)
{
    static const char *const words[] = { "_OUTER_IPADDR", "_INNER_IPADDR", "IPV6TUNNELIPV4", "TUNNEL_LOCAL_IPADDR", "TUNNEL_REMOTE_IPADDR" };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (memmem(file->text, file->size, words[i], strlen(words[i])))
            return true;
    return false;
}

/* Ignored by network-scripts too where no script brings it up; told here since the kernel keeps the name. */
static bool has_reserved_name(struct reading *reading, const struct assignment *device, const char *name)
{
    if (!strcmp(name, "tun6to4")) { /* network-scripts makes it for IPV6TO4INIT in another file */
        reading_warn(reading, device, "the name of the 6to4 device, which tunneld leaves alone");
        return true;
    }
    if (!kind_reserves_name(name))
        return false;
    reading_warn(reading, device, "a name that the kernel keeps for a device of its own; choose another");
    return true;
}

static void check_name(struct reading *reading, const char *name)
{
    const struct assignment *device = reading_get(reading, "DEVICE");
    const char *why;

    if (!device)
        reading_warn(reading, NULL, "no DEVICE; the name of the file is taken");
    if (tunnel_check_name(name, &why) < 0)
        reading_fail(reading, device, why);
}

static const struct option *row_of(const char *name)
{
    const struct option *row = rows;

    while (strcmp(row->name, name) != 0)
        row++;
    return row;
}

/* MY_OUTER and PEER_OUTER stand in where ifup-sit's own keys are missing. */
static void read_sit_ends(struct reading *reading)
{
    const struct option *ends[] = { &sit_local, &sit_remote }, *stand_ins[] = { row_of("MY_OUTER_IPADDR"), row_of("PEER_OUTER_IPADDR") };

    for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
        const struct assignment *stand_in = reading_get(reading, stand_ins[i]->name);

        if (reading_get(reading, ends[i]->name)) {
            reading_row(reading, ends[i]);
            if (stand_in)
                reading_warn(reading, stand_in, "of no effect beside IPV6TUNNELIPV4 and IPV6TUNNELIPV4LOCAL");
        } else if (stand_in) {
            reading_warn(reading, stand_in, "network-scripts reads IPV6TUNNELIPV4 and IPV6TUNNELIPV4LOCAL here; taken all the same");
            reading_row(reading, stand_ins[i]);
        }
    }
    if (!reading_get(reading, "IPV6TUNNELIPV4") && !reading_get(reading, "PEER_OUTER_IPADDR"))
        reading_fail(reading, NULL, "IPV6TUNNELIPV4 is missing: a sit tunnel needs its peer");
}

static void read_rows(struct reading *reading)
{
    bool sit = reading->tunnel->kind == KIND_SIT;

    if (sit)
        read_sit_ends(reading);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (!sit || !(rows[i].fields & (FIELD_LOCAL | FIELD_REMOTE)))
            reading_row(reading, &rows[i]);
    reading_controller(reading);
}

static int compare_problems(const void *a, const void *b)
{
    const struct problem *left = a, *right = b;

    return (left->line > right->line) - (left->line < right->line);
}

static void read_red_hat(struct reading *reading, const char *name, struct problems *asides)
{
    check_name(reading, name);
    read_rows(reading);
    reading_my_inner(reading);
    reading_numbered_inner(reading);
    reading_neighbours(reading, "left out: a tunnel with PEER_OUTER_IPADDR has no other neighbours");
    reading_ipv6(reading);
    reading_aliases(reading, asides);
    reading_life(reading);
    reading_check_kind(reading);
    reading_check_ends(reading, "MY_OUTER_IPADDR", "PEER_OUTER_IPADDR", "a multicast peer needs MY_OUTER_IPADDR");
    reading_note_keepalive(reading);
    reading_other_keys(reading);
}

static int read_tunnel(struct reading *reading, enum kind kind, const struct ifcfg_device *device, const char *name, struct problems *asides)
{
    reading->tunnel = tunnel_new(name, kind);
    if (!reading->tunnel)
        return -ENOMEM;
    if (device->suse)
        suse_read(reading, name);
    else
        read_red_hat(reading, name, asides);
    if (strlen(reading->input->file.path) > SOURCE_MAX)
        reading_fail(reading, NULL, "the path of the file is too long to be kept in the link's alias");
    reading->tunnel->source = shared_get(reading->input->file.path);
    if (!reading->tunnel->source || reading->problems->incomplete || reading->out_of_memory)
        return -ENOMEM;
    if (reading->problems->n)
        qsort(reading->problems->items, reading->problems->n, sizeof(*reading->problems->items), compare_problems);
    return problems_has_error(reading->problems) ? IFCFG_REFUSED : IFCFG_TUNNEL;
}

static bool is_true(const struct reading *reading, const char *name)
{
    const struct assignment *said = reading_get(reading, name);
    bool value;

    return said && text_parse_bool(said->value, &value) >= 0 && value;
}

static bool is_false(const struct reading *reading, const char *name)
{
    const struct assignment *said = reading_get(reading, name);
    bool value;

    return said && text_parse_bool(said->value, &value) >= 0 && !value;
}

/* Not a tunnel: is it nearly one, or one that can no longer be read? */
static int turn_away(struct reading *reading, const struct ifcfg_device *device)
{
    const struct assignment *miss;
    const char *why = device->suse ? suse_near_miss(reading, &miss) : near_miss(reading, &miss);

    if (device->faulty && (why || reading->input->was_tunnel || speaks_of_tunnels(&reading->input->file)))
        return IFCFG_REFUSED;
    problems_done(reading->problems); /* what is wrong with a file of somebody else is no matter */
    if (why)
        reading_warn(reading, miss, why);
    return IFCFG_IGNORED;
}

static int judge(struct reading *reading, struct ifcfg_device *ret_device, struct problems *asides)
{
    int verdict;
    bool suse = suse_is_meant(reading);
    const struct assignment *device = suse ? NULL : reading_get(reading, "DEVICE");
    const char *name = strrchr(reading->input->file.path, '/'), *why;
    enum kind kind = suse ? suse_dispatch(reading) : dispatch(reading);

    name = name ? name + 1 : reading->input->file.path;
    name = device ? device->value : name + strlen("ifcfg-");
    if (kind != KIND_NONE && tunnel_check_name(name, &why) >= 0)
        strcpy(ret_device->name, name);
    if (device) {
        ret_device->line = device->line;
        ret_device->column = device->column;
    }
    ret_device->suse = suse;
    ret_device->faulty = problems_has_error(reading->problems);
    if (kind == KIND_NONE)
        return turn_away(reading, ret_device);
    if (ret_device->faulty)
        return IFCFG_REFUSED;
    if (has_reserved_name(reading, device, name)) {
        ret_device->name[0] = 0;
        return IFCFG_IGNORED;
    }
    ret_device->no_routes = !suse && is_true(reading, "NOROUTESET");
    ret_device->no_ipv6 = !suse && is_false(reading, "IPV6INIT");
    verdict = read_tunnel(reading, kind, ret_device, name, asides);
    ret_device->late_ipv6 = reading->late_ipv6;
    return verdict;
}

int ifcfg_read(const struct ifcfg_input *input, struct tunnel **ret_tunnel, struct ifcfg_device *ret_device, struct problems *problems)
{
    struct problems found = { 0 }, asides = { 0 };
    struct reading reading = { .input = input, .problems = &found, .assignments = { .outer = input->network } };
    int r;

    *ret_device = (struct ifcfg_device){ 0 };
    r = shell_parse(input->file.text, input->file.size, input->file.path, &reading.assignments, &found);
    if (r >= 0 && input->keys.text)
        r = shell_parse(input->keys.text, input->keys.size, input->keys.path, &reading.assignments, &found);
    if (r >= 0)
        r = judge(&reading, ret_device, &asides);
    if (r == IFCFG_TUNNEL) /* in a refused file nobody asks for its aliases */
        problems_move(&asides, &found);
    problems_done(&asides);
    if (r >= 0 && found.incomplete)
        r = -ENOMEM;
    assignments_done(&reading.assignments);
    if (r != IFCFG_TUNNEL)
        tunnel_free(reading.tunnel);
    else
        *ret_tunnel = reading.tunnel;
    if (r < 0)
        problems_done(&found);
    else
        *problems = found;
    return r;
}
