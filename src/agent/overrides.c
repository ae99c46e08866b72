/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of lines: "up NAME", "down NAME". Never knows what becomes of them. */
#include "agent/overrides.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/log.h"

struct override {
    char name[IFNAMSIZ];
    enum asked asked;
};

struct overrides {
    char *path;
    struct override *items;
    size_t n;
};

static const char *const words[] = { [ASKED_UP] = "up ", [ASKED_DOWN] = "down " };

static struct override *find(const struct overrides *overrides, const char *name)
{
    for (size_t i = 0; i < overrides->n; i++)
        if (!strcmp(overrides->items[i].name, name))
            return &overrides->items[i];
    return NULL;
}

/* Room for one more. */
static int add(struct overrides *overrides, const char *name, enum asked asked)
{
    struct override *grown = reallocarray(overrides->items, overrides->n + 1, sizeof(*grown));

    if (!grown)
        return -ENOMEM;
    overrides->items = grown;
    grown += overrides->n++;
    *grown = (struct override){ .asked = asked };
    strcpy(grown->name, name);
    return 0;
}

static int parse_line(struct overrides *overrides, char *line)
{
    const char *why;

    line[strcspn(line, "\n")] = 0;
    for (enum asked asked = ASKED_UP; asked <= ASKED_DOWN; asked++) {
        const char *name = line + strlen(words[asked]);

        if (!strncmp(line, words[asked], strlen(words[asked])) && tunnel_check_name(name, &why) >= 0 && !find(overrides, name))
            return add(overrides, name, asked);
    }
    log_message(LOG_WARNING, "%s: a line that is not understood is dropped: %s", overrides->path, line);
    return 0;
}

static int read_lines(struct overrides *overrides, FILE *in)
{
    _cleanup_free_ char *line = NULL;
    size_t size = 0;
    int r = 0;

    while (r >= 0 && getline(&line, &size, in) >= 0)
        r = parse_line(overrides, line);
    return r < 0 || feof(in) ? r : errno ? -errno : -EIO;
}

int overrides_load(const char *path, struct overrides **ret)
{
    _cleanup_(overrides_freep) struct overrides *overrides = calloc(1, sizeof(*overrides));
    FILE *in;
    int r = 0;

    if (!overrides || !(overrides->path = strdup(path)))
        return -ENOMEM;
    in = fopen(path, "re");
    if (in) {
        r = read_lines(overrides, in);
        fclose(in);
    } else if (errno != ENOENT) {
        r = -errno;
    }
    if (r < 0) {
        log_message(LOG_ERR, "%s: what operators asked for cannot be read: %s; mend or remove it, for what was brought down must not come up", path,
                    strerror(-r));
        return r;
    }
    *ret = steal_pointer(&overrides);
    return 0;
}

struct overrides *overrides_free(struct overrides *overrides)
{
    if (overrides) {
        free(overrides->path);
        free(overrides->items);
        free(overrides);
    }
    return NULL;
}

static int write_all(const struct overrides *overrides, FILE *out)
{
    for (size_t i = 0; i < overrides->n; i++)
        fprintf(out, "%s%s\n", words[overrides->items[i].asked], overrides->items[i].name);
    return fflush(out) || ferror(out) ? -errno : 0;
}

/* Whole or not at all. /run is gone with the next boot, so it need not reach a disk. */
static int save(const struct overrides *overrides)
{
    _cleanup_free_ char *path = NULL;
    FILE *out;
    int r;

    if (asprintf(&path, "%s.new", overrides->path) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    out = fopen(path, "we");
    if (!out)
        return -errno;
    r = write_all(overrides, out);
    if (fclose(out) && r >= 0)
        r = -errno;
    if (r >= 0 && rename(path, overrides->path) < 0)
        r = -errno;
    if (r < 0)
        (void)unlink(path);
    return r;
}

/* Puts it at the end, or takes it out. */
static int change(struct overrides *overrides, const char *name, enum asked asked)
{
    struct override *there = find(overrides, name);

    if (there) {
        size_t behind = overrides->n - 1 - (size_t)(there - overrides->items);

        memmove(there, there + 1, behind * sizeof(*there));
        overrides->n--;
    }
    return asked == ASKED_NOTHING ? 0 : add(overrides, name, asked);
}

int overrides_set(struct overrides *overrides, const char *name, enum asked asked)
{
    enum asked before = overrides_get(overrides, name);
    int r;

    if (before == asked)
        return 0;
    r = change(overrides, name, asked);
    if (r >= 0)
        r = save(overrides);
    if (r < 0)
        (void)change(overrides, name, before);
    return r;
}

enum asked overrides_get(const struct overrides *overrides, const char *name)
{
    const struct override *there = find(overrides, name);

    return there ? there->asked : ASKED_NOTHING;
}

void overrides_apply(const struct overrides *overrides, const struct set *wanted)
{
    for (size_t i = 0; i < wanted->n; i++)
        wanted->items[i]->asked = overrides->n ? overrides_get(overrides, wanted->items[i]->name) : ASKED_NOTHING;
}
