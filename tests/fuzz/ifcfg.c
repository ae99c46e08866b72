/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as an ifcfg file; what is behind a byte 1, as its keys file, and behind another, as the network file. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/ifcfg.h"
#include "write/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *keys = memchr(data, 1, size), *network;
    struct assignments defaults = { 0 };
    struct problems problems = { 0 }, of_network = { 0 };
    struct ifcfg_input input = { .file = { "/etc/sysconfig/network-scripts/ifcfg-x", text, size }, .network = &defaults };
    struct ifcfg_device device;
    struct tunnel *tunnel = NULL;
    static FILE *nowhere;

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
    if (ifcfg_read(&input, &tunnel, &device, &problems) == IFCFG_TUNNEL) {
        explain_tunnel(tunnel, nowhere);
        tunnel_free(tunnel);
    }
    problems_done(&problems);
    problems_done(&of_network);
    assignments_done(&defaults);
    return 0;
}
