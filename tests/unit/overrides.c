/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/overrides.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static char folder[] = "/tmp/tunneld-overrides-XXXXXX", path[64];

static struct overrides *load(void)
{
    struct overrides *overrides = NULL;

    CHECK(overrides_load(path, &overrides) == 0 && overrides);
    return overrides;
}

static void put(const char *text)
{
    FILE *out = fopen(path, "w");

    CHECK(out && fputs(text, out) >= 0 && fclose(out) == 0);
}

static const char *text(void)
{
    static char all[256];
    FILE *in = fopen(path, "r");
    size_t n = in ? fread(all, 1, sizeof(all) - 1, in) : 0;

    CHECK(in != NULL && fclose(in) == 0);
    all[n] = 0;
    return all;
}

static void begin(void)
{
    strcpy(folder, "/tmp/tunneld-overrides-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/overrides", folder);
}

static void end(void)
{
    (void)unlink(path);
    CHECK(rmdir(folder) == 0); /* nothing else is left in it */
}

TEST(kept_over_a_restart)
{
    struct overrides *overrides;

    begin();
    overrides = load();
    CHECK(overrides_get(overrides, "gre1") == ASKED_NOTHING);
    CHECK(overrides_set(overrides, "gre1", ASKED_DOWN) == 0 && overrides_set(overrides, "gre2", ASKED_UP) == 0
          && overrides_set(overrides, "gre3", ASKED_DOWN) == 0);
    CHECK(overrides_set(overrides, "gre1", ASKED_UP) == 0 && overrides_set(overrides, "gre2", ASKED_NOTHING) == 0);
    CHECK_TEXT(text(), "down gre3\nup gre1\n");
    overrides_free(overrides);
    overrides = load();
    CHECK(overrides_get(overrides, "gre1") == ASKED_UP && overrides_get(overrides, "gre2") == ASKED_NOTHING && overrides_get(overrides, "gre3") == ASKED_DOWN);
    overrides_free(overrides);
    end();
}

TEST(what_cannot_be_read_is_not_forgotten)
{
    struct overrides *overrides = NULL;

    begin();
    CHECK(mkdir(path, 0755) == 0);
    CHECK(overrides_load(path, &overrides) == -EISDIR && !overrides);
    CHECK(rmdir(path) == 0);
    end();
}

TEST(lines_that_are_not_understood)
{
    struct overrides *overrides;

    begin();
    put("down gre1\nsideways gre2\ndown\nup a/b\n\nup a-name-that-is-too-long\nup gre1\nup gre3");
    overrides = load();
    CHECK(overrides_get(overrides, "gre1") == ASKED_DOWN && overrides_get(overrides, "gre3") == ASKED_UP);
    CHECK(overrides_set(overrides, "gre3", ASKED_NOTHING) == 0);
    CHECK_TEXT(text(), "down gre1\n");
    overrides_free(overrides);
    end();
}

TEST(what_cannot_be_kept_is_not_so)
{
    struct overrides *overrides;

    begin();
    overrides = load();
    CHECK(overrides_set(overrides, "gre1", ASKED_DOWN) == 0);
    CHECK(unlink(path) == 0 && mkdir(path, 0700) == 0); /* nothing can take its place */
    CHECK(overrides_set(overrides, "gre1", ASKED_NOTHING) < 0 && overrides_get(overrides, "gre1") == ASKED_DOWN);
    CHECK(overrides_set(overrides, "gre2", ASKED_UP) < 0 && overrides_get(overrides, "gre2") == ASKED_NOTHING);
    CHECK(rmdir(path) == 0);
    overrides_free(overrides);
    end();
}

TEST(told_to_the_tunnels)
{
    struct overrides *overrides;
    struct set *wanted = set_new(true);
    struct tunnel *must = tunnel_new("gre1", KIND_GRE), *may = tunnel_new("gre2", KIND_GRE);

    begin();
    overrides = load();
    may->presence = PRESENCE_MAY;
    CHECK(set_add(wanted, must) == 0 && set_add(wanted, may) == 0);
    CHECK(overrides_set(overrides, "gre1", ASKED_DOWN) == 0 && overrides_set(overrides, "gre2", ASKED_UP) == 0);
    overrides_apply(overrides, wanted);
    CHECK(tunnel_presence(must) == PRESENCE_MUST_NOT && tunnel_presence(may) == PRESENCE_MUST);
    CHECK(overrides_set(overrides, "gre1", ASKED_NOTHING) == 0 && overrides_set(overrides, "gre2", ASKED_NOTHING) == 0);
    overrides_apply(overrides, wanted);
    CHECK(tunnel_presence(must) == PRESENCE_MUST && tunnel_presence(may) == PRESENCE_MAY);
    overrides_free(overrides);
    set_free(wanted);
    end();
}

RUN_TESTS(T(kept_over_a_restart), T(what_cannot_be_read_is_not_forgotten), T(lines_that_are_not_understood), T(what_cannot_be_kept_is_not_so),
          T(told_to_the_tunnels))
