/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a set of files, as clients send them for a plan: a byte 1 begins the next, whose first line is its path. What
 * comes of them does not depend on the order in which they are given, and all that is wanted can be planned for. */
#include <errno.h>

#include "fuzz.h"
#include "plan/plan.h"
#include "read/config.h"
#include "write/ip.h"

enum { FILES_MOST = 8 };

struct given {
    char *path; /* as config_overlay found it */
    const char *text;
    size_t size;
};

static struct config *config_open(void)
{
    struct config *config;

    check(config_new("/nowhere", &config) == 0 && config_load_settings(config) == 0);
    return config;
}

static bool give(struct config *config, const char *text, size_t size, struct given *ret)
{
    const char *name;
    size_t name_size;
    char path[256];
    int r;

    if (!cut(&text, &size, '\n', &name, &name_size) || name_size >= sizeof(path))
        return false;
    memcpy(path, name, name_size);
    path[name_size] = 0;
    ret->text = text ? text : "";
    ret->size = text ? size : 0;
    r = config_overlay(config, path, ret->text, ret->size, &ret->path);
    check(r == 0 || r == -EINVAL || r == -EEXIST);
    return r == 0;
}

static void make_plan(const struct set *wanted, FILE *out)
{
    struct fact *facts = calloc(wanted->n + 1, sizeof(*facts));
    struct set *actual = set_new(true);
    struct facts all = { .items = facts, .n = wanted->n };
    struct plan_input input = { .wanted = wanted, .actual = actual, .facts = &all, .everyone = wanted, .whole = true, .outside = true };
    struct plan plan;

    check(facts && actual && plan_make(&input, &plan) == 0);
    for (size_t i = 0; i < plan.n_steps; i++)
        ip_step(&plan.steps[i], out);
    for (size_t i = 0; i < plan.n_verdicts; i++)
        fprintf(out, "%s %s %s\n", plan.verdicts[i].wanted->name, state_name(plan.verdicts[i].state), plan.verdicts[i].reason ? plan.verdicts[i].reason : "");
    plan_done(&plan);
    set_free(actual);
    free(facts);
}

static char *tell_all(struct config *config)
{
    struct scope dirty = { 0 };
    struct file *const *files;
    char *text = NULL;
    size_t size, n;
    FILE *out = open_memstream(&text, &size);

    check(out && config_load(config) == 0 && config_settle(config, &dirty) == 0);
    files = config_files(config, &n);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s %d\n", files[i]->path, (int)files[i]->verdict);
    for (size_t i = 0; i < config_wanted(config)->n; i++) {
        char *one = tell(config_wanted(config)->items[i]);

        fputs(one, out);
        free(one);
    }
    make_plan(config_wanted(config), out);
    check(fclose(out) == 0);
    scope_done(&dirty);
    return text;
}

static void check_backwards(const struct given *given, size_t n, const char *text)
{
    struct config *config = config_open();
    char *path, *again;

    for (size_t i = n; i; i--) {
        check(config_overlay(config, given[i - 1].path, given[i - 1].text, given[i - 1].size, &path) == 0);
        check(!strcmp(path, given[i - 1].path));
        free(path);
    }
    again = tell_all(config);
    check(!strcmp(text, again));
    free(again);
    config_free(config);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config *config = config_open();
    struct given given[FILES_MOST];
    const char *rest = (const char *)data, *part;
    size_t part_size, n = 0;
    char *text;

    while (n < FILES_MOST && cut(&rest, &size, 1, &part, &part_size))
        n += give(config, part, part_size, &given[n]);
    text = tell_all(config);
    config_free(config);
    check_backwards(given, n, text);
    free(text);
    while (n)
        free(given[--n].path);
    return 0;
}
