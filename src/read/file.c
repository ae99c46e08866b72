/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens and reads one file with what stands beside it. Never compares it with others. */
#include "read/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "read/beside.h"
#include "read/file-keyfile.h"
#include "read/load.h"

static void drop_aliases(struct file *file)
{
    for (size_t i = 0; i < file->n_aliases; i++)
        free(file->aliases[i]);
    free(file->aliases);
    file->aliases = NULL;
    file->n_aliases = 0;
}

struct file *file_free(struct file *file)
{
    if (file) {
        drop_aliases(file);
        tunnel_free(file->tunnel);
        problems_done(&file->problems);
        problems_done(&file->conflicts);
        free(file->profile);
        free(file->path);
        free(file);
    }
    return NULL;
}

int file_new(const struct directory *directory, size_t index, const char *name, struct file **ret)
{
    _cleanup_(file_freep) struct file *file = calloc(1, sizeof(*file));

    if (!file || asprintf(&file->path, "%s/%s", directory->path, name) < 0)
        return -ENOMEM;
    file->name = strrchr(file->path, '/') + 1;
    file->directory = index;
    file->format = listing_format(directory->of, name);
    file->place = directory->place;
    *ret = steal_pointer(&file);
    return 0;
}

int file_cannot_be_read(struct file *file, const char *path, int error)
{
    if (error == -ENOMEM)
        return error;
    file->tunnel = tunnel_free(file->tunnel);
    problems_done(&file->problems);
    load_failed(&file->problems, path, error);
    file->verdict = FILE_UNREADABLE;
    return 0;
}

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
        .opened = context->directory->opened,
        .listing = &context->directory->listing,
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
    if (beside.keys.text || beside.n_aliases)
        verdict = judge(file, input);
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

static int read_ifcfg(struct file *file, const struct file_context *context)
{
    _cleanup_free_ char *full = NULL, *text = NULL;
    struct ifcfg_input input = {
        .file.path = file->path,
        .network = &context->defaults->network,
        .place = ifcfg_place_of(context->directory->path),
        .ipv6 = context->ipv6,
        .wicked_keys = context->wicked_keys,
        .was_tunnel = *file->held,
    };
    bool late;
    int r;

    if (asprintf(&full, "%s/%s", context->directory->opened, file->name) < 0) {
        full = NULL;
        return -ENOMEM;
    }
    r = load_text(full, &text, &input.file.size);
    if (r == -ENOENT)
        return r;
    if (r < 0)
        return file_cannot_be_read(file, file->path, r);
    file->empty = !input.file.size;
    input.file.text = text;
    file->verdict = FILE_TUNNEL;
    r = read_with_rest(file, context, &input, &late);
    if (r >= 0 && late && !input.ipv6) {
        input.ipv6 = true; /* once more, for what the file says of IPv6 where it is on */
        drop_aliases(file);
        r = read_with_rest(file, context, &input, &late);
    }
    return r;
}

static bool might_reach_out(const struct file *file)
{
    if (file->tunnel)
        return file->tunnel->doubts & DOUBT_ROUTES || file->conflicts.n || tunnel_reaches_out(file->tunnel);
    return file->changed || file->empty || file->verdict == FILE_REFUSED || file->verdict == FILE_UNREADABLE;
}

bool file_name_counts(const struct file *file)
{
    if (file->format == FORMAT_IFCFG)
        return ifcfg_name_counts(file->name);
    return file->format == FORMAT_META || keyfile_name_counts(file->name, file->place);
}

const char *file_stem(const struct file *file, size_t *ret_size)
{
    static const char ending[] = ".nmconnection";
    const char *stem = file->format == FORMAT_IFCFG ? file->name + strlen("ifcfg-") : file->name;
    size_t size = strlen(stem);

    if (file->format == FORMAT_KEYFILE && size >= strlen(ending) && !strcmp(stem + size - strlen(ending), ending))
        size -= strlen(ending);
    *ret_size = size;
    return stem;
}

static int read_format(struct file *file, const struct file_context *context)
{
    if (file->format == FORMAT_IFCFG)
        return read_ifcfg(file, context);
    return file->format == FORMAT_META ? file_read_meta(file, context) : file_read_keyfile(file, context);
}

int file_read(struct file *file, const struct file_context *context)
{
    if (file_name_counts(file))
        file->reached_out = file->reached_out || might_reach_out(file);
    drop_aliases(file);
    file->tunnel = tunnel_free(file->tunnel);
    problems_done(&file->problems);
    problems_done(&file->conflicts);
    file->changed = true;
    file->told = false;
    file->empty = false;
    free(steal_pointer(&file->profile));
    if (file_name_counts(file))
        return read_format(file, context);
    if (!listing_has(&context->directory->listing, file->name))
        return -ENOENT;
    file->verdict = FILE_IGNORED;
    file->device = (struct ifcfg_device){ 0 };
    return 0;
}

const struct problem *file_first_error(const struct file *file)
{
    const struct problems *lists[] = { &file->problems, &file->conflicts };

    for (size_t i = 0; !file->hidden && i < ARRAY_SIZE(lists); i++)
        for (size_t j = 0; j < lists[i]->n; j++)
            if (lists[i]->items[j].severity == SEVERITY_ERROR)
                return &lists[i]->items[j];
    return NULL;
}

bool file_has_fault(const struct file *file)
{
    const struct problems *lists[] = { &file->problems, &file->conflicts };

    for (size_t i = 0; !file->hidden && i < ARRAY_SIZE(lists); i++)
        for (size_t j = 0; j < lists[i]->n; j++)
            if (lists[i]->items[j].severity >= SEVERITY_LINE)
                return true;
    return false;
}
