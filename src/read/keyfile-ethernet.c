/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hardware address that a profile gives its tunnel. */
#include "read/keyfile-ethernet.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"

/* Six pairs of hexadecimal digits with colons, or hyphens, between them. */
static bool parse_hardware(const char *text, uint8_t ret[static HARDWARE_SIZE])
{
    if (strlen(text) != 17)
        return false;
    for (size_t i = 0; i < 17; i++)
        if (i % 3 == 2 ? text[i] != ':' && text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    for (size_t i = 0; i < HARDWARE_SIZE; i++)
        ret[i] = (uint8_t)strtoul((char[]){ text[3 * i], text[3 * i + 1], 0 }, NULL, 16);
    return true;
}

static bool is_word(const char *text)
{
    static const char *const words[] = { "preserve", "permanent", "random", "stable", "stable-ssid" };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (!strcmp(words[i], text))
            return true;
    return !*text;
}

static void read_group(struct keyfile *keyfile, const char *group)
{
    const struct keyfile_entry *address = keyfile_get(keyfile, group, "cloned-mac-address"), *mtu = keyfile_text_get(&keyfile->text, group, "mtu");
    static const uint8_t none[HARDWARE_SIZE];
    uint8_t hardware[HARDWARE_SIZE];

    if (mtu)
        keyfile_note(keyfile, mtu, "of no effect: a tunnel's MTU is said in [ip-tunnel]");
    if (!address)
        return;
    if (is_word(address->text)) {
        keyfile_note(keyfile, address, "of no effect: tunneld gives a tunnel the address that is said, or the kernel gives it one");
    } else if (!parse_hardware(address->text, hardware)) {
        keyfile_reject(keyfile, address, "not a hardware address: six pairs of hexadecimal digits");
    } else if (hardware[0] & 1 || !memcmp(hardware, none, sizeof(none))) {
        keyfile_fail(keyfile, address, "no address that one device can have");
    } else {
        memcpy(keyfile->tunnel->hardware, hardware, sizeof(hardware));
        keyfile->tunnel->stated |= FIELD_HARDWARE;
    }
}

void keyfile_read_ethernet(struct keyfile *keyfile)
{
    if (!(kind_info(keyfile->tunnel->kind)->fields & FIELD_HARDWARE))
        return;
    read_group(keyfile, "802-3-ethernet");
    read_group(keyfile, "ethernet");
}
