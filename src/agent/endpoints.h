/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The outer addresses that names stand for: PEER_OUTER_IPADDR as the name of a host, MY_OUTER_IPADDR as the name of an
 * interface. Writes them into the wanted tunnels before a plan is made. */
#pragma once

#include <systemd/sd-event.h>

#include "base/macro.h"
#include "kernel/netlink.h"
#include "kernel/snapshot.h"
#include "model/set.h"

struct endpoints;

/* A host name stands for another address than before: these tunnels are to be looked at. */
typedef void (*endpoints_fn)(const char *tunnel, void *userdata);

/* event NULL: nothing is asked for by itself. Negative errno. */
int endpoints_new(sd_event *event, endpoints_fn changed, void *userdata, struct endpoints **ret);
struct endpoints *endpoints_free(struct endpoints *endpoints);
DEFINE_CLEANUP(struct endpoints *, endpoints_free)

/* From now on the host names in wanted are asked for, and no others. */
int endpoints_follow(struct endpoints *endpoints, const struct set *wanted);

/* The network is not as it was: names that could not be resolved are tried at once, the others soon. */
void endpoints_retry(struct endpoints *endpoints);

/* Before a plan: writes what is known into local and remote of those wanted that have names, and nothing where nothing is
 * known. What is not known yet since the start is the remote of the tunnel's own link, if it has one. */
int endpoints_write(struct endpoints *endpoints, struct netlink *netlink, const struct snapshot *snapshot, const struct set *wanted);
