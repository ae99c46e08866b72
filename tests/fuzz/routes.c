/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as what stands beside an ifcfg file: routes and rules of both families, static routes, and aliases. The first
 * byte says which, and on which kind of tunnel; in an ifcfg file a byte 1 begins the next alias. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/ifcfg.h"
#include "read/routes.h"
#include "write/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ALIASES_MAX = 4 };

static void write_down(const struct tunnel *tunnel)
{
    static FILE *nowhere;

    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    explain_tunnel(tunnel, nowhere);
    explain_rules(tunnel, nowhere);
}

static void read_beside(unsigned choice, const char *text, size_t size, const struct names *names)
{
    static const enum kind kinds[] = { KIND_GRE, KIND_IPIP, KIND_SIT, KIND_IP6GRE };
    struct routes_input input = { "/etc/sysconfig/network-scripts/route-x", text, size, choice & 1 ? AF_INET6 : AF_INET, choice & 2, names };
    struct tunnel *tunnel = tunnel_new("x", kinds[choice >> 3 & 3]);
    struct problems problems = { 0 };

    if (choice & 4)
        routes_read_static(tunnel, &input, &problems);
    else
        routes_read(tunnel, &input, &problems);
    write_down(tunnel);
    problems_done(&problems);
    tunnel_free(tunnel);
}

static void read_aliases(const char *text, size_t size)
{
    struct ifcfg_text aliases[ALIASES_MAX] = { { .path = "/etc/sysconfig/network-scripts/ifcfg-x-range0" },
                                               { .path = "/etc/sysconfig/network-scripts/ifcfg-x:0" },
                                               { .path = "/etc/sysconfig/network-scripts/ifcfg-x:1" },
                                               { .path = "/etc/sysconfig/network-scripts/ifcfg-x:2" } };
    struct assignments network = { 0 };
    struct ifcfg_input input = { .file = { "/etc/sysconfig/network-scripts/ifcfg-x", text, size, false }, .network = &network, .aliases = aliases };
    struct problems problems = { 0 };
    struct ifcfg_device device;
    struct tunnel *tunnel = NULL;

    for (const char *end = memchr(text, 1, size); end && input.n_aliases < ALIASES_MAX; input.n_aliases++) {
        struct ifcfg_text *alias = &aliases[input.n_aliases];
        const char *next = memchr(end + 1, 1, size - (size_t)(end + 1 - text));

        if (!input.n_aliases)
            input.file.size = (size_t)(end - text);
        alias->text = end + 1;
        alias->size = (size_t)((next ? next : text + size) - alias->text);
        end = next;
    }
    if (ifcfg_read(&input, &tunnel, &device, &problems) == IFCFG_TUNNEL) {
        write_down(tunnel);
        tunnel_free(tunnel);
    }
    problems_done(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct names *names;
    struct problems problems = { 0 };

    if (!names && names_load("/nowhere", &names, &problems) < 0)
        abort();
    problems_done(&problems);
    if (!size)
        return 0;
    if (*data == 'D') /* as ifcfg files begin */
        read_aliases((const char *)data, size);
    else
        read_beside(*data, (const char *)data + 1, size - 1, names);
    return 0;
}
