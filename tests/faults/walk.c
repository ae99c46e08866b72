/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every fault at every place: tunneld makes tunnels from nothing, changes them, and removes them, and in each of these the Nth
 * call fails, or the process is killed there. One more run must then end where a run without faults ends, a further one must have
 * nothing to do, and what others made stays. N grows until it is behind the last call. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "look.h"
#include "pass.h"

#define SCRIPTS "etc/sysconfig/network-scripts/"

static const char *root;

struct file {
    const char *path;
    const char *text[3]; /* in each scene; NULL: it is not there */
};

enum { SCENES = 3 };

#define GRE(name, local, remote) "DEVICE=" name "\nTYPE=GRE\nMY_OUTER_IPADDR=" local "\nPEER_OUTER_IPADDR=" remote "\n"

static const struct file files[] = {
    { SCRIPTS "ifcfg-t1",
      { GRE("t1", "192.0.2.1", "192.0.2.101") "MY_INNER_IPADDR=10.1.0.1/30\nTTL=64\nIPV6ADDR=2001:db8:1::1\n",
        GRE("t1", "192.0.2.1", "192.0.2.111") "MY_INNER_IPADDR=10.1.0.5/30\nTTL=32\nIPV6ADDR=2001:db8:1::2\nIPADDR1=10.1.9.1\nPREFIX1=24\n", NULL } },
    { SCRIPTS "route-t1", { "10.11.0.0/16\n10.12.0.0/16 metric 7\n", "10.11.0.0/16 via 10.1.0.6\n10.13.0.0/16 table 50\n", NULL } },
    { SCRIPTS "rule-t1", { "from 10.1.0.0/16 table 50 pref 500\n", "from 10.1.0.0/16 table 51 pref 500\nfwmark 5 table 50 pref 501\n", NULL } },
    { SCRIPTS "ifcfg-k1", { GRE("k1", "192.0.2.1", "192.0.2.102") "KEY=5\n", GRE("k1", "192.0.2.1", "192.0.2.102") "KEY=6\n", NULL } },
    { SCRIPTS "ifcfg-k2", { GRE("k2", "192.0.2.1", "192.0.2.102") "KEY=6\n", GRE("k2", "192.0.2.1", "192.0.2.102") "KEY=5\n", NULL } },
    { SCRIPTS "ifcfg-six",
      { "DEVICE=six\nTYPE=SIT\nIPV6TUNNELIPV4LOCAL=192.0.2.1\nIPV6TUNNELIPV4=192.0.2.103\nIPV6ADDR=2001:db8:2::1\n",
        "DEVICE=six\nTYPE=SIT\nIPV6TUNNELIPV4LOCAL=192.0.2.1\nIPV6TUNNELIPV4=192.0.2.113\nIPV6ADDR=2001:db8:2::2\nMTU=1400\n", NULL } },
    { SCRIPTS "route6-six", { "2001:db8:20::/48\n", "2001:db8:21::/48\n", NULL } },
    { SCRIPTS "ifcfg-hub",
      { GRE("hub", "192.0.2.1", "any") "KEY=4\nMY_INNER_IPADDR=10.4.0.1/24\nNEIGHBOR1_INNER_IPADDR=10.4.0.2\nNEIGHBOR1_OUTER_IPADDR=192.0.2.77\n",
        GRE("hub", "192.0.2.1", "any") "KEY=4\nMY_INNER_IPADDR=10.4.0.1/24\nNEIGHBOR1_INNER_IPADDR=10.4.0.2\nNEIGHBOR1_OUTER_IPADDR=192.0.2.78\n"
                                       "NEIGHBOR2_INNER_IPADDR=10.4.0.3\nNEIGHBOR2_OUTER_IPADDR=192.0.2.79\n",
        NULL } },
    { SCRIPTS "ifcfg-many",
      { GRE("many", "192.0.2.1", "192.0.2.104") "MY_INNER_IPADDR=10.5.0.1/24\n", GRE("many", "192.0.2.1", "any") "KEY=9\nMY_INNER_IPADDR=10.5.0.1/24\n",
        NULL } },
    { SCRIPTS "ifcfg-g6", { "DEVICE=g6\nTYPE=GRE6\nMY_OUTER_IPADDR=2001:db8::1\nPEER_OUTER_IPADDR=2001:db8::2\n", NULL, NULL } },
    { SCRIPTS "ifcfg-g7", { NULL, "DEVICE=g7\nTYPE=GRE6\nMY_OUTER_IPADDR=2001:db8::1\nPEER_OUTER_IPADDR=2001:db8::2\n", NULL } },
    { SCRIPTS "ifcfg-d1", { GRE("d1", "192.0.2.1", "192.0.2.121") "MY_INNER_IPADDR=10.6.1.1/30\n", NULL, NULL } },
    { SCRIPTS "ifcfg-d2", { GRE("d2", "192.0.2.1", "192.0.2.122"), NULL, NULL } },
    { SCRIPTS "ifcfg-d3", { GRE("d3", "192.0.2.1", "192.0.2.123"), NULL, NULL } },
    { SCRIPTS "ifcfg-n1", { NULL, GRE("n1", "192.0.2.1", "192.0.2.121") "MY_INNER_IPADDR=10.6.1.1/30\n", NULL } },
};

static const char *const foreign[] = {
    "link add eth0 type dummy",
    "link set eth0 up",
    "address add 192.0.2.1/24 dev eth0",
    "address add 2001:db8::1/64 dev eth0 nodad",
    "link add foreign1 type gre local 192.0.2.1 remote 192.0.2.201 ttl 9",
    "link set foreign1 up",
    "address add 10.200.0.1/30 dev foreign1",
    "route add 10.201.0.0/16 dev foreign1",
    "route add 10.202.0.0/16 dev foreign1 proto static table 50",
    "rule add from 10.200.0.1 table 77 pref 700",
    "rule add from 10.1.0.0/16 table 52 pref 701",
    "neighbour add 10.200.0.2 lladdr 192.0.2.9 dev foreign1",
};

/* What somebody puts on a tunnel of ours, while it is there. */
static const char *const guests[] = {
    "address add 10.222.0.1/24 dev t1",
    "route add 10.223.0.0/16 dev t1 proto 99",
    "address add 2001:db8:222::1/64 dev t1 nodad",
};

/* Which places are tried: each Nth. */
struct walk {
    const char *fault;
    unsigned stride;
};

static const struct walk walks[] = {
    { "change:kill", 1 },      { "change:ENOBUFS", 5 },  { "change:ENOMEM", 5 },  { "change:EBUSY", 5 },     { "change:EPERM", 7 },    { "change:EINTR", 11 },
    { "message:ENOBUFS", 11 }, { "message:ENOMEM", 11 }, { "message:EBUSY", 11 }, { "message:EPERM", 11 },   { "message:EINTR", 11 },  { "send:ENOBUFS", 3 },
    { "send:EINTR", 5 },       { "send:EPERM", 5 },      { "send:kill", 2 },      { "receive:ENOBUFS", 4 },  { "receive:ENOMEM", 7 },  { "receive:EINTR", 7 },
    { "receive:kill", 4 },     { "receive:lose", 5 },    { "receive:cut", 5 },    { "receive:truncate", 5 }, { "receive:disturb", 4 }, { "memory:ENOMEM", 101 },
    { "file:EIO", 5 },         { "file:EACCES", 7 },     { "file:EMFILE", 7 },    { "file:cut", 5 },         { "write:EROFS", 1 },     { "write:kill", 2 },
    { "socket:ENOBUFS", 3 },
};

static char *wanted[SCENES];
static unsigned tried, failed;

static void lay(size_t scene)
{
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        pass_put(root, files[i].path, files[i].text[scene]);
}

static void bring_guests(size_t scene)
{
    if (scene == 0)
        pass_ip_all(guests, sizeof(guests) / sizeof(*guests));
}

static bool check_state(size_t scene)
{
    char *have = look();
    bool same = !strcmp(have, wanted[scene]);

    if (!same)
        look_diff(have, wanted[scene]);
    free(have);
    return same;
}

static bool check_plan(void)
{
    char *plan = pass_plan(root), *rest = plan, *line;
    bool empty = !*plan;

    while ((line = strsep(&rest, "\n")))
        if (*line)
            printf("# still to do: %s\n", line);
    free(plan);
    return empty;
}

/* From one scene to the next with a fault, and on without. Returns whether the fault hit. */
static bool try_one(size_t scene, const struct fault *fault, const char *name)
{
    unsigned hits = 0;
    bool well;

    lay(scene);
    well = pass_run(root, fault, &hits);
    if (!well)
        pass_print_log();
    if (!hits && well)
        goto settled; /* as without */
    tried++;
    if (!pass_run(root, NULL, NULL))
        well = false;
settled:
    bring_guests(scene);
    if (!check_state(scene) || !check_plan()) {
        pass_print_log();
        well = false;
    }
    if (!well) {
        printf("# that was %s:%u%s in scene %zu\n", name, fault->first, fault->on ? "+" : "", scene);
        failed++;
    }
    fflush(stdout);
    return hits > 0;
}

static void walk_along(const char *name, unsigned stride, bool print)
{
    unsigned before = tried, bad = failed;
    struct timespec began, now;
    struct fault fault;
    bool hit = true;

    if (!fault_parse(name, &fault)) {
        printf("# %s is no fault\n", name);
        failed++;
        return;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &began);
    for (fault.first = 1; hit && failed - bad < 5; fault.first += stride) {
        hit = false;
        for (size_t scene = 0; scene < SCENES; scene++)
            hit |= try_one(scene, &fault, name);
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    failed += tried == before; /* there is such a call */
    if (print)
        printf("note: %s%s, at %u places (%ld s)\n", failed > bad ? "NOT SO: " : "", name, tried - before, (long)(now.tv_sec - began.tv_sec));
    fflush(stdout);
}

static void learn(void)
{
    static const struct fault none;

    for (size_t scene = 0; scene < SCENES; scene++) {
        lay(scene);
        if (!pass_run(root, &none, NULL))
            failed++;
        bring_guests(scene);
        wanted[scene] = look();
        if (!check_plan())
            failed++;
        if (failed)
            pass_print_log();
        if (getenv("SHOW"))
            printf("%s\n", wanted[scene]);
    }
}

int main(int argc, char **argv)
{
    root = pass_begin();
    pass_ip_all(foreign, sizeof(foreign) / sizeof(*foreign));
    wanted[SCENES - 1] = NULL;
    learn();
    for (int i = 1; i < argc; i++)
        walk_along(argv[i], 1, true);
    for (size_t i = 0; argc < 2 && i < sizeof(walks) / sizeof(*walks); i++)
        walk_along(walks[i].fault, walks[i].stride, true);
    printf("note: %u faults, %u with a wrong end\n", tried, failed);
    return failed > 0;
}
