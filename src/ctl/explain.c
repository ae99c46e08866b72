/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl explain: what the files mean, in a small language for people and tests. */
#include "write/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ctl/files.h"
#include "ctl/terminal.h"
#include "model/route-text.h"
#include "read/findings.h"
#include "write/attributes.h"

struct lines {
    const struct problem **items;
    size_t n;
    bool incomplete;
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void explain_ignored(const struct file *file, void *userdata)
{
    (void)userdata;
    if (file->verdict != FILE_IGNORED)
        return;
    fputs("ignored ", stdout);
    text_put(file->name, stdout);
    putchar('\n');
}

static void collect(const struct problem *problem, void *userdata)
{
    struct lines *lines = userdata;
    const struct problem **items = reallocarray(lines->items, lines->n + 1, sizeof(*items));

    if (!items) {
        lines->incomplete = true;
        return;
    }
    items[lines->n++] = problem;
    lines->items = items;
}

static void print_line(const char *word, const struct problem *problem)
{
    printf("%s ", word);
    text_put(last_part(problem->file), stdout);
    if (problem->line)
        printf(":%u", problem->line);
    putchar(' ');
    text_put(problem->text, stdout);
    putchar('\n');
}

/* Has a file an error before this problem, or at all? */
static bool has_error(const struct lines *lines, const char *file, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (lines->items[i]->severity == SEVERITY_ERROR && !strcmp(lines->items[i]->file, file))
            return true;
    return false;
}

/* A refused file has one line, for its first fault; one that is read line by line has one for each of them. */
static void print_problems(const struct lines *lines)
{
    for (size_t i = 0; i < lines->n; i++)
        if (lines->items[i]->severity == SEVERITY_LINE || (lines->items[i]->severity == SEVERITY_ERROR && !has_error(lines, lines->items[i]->file, i)))
            print_line("refused", lines->items[i]);
    for (size_t i = 0; i < lines->n; i++)
        if (lines->items[i]->severity == SEVERITY_WARNING && !has_error(lines, lines->items[i]->file, lines->n))
            print_line("warning", lines->items[i]);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(struct tunnel *const *)a)->name, (*(struct tunnel *const *)b)->name);
}

/* Owned by the caller; NULL when out of memory. */
static struct tunnel **sort_tunnels(const struct set *wanted)
{
    struct tunnel **sorted = calloc(wanted->n + 1, sizeof(struct tunnel *));

    if (!sorted || !wanted->n)
        return sorted;
    memcpy(sorted, wanted->items, wanted->n * sizeof(*sorted));
    qsort(sorted, wanted->n, sizeof(*sorted), compare_names);
    return sorted;
}

static void explain_text(const struct config *config, struct tunnel *const *tunnels, const struct lines *lines)
{
    const struct set *wanted = config_wanted(config);

    for (size_t i = 0; i < wanted->n; i++)
        explain_tunnel(tunnels[i], stdout);
    for (size_t i = 0; i < wanted->n; i++)
        explain_rules(tunnels[i], stdout);
    findings_each_file(config, explain_ignored, NULL);
    print_problems(lines);
}

typedef void (*put_fn)(const struct tunnel *tunnel, size_t i, FILE *out);

static void put_inner(const struct tunnel *tunnel, size_t i, FILE *out)
{
    inner_put(&tunnel->inner[i], out);
}

static void put_neighbour(const struct tunnel *tunnel, size_t i, FILE *out)
{
    char inner[ADDRESS_TEXT_MAX], outer[ADDRESS_TEXT_MAX];

    fprintf(out, "%s lladdr %s", address_format(&tunnel->neighbours[i].inner, inner), address_format(&tunnel->neighbours[i].outer, outer));
}

static void put_route(const struct tunnel *tunnel, size_t i, FILE *out)
{
    route_put(&tunnel->routes.items[i], out);
}

static void put_rule(const struct tunnel *tunnel, size_t i, FILE *out)
{
    const struct rule *rule = &tunnel->rules.items[i];

    fputs(rule->family == AF_INET6 ? "-6 " : "", out);
    rule_put(rule, out);
}

/* An array of what put writes of each. */
static void json_texts(struct json *json, const char *name, const struct tunnel *tunnel, size_t n, put_fn put)
{
    json_begin(json, name, '[');
    for (size_t i = 0; i < n; i++) {
        _cleanup_free_ char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);

        if (out) {
            put(tunnel, i, out);
            (void)text_end(out, &text);
        }
        json_text(json, NULL, text);
    }
    json_end(json, ']');
}

static int json_attributes(struct json *json, const struct tunnel *tunnel)
{
    struct attributes attributes;
    int r = attributes_of(tunnel, tunnel->stated & FIELD_MTU ? tunnel->mtu : 0, &attributes);

    if (r < 0)
        return r;
    json_begin(json, "attributes", '{');
    for (size_t i = 0; i < attributes.n; i++) {
        const struct attribute *attribute = &attributes.items[i];
        char key[32];

        snprintf(key, sizeof(key), "%s", attribute->name);
        for (char *c = strchr(key, '-'); c; c = strchr(c, '-'))
            *c = '_'; /* as in status */
        if (attribute->type == ATTRIBUTE_NUMBER)
            json_number(json, key, attribute->number);
        else if (attribute->type == ATTRIBUTE_BOOL)
            json_bool(json, key, attribute->number);
        else
            json_text(json, key, attribute->text);
    }
    json_end(json, '}');
    attributes_done(&attributes);
    return 0;
}

static int json_tunnel(struct json *json, const struct tunnel *tunnel)
{
    int r;

    json_begin(json, NULL, '{');
    json_text(json, "name", tunnel->name);
    json_text(json, "kind", kind_info(tunnel->kind)->name);
    json_text(json, "file", tunnel->source);
    json_bool(json, "onboot", tunnel->presence == PRESENCE_MUST);
    r = json_attributes(json, tunnel);
    json_texts(json, "addresses", tunnel, tunnel->n_inner, put_inner);
    json_texts(json, "routes", tunnel, tunnel->routes.n, put_route);
    json_texts(json, "neighbours", tunnel, tunnel->n_neighbours, put_neighbour);
    json_texts(json, "rules", tunnel, tunnel->rules.n, put_rule);
    json_end(json, '}');
    return r;
}

static void json_ignored(const struct file *file, void *userdata)
{
    if (file->verdict == FILE_IGNORED)
        json_text(userdata, NULL, file->path);
}

static int explain_json(const struct config *config, struct tunnel *const *tunnels, const struct lines *lines)
{
    struct json json = { .out = stdout };
    int r = 0;

    json_begin(&json, NULL, '{');
    json_begin(&json, "tunnels", '[');
    for (size_t i = 0; r >= 0 && i < config_wanted(config)->n; i++)
        r = json_tunnel(&json, tunnels[i]);
    json_end(&json, ']');
    json_begin(&json, "ignored", '[');
    findings_each_file(config, json_ignored, &json);
    json_end(&json, ']');
    json_begin(&json, "problems", '[');
    for (size_t i = 0; i < lines->n; i++)
        if (lines->items[i]->severity != SEVERITY_NOTE)
            files_problem_json(lines->items[i], &json);
    json_end(&json, ']');
    json_end(&json, '}');
    return r;
}

int verb_explain(const struct options *options, int argc, char **argv)
{
    _cleanup_(config_freep) struct config *config = NULL;
    _cleanup_free_ struct tunnel **tunnels = NULL;
    struct lines lines = { 0 };
    bool errors = false;
    int r = 0;

    if (files_load(options, argc, argv, &config) < 0)
        return STATUS_PROBLEM;
    findings_each_problem(config, collect, &lines);
    tunnels = sort_tunnels(config_wanted(config));
    if (!tunnels || lines.incomplete) {
        fputs("tunnelctl: Cannot allocate memory\n", stderr);
        free(lines.items);
        return STATUS_PROBLEM;
    }
    if (!options->no_pager && !options->json)
        pager_open();
    if (options->json)
        r = explain_json(config, tunnels, &lines);
    else
        explain_text(config, tunnels, &lines);
    for (size_t i = 0; i < lines.n; i++)
        errors = errors || lines.items[i]->severity >= SEVERITY_LINE;
    free(lines.items);
    return terminal_end(errors || r < 0 ? STATUS_PROBLEM : STATUS_OK);
}
