/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of [ip-tunnel], with the ranges and the cross rules of nm_setting_ip_tunnel's verify(). */
#include "read/keyfile-tunnel.h"

#include <errno.h>
#include <linux/ip6_tunnel.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"
#include "read/kinds.h"

#define GROUP "ip-tunnel"

enum { LEAST_MTU = 68, MOST_MTU = 65535 };
/* the flags that NetworkManager has, and what it has them on */
enum { ALL_FLAGS = 0x3f };

/* NM_IP_TUNNEL_MODE_*, as tunneld's kinds */
static const enum kind modes[] = {
    KIND_NONE, KIND_IPIP, KIND_GRE, KIND_SIT, KIND_ISATAP, KIND_VTI, KIND_IP6IP6, KIND_IPIP6, KIND_IP6GRE, KIND_VTI6, KIND_GRETAP, KIND_IP6GRETAP,
};

static enum kind kind_of_name(const char *name)
{
    for (size_t i = 1; i < ARRAY_SIZE(modes); i++)
        if (!strcmp(kind_info(modes[i])->name, name))
            return modes[i];
    return KIND_NONE;
}

enum kind keyfile_kind(struct keyfile *keyfile)
{
    const struct keyfile_entry *mode = keyfile_text_get(&keyfile->text, GROUP, "mode");
    _cleanup_free_ char *word = mode ? keyfile_stripped(keyfile, mode->value) : NULL;
    enum kind kind = KIND_NONE;
    int64_t number = 0;

    if (!mode) {
        keyfile_reject(keyfile, NULL, "mode is missing: which kind of tunnel is it?");
        return KIND_NONE;
    }
    if (keyfile_parse_number(mode->value, 0, ARRAY_SIZE(modes) - 1, &number) >= 0)
        kind = modes[number];
    else if (word && (kind = kind_of_name(word)))
        keyfile_warn(keyfile, mode, "NetworkManager takes only the number of a mode here");
    if (kind == KIND_NONE)
        keyfile_reject(keyfile, mode, "no mode of a tunnel");
    return kind;
}

struct row {
    const char *name;
    uint32_t most;
    uint32_t fields; /* FIELD_* that it fills; on a kind that has none of them it is read and passed over */
    void (*set)(struct keyfile *keyfile, const struct keyfile_entry *entry, uint32_t number);
};

static void set_ttl(struct keyfile *keyfile, const struct keyfile_entry *entry, uint32_t number)
{
    (void)entry;
    keyfile->tunnel->ttl = (uint8_t)number;
}

static void set_tos(struct keyfile *keyfile, const struct keyfile_entry *entry, uint32_t number)
{
    (void)entry;
    if (kind_info(keyfile->tunnel->kind)->fields & FIELD_TOS)
        keyfile->tunnel->tos = (uint8_t)number;
    else
        keyfile->tunnel->flowinfo |= number << 20;
}

static void set_encapsulation_limit(struct keyfile *keyfile, const struct keyfile_entry *entry, uint32_t number)
{
    (void)entry;
    keyfile->tunnel->encap_limit = (uint8_t)number;
}

static void set_flow_label(struct keyfile *keyfile, const struct keyfile_entry *entry, uint32_t number)
{
    (void)entry;
    keyfile->tunnel->flowinfo |= number;
}

static void set_mark(struct keyfile *keyfile, const struct keyfile_entry *entry, uint32_t number)
{
    if (number && keyfile->tunnel->kind != KIND_VTI && keyfile->tunnel->kind != KIND_VTI6)
        keyfile_reject(keyfile, entry, "only on vti and vti6; on other kinds it is said in [user], as tunneld.fwmark");
    else
        keyfile->tunnel->fwmark = number;
}

static void set_mtu(struct keyfile *keyfile, const struct keyfile_entry *entry, uint32_t number)
{
    if (number && (number < LEAST_MTU || number > MOST_MTU)) {
        keyfile_warn(keyfile, entry, "no MTU that a tunnel can have (68 to 65535); the default holds");
    } else if (number) {
        keyfile->tunnel->mtu = number;
        keyfile->tunnel->stated |= FIELD_MTU;
    }
}

static void set_flags(struct keyfile *keyfile, const struct keyfile_entry *entry, uint32_t number)
{
    enum kind kind = keyfile->tunnel->kind;
    bool has = kind == KIND_IP6IP6 || kind == KIND_IPIP6 || kind == KIND_IP6GRE || kind == KIND_IP6GRETAP || kind == KIND_IP6ERSPAN;

    if (number & ~(uint32_t)ALL_FLAGS)
        keyfile_reject(keyfile, entry, "a flag that there is not: they are 1, 2, 4, 8, 16 and 32");
    else if (number && !has)
        keyfile_reject(keyfile, entry, "there are no flags on this kind of tunnel");
    else
        keyfile->tunnel->ip6_flags = number; /* NM_IP_TUNNEL_FLAG_* are IP6_TNL_F_* */
}

static const struct row rows[] = {
    { "ttl", 255, FIELD_TTL, set_ttl },
    { "tos", 255, FIELD_TOS | FIELD_FLOWINFO, set_tos },
    { "encapsulation-limit", 255, FIELD_ENCAP_LIMIT, set_encapsulation_limit },
    { "flow-label", 0xfffff, FIELD_FLOWINFO, set_flow_label },
    { "fwmark", UINT32_MAX, 0, set_mark },
    { "mtu", UINT32_MAX, 0, set_mtu },
    { "flags", UINT32_MAX, 0, set_flags },
};

static void read_row(struct keyfile *keyfile, const struct row *row)
{
    uint32_t fields = kind_info(keyfile->tunnel->kind)->fields & row->fields;
    int64_t number;
    const struct keyfile_entry *entry = keyfile_get_number(keyfile, GROUP, row->name, 0, row->most, &number);

    if (!entry || (row->fields && !fields))
        return;
    row->set(keyfile, entry, (uint32_t)number);
    keyfile->tunnel->stated |= fields;
}

/* "" and the all-zero address: any. */
static void read_end(struct keyfile *keyfile, const char *name, uint32_t field, struct address *ret)
{
    const struct keyfile_entry *entry = keyfile_text_get(&keyfile->text, GROUP, name);
    uint8_t family = kind_info(keyfile->tunnel->kind)->family;
    struct address address;
    const char *why;

    if (!entry)
        return;
    if (!entry->text) {
        keyfile_reject(keyfile, entry, entry->why);
    } else if (address_parse(entry->text, &address, &why) < 0) {
        keyfile_reject(keyfile, entry, *entry->text ? why : "empty: no address");
    } else if (address.family != family) {
        keyfile_reject(keyfile, entry, family == AF_INET ? "an IPv6 address, and this mode runs over IPv4" : "an IPv4 address, and this mode runs over IPv6");
    } else {
        *ret = address_from_bytes(family, address.bytes);
        keyfile->tunnel->stated |= field;
    }
}

/* NULL: it is a key. *ret_strange: NetworkManager would not take it. */
static const char *parse_key(const char *value, uint32_t *ret, bool *ret_strange)
{
    int r;

    *ret_strange = value[strspn(value, "0123456789")];
    if (!*ret_strange)
        while (*value == '0' && value[1])
            value++;
    if (value[strcspn(value, " \t\r\n")])
        return "not a key: a blank in it";
    r = text_parse_key(value, ret);
    if (r >= 0)
        return NULL;
    return r == -ERANGE ? "a key has 32 bits, 4294967295 at the most" : "not a key: neither a number, a dotted quad nor a word";
}

static void read_key(struct keyfile *keyfile, const char *name, bool in)
{
    const struct keyfile_entry *entry = keyfile_get(keyfile, GROUP, name);
    struct tunnel *tunnel = keyfile->tunnel;
    uint32_t fields = kind_info(tunnel->kind)->fields, key = 0;
    _cleanup_free_ char *value = entry ? keyfile_stripped(keyfile, entry->text) : NULL;
    const char *why;
    bool strange;

    if (!value || !*value)
        return;
    if (!(fields & FIELD_IKEY)) {
        keyfile_reject(keyfile, entry, "there are no keys on this kind of tunnel");
        return;
    }
    why = parse_key(value, &key, &strange);
    if (why) {
        keyfile_reject(keyfile, entry, why);
        return;
    }
    if (strange)
        keyfile_warn(keyfile, entry, "NetworkManager takes only decimal digits here");
    if (!key && !(fields & FIELD_IFLAGS)) /* of a VTI that is none */
        return;
    *(in ? &tunnel->ikey : &tunnel->okey) = key;
    *(in ? &tunnel->iflags : &tunnel->oflags) |= GRE_HAS_KEY;
    tunnel->stated |= fields & (in ? FIELD_IKEY | FIELD_IFLAGS : FIELD_OKEY | FIELD_OFLAGS);
}

static void read_parent(struct keyfile *keyfile)
{
    const struct keyfile_entry *parent = keyfile_get(keyfile, GROUP, "parent");

    if (!parent)
        return;
    keyfile_read_interface(keyfile, parent, keyfile->tunnel->lower, &keyfile->profile->parent);
    keyfile->tunnel->stated |= FIELD_LOWER;
}

/* A fixed TTL needs it on every mode; only some have the switch. */
static void read_pmtudisc(struct keyfile *keyfile)
{
    bool discovery = true;
    int64_t ttl = 0;
    const struct keyfile_entry *entry = keyfile_get_bool(keyfile, GROUP, "path-mtu-discovery", &discovery);
    const struct keyfile_entry *of_ttl = keyfile_text_get(&keyfile->text, GROUP, "ttl");

    if (!entry)
        return;
    if (!discovery && of_ttl && keyfile_parse_number(of_ttl->value, 1, 255, &ttl) >= 0)
        keyfile_reject(keyfile, of_ttl, "a fixed TTL needs path-mtu-discovery");
    if (!(kind_info(keyfile->tunnel->kind)->fields & FIELD_PMTUDISC))
        return;
    keyfile->tunnel->pmtudisc = discovery;
    keyfile->tunnel->stated |= FIELD_PMTUDISC;
}

void keyfile_read_tunnel(struct keyfile *keyfile)
{
    struct tunnel *tunnel = keyfile->tunnel;

    tunnel->ttl = tunnel->encap_limit = 0; /* what NetworkManager sends where nothing is said */
    read_parent(keyfile);
    read_end(keyfile, "local", FIELD_LOCAL, &tunnel->local);
    read_end(keyfile, "remote", FIELD_REMOTE, &tunnel->remote);
    if (!keyfile_text_get(&keyfile->text, GROUP, "remote"))
        keyfile_reject(keyfile, NULL, "remote is missing");
    read_key(keyfile, "input-key", true);
    read_key(keyfile, "output-key", false);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        read_row(keyfile, &rows[i]);
    read_pmtudisc(keyfile);
    if (tunnel->ip6_flags)
        tunnel->stated |= FIELD_IP6_FLAGS;
    if (tunnel->fwmark)
        tunnel->stated |= FIELD_FWMARK;
}

/* NetworkManager knows no external tunnels, and asks for some of these keys all the same. */
static void drop_header(struct keyfile *keyfile)
{
    static const char *const names[] = { "parent",     "local", "remote", "input-key", "output-key", "ttl", "tos", "path-mtu-discovery", "encapsulation-limit",
                                         "flow-label", "flags" };
    struct tunnel *tunnel = keyfile->tunnel;

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        const struct keyfile_entry *entry = keyfile_text_get(&keyfile->text, GROUP, names[i]);
        bool any = i == 2 && !address_is_set(&tunnel->remote);

        if (entry && !any)
            keyfile_warn(keyfile, entry, kinds_no_meaning(tunnel, FIELD_REMOTE));
    }
    tunnel->local = tunnel->remote = (struct address){ 0 };
    tunnel->lower[0] = 0;
    keyfile->profile->parent = (struct keyfile_reference){ 0 };
    tunnel->ikey = tunnel->okey = 0;
    tunnel->iflags = tunnel->oflags = 0;
    tunnel->ttl = tunnel->tos = tunnel->encap_limit = 0;
    tunnel->flowinfo = tunnel->ip6_flags = 0;
    tunnel->pmtudisc = true;
    tunnel->stated &= tunnel_fields(tunnel);
}

static bool says(void *userdata, const char *key)
{
    struct keyfile *keyfile = userdata;

    return keyfile_text_get(&keyfile->text, strchr(key, '.') ? "user" : GROUP, key);
}

static void tell(void *userdata, enum severity severity, const char *key, const char *why)
{
    struct keyfile *keyfile = userdata;
    const struct keyfile_entry *entry = key ? keyfile_text_get(&keyfile->text, strchr(key, '.') ? "user" : GROUP, key) : NULL;

    (severity == SEVERITY_ERROR ? keyfile_fail : keyfile_warn)(keyfile, entry, why);
}

static void check_together(struct keyfile *keyfile)
{
    static const struct kinds_words words = {
        .encap = "tunneld.encap",
        .encap_sport = "tunneld.encap-sport",
        .encap_dport = "tunneld.encap-dport",
        .encap_flags = "tunneld.encap-flags",
        .ikey = "input-key",
        .okey = "output-key",
        .no_key = "input-key and output-key are missing: ERSPAN needs its session, 0 to 1023",
        .gre_flags = "tunneld.gre-flags",
        .version = "tunneld.erspan-version",
        .index = "tunneld.erspan-index",
        .direction = "tunneld.erspan-direction",
        .hwid = "tunneld.erspan-hwid",
    };
    struct kinds_check check = { keyfile->tunnel, &words, says, tell, keyfile };

    if (kinds_check(&check) < 0)
        keyfile->out_of_memory = true;
}

void keyfile_check_tunnel(struct keyfile *keyfile)
{
    struct tunnel *tunnel = keyfile->tunnel;
    const struct kind_info *info = kind_info(tunnel->kind);

    if (tunnel->external)
        drop_header(keyfile);
    check_together(keyfile);
    if (address_is_multicast(&tunnel->remote) && !address_is_set(&tunnel->local))
        keyfile_fail(keyfile, keyfile_text_get(&keyfile->text, GROUP, "remote"), "a multicast remote needs a local address");
    if (tunnel->ipv6 && !tunnel_has_room_for_ipv6(tunnel))
        keyfile_fail(keyfile, keyfile_text_get(&keyfile->text, GROUP, "mtu"), "IPv6 runs on the tunnel, and needs 1280 at the least");
    if (tunnel_equals_fallback(tunnel) && !*keyfile->profile->parent.uuid && !problems_has_error(keyfile->problems))
        problems_add(keyfile->problems, SEVERITY_ERROR, (struct place){ keyfile->input->path, 0, 0 },
                     "neither local nor remote%s: to the kernel the same as %s", info->unique & FIELD_IKEY ? " nor key" : "", info->fallback);
}
