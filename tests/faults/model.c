/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "look.h"
#include "pass.h"

#define SCRIPTS "etc/sysconfig/network-scripts/"

struct slot slots[SLOTS];

const char *slot_address(const struct slot *slot)
{
    static char text[64];

    snprintf(text, sizeof(text), slot->kind == SIT ? "2001:db8:%x:%x::1/64" : "10.%u.%u.1/24", slot_number(slot), slot->address);
    return text;
}

const char *slot_route(const struct slot *slot)
{
    static char text[64];

    snprintf(text, sizeof(text), slot->kind == SIT ? "2001:db8:%x:%x::/64" : "10.%u.%u.0/24", 100 + slot_number(slot), slot->route);
    return text;
}

unsigned slot_number(const struct slot *slot)
{
    return (unsigned)(slot - slots);
}

const char *slot_variant(unsigned slot, unsigned variant)
{
    static char names[4][IF_NAMESIZE];
    static unsigned next;
    char *name = names[next++ % 4];

    snprintf(name, IF_NAMESIZE, "r%u%c", slot, "abz"[variant]);
    return name;
}

const char *slot_name(const struct slot *slot)
{
    return slot_variant(slot_number(slot), slot->second_name);
}

static void put_ifcfg(const struct slot *slot, FILE *out)
{
    static const char *const types[] = { "GRE", "IPIP", "SIT", "GRE6", "GRE" };
    unsigned n = slot_number(slot);

    fprintf(out, "DEVICE=%s\nTYPE=%s\n", slot_name(slot), types[slot->kind]);
    if (slot->kind == SIT)
        fprintf(out, "IPV6TUNNELIPV4LOCAL=192.0.2.1\nIPV6TUNNELIPV4=198.51.100.%u\n", slot->end + 1);
    else if (slot->kind == GRE6)
        fprintf(out, "MY_OUTER_IPADDR=2001:db8::1\nPEER_OUTER_IPADDR=2001:db8:77::%x\n", slot->end + 1);
    else if (slot->kind == HUB)
        fprintf(out, "MY_OUTER_IPADDR=192.0.2.1\nPEER_OUTER_IPADDR=any\nKEY=%u\n", 1000 + slot->end);
    else
        fprintf(out, "MY_OUTER_IPADDR=192.0.2.1\nPEER_OUTER_IPADDR=198.51.100.%u\n", slot->end + 1);
    if (slot->kind == GRE && slot->key)
        fprintf(out, "KEY=%u\n", slot->key);
    if (slot->kind == HUB && slot->neighbour)
        fprintf(out, "NEIGHBOR1_INNER_IPADDR=10.%u.%u.9\nNEIGHBOR1_OUTER_IPADDR=198.51.100.%u\n", n, slot->address, slot->neighbour);
    fprintf(out, "TTL=%u\nMTU=%u\n%s=%s\n", slot->ttl, slot->mtu, slot->kind == SIT ? "IPV6ADDR" : "MY_INNER_IPADDR", slot_address(slot));
    if (slot->broken)
        fprintf(out, "BRIDGE=nonsense name\nMTU=much\n");
}

static void put_keyfile(const struct slot *slot, FILE *out)
{
    static const unsigned modes[] = { 2, 1, 3, 8 };
    unsigned n = slot_number(slot);

    fprintf(out, "[connection]\nid=%s\nuuid=8f6b3b1e-4a0d-4c8e-9f2b-6f6d0f1c7a%02x\ntype=ip-tunnel\ninterface-name=%s\n[ip-tunnel]\nmode=%u\n", slot_name(slot),
            n, slot_name(slot), modes[slot->kind]);
    if (slot->kind == GRE6)
        fprintf(out, "local=2001:db8::1\nremote=2001:db8:77::%x\n", slot->end + 1);
    else
        fprintf(out, "local=192.0.2.1\nremote=198.51.100.%u\n", slot->end + 1);
    if (slot->kind == GRE && slot->key)
        fprintf(out, "input-key=%u\noutput-key=%u\n", slot->key, slot->key);
    fprintf(out, "ttl=%u\nmtu=%u\n%s[%s]\nmethod=manual\naddress1=%s\n", slot->ttl, slot->mtu, slot->broken ? "no line of a keyfile\n" : "",
            slot->kind == SIT ? "ipv6" : "ipv4", slot_address(slot));
    if (slot->route)
        fprintf(out, "route1=%s,%s,7\n", slot_route(slot), slot->kind == SIT ? "::" : "0.0.0.0");
    fprintf(out, "[%s]\nmethod=disabled\n", slot->kind == SIT ? "ipv4" : "ipv6");
    if (slot->rule)
        fprintf(out, "[ipv4]\nrouting-rule1=priority %u from 10.%u.0.0/16 table %u\n", RULES + n, n, slot->rule);
}

static void put_file(const char *root, const char *path, const struct slot *slot, void (*put)(const struct slot *slot, FILE *out))
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    put(slot, out);
    fclose(out);
    pass_put(root, path, text);
    free(text);
}

void slot_lay(const char *root, const struct slot *slot, bool there)
{
    unsigned n = slot_number(slot);
    char path[80], text[96];

    snprintf(path, sizeof(path), "etc/tunneld/%s.nmconnection", slot_name(slot));
    if (there && slot->keyfile)
        put_file(root, path, slot, put_keyfile);
    else
        pass_put(root, path, NULL);
    there = there && !slot->keyfile;
    snprintf(path, sizeof(path), SCRIPTS "ifcfg-%s", slot_name(slot));
    if (there)
        put_file(root, path, slot, put_ifcfg);
    else
        pass_put(root, path, NULL);
    snprintf(text, sizeof(text), "%s metric 7\n", slot_route(slot));
    snprintf(path, sizeof(path), SCRIPTS "route-%s", slot_name(slot));
    pass_put(root, path, there && slot->route && slot->kind != SIT ? text : NULL);
    snprintf(path, sizeof(path), SCRIPTS "route6-%s", slot_name(slot));
    pass_put(root, path, there && slot->route && slot->kind == SIT ? text : NULL);
    snprintf(path, sizeof(path), SCRIPTS "rule-%s", slot_name(slot));
    snprintf(text, sizeof(text), "from 10.%u.0.0/16 table %u pref %u\n", n, slot->rule, RULES + n);
    pass_put(root, path, there && slot->rule ? text : NULL);
}

/* What the kernel must say of it, as look.h has it. */
static void put_lines(const struct slot *slot, FILE *out)
{
    static const char *const kinds[] = { "gre", "ipip", "sit", "ip6gre", "gre" };
    unsigned n = slot_number(slot), key = slot->kind == HUB ? 1000 + slot->end : slot->kind == GRE ? slot->key : 0;
    const char *name = slot_name(slot);

    fprintf(out, "link %s %s group 2784 alias tunneld:/%s%s%s up mtu %u", name, kinds[slot->kind], slot->keyfile ? "etc/tunneld/" : SCRIPTS "ifcfg-", name,
            slot->keyfile ? ".nmconnection" : "", slot->mtu);
    if (slot->kind == GRE6)
        fprintf(out, " local 2001:db8::1 remote 2001:db8:77::%x\n", slot->end + 1);
    else if (slot->kind == HUB)
        fprintf(out, " local 192.0.2.1 remote 0.0.0.0 ttl %u tos 0 pmtudisc 1", slot->ttl);
    else
        fprintf(out, " local 192.0.2.1 remote 198.51.100.%u ttl %u tos 0 pmtudisc 1", slot->end + 1, slot->ttl);
    if (slot->kind == GRE || slot->kind == HUB)
        fprintf(out, " flags %s key %u/%u", key ? "20/20" : "0/0", key, key);
    if (slot->kind != GRE6)
        fputc('\n', out);
    fprintf(out, "address %s %s\n", name, slot_address(slot));
    if (slot->route)
        fprintf(out, "route %s table 254 %s via - metric 7 proto 47 type 1\n", name, slot_route(slot));
    if (slot->rule)
        fprintf(out, "rule - 2 %u from 10.%u.0.0/16 to - iif - oif - mark 0 table %u\n", RULES + n, n, slot->rule);
    if (slot->kind == HUB && slot->neighbour)
        fprintf(out, "neighbour %s 10.%u.%u.9 198.51.100.%u\n", name, n, slot->address, slot->neighbour);
}

/* ---- whose a line is ---- */

static struct slot *slot_of_name(const char *name)
{
    return name[0] == 'r' && name[1] >= '0' && name[1] < '0' + SLOTS && strchr("abz", name[2]) && name[3] == ' ' ? &slots[name[1] - '0'] : NULL;
}

/* NULL: nobody's. ret_guest: it is on the link of a slot, but somebody else put it there. */
static struct slot *owner_of(const char *line, bool *ret_guest)
{
    unsigned family, priority, n;
    char name[IF_NAMESIZE + 2];

    *ret_guest = false;
    if (sscanf(line, "rule - %u %u", &family, &priority) == 2)
        return family == 2 && priority >= RULES && priority < RULES + SLOTS ? &slots[priority - RULES] : NULL;
    if (sscanf(line, "%*s %16s", name) != 1)
        return NULL;
    *ret_guest = strstr(line, " 10.25") || strstr(line, "proto 99") || !strncmp(strchr(strchr(line, ' ') + 1, ' '), " 0.0.0.0 ", 9);
    if ((sscanf(line, "route %*s table %*u 10.%u.", &n) == 1 || sscanf(line, "route %*s table %*u 2001:db8:%x:", &n) == 1) && n >= 100 && n < 100 + SLOTS
        && strstr(line, "proto 47"))
        return &slots[n - 100];
    strcat(name, " ");
    return slot_of_name(name);
}

/* A tunnel whose file cannot be read stays as it is. */
static bool is_frozen(const struct slot *slot)
{
    return slot->there && slot->broken;
}

/* What rules it wants nobody knows, so none goes that a file made before. */
static bool may_be_left(const struct slot *slot, const char *line)
{
    unsigned table = 0;
    bool doubtful = false;

    for (size_t i = 0; i < SLOTS; i++)
        doubtful |= is_frozen(&slots[i]);
    return doubtful && sscanf(line, "rule - 2 %*u from %*s to - iif - oif - mark 0 table %u", &table) == 1 && (!slot->there || slot->rule != table);
}

char *model_select(const char *text, bool fixed)
{
    char *copy = strdup(text), *rest = copy, *line, *result;
    size_t size;
    FILE *out = open_memstream(&result, &size);

    while ((line = strsep(&rest, "\n"))) {
        bool guest;
        struct slot *slot = owner_of(line, &guest);

        if (!*line)
            continue;
        if (slot && guest && slot->index && (is_frozen(slot) || look_index(slot_name(slot)) == slot->index)) {
            if (fixed) /* not on a link that was made anew, and whatever its name is now */
                fprintf(out, "guest of %u: %.*s %s\n", slot_number(slot), (int)strcspn(line, " "), line, strchr(strchr(line, ' ') + 1, ' ') + 1);
        } else if (!guest && fixed == (!slot || is_frozen(slot)) && !(slot && !is_frozen(slot) && may_be_left(slot, line))) {
            fprintf(out, "%s\n", line);
        }
    }
    fclose(out);
    free(copy);
    return result;
}

char *model_lines(void)
{
    char *text, *result;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    for (size_t i = 0; i < SLOTS; i++)
        if (slots[i].there && !slots[i].broken)
            put_lines(&slots[i], out);
    fclose(out);
    result = look_sort(text);
    return result;
}
