/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which keys SUSE's dialect knows, and those that say when a tunnel is up. Never an error: unknown keys are legal. */
#include "read/suse-keys.h"

#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "read/ifcfg-inner.h"
#include "read/ifcfg-known.h"

enum meaning {
    READ,    /* by this reader */
    NOTHING, /* legal, and of no effect on a tunnel */
    BELONGS, /* to the IPADDR with the same suffix */
    CHOICE,  /* to it too, but nothing that tunneld sets */
    ENCAP,   /* outer UDP */
    SCRIPT,  /* of wicked */
    RED_HAT, /* Red Hat's */
};

static const struct known known[] = {
    { "TUNNEL", READ },
    { "TUNNEL_LOCAL_IPADDR", READ },
    { "TUNNEL_REMOTE_IPADDR", READ },
    { "TUNNEL_DEVICE", READ },
    { "TUNNEL_TTL", READ },
    { "TUNNEL_TOS", READ },
    { "TUNNEL_PMTUDISC", READ },
    { "TUNNEL_GRE_FLAGS", READ },
    { "TUNNEL_GRE_IKEY", READ },
    { "TUNNEL_GRE_OKEY", READ },
    { "TUNNEL_GRE_ENCAP_TYPE", ENCAP },
    { "TUNNEL_GRE_ENCAP_FLAGS", ENCAP },
    { "TUNNEL_GRE_ENCAP_SPORT", ENCAP },
    { "TUNNEL_GRE_ENCAP_DPORT", ENCAP },
    { "TUNNEL_SET_OWNER", NOTHING },
    { "TUNNEL_SET_GROUP", NOTHING },
    { "SIT_ISATAP", READ },
    { "STARTMODE", READ },
    { "BOOTPROTO", READ },
    { "MTU", READ },
    { "ZONE", READ },
    { "MULTICAST", READ },
    { "KEEPALIVE", READ },
    { "DRIFT", READ },
    { "NEIGHBOR#_INNER_IPADDR", READ },
    { "NEIGHBOR#_OUTER_IPADDR", READ },
    { "IPADDR", READ },
    { "IPADDR*", READ },
    { "PREFIXLEN", BELONGS },
    { "PREFIXLEN*", BELONGS },
    { "NETMASK", BELONGS },
    { "NETMASK*", BELONGS },
    { "REMOTE_IPADDR", BELONGS },
    { "REMOTE_IPADDR*", BELONGS },
    { "BROADCAST", BELONGS },
    { "BROADCAST*", BELONGS },
    { "LABEL", BELONGS },
    { "LABEL*", BELONGS },
    { "SCOPE", CHOICE },
    { "SCOPE*", CHOICE },
    { "IP_OPTIONS", CHOICE },
    { "IP_OPTIONS*", CHOICE },
    { "NAME", NOTHING },
    { "USERCONTROL", NOTHING },
    { "LLADDR", NOTHING },
    { "NETWORK", NOTHING },
    { "UNIQUE", NOTHING },
    { "FIREWALL", NOTHING },
    { "IFPLUGD_PRIORITY", NOTHING },
    { "LINK_REQUIRED", NOTHING },
    { "LINK_READY_WAIT", NOTHING },
    { "ETHTOOL_OPTIONS*", NOTHING },
    { "DHCLIENT*", NOTHING },
    { "PRE_UP_SCRIPT", SCRIPT },
    { "POST_UP_SCRIPT", SCRIPT },
    { "PRE_DOWN_SCRIPT", SCRIPT },
    { "POST_DOWN_SCRIPT", SCRIPT },
    { "DEVICE", RED_HAT },
    { "TYPE", RED_HAT },
    { "DEVICETYPE", RED_HAT },
    { "ONBOOT", RED_HAT },
    { "LINKSTATUS", RED_HAT },
    { "MY_OUTER_IPADDR", RED_HAT },
    { "PEER_OUTER_IPADDR", RED_HAT },
    { "MY_INNER_IPADDR", RED_HAT },
    { "PEER_INNER_IPADDR", RED_HAT },
    { "KEY", RED_HAT },
    { "TTL", RED_HAT },
    { "PREFIX", RED_HAT },
    { "PREFIX#", RED_HAT },
    { "IPV6INIT", RED_HAT },
    { "IPV6ADDR", RED_HAT },
    { "IPV6ADDR_SECONDARIES", RED_HAT },
    { "IPV6_MTU", RED_HAT },
    { "IPV6_DEFAULTGW", RED_HAT },
    { "IPV6_DEFAULTDEV", RED_HAT },
    { "IPV6TUNNELIPV4", RED_HAT },
    { "IPV6TUNNELIPV4LOCAL", RED_HAT },
    { "NOROUTESET", RED_HAT },
};

/* What stands behind the name in a table: "_0" in LABEL_0. */
static const char *suffix_of(const struct known *key, const char *name)
{
    return name + strcspn(key->name, "*");
}

static void warn_of_lone(struct reading *reading, const struct known *key, const struct assignment *assignment)
{
    const char *suffix = suffix_of(key, assignment->name);
    char why[64];

    if (reading_get_suffixed(reading, "IPADDR", suffix))
        return;
    snprintf(why, sizeof(why), "of no effect: there is no IPADDR%s", suffix);
    reading_warn(reading, assignment, why);
}

static void say_of(struct reading *reading, const struct known *key, const struct assignment *assignment)
{
    struct place place = { assignment->file, assignment->line, assignment->column };

    switch ((enum meaning)key->meaning) {
    case READ:
    case NOTHING:
        break;
    case BELONGS:
        warn_of_lone(reading, key, assignment);
        break;
    case CHOICE:
        if (strcmp(assignment->value, "global"))
            reading_warn(reading, assignment, "of no effect: tunneld sets no such thing on an address");
        break;
    case ENCAP:
        reading_warn(reading, assignment, "of no effect: GRE is not put into UDP; nor does wicked ask the kernel for it");
        break;
    case SCRIPT:
        problems_add(reading->problems, SEVERITY_NOTE, place, "%s: the scripts of wicked are not run", assignment->name);
        break;
    case RED_HAT:
        reading_warn(reading, assignment, "of no effect: a key of Red Hat's, and with TUNNEL= the file is in SUSE's dialect");
        break;
    }
}

void suse_other_keys(struct reading *reading)
{
    for (size_t i = 0; i < reading->assignments.n; i++) {
        const struct assignment *assignment = &reading->assignments.items[i];
        const struct known *found = known_find(known, ARRAY_SIZE(known), assignment->name);

        if (!*assignment->value || reading_get(reading, assignment->name) != assignment)
            continue; /* empty, or a later one counts */
        if (found)
            say_of(reading, found, assignment);
        else
            reading_warn_misspelt(reading, assignment, known, ARRAY_SIZE(known));
    }
}

static bool is_one_of(const char *value, const char *const words[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(words[i], value))
            return true;
    return false;
}

/* In just this letter case, and manual for all else, as wicked does it. */
static void read_startmode(struct reading *reading)
{
    static const char *const on[] = { "auto", "boot", "onboot", "on", "hotplug", "nfsroot", "ifplugd" }, *const off[] = { "manual", "off" };
    const struct assignment *mode = reading_get(reading, "STARTMODE");

    reading->tunnel->presence = PRESENCE_MAY;
    if (!mode)
        problems_add(reading->problems, SEVERITY_NOTE, (struct place){ reading->input->file.path, 0, 0 },
                     "no STARTMODE: %s is not made by itself, as with STARTMODE=manual", reading->tunnel->name);
    else if (is_one_of(mode->value, on, ARRAY_SIZE(on)))
        reading->tunnel->presence = PRESENCE_MUST;
    else if (!is_one_of(mode->value, off, ARRAY_SIZE(off)))
        reading_warn(reading, mode, "not a mode that is known (auto, hotplug, manual, off, ...); manual is taken");
}

void suse_life(struct reading *reading)
{
    const struct assignment *protocol = reading_get(reading, "BOOTPROTO");

    read_startmode(reading);
    if (!protocol || !strcmp(protocol->value, "static"))
        return;
    if (strcmp(protocol->value, "none"))
        reading_warn(reading, protocol, "of no effect: a tunnel has the addresses that its file says");
    else if (reading->tunnel->n_inner)
        reading_warn(reading, protocol, "of no effect: the addresses are set all the same");
}
