/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as an ifcfg file, in either dialect; what is behind a byte 1, as its keys file, and behind another, as the
 * network file. What the kernel is told of a tunnel, and tells again, differs in nothing from what the file wants. */
#include <linux/rtnetlink.h>
#include <netlink/msg.h>

#include "fuzz.h"
#include "kernel/link.h"
#include "plan/diff.h"
#include "read/ifcfg.h"

static void check_kernel(const struct tunnel *tunnel)
{
    enum { LOWER = 7 };
    struct fact fact = { .lower_index = *tunnel->lower ? LOWER : 0 };
    struct nl_msg *sent = link_create(tunnel, fact.lower_index, 0);
    struct tunnel *told;

    check(sent);
    nlmsg_hdr(sent)->nlmsg_type = RTM_NEWLINK;
    check(link_decode(nlmsg_hdr(sent), &told) == 0);
    check(!strcmp(told->name, tunnel->name) && told->kind == tunnel->kind && told->actual.ours);
    check(!(diff_fields(tunnel, told, &fact) & FIELDS_INFO));
    tunnel_free(told);
    nlmsg_free(sent);
}

static char *read_file(const struct ifcfg_input *input, bool kernel)
{
    struct problems problems = { 0 };
    struct ifcfg_device device;
    struct tunnel *tunnel = NULL;
    char *text = NULL;
    int verdict = ifcfg_read(input, &tunnel, &device, &problems);

    check(verdict >= 0 && (verdict == IFCFG_TUNNEL) == (tunnel != NULL));
    check(problems_has_error(&problems) == (verdict == IFCFG_REFUSED));
    if (tunnel) {
        text = tell(tunnel);
        if (kernel)
            check_kernel(tunnel);
    }
    tunnel_free(tunnel);
    problems_done(&problems);
    return text;
}

static void read_twice(const struct ifcfg_input *input)
{
    char *text = read_file(input, true), *again = text ? read_file(input, false) : NULL;

    check(!text || !strcmp(text, again));
    free(text);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct assignments defaults = { 0 };
    struct problems of_network = { 0 };
    struct ifcfg_input input = { .file = { "/etc/sysconfig/network-scripts/ifcfg-x", NULL, 0, false }, .network = &defaults };
    const char *text = (const char *)data, *network;
    size_t network_size;

    cut(&text, &size, 1, &input.file.text, &input.file.size);
    if (cut(&text, &size, 1, &input.keys.text, &input.keys.size))
        input.keys.path = "/etc/sysconfig/network-scripts/keys-x";
    if (cut(&text, &size, 1, &network, &network_size))
        check(shell_parse(network, network_size, "/etc/sysconfig/network", &defaults, &of_network) == 0);
    read_twice(&input);
    input.place = IFCFG_PLACE_SUSE;
    read_twice(&input);
    input.place = IFCFG_PLACE_EITHER;
    input.wicked_keys = input.ipv6 = true;
    read_twice(&input);
    problems_done(&of_network);
    assignments_done(&defaults);
    return 0;
}
