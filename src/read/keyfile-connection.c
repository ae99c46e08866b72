/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The group [connection], and the names of groups. Never reads what is in other groups but interface-name. */
#include "read/keyfile-connection.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"

/* Settings that make a profile what it is (nm_setting_type_is_base_type), with the short names that files have for them. */
static const char *const base_types[] = {
    "802-11-olpc-mesh",
    "802-11-wireless",
    "802-3-ethernet",
    "6lowpan",
    "adsl",
    "bluetooth",
    "bond",
    "bridge",
    "cdma",
    "dummy",
    "ethernet",
    "generic",
    "geneve",
    "gsm",
    "hsr",
    "infiniband",
    "ip-tunnel",
    "ipvlan",
    "loopback",
    "macsec",
    "macvlan",
    "olpc-mesh",
    "ovs-bridge",
    "ovs-interface",
    "ovs-port",
    "pppoe",
    "team",
    "tun",
    "veth",
    "vlan",
    "vpn",
    "vrf",
    "vxlan",
    "wifi",
    "wifi-p2p",
    "wimax",
    "wireguard",
    "wpan",
};

static const char *const other_settings[] = {
    "802-11-wireless-security",
    "802-1x",
    "bond-port",
    "bridge-port",
    "connection",
    "dcb",
    "ethtool",
    "hostname",
    "ipv4",
    "ipv6",
    "link",
    "match",
    "ovs-dpdk",
    "ovs-external-ids",
    "ovs-other-config",
    "ovs-patch",
    "ppp",
    "prefix-delegation",
    "proxy",
    "serial",
    "sriov",
    "tc",
    "team-port",
    "user",
    "vpn-secrets",
    "wifi-security",
};

static bool is_in(const char *name, const char *const names[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

static const char *full_name(const char *name)
{
    return !strcmp(name, "ethernet") ? "802-3-ethernet" : !strcmp(name, "wifi") ? "802-11-wireless" : !strcmp(name, "olpc-mesh") ? "802-11-olpc-mesh" : name;
}

/* Without a type, the only group of a base type tells it. NULL: there is none, or more than one. */
static const char *infer_type(const struct keyfile_text *text)
{
    const char *type = NULL;

    for (size_t i = 0; i < text->n_groups; i++) {
        const char *name = text->groups[i].name;

        if (!is_in(name, base_types, ARRAY_SIZE(base_types)))
            continue;
        if (type && strcmp(full_name(type), full_name(name)) != 0)
            return NULL;
        type = name;
    }
    return type;
}

static const struct keyfile_entry *interface_entry(const struct keyfile_text *text)
{
    const struct keyfile_entry *name = keyfile_text_get(text, "connection", "interface-name");

    if (!name || !name->text) /* as files of old have it */
        name = keyfile_text_get(text, "ip-tunnel", "interface-name");
    return name && name->text ? name : NULL;
}

bool keyfile_identify(struct keyfile *keyfile)
{
    const struct keyfile_text *text = &keyfile->text;
    const struct keyfile_entry *type = keyfile_text_get(text, "connection", "type"), *uuid = keyfile_text_get(text, "connection", "uuid");
    const struct keyfile_entry *name = interface_entry(text);
    const char *word = type ? type->text : infer_type(text), *why;
    struct keyfile_profile *profile = keyfile->profile;

    if (uuid && uuid->text && keyfile_parse_uuid(uuid->text, profile->self.uuid)) {
        profile->self.line = uuid->line;
        profile->self.column = uuid->column;
    } else if (uuid && uuid->text)
        keyfile_reject(keyfile, uuid, "not a UUID");
    if (name && tunnel_check_name(name->text, &why) >= 0) {
        strcpy(profile->interface, name->text);
        profile->line = name->line;
        profile->column = name->column;
    }
    if (!word)
        keyfile->rejected = true;
    return word && !strcmp(word, "ip-tunnel");
}

/* "[ ip-tunnel ]" */
static const struct keyfile_group *near_group(const struct keyfile_text *text)
{
    for (size_t i = 0; i < text->n_groups; i++) {
        const char *name = text->groups[i].name;

        if (!is_in(name, base_types, ARRAY_SIZE(base_types)) && !is_in(name, other_settings, ARRAY_SIZE(other_settings))
            && text_distance(name, "ip-tunnel", 2) <= 2)
            return &text->groups[i];
    }
    return NULL;
}

static void check_group(struct keyfile *keyfile)
{
    const struct keyfile_group *near = near_group(&keyfile->text);
    struct place place = { keyfile->input->path, near ? near->line : 0, near ? near->column : 0 };

    if (keyfile_text_group(&keyfile->text, "ip-tunnel"))
        return;
    keyfile->rejected = true;
    problems_add(keyfile->problems, SEVERITY_ERROR, place, near ? "an unknown group where [ip-tunnel] is missing" : "no group [ip-tunnel]");
}

static void check_name(struct keyfile *keyfile)
{
    const struct keyfile_entry *name = interface_entry(&keyfile->text);
    const char *why;

    if (!name)
        keyfile_reject(keyfile, keyfile_text_get(&keyfile->text, "connection", "interface-name"), "no name for the interface");
    else if (tunnel_check_name(name->text, &why) < 0)
        keyfile_reject(keyfile, name, why);
    else if (kind_reserves_name(name->text))
        keyfile_fail(keyfile, name, "a name that the kernel keeps for a device of its own; choose another");
}

static void check_permissions(struct keyfile *keyfile)
{
    const struct keyfile_entry *permissions = keyfile_get(keyfile, "connection", "permissions");

    if (permissions && permissions->text[strspn(permissions->text, "; \t")])
        keyfile_fail(keyfile, permissions, "it belongs to a user, and is not for tunneld");
}

/* NetworkManager warns of them and goes on. */
static void warn_of_groups(struct keyfile *keyfile)
{
    for (size_t i = 0; i < keyfile->text.n_groups; i++) {
        const struct keyfile_group *group = &keyfile->text.groups[i];
        _cleanup_free_ char *shown = text_printable(group->name);

        if (!is_in(group->name, base_types, ARRAY_SIZE(base_types)) && !is_in(group->name, other_settings, ARRAY_SIZE(other_settings))
            && strncmp(group->name, "wireguard-peer.", 15) != 0 && strncmp(group->name, ".nmmeta", 7) != 0)
            problems_add(keyfile->problems, SEVERITY_WARNING, (struct place){ keyfile->input->path, group->line, group->column },
                         "[%s]: a group that nobody knows%s", shown ? shown : "?",
                         !strcmp(group->name, "tunneld") ? "; what is tunneld's own is said in [user], as tunneld.NAME" : "");
    }
}

void keyfile_check_connection(struct keyfile *keyfile)
{
    warn_of_groups(keyfile);
    check_group(keyfile);
    check_name(keyfile);
    check_permissions(keyfile);
}

/* The newer name of a key, or else the older one. */
static const struct keyfile_entry *get_either(struct keyfile *keyfile, const char *name, const char *older)
{
    const struct keyfile_entry *entry = keyfile_get(keyfile, "connection", name);

    return entry ? entry : keyfile_get(keyfile, "connection", older);
}

static const char *port_type(struct keyfile *keyfile)
{
    const struct keyfile_entry *type = keyfile_text_get(&keyfile->text, "connection", "port-type");

    type = type ? type : keyfile_text_get(&keyfile->text, "connection", "slave-type");
    if (type && type->text && *type->text)
        return type->text;
    return keyfile_text_group(&keyfile->text, "bridge-port") ? "bridge" : NULL;
}

bool keyfile_is_port(struct keyfile *keyfile)
{
    const char *type = port_type(keyfile);

    return (*keyfile->tunnel->controller || *keyfile->profile->controller.uuid) && type && !strcmp(type, "bridge");
}

static void read_controller(struct keyfile *keyfile)
{
    const struct keyfile_entry *controller = get_either(keyfile, "controller", "master"), *type = get_either(keyfile, "port-type", "slave-type");
    const char *word = port_type(keyfile);

    if (!controller && !type)
        return;
    if (!controller) {
        keyfile_reject(keyfile, type, "a port of what? controller is missing");
    } else if (!word) {
        keyfile_reject(keyfile, controller, "port-type is missing beside it (bridge or vrf)");
    } else if (strcmp(word, "bridge") != 0 && strcmp(word, "vrf") != 0) {
        keyfile_fail(keyfile, type, "a tunnel can be in a bridge or a VRF only");
    } else if (!strcmp(word, "bridge") && !kind_info(keyfile->tunnel->kind)->ethernet) {
        keyfile_fail(keyfile, type ? type : controller, "only a tunnel that carries Ethernet can be in a bridge (gretap, ip6gretap)");
    } else {
        keyfile_read_interface(keyfile, controller, keyfile->tunnel->controller, &keyfile->profile->controller);
        keyfile->tunnel->stated |= FIELD_CONTROLLER;
    }
}

static void read_zone(struct keyfile *keyfile)
{
    static const struct option row = { "zone", option_zone, 0, 0, 0, 0 };
    const struct keyfile_entry *zone = keyfile_get(keyfile, "connection", "zone");
    const char *why;
    int r;

    if (!zone || !*zone->text)
        return;
    r = row.parse(&row, zone->text, keyfile->tunnel, &why);
    if (r == -ENOMEM)
        keyfile->out_of_memory = true;
    else if (r < 0)
        keyfile_warn(keyfile, zone, "no zone that firewalld can have; left out");
}

void keyfile_read_connection(struct keyfile *keyfile)
{
    bool connect = true;

    keyfile_get_bool(keyfile, "connection", "autoconnect", &connect);
    keyfile->tunnel->presence = connect ? PRESENCE_MUST : PRESENCE_MAY;
    read_zone(keyfile);
    read_controller(keyfile);
}
