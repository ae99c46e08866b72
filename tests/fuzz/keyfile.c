/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a keyfile, in each place where one can lie. What is told of it is in order, and of an ignored one next to nothing. */
#include "read/keyfile.h"
#include "fuzz.h"

static FILE *nowhere;

static void check_problems(const struct problems *problems, int verdict)
{
    check(verdict != KEYFILE_REFUSED || problems_has_error(problems));
    check(verdict != KEYFILE_IGNORED || (problems->n <= 1 && !problems_has_error(problems))); /* tunneld.manage */
    check(verdict != KEYFILE_TUNNEL || !problems_has_error(problems));
    for (size_t i = 1; i < problems->n; i++)
        check(problems->items[i - 1].line <= problems->items[i].line);
    for (size_t i = 0; i < problems->n; i++)
        problem_print(&problems->items[i], nowhere);
}

static void check_tunnel(const struct tunnel *tunnel)
{
    for (size_t i = 0; i < tunnel->n_inner; i++)
        check(tunnel->ipv6 || tunnel->inner[i].local.family == AF_INET);
    for (size_t i = 0; i < tunnel->routes.n; i++)
        check((tunnel->ipv6 || tunnel->routes.items[i].family == AF_INET) && tunnel->routes.items[i].file && tunnel->routes.items[i].line);
    for (size_t i = 0; i < tunnel->rules.n; i++)
        check(tunnel->rules.items[i].has_preference && tunnel->rules.items[i].file);
    free(tell(tunnel));
}

static void read_file(const struct keyfile_input *input)
{
    struct problems problems = { 0 };
    struct keyfile_profile profile;
    struct tunnel *tunnel = NULL;
    int verdict = keyfile_read(input, &tunnel, &profile, &problems);

    check_problems(&problems, verdict);
    check((verdict == KEYFILE_TUNNEL) == (tunnel != NULL));
    check(verdict != KEYFILE_TUNNEL || (profile.readable && !profile.faulty && *profile.interface));
    if (tunnel)
        check_tunnel(tunnel);
    tunnel_free(tunnel);
    problems_done(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keyfile_input input = { .path = "/etc/tunneld/x.nmconnection", .text = (const char *)data, .size = size };

    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    read_file(&input);
    input.ipv6 = true;
    input.place = KEYFILE_PLACE_ETC;
    read_file(&input);
    input.all = true;
    read_file(&input);
    input.insecure = "others may read it";
    read_file(&input);
    return 0;
}
