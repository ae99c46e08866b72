/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens and reads one ifcfg file with what stands beside it. Never compares it with others. */
#include "read/file-ifcfg.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "read/beside.h"
#include "read/load.h"

/* For the names of files that were taken for aliases of this one. */
static int remember_aliases(struct file *file, const struct beside *beside)
{
    for (size_t i = 0; i < beside->n_aliases; i++) {
        const char *name = strrchr(beside->aliases[i].path, '/') + 1;
        char **grown;

        if (!beside->aliases[i].used)
            continue;
        grown = reallocarray(file->aliases, file->n_aliases + 1, sizeof(*grown));
        if (!grown)
            return -ENOMEM;
        file->aliases = grown;
        grown[file->n_aliases] = strdup(name);
        if (!grown[file->n_aliases])
            return -ENOMEM;
        file->n_aliases++;
    }
    return 0;
}

/* Without what stands beside it first: to learn which device it is, and whether it is ours at all. */
static int judge(struct file *file, const struct ifcfg_input *input)
{
    file->tunnel = tunnel_free(file->tunnel);
    problems_done(&file->problems);
    return ifcfg_read(input, &file->tunnel, &file->device, &file->problems);
}

static struct beside_of beside_of(struct file *file, const struct file_context *context)
{
    return (struct beside_of){
        .path = file->path,
        .directory = context->directory,
        .overlay = context->overlay,
        .defaults = context->defaults,
        .device = &file->device,
        .tunnel = file->tunnel,
        .problems = &file->problems,
    };
}

static int judge_whole(struct file *file, const struct file_context *context, struct ifcfg_input *input)
{
    struct beside beside = { 0 };
    struct beside_of of;
    _cleanup_free_ char *path = NULL;
    char name[IFNAMSIZ];
    int verdict, r;

    input->keys = (struct ifcfg_text){ 0 };
    input->n_aliases = 0;
    verdict = judge(file, input);
    if (verdict < 0 || verdict == IFCFG_IGNORED || file->device.suse) /* what stands beside somebody else's file is none of our business */
        return verdict;
    of = beside_of(file, context);
    r = beside_read(&of, &beside, &path);
    if (r < 0)
        return path ? file_cannot_be_read(file, path, r) : r;
    input->keys = beside.keys;
    input->aliases = beside.aliases;
    input->n_aliases = beside.n_aliases;
    strcpy(name, file->device.name);
    if (beside.keys.text || beside.n_aliases)
        verdict = judge(file, input);
    file->renamed = strcmp(name, file->device.name) != 0;
    r = remember_aliases(file, &beside);
    beside_done(&beside);
    return r < 0 ? r : verdict;
}

/* A route or rule of IPv6 in a file beside it turns IPv6 on, where it can be. *ret_late: it did, or an alias. */
static void settle_ipv6(struct file *file, bool *ret_late)
{
    struct tunnel *tunnel = file->tunnel;
    bool asked = false, cannot = file->device.no_ipv6 || !tunnel_has_room_for_ipv6(tunnel);
    size_t kept = 0;

    for (size_t i = 0; i < tunnel->rules.n; i++)
        asked = asked || tunnel->rules.items[i].family == AF_INET6;
    for (size_t i = 0; i < tunnel->routes.n; i++) {
        struct route *route = &tunnel->routes.items[i];
        bool own = route->family == AF_INET6 && route_is_on(route, tunnel->name);

        asked = asked || own;
        if (own && cannot && !tunnel->ipv6) {
            problems_add(&file->problems, SEVERITY_WARNING, (struct place){ route->file, route->line, route->column },
                         "left out: IPv6 is off on the tunnel, by IPV6INIT or by an MTU of less than 1280");
            route_done(route);
        } else {
            tunnel->routes.items[kept++] = *route;
        }
    }
    tunnel->routes.n = kept;
    asked = asked && !cannot && kind_info(tunnel->kind)->carries & CARRIES_IPV6;
    *ret_late = file->device.late_ipv6 || (asked && !tunnel->ipv6);
    tunnel->ipv6 = tunnel->ipv6 || asked;
}

/* With all that stands beside it. */
static int read_with_rest(struct file *file, const struct file_context *context, struct ifcfg_input *input, bool *ret_late)
{
    struct beside_of of;
    int r = judge_whole(file, context, input);

    *ret_late = false;
    if (r < 0 || file->verdict == FILE_UNREADABLE)
        return r;
    file->verdict = r == IFCFG_TUNNEL ? FILE_TUNNEL : r == IFCFG_IGNORED ? FILE_IGNORED : FILE_REFUSED;
    if (!file->tunnel)
        return 0;
    if (context->defaults->networking_off && file->tunnel->presence == PRESENCE_MUST)
        file->tunnel->presence = PRESENCE_MAY;
    of = beside_of(file, context);
    r = beside_read_routes(&of);
    if (r >= 0)
        settle_ipv6(file, ret_late);
    return r < 0 || file->problems.incomplete ? -ENOMEM : 0;
}

int file_read_ifcfg(struct file *file, const struct file_context *context)
{
    struct loaded loaded = { 0 };
    struct ifcfg_input input = {
        .file.path = file->path,
        .network = &context->defaults->network,
        .place = ifcfg_place_of(context->directory->path),
        .ipv6 = context->ipv6,
        .wicked_keys = context->wicked_keys,
        .was_tunnel = *file->held,
    };
    bool late;
    int r = directory_load(context->directory, context->overlay, file->path, &loaded);

    if (r == -ENOENT)
        return r;
    if (r < 0)
        return file_cannot_be_read(file, file->path, r);
    file->empty = !loaded.size;
    input.file.text = loaded.text;
    input.file.size = loaded.size;
    file->verdict = FILE_TUNNEL;
    r = read_with_rest(file, context, &input, &late);
    if (r >= 0 && late && !input.ipv6) {
        input.ipv6 = true; /* once more, for what the file says of IPv6 where it is on */
        file_drop_aliases(file);
        r = read_with_rest(file, context, &input, &late);
    }
    file->by_history = input.was_tunnel && file->device.faulty;
    free(loaded.text);
    return r;
}
