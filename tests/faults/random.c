/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What administrators, others on the machine and misfortune do, at random: files are edited, what is in the kernel is changed behind
 * tunneld's back, runs fail or are killed. After each step one run without a fault must bring the kernel to what this program knows that
 * it wrote, read by libnl-route; a further one must have nothing to do; what is not ours must be as it was; and no link may be made
 * anew that could be kept. A seed and a number of a step say it all again: random --seed S --steps N. */
#include <getopt.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "look.h"
#include "model.h"
#include "pass.h"

enum {
    ENDS = 40,
    STRANGERS = 8, /* rules of others, from priority 700 */
    TOLD_MOST = 60,
};

static const char *root;
static uint32_t state;
static char told[TOLD_MOST][160];
static unsigned n_told, n_faults;

static unsigned dice(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % n;
}

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(told[n_told++ % TOLD_MOST], sizeof(told[0]), format, arguments);
    va_end(arguments);
}

/* ---- what is done: files ---- */

static bool end_is_free(unsigned end)
{
    for (size_t i = 0; i < SLOTS; i++)
        if (slots[i].there && slots[i].end == end)
            return false;
    return true;
}

static unsigned free_end(void)
{
    unsigned end = dice(ENDS);

    while (!end_is_free(end))
        end = (end + 1) % ENDS;
    return end;
}

static void invent(struct slot *slot)
{
    slot->kind = (enum kind)dice(KINDS);
    slot->keyfile = slot->kind != HUB && dice(3) == 0;
    slot->end = free_end();
    slot->key = dice(2) ? 0 : 1 + dice(9);
    slot->ttl = 1 + dice(255);
    slot->mtu = 1280 + dice(100);
    slot->address = 1 + dice(200);
    slot->route = dice(2) ? 1 + dice(200) : 0;
    slot->rule = dice(3) ? 0 : 50 + dice(10);
    slot->neighbour = dice(2) ? 1 + dice(200) : 0;
}

static void change_one_value(struct slot *slot)
{
    switch (dice(9)) {
    case 0:
        slot->end = free_end();
        break;
    case 1:
        slot->key = dice(3) ? 1 + dice(9) : 0;
        break;
    case 2:
        slot->ttl = 1 + dice(255);
        break;
    case 3:
        slot->mtu = 1280 + dice(100);
        break;
    case 4:
        slot->address = 1 + dice(200);
        break;
    case 5:
        slot->route = dice(2) ? 1 + dice(200) : 0;
        break;
    case 6:
        slot->rule = dice(2) ? 50 + dice(10) : 0;
        break;
    case 7:
        slot->neighbour = dice(2) ? 1 + dice(200) : 0;
        break;
    default:
        slot->keyfile = slot->kind != HUB && !slot->keyfile;
        break;
    }
}

/* Two tunnels of one kind take each other's place. */
static void swap_ends(struct slot *one)
{
    struct slot *other = &slots[dice(SLOTS)];
    unsigned end = one->end;

    if (other == one || !other->there || other->broken || other->locked)
        return;
    tell("  %s and %s exchange their ends %u and %u", slot_name(one), slot_name(other), one->end, other->end);
    one->end = other->end;
    other->end = end;
    other->edited = true;
    slot_lay(root, other, true);
}

static void edit(struct slot *slot)
{
    enum kind kind = slot->kind;
    bool was_edited = slot->edited, keyfile = slot->keyfile;

    if (slot->locked)
        return;
    slot->edited = true;
    slot_lay(root, slot, false);
    if (!slot->there) {
        tell("%s comes", slot_name(slot));
        invent(slot);
        slot->broken = false;
        slot->there = slot->may_be_new = true;
    } else if (slot->broken) {
        tell("%s is mended", slot_name(slot));
        slot->broken = false;
        slot->may_be_new = true;
    } else {
        switch (dice(12)) {
        case 0:
        case 1:
            tell("%s goes", slot_name(slot));
            slot->there = false;
            break;
        case 2:
            slot->broken = !was_edited; /* one that breaks on its way to another place or name is one that went */
            tell("%s breaks%s", slot_name(slot), was_edited ? " not" : "");
            break;
        case 3:
            tell("%s changes as a whole", slot_name(slot));
            slot->there = false;
            invent(slot);
            slot->there = true;
            break;
        case 4:
            tell("%s has another name", slot_name(slot));
            slot->second_name = !slot->second_name;
            slot->may_be_new = true;
            break;
        case 5:
        case 6:
            swap_ends(slot);
            break;
        default:
            tell("%s has one value changed", slot_name(slot));
            change_one_value(slot);
            break;
        }
        slot->may_be_new |= slot->kind != kind;
        slot->moved |= slot->keyfile != keyfile;
    }
    slot_lay(root, slot, slot->there);
    if (slot->there)
        tell("  %s: kind %d%s end %u key %u ttl %u mtu %u address %u route %u rule %u neighbour %u", slot_name(slot), slot->kind,
             slot->keyfile ? " (keyfile)" : "", slot->end, slot->key, slot->ttl, slot->mtu, slot->address, slot->route, slot->rule, slot->neighbour);
}

/* ---- what is done: behind tunneld's back ---- */

#define IP(...)                                                                                                                                                \
    do {                                                                                                                                                       \
        snprintf(command, sizeof(command), __VA_ARGS__);                                                                                                       \
        tell("ip %s%s", command, pass_ip("%s", command) ? "" : " (in vain)");                                                                                  \
    } while (0)

static void drift_rules(void)
{
    char command[160];

    if (dice(2))
        IP("rule add from 10.201.0.0/16 table %u pref %u", 70 + dice(9), 700 + dice(STRANGERS));
    else
        IP("rule del pref %u", 700 + dice(STRANGERS));
}

/* Only with the files as they are is the link still known to be ours. */
static void drift_marks(struct slot *slot)
{
    const char *name = slot_name(slot);
    char command[160];

    if (slot->edited || !slot->there || slot->broken)
        return;
    slot->locked = true;
    switch (dice(4)) {
    case 0:
        IP("link set dev %s alias nonsense", name);
        break;
    case 1:
        IP("link set dev %s group 0", name);
        break;
    case 2:
        IP("link set dev %s group %u", name, 0x54e7deadU);
        break;
    default:
        slot->may_be_new = true;
        IP("link set dev %s name %s", name, slot_variant(slot_number(slot), 2));
        break;
    }
}

static void drift_on_link(struct slot *slot)
{
    static const char *const kinds[] = { "gre", "ipip", "sit", "ip6gre", "gre" };
    unsigned n = slot_number(slot);
    const char *name = slot_name(slot);
    char command[160];

    switch (dice(14)) {
    case 0:
        slot->may_be_new = true;
        IP("link delete dev %s", name);
        break;
    case 1:
        IP("link set dev %s down", name);
        break;
    case 2:
        IP("link set dev %s mtu 1270", name);
        break;
    case 3:
        IP("address flush dev %s", name);
        break;
    case 4:
        IP("address del %s dev %s", slot_address(slot), name);
        break;
    case 5:
        IP("route del %s dev %s metric 7", slot_route(slot), name);
        break;
    case 6:
        IP("rule del pref %u", RULES + n);
        break;
    case 7:
        IP("neighbour flush dev %s nud permanent", name);
        break;
    case 8:
        if (!slot->locked)
            IP("link set dev %s type %s ttl 99", name, kinds[slot->kind]);
        break;
    case 9:
        if (!slot->locked && slot->kind < GRE6)
            IP("link set dev %s type %s remote 198.51.100.%u", name, kinds[slot->kind], 1 + dice(ENDS));
        break;
    case 10:
        IP("address add 10.250.%u.%u/24 dev %s", n, 1 + dice(3), name);
        break;
    case 11:
        IP("route add 10.251.%u.0/24 dev %s proto 99", 10 * n + dice(3), name);
        break;
    case 12:
        if (slot->kind == HUB) /* on others it would be another one */
            IP("neighbour replace 10.252.%u.%u lladdr 192.0.2.7 dev %s nud permanent", n, 1 + dice(3), name);
        break;
    default:
        drift_marks(slot);
        break;
    }
}

/* ---- what is done: a run that goes wrong ---- */

static void run_with_fault(void)
{
    static const struct {
        const char *fault;
        unsigned most; /* how many such calls there are, more or less */
    } faults[] = { { "change:kill", 40 },     { "change:kill", 40 },  { "message:ENOBUFS", 60 },  { "message:EBUSY", 60 },   { "message:EPERM", 60 },
                   { "message:ENOMEM", 60 },  { "send:ENOBUFS", 20 }, { "send:kill", 20 },        { "receive:ENOBUFS", 20 }, { "receive:lose", 20 },
                   { "receive:disturb", 20 }, { "receive:cut", 20 },  { "receive:truncate", 20 }, { "receive:kill", 20 },    { "memory:ENOMEM", 3000 },
                   { "file:EIO", 60 },        { "file:cut", 60 },     { "file:EACCES", 60 },      { "file:kill", 60 } };
    size_t i = dice(sizeof(faults) / sizeof(*faults));
    struct fault fault;
    unsigned hits;

    (void)fault_parse(faults[i].fault, &fault);
    fault.first = 1 + dice(faults[i].most);
    fault.on = fault.action != FAULT_KILL && dice(4) == 0;
    tell("a run with %s:%u%s", faults[i].fault, fault.first, fault.on ? "+" : "");
    if (!pass_run(root, &fault, &hits)) {
        pass_print_log();
        exit(EXIT_FAILURE);
    }
    n_faults += hits > 0;
    for (size_t j = 0; fault.call == FAULT_FILE && j < SLOTS; j++) /* its file went, and the new one could not be read */
        slots[j].may_be_new |= slots[j].moved;
}

/* ---- steps ---- */

static void do_something(void)
{
    struct slot *slot = &slots[dice(SLOTS)];

    switch (dice(8)) {
    case 0:
        drift_rules();
        break;
    case 1:
    case 2:
    case 3:
        if (slot->there)
            drift_on_link(slot);
        break;
    default:
        edit(slot);
        break;
    }
}

static bool same(const char *what, char *have, char *want)
{
    bool is = !strcmp(have, want);

    if (!is) {
        printf("# %s:\n", what);
        look_diff(have, want);
    }
    free(have);
    free(want);
    return is;
}

static bool links_were_kept(void)
{
    bool kept = true;

    for (size_t i = 0; i < SLOTS; i++) {
        const struct slot *slot = &slots[i];

        if (slot->index && slot->there && !slot->may_be_new && look_index(slot_name(slot)) != slot->index) {
            printf("# %s was made anew\n", slot_name(slot));
            kept = false;
        }
    }
    return kept;
}

static bool nothing_to_do(void)
{
    char *plan = pass_plan(root);
    bool nothing = !*plan;

    if (!nothing)
        printf("# still to do:\n%s", plan);
    free(plan);
    return nothing;
}

/* One run without a fault, and all that must then be so. */
static bool settle(char *before)
{
    char *after;
    bool well = pass_run(root, NULL, NULL);

    after = look();
    well = same("what is not ours", model_select(after, true), model_select(before, true)) && well;
    well = same("what is ours", model_select(after, false), model_lines()) && well;
    well = links_were_kept() && well;
    well = nothing_to_do() && well;
    free(before);
    free(after);
    return well;
}

static void note_indexes(void)
{
    for (size_t i = 0; i < SLOTS; i++)
        for (unsigned variant = 0; !slots[i].index && variant < VARIANTS; variant++)
            slots[i].index = look_index(slot_variant((unsigned)i, variant));
}

static bool take_step(void)
{
    char *before;

    for (size_t i = 0; i < SLOTS; i++) {
        slots[i].edited = slots[i].moved = slots[i].locked = slots[i].may_be_new = false;
        slots[i].index = 0;
    }
    for (unsigned n = 1 + dice(4); n; n--)
        do_something();
    before = look();
    note_indexes();
    for (unsigned n = dice(3); n > 0; n--)
        run_with_fault();
    return settle(before);
}

static void make_surroundings(void)
{
    static const char *const commands[] = {
        "link add eth0 type dummy",
        "link set eth0 up",
        "address add 192.0.2.1/24 dev eth0",
        "address add 2001:db8::1/64 dev eth0 nodad",
        "link add foreign1 type gre local 192.0.2.1 remote 192.0.2.201 ttl 9",
        "link set foreign1 up",
        "address add 10.200.0.1/30 dev foreign1",
        "route add 10.201.0.0/16 dev foreign1",
        "rule add from 10.200.0.1 table 77 pref 800",
        "link add grouped group 2784 type dummy",
        "link add foreign2 type ip6gre local 2001:db8::1 remote 2001:db8::99",
        "link add foreign3 type ipip local 192.0.2.1 remote 192.0.2.202",
        "link add foreign4 type sit local 192.0.2.1 remote 192.0.2.203",
    };

    pass_ip_all(commands, sizeof(commands) / sizeof(*commands));
}

static void print_told(void)
{
    for (unsigned i = n_told > TOLD_MOST ? n_told - TOLD_MOST : 0; i < n_told; i++)
        printf("# %s\n", told[i % TOLD_MOST]);
}

int main(int argc, char **argv)
{
    static const struct option options[] = { { "seed", required_argument, NULL, 's' }, { "steps", required_argument, NULL, 'n' }, { NULL, 0, NULL, 0 } };
    unsigned seed = (unsigned)time(NULL), steps = 1000, step = 1;
    bool well = true;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0)
        if (option == 's')
            seed = (unsigned)strtoul(optarg, NULL, 0);
        else if (option == 'n')
            steps = (unsigned)strtoul(optarg, NULL, 0);
        else
            return EXIT_FAILURE;
    state = seed * 2654435761U | 1;
    printf("# seed %u\n", seed);
    fflush(stdout);
    root = pass_begin();
    make_surroundings();
    (void)pass_run(root, NULL, NULL); /* the kernel's modules, and what they bring, come with the first tunnels */
    for (; well && step <= steps; step++) {
        tell("step %u", step);
        well = take_step();
    }
    if (!well) {
        print_told();
        pass_print_log();
    }
    printf("note: %u random steps with %u faults, seed %u\n", step - 1, n_faults, seed);
    return !well;
}
