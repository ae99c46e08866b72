/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that the daemon says of one tunnel: the properties of its object, told in io.tunneld(5). */
#pragma once

#include "ctl/tunnels.h"

/* What is named by a text; all texts lie in the daemon's answer. */
struct named {
    const char *name;
    char type;        /* 's', 'u', 'b', as D-Bus calls it; 't' of a counter */
    const char *text; /* 's' */
    uint64_t number;  /* the others */
};

struct named_list {
    struct named *items;
    size_t n;
};

const struct named *named_find(const struct named_list *list, const char *name);

/* As people read it: "on" and "off" of a truth value. Heap; NULL when out of memory. */
char *named_format(const struct named *named);

struct details {
    struct row row;
    char **files, **differences; /* NULL behind the last; NULL: none */
    int32_t ifindex;
    struct named_list wanted, actual, statistics, overhead;
    struct named_list addresses, neighbours, routes, rules; /* name: the arguments of ip(8); text: the mark */
    uint32_t path_mtu;                                      /* bytes; 0: not known */
    sd_bus_message *answer;
};

/* STATUS_*, after saying what is wrong. */
int details_get(sd_bus *bus, const char *name, struct details *ret);
void details_done(struct details *details);

bool details_differ(const struct details *details, const char *attribute);

/* Within an object. */
void details_put_json(struct json *json, const struct details *details);

/* For people, over the whole width. root: see journal_take. -ENOMEM. */
int details_print(const struct details *details, const char *root);
