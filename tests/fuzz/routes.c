/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as what stands beside an ifcfg file: routes and rules of both families and both dialects, static routes, and
 * aliases. The first byte says which, and on which kind of tunnel; in an ifcfg file a byte 1 begins the next alias. What explain
 * says of routes and rules can be read again, and then says the same. */
#include "read/routes.h"
#include "fuzz.h"
#include "model/route-text.h"
#include "read/ifcfg.h"
#include "read/ifroute.h"

enum { ALIASES_MAX = 4 };
enum { CHOICE_IPV6 = 1, CHOICE_RULES = 2, CHOICE_STATIC = 4, CHOICE_SUSE = 32 };

static struct names *names;

/* Those of one family, a line each; heap. */
static char *tell_lines(const struct tunnel *tunnel, uint8_t family, bool rules)
{
    char *lines = NULL;
    size_t size;
    FILE *out = open_memstream(&lines, &size);

    check(out);
    for (size_t i = 0; !rules && i < tunnel->routes.n; i++)
        if (tunnel->routes.items[i].family == family) {
            route_put(&tunnel->routes.items[i], out);
            fputc('\n', out);
        }
    for (size_t i = 0; rules && i < tunnel->rules.n; i++) {
        rule_put(&tunnel->rules.items[i], out);
        fputc('\n', out);
    }
    check(fclose(out) == 0);
    return lines;
}

static void check_again(const struct tunnel *tunnel, const struct routes_input *input)
{
    char *said = tell_lines(tunnel, input->family, input->rules), *again;
    struct routes_input told = { "/etc/sysconfig/network-scripts/route-x", said, strlen(said), input->family, input->rules, names };
    struct tunnel *other = tunnel_new("x", tunnel->kind);
    struct problems problems = { 0 };

    check(other && routes_read(other, &told, &problems) == 0);
    again = tell_lines(other, input->family, input->rules);
    if (!strchr(said, '\'')) { /* quoted for a shell */
        for (size_t i = 0; i < problems.n; i++)
            check(problems.items[i].severity < SEVERITY_LINE);
        check(!strcmp(said, again));
    }
    tunnel_free(other);
    problems_done(&problems);
    free(said);
    free(again);
}

static void read_beside(unsigned choice, const char *text, size_t size)
{
    static const enum kind kinds[] = { KIND_GRE, KIND_IPIP, KIND_SIT, KIND_IP6GRE };
    struct routes_input input = {
        "/etc/sysconfig/network-scripts/route-x", text, size, choice & CHOICE_IPV6 ? AF_INET6 : AF_INET, choice & CHOICE_RULES, names
    };
    struct tunnel *tunnel = tunnel_new("x", kinds[choice >> 3 & 3]);
    struct problems problems = { 0 };
    int r;

    if (choice & CHOICE_SUSE)
        r = ifroute_read(tunnel, &input, &problems);
    else if (choice & CHOICE_STATIC)
        r = routes_read_static(tunnel, &input, &problems);
    else
        r = routes_read(tunnel, &input, &problems);
    check(r >= 0);
    check_again(tunnel, &input);
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
    struct ifcfg_input input = { .file = { "/etc/sysconfig/network-scripts/ifcfg-x", NULL, 0, false }, .network = &network, .aliases = aliases };
    struct problems problems = { 0 };
    struct ifcfg_device device;
    struct tunnel *tunnel = NULL;

    cut(&text, &size, 1, &input.file.text, &input.file.size);
    while (input.n_aliases < ALIASES_MAX && cut(&text, &size, 1, &aliases[input.n_aliases].text, &aliases[input.n_aliases].size))
        input.n_aliases++;
    if (ifcfg_read(&input, &tunnel, &device, &problems) == IFCFG_TUNNEL) {
        free(tell(tunnel));
        tunnel_free(tunnel);
    }
    problems_done(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problems problems = { 0 };

    if (!names)
        check(names_load("/nowhere", &names, &problems) == 0);
    problems_done(&problems);
    if (!size)
        return 0;
    if (*data == 'D') /* as ifcfg files begin */
        read_aliases((const char *)data, size);
    else
        read_beside(*data, (const char *)data + 1, size - 1);
    return 0;
}
