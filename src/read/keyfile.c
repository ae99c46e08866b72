/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which keyfiles count and are ours, and what they are read with. Never opens a file, and never reads a group itself. */
#include "read/keyfile.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/shared.h"
#include "model/marks.h"
#include "read/keyfile-connection.h"
#include "read/keyfile-ethernet.h"
#include "read/keyfile-ip.h"
#include "read/keyfile-tunnel.h"
#include "read/keyfile-user.h"
#include "read/keyfile-values.h"

static bool ends_with(const char *name, const char *ending)
{
    size_t size = strlen(name), ending_size = strlen(ending);

    return size > ending_size && !strcasecmp(name + size - ending_size, ending);
}

/* NAME.XXXXXX, as mkstemp makes them: it hides other endings of that length too. */
static bool is_temporary(const char *name)
{
    const char *dot = strrchr(name, '.');

    if (!dot || strlen(dot) != 7)
        return false;
    for (const char *p = dot + 1; *p; p++)
        if (!isalnum((unsigned char)*p))
            return false;
    return true;
}

bool keyfile_name_counts(const char *name, enum keyfile_place place)
{
    size_t size = strlen(name);

    if (!size || name[0] == '.')
        return false;
    if (place == KEYFILE_PLACE_ETC)
        return name[size - 1] != '~' && !is_temporary(name) && !ends_with(name, ".pem") && !ends_with(name, ".der");
    return size > strlen(".nmconnection") && !strcmp(name + size - strlen(".nmconnection"), ".nmconnection");
}

static bool is_ours(struct keyfile *keyfile)
{
    bool said, managed = keyfile_is_managed(keyfile, &said);

    return keyfile->input->place == KEYFILE_PLACE_OURS || managed || (keyfile->input->all && !said);
}

static int compare(const void *a, const void *b)
{
    const struct problem *left = a, *right = b;

    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return (left->column > right->column) - (left->column < right->column);
}

static int new_tunnel(struct keyfile *keyfile, enum kind kind)
{
    keyfile->tunnel = tunnel_new(keyfile->profile->interface, kind);
    if (!keyfile->tunnel)
        return -ENOMEM;
    keyfile->tunnel->keyfile = true;
    keyfile->tunnel->source = shared_get(keyfile->input->path);
    keyfile->path = keyfile->tunnel->source ? tunnel_keep_path(keyfile->tunnel, keyfile->input->path) : NULL;
    return keyfile->path ? 0 : -ENOMEM;
}

static int read_tunnel(struct keyfile *keyfile)
{
    enum kind kind;
    int r;

    keyfile_check_connection(keyfile);
    if (problems_has_error(keyfile->problems))
        return KEYFILE_REFUSED;
    kind = keyfile_kind(keyfile);
    if (kind != KIND_NONE)
        kind = keyfile_user_kind(keyfile, kind);
    if (kind == KIND_NONE)
        return KEYFILE_REFUSED;
    r = new_tunnel(keyfile, kind);
    if (r < 0)
        return r;
    keyfile_read_connection(keyfile);
    keyfile_read_tunnel(keyfile);
    keyfile_read_ethernet(keyfile);
    keyfile_read_user(keyfile);
    keyfile_read_ip(keyfile);
    keyfile_check_tunnel(keyfile);
    if (strlen(keyfile->input->path) > SOURCE_MAX)
        keyfile_fail(keyfile, NULL, "the path of the file is too long to be kept in the link's alias");
    return problems_has_error(keyfile->problems) ? KEYFILE_REFUSED : KEYFILE_TUNNEL;
}

/* What is wrong with a file of somebody else is no matter. */
static int turn_away(struct keyfile *keyfile, bool tunnel)
{
    problems_done(keyfile->problems);
    if (tunnel)
        keyfile_check_manage(keyfile);
    return KEYFILE_IGNORED;
}

static int judge(struct keyfile *keyfile)
{
    const struct keyfile_input *input = keyfile->input;
    struct keyfile_profile *profile = keyfile->profile;
    bool tunnel;

    profile->faulty = problems_has_error(keyfile->problems);
    tunnel = keyfile_identify(keyfile);
    if (!tunnel && profile->faulty && input->was_tunnel)
        return KEYFILE_REFUSED;
    if (!tunnel || !is_ours(keyfile))
        return turn_away(keyfile, tunnel);
    if (input->insecure)
        keyfile_fail(keyfile, NULL, input->insecure);
    return input->insecure || profile->faulty ? KEYFILE_REFUSED : read_tunnel(keyfile);
}

int keyfile_read(const struct keyfile_input *input, struct tunnel **ret_tunnel, struct keyfile_profile *ret_profile, struct problems *problems)
{
    struct problems found = { 0 };
    struct keyfile keyfile = { .input = input, .profile = ret_profile, .problems = &found };
    int r;

    *ret_profile = (struct keyfile_profile){ 0 };
    r = keyfile_text_parse(&keyfile.text, input->path, input->text, input->size, &found);
    if (r == -EFBIG) {
        ret_profile->faulty = true;
        problems_move(&found, problems);
        return input->place == KEYFILE_PLACE_OURS ? KEYFILE_REFUSED : KEYFILE_IGNORED;
    }
    if (r >= 0)
        r = judge(&keyfile);
    ret_profile->readable = !ret_profile->faulty && !input->insecure && !keyfile.rejected;
    if (found.n)
        qsort(found.items, found.n, sizeof(*found.items), compare);
    if (r >= 0 && (found.incomplete || keyfile.out_of_memory))
        r = -ENOMEM;
    keyfile_text_done(&keyfile.text);
    if (r == KEYFILE_TUNNEL)
        *ret_tunnel = keyfile.tunnel;
    else
        tunnel_free(keyfile.tunnel);
    if (r < 0)
        problems_done(&found);
    else
        problems_move(&found, problems);
    return r;
}
