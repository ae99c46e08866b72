/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts. Never puts anything right itself. */
#include "agent/repairs.h"

#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "plan/held.h"

/* What is followed is put right only if it is so once more: else it went on. */
struct goal {
    struct address local, remote;
    uint32_t mtu;
    int lower_index;
};

struct repair {
    char *thing;
    uint64_t times[REPAIRS_MOST]; /* of the last ones, in a ring */
    unsigned n;
    struct goal goal; /* of the last one */
};

struct given_up {
    char tunnel[IFNAMSIZ];
    char *by;
    bool followed;
};

struct repairs {
    struct table counted;  /* thing -> struct repair */
    struct table given_up; /* name of a tunnel -> struct given_up */
    uint64_t swept;        /* when the old ones were forgotten */
};

struct repairs *repairs_new(void)
{
    return calloc(1, sizeof(struct repairs));
}

static void repair_free(struct repair *repair)
{
    if (repair) {
        free(repair->thing);
        free(repair);
    }
}

static void given_up_free(struct given_up *given_up)
{
    if (given_up) {
        free(given_up->by);
        free(given_up);
    }
}

struct repairs *repairs_free(struct repairs *repairs)
{
    if (!repairs)
        return NULL;
    for (size_t i = 0; i < repairs->counted.n_slots; i++)
        repair_free(repairs->counted.slots[i].value);
    for (size_t i = 0; i < repairs->given_up.n_slots; i++)
        given_up_free(repairs->given_up.slots[i].value);
    table_done(&repairs->counted);
    table_done(&repairs->given_up);
    free(repairs);
    return NULL;
}

static uint64_t last_of(const struct repair *repair)
{
    return repair->times[(repair->n - 1) % REPAIRS_MOST];
}

/* Taking out moves others into slots that were passed: what is missed goes the next time. */
static void sweep(struct repairs *repairs, uint64_t now)
{
    if (now - repairs->swept < REPAIRS_WITHIN)
        return;
    repairs->swept = now;
    for (size_t i = 0; i < repairs->counted.n_slots; i++) {
        struct repair *repair = repairs->counted.slots[i].value;

        if (repair && now - last_of(repair) >= REPAIRS_WITHIN)
            repair_free(table_take(&repairs->counted, repair->thing, strlen(repair->thing)));
    }
}

/* Of an attribute each value is the same thing; what is added or removed is one of its own. */
static char *describe(const struct step *step)
{
    char *thing;
    int r;

    if (step->type < STEP_DELETE_ADDRESS)
        r = asprintf(&thing, "%s %d %x", step_name(step), (int)step->type, step->fields);
    else
        r = asprintf(&thing, "%s %d %s", step_name(step), (int)step->type, step->reason ? step->reason : "");
    return r < 0 ? NULL : thing;
}

static struct repair *find_or_add(struct repairs *repairs, const struct step *step)
{
    _cleanup_free_ char *thing = describe(step);
    struct repair *repair = thing ? table_get(&repairs->counted, thing, strlen(thing)) : NULL;

    if (repair || !thing)
        return repair;
    repair = calloc(1, sizeof(*repair));
    if (!repair || table_put(&repairs->counted, thing, strlen(thing), repair) < 0) {
        free(repair);
        return NULL;
    }
    repair->thing = steal_pointer(&thing);
    return repair;
}

static struct goal goal_of(const struct step *step)
{
    return (struct goal){ step->wanted->local, step->wanted->remote, step->mtu, step->lower_index };
}

static bool goal_equal(const struct goal *a, const struct goal *b)
{
    return address_equal(&a->local, &b->local) && address_equal(&a->remote, &b->remote) && a->mtu == b->mtu && a->lower_index == b->lower_index;
}

static void give_up(struct repairs *repairs, const char *tunnel, const char *by, bool followed)
{
    struct given_up *given_up = calloc(1, sizeof(*given_up));

    if (!given_up)
        return;
    strcpy(given_up->tunnel, tunnel);
    given_up->followed = followed;
    given_up->by = strdup(by);
    if (given_up->by && table_put(&repairs->given_up, given_up->tunnel, strlen(given_up->tunnel), given_up) >= 0)
        return;
    given_up_free(given_up);
}

void repairs_count(struct repairs *repairs, const struct step *step, const char *by, uint64_t now)
{
    struct goal goal = goal_of(step);
    struct repair *repair;
    uint64_t earliest;

    sweep(repairs, now);
    repair = find_or_add(repairs, step);
    if (!repair || repairs_given_up(repairs, step_name(step)))
        return;
    if (held_follows(step) && !goal_equal(&goal, &repair->goal))
        repair->n = 0;
    repair->goal = goal;
    earliest = repair->times[repair->n % REPAIRS_MOST];
    repair->times[repair->n++ % REPAIRS_MOST] = now;
    if (repair->n > REPAIRS_MOST && now - earliest < REPAIRS_WITHIN)
        give_up(repairs, step_name(step), by, held_follows(step));
}

const char *repairs_given_up(const struct repairs *repairs, const char *tunnel)
{
    const struct given_up *given_up = table_get(&repairs->given_up, tunnel, strlen(tunnel));

    return given_up ? given_up->by : NULL;
}

bool repairs_over_followed(const struct repairs *repairs, const char *tunnel)
{
    const struct given_up *given_up = table_get(&repairs->given_up, tunnel, strlen(tunnel));

    return given_up && given_up->followed;
}

void repairs_resume(struct repairs *repairs, const char *tunnel)
{
    size_t size = strlen(tunnel);
    struct given_up *given_up = table_take(&repairs->given_up, tunnel, size);

    if (!given_up)
        return;
    given_up_free(given_up);
    for (size_t i = 0; i < repairs->counted.n_slots; i++) {
        struct repair *repair = repairs->counted.slots[i].value;

        if (repair && !strncmp(repair->thing, tunnel, size) && repair->thing[size] == ' ')
            repair->n = 0;
    }
}
