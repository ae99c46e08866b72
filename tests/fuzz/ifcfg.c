/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as an ifcfg file, in either dialect; what is behind a byte 1, as its keys file, and behind another, as the
 * network file. All of it as a file of routes, in both syntaxes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/ifcfg.h"
#include "read/ifroute.h"
#include "write/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static FILE *nowhere;

static void read_file(const struct ifcfg_input *input)
{
    struct problems problems = { 0 };
    struct ifcfg_device device;
    struct tunnel *tunnel = NULL;

    if (ifcfg_read(input, &tunnel, &device, &problems) == IFCFG_TUNNEL) {
        explain_tunnel(tunnel, nowhere);
        tunnel_free(tunnel);
    }
    problems_done(&problems);
}

static void read_routes(const char *text, size_t size, enum kind kind)
{
    struct routes_input input = { .path = "/etc/sysconfig/network/ifroute-x", .text = text, .size = size, .family = AF_INET };
    struct problems problems = { 0 };
    struct tunnel *tunnel = tunnel_new("x", kind);

    if (tunnel && ifroute_read(tunnel, &input, &problems) >= 0 && routes_read(tunnel, &input, &problems) >= 0)
        explain_tunnel(tunnel, nowhere);
    tunnel_free(tunnel);
    problems_done(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *keys = memchr(data, 1, size), *network;
    struct assignments defaults = { 0 };
    struct problems of_network = { 0 };
    struct ifcfg_input input = { .file = { "/etc/sysconfig/network-scripts/ifcfg-x", text, size }, .network = &defaults };

    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    if (keys) {
        input.file.size = (size_t)(keys - text);
        input.keys = (struct ifcfg_text){ "/etc/sysconfig/network-scripts/keys-x", keys + 1, size - input.file.size - 1 };
        network = memchr(keys + 1, 1, input.keys.size);
        if (network) {
            size_t rest = input.keys.size - (size_t)(network - keys - 1) - 1;

            input.keys.size = (size_t)(network - keys - 1);
            shell_parse(network + 1, rest, "/etc/sysconfig/network", &defaults, &of_network);
        }
    }
    read_file(&input);
    input.place = IFCFG_PLACE_SUSE;
    read_file(&input);
    input.place = IFCFG_PLACE_EITHER;
    input.wicked_keys = input.ipv6 = true;
    read_file(&input);
    read_routes(text, size, KIND_GRE);
    read_routes(text, size, KIND_IPIP);
    problems_done(&of_network);
    assignments_done(&defaults);
    return 0;
}
