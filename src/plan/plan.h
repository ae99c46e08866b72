/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must be done so that the kernel has what the files want: a value that can be printed, applied, and
 * thrown away. */
#pragma once

#include "base/macro.h"
#include "model/facts.h"
#include "model/set.h"
#include "model/state.h"

enum SMALL step_type {
    STEP_DELETE,     /* the link */
    STEP_RENAME,     /* the link: actual has the old name */
    STEP_CREATE,     /* the link, down, with our group */
    STEP_IPV6,       /* net.ipv6.conf.NAME.disable_ipv6 */
    STEP_ADOPT,      /* our group on a link that was not ours */
    STEP_ALIAS,      /* the path of its file */
    STEP_PARK,       /* give up its identity for a moment, to break a cycle */
    STEP_HEED_DF,    /* no longer ignore the DF flag, so that path MTU discovery can be turned on */
    STEP_CHANGE,     /* in place: the FIELD_* in fields */
    STEP_CONTROLLER, /* into a bridge or VRF, or out of it */
    STEP_FLAGS,      /* up or down, multicast */
    STEP_CONF,       /* net.ipv6.conf.NAME.CONF */
    STEP_DELETE_ADDRESS,
    STEP_ADD_ADDRESS,
    STEP_DELETE_NEIGHBOUR,
    STEP_ADD_NEIGHBOUR,
    STEP_DELETE_ROUTE,
    STEP_ADD_ROUTE,
    STEP_DELETE_RULE,
    STEP_ADD_RULE,
};

struct step {
    const struct tunnel *wanted; /* with PRESENCE_MUST_NOT where the link goes for good; the one whose file says the
                                    route or rule. Neither it nor actual: what no file says any more */
    const struct tunnel *actual; /* NULL: there is no link before this plan, or it is made anew by it */
    union {                      /* what it is about, where that is not the link */
        const struct inner *inner;
        const struct neighbour *neighbour;
        const struct route *route;
        const struct rule *rule;
        enum conf conf;
    };
    union {
        struct {
            uint32_t fields; /* FIELD_* that differ */
            uint32_t mtu;    /* bytes, 0: not to be said */
            int lower_index; /* ifindex, 0: none */
        };
        int controller_index; /* STEP_CONTROLLER: ifindex, 0: none */
        unsigned parking;     /* STEP_PARK: a number of its own */
    };
    enum step_type type;
    bool replace;      /* STEP_ADD_ROUTE: ours with the same key, without a gap */
    bool group_delete; /* STEP_DELETE: may go with others in one message */
    char *reason;      /* to be logged; NULL: goes without saying */

    int error;     /* set by apply: 0 or negative errno */
    char *message; /* set by apply: the error in words */
};

struct verdict {
    const struct tunnel *wanted;
    enum state state;
    enum reason code;
    bool has_link; /* one of ours, whatever else is the matter */
    char *reason;  /* NULL: none is needed */
};

struct plan {
    struct step *steps;
    size_t n_steps;
    struct verdict *verdicts; /* one for each wanted tunnel that must or may be, as it is after the steps */
    size_t n_verdicts;
};

enum adoption {
    ADOPTION_NO,
    ADOPTION_SAME,      /* an unmarked link of the wanted name, kind, endpoints and keys is ours */
    ADOPTION_SAME_KIND, /* one of the wanted name and kind is */
};

/* What is left as it is, though it is not as its file says. */
enum hold_type {
    HOLD_NOTHING,
    HOLD_REPORT, /* it is told */
    HOLD_IGNORE,
    HOLD_FIGHT, /* somebody undoes what is put right */
};

struct hold {
    enum hold_type type;
    const char *by; /* HOLD_FIGHT: who, in words; "": nobody knows */
    bool whole;     /* what it follows is left too */
};

struct plan_input {
    const struct set *wanted;   /* in the scope, with PRESENCE_MUST_NOT for what may be deleted */
    const struct set *actual;   /* whatever is known of the kernel, at least the links of those names */
    const struct facts *facts;  /* one for each wanted */
    const struct set *everyone; /* all that the files want, in the scope or not */
    const struct hold *holds;   /* one for each wanted; NULL: nothing is left */
    enum adoption adoption;
    bool whole;    /* everyone is in wanted */
    bool outside;  /* rules and routes elsewhere are in the scope: of wanted all that say some, of actual all of ours */
    bool doubtful; /* some file cannot be used: none of those is removed */
};

/* Everything is borrowed by the plan. -ENOMEM. */
int plan_make(const struct plan_input *input, struct plan *ret);
void plan_done(struct plan *plan);

/* The tunnel that a step is about; NULL: a route or rule that no file says. */
const struct tunnel *step_tunnel(const struct step *step);
const char *step_name(const struct step *step); /* "" then */
