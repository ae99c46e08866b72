/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of an ifcfg file that say when a tunnel is up, and a word on every other key: those that network
 * scripts read elsewhere, those that are misspelt. Never an error: unknown keys are legal. */
#include "read/ifcfg-keys.h"

#include <string.h>
#include <strings.h>

#include "base/macro.h"
#include "base/text.h"
#include "read/ifcfg-known.h"

enum meaning {
    READ,    /* by this reader */
    NOTHING, /* legal, and of no effect on a tunnel, here as in network-scripts */
    LEFT,    /* of effect in network-scripts, and deliberately not here: see left[] */
};

static const struct known known[] = {
    { "DEVICE", READ },
    { "TYPE", READ },
    { "DEVICETYPE", READ },
    { "ONBOOT", READ },
    { "BOOTPROTO", READ },
    { "MY_OUTER_IPADDR", READ },
    { "PEER_OUTER_IPADDR", READ },
    { "MY_INNER_IPADDR", READ },
    { "PEER_INNER_IPADDR", READ },
    { "KEY", READ },
    { "TTL", READ },
    { "MTU", READ },
    { "LINKSTATUS", READ },
    { "MULTICAST", READ },
    { "IPV6INIT", READ },
    { "IPV6ADDR", READ },
    { "IPV6ADDR_SECONDARIES", READ },
    { "IPV6_MTU", READ },
    { "IPV6TUNNELIPV4", READ },
    { "IPV6TUNNELIPV4LOCAL", READ },
    { "TUNNEL_TOS", READ },
    { "TUNNEL_PMTUDISC", READ },
    { "TUNNEL_DEVICE", READ },
    { "TUNNEL_GRE_FLAGS", READ },
    { "TUNNEL_GRE_IKEY", READ },
    { "TUNNEL_GRE_OKEY", READ },
    { "TUNNEL_FLOWLABEL", READ },
    { "TUNNEL_FWMARK", READ },
    { "TUNNEL_IGNORE_DF", READ },
    { "TUNNEL_EXTERNAL", READ },
    { "TUNNEL_ENCAP", READ },
    { "TUNNEL_ENCAP_LIMIT", READ },
    { "TUNNEL_ENCAP_SPORT", READ },
    { "TUNNEL_ENCAP_DPORT", READ },
    { "TUNNEL_ENCAP_FLAGS", READ },
    { "TUNNEL_ERSPAN_VERSION", READ },
    { "TUNNEL_ERSPAN_INDEX", READ },
    { "TUNNEL_ERSPAN_DIRECTION", READ },
    { "TUNNEL_ERSPAN_HWID", READ },
    { "BRIDGE", READ },
    { "VRF", READ },
    { "NAME", NOTHING },
    { "UUID", NOTHING },
    { "USERCTL", LEFT },
    { "HOTPLUG", NOTHING },
    { "NM_CONTROLLED", NOTHING },
    { "STARTMODE", NOTHING },
    { "PEERDNS", LEFT },
    { "DEFROUTE", NOTHING },
    { "IPV4_FAILURE_FATAL", NOTHING },
    { "IPV6_FAILURE_FATAL", NOTHING },
    { "IPV6_AUTOTUNNEL", NOTHING },
    { "IPV6_TUNNELNAME", NOTHING },
    { "IPV6_CONTROL_RADVD", NOTHING },
    { "GATEWAY", LEFT },
    { "METRIC", NOTHING },
    { "SCOPE", NOTHING },
    { "SRCADDR", NOTHING },
    { "WINDOW", NOTHING },
    { "ARP", NOTHING },
    { "ETHTOOL_OPTS", NOTHING },
    { "TOS", NOTHING },
    { "FWMARK", NOTHING },
    { "LINKDELAY", NOTHING },
    { "NOZEROCONF", NOTHING },
    { "HWADDR", NOTHING },
    { "MACADDR", READ },
    { "VLAN", NOTHING },
    { "NETWORK", NOTHING },
    { "BROADCAST", NOTHING },
    { "HOSTNAME", LEFT },
    { "DHCP_HOSTNAME", LEFT },
    { "PHYSDEV", NOTHING },
    { "PREFIX", NOTHING },
    { "NETMASK", NOTHING },
    { "IPADDR", READ },
    { "IPADDR#", READ },
    { "PREFIX#", READ },
    { "NETMASK#", READ },
    { "IPV6_DEFAULTGW", READ },
    { "IPV6_DEFAULTDEV", READ },
    { "IPV6_AUTOCONF", READ },
    { "IPV6FORWARDING", READ },
    { "IPV6_ROUTER", READ },
    { "IPV6_FORCE_ACCEPT_RA", READ },
    { "IPV6_SET_SYSCTLS", READ },
    { "IPV6_PRIVACY", READ },
    { "ZONE", READ },
    { "NOROUTESET", READ },
    { "DNS#", LEFT },
    { "DOMAIN", LEFT },
    { "RESOLV_MODS", LEFT },
    { "KEEPALIVE", READ },
    { "DRIFT", READ },
    { "NEIGHBOR#_INNER_IPADDR", READ },
    { "NEIGHBOR#_OUTER_IPADDR", READ },
};

/* What tunneld does not do, and what to use instead: for tunnelctl-check to say once. */
static const struct {
    const char *names[4];
    const char *why;
} left[] = {
    { { "DNS#", "DOMAIN", "RESOLV_MODS", "PEERDNS" }, "resolv.conf is left alone; systemd-resolved or NetworkManager can have it" },
    { { "HOSTNAME", "DHCP_HOSTNAME" }, "the name of the host is left alone; hostnamectl sets it" },
    { { "USERCTL" }, "only root brings a tunnel up or down" },
    { { "GATEWAY" }, "no default route comes of it, on tunnels as in network-scripts; a line in route-NAME makes one" },
};

static void note_left(struct reading *reading, const struct known *key, const struct assignment *assignment)
{
    struct place place = { assignment->file, assignment->line, assignment->column };
    bool on;

    if (text_parse_bool(assignment->value, &on) >= 0 && !on)
        return; /* nothing was asked for */
    for (size_t i = 0; i < ARRAY_SIZE(left); i++)
        for (size_t j = 0; j < ARRAY_SIZE(left[i].names) && left[i].names[j]; j++)
            if (!strcmp(left[i].names[j], key->name))
                problems_add(reading->problems, SEVERITY_NOTE, place, "%s: %s", assignment->name, left[i].why);
}

static void warn_of_prefix(struct reading *reading, const struct assignment *assignment)
{
    const struct assignment *mine = reading_get(reading, "MY_INNER_IPADDR");

    if (mine && !strchr(mine->value, '/') && !reading_get(reading, "IPADDR"))
        reading_warn(reading, assignment, "of no effect on MY_INNER_IPADDR, which stays a single host: write the prefix behind the address");
}

void reading_other_keys(struct reading *reading)
{
    for (size_t i = 0; i < reading->assignments.n; i++) {
        const struct assignment *assignment = &reading->assignments.items[i];
        const struct known *found = known_find(known, ARRAY_SIZE(known), assignment->name);

        if (!*assignment->value || reading_get(reading, assignment->name) != assignment)
            continue; /* empty, or a later one counts */
        if (!found)
            reading_warn_misspelt(reading, assignment, known, ARRAY_SIZE(known));
        else if (found->meaning == LEFT)
            note_left(reading, found, assignment);
        else if (!strcmp(found->name, "PREFIX") || !strcmp(found->name, "NETMASK"))
            warn_of_prefix(reading, assignment);
        else if (!strcmp(found->name, "PHYSDEV"))
            reading_warn(reading, assignment, "binds nothing on a tunnel; TUNNEL_DEVICE does");
    }
}

void reading_life(struct reading *reading)
{
    const struct assignment *onboot = reading_get(reading, "ONBOOT"), *status = reading_get(reading, "LINKSTATUS");
    const struct assignment *protocol = reading_get(reading, "BOOTPROTO"), *routes = reading_get(reading, "NOROUTESET");
    bool on = true, skipped;

    if (onboot && text_parse_bool(onboot->value, &on) < 0)
        reading_warn(reading, onboot, "neither yes nor no; yes is taken");
    if (routes && text_parse_bool(routes->value, &skipped) < 0)
        reading_warn(reading, routes, "neither yes nor no; no is taken");
    reading->tunnel->presence = on ? PRESENCE_MUST : PRESENCE_MAY;
    if (status && !strcasecmp(status->value, "down"))
        reading->tunnel->up = false;
    else if (status && strcasecmp(status->value, "up"))
        reading_warn(reading, status, "neither up nor down; up is taken");
    if (protocol && (!strcasecmp(protocol->value, "dhcp") || !strcasecmp(protocol->value, "bootp")))
        reading_warn(reading, protocol, "of no effect: a tunnel has the addresses that its file says");
}
