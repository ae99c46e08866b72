/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The outer addresses that names stand for: PEER_OUTER_IPADDR as the name of a host, MY_OUTER_IPADDR as the name of an
 * interface. Writes them into the wanted tunnels before a plan is made. */
#pragma once

#include <systemd/sd-event.h>

#include "base/macro.h"
#include "kernel/netlink.h"
#include "kernel/snapshot.h"
#include "model/scope.h"
#include "model/set.h"

struct endpoints;

/* A host name stands for another address than before: endpoints_follow says which tunnels are to be looked at. */
typedef void (*endpoints_fn)(void *userdata);

/* event NULL: there is none, and names are asked for only in endpoints_wait. Negative errno. */
int endpoints_new(sd_event *event, endpoints_fn changed, void *userdata, struct endpoints **ret);
struct endpoints *endpoints_free(struct endpoints *endpoints);
DEFINE_CLEANUP(struct endpoints *, endpoints_free)

/* From now on the host names in wanted are asked for, and no others. Those whose address is not as it was become dirty. */
int endpoints_follow(struct endpoints *endpoints, const struct set *wanted, struct scope *dirty);

/* Until each name has been answered, or could not be, but not for ever. */
void endpoints_wait(struct endpoints *endpoints);

/* The network is not as it was: names that could not be resolved are tried at once, the others soon. */
void endpoints_retry(struct endpoints *endpoints);

/* Before a plan: writes what is known into local and remote of those wanted that have names, or else why it is not. Of several
 * addresses a tunnel keeps the one that its link has. Where none is known since the start, the remote is that of the tunnel's own link,
 * if it has one. */
int endpoints_write(struct endpoints *endpoints, struct netlink *netlink, const struct snapshot *snapshot, const struct set *wanted);
