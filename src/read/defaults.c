/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the host's defaults. They are other programs' files: a fault in them is a warning. */
#include "read/defaults.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "read/load.h"
#include "read/shell.h"

void defaults_done(struct defaults *defaults)
{
    assignments_done(&defaults->network);
    free(defaults->static_routes);
    names_free(defaults->names);
    *defaults = (struct defaults){ 0 };
}

/* NULL text: there is none, or it cannot be read, which is told. */
static int read_text(const char *root, const char *path, char **ret, size_t *ret_size, struct problems *problems)
{
    _cleanup_free_ char *full = NULL;
    int r;

    *ret = NULL;
    if (asprintf(&full, "%s%s", root, path) < 0) {
        full = NULL;
        return -ENOMEM;
    }
    r = load_text(full, ret, ret_size);
    if (r == -ENOMEM)
        return r;
    if (r < 0 && r != -ENOENT && r != -ENOTDIR && r != -EISDIR) /* on SUSE, network is a directory */
        load_failed(problems, path, r);
    return 0;
}

static int load_network(struct defaults *defaults, const char *root, struct problems *problems)
{
    _cleanup_free_ char *text = NULL;
    struct problems found = { 0 };
    const struct assignment *networking;
    size_t size;
    bool on = true;
    int r = read_text(root, NETWORK_PATH, &text, &size, problems);

    if (r >= 0 && text)
        r = shell_parse(text, size, NETWORK_PATH, &defaults->network, &found);
    for (size_t i = 0; i < found.n; i++)
        problems_add(problems, SEVERITY_WARNING, (struct place){ NETWORK_PATH, found.items[i].line, found.items[i].column }, "%s", found.items[i].text);
    problems_done(&found);
    networking = assignments_get(&defaults->network, "NETWORKING");
    if (networking && text_parse_bool(networking->value, &on) >= 0 && !on) {
        defaults->networking_off = true;
        problems_add(problems, SEVERITY_WARNING, (struct place){ NETWORK_PATH, networking->line, networking->column },
                     "NETWORKING=%s: no tunnel is brought up by itself", networking->value);
    }
    return r;
}

int defaults_load(struct defaults *defaults, const char *root, struct problems *problems)
{
    int r;

    defaults_done(defaults);
    r = load_network(defaults, root, problems);
    if (r >= 0)
        r = read_text(root, STATIC_ROUTES_PATH, &defaults->static_routes, &defaults->n_static_routes, problems);
    return r < 0 ? r : names_load(root, &defaults->names, problems);
}

bool defaults_equal(const struct defaults *a, const struct defaults *b)
{
    if (a->networking_off != b->networking_off || !a->static_routes != !b->static_routes || a->n_static_routes != b->n_static_routes)
        return false;
    if (a->static_routes && memcmp(a->static_routes, b->static_routes, a->n_static_routes) != 0)
        return false;
    return assignments_equal(&a->network, &b->network) && names_equal(a->names, b->names);
}

static const char *const directories[] = { SYSCONFIGDIR, IPROUTE2_DIR, IPROUTE2_DIR "/rt_tables.d", IPROUTE2_DIR "/rt_protos.d" };

const char *defaults_directory(size_t i)
{
    return i < ARRAY_SIZE(directories) ? directories[i] : NULL;
}

bool defaults_concerns(const char *path)
{
    if (!strcmp(path, NETWORK_PATH) || !strcmp(path, STATIC_ROUTES_PATH))
        return true;
    return !strncmp(path, IPROUTE2_DIR "/rt_", sizeof(IPROUTE2_DIR "/rt_") - 1);
}
