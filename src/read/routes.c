/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the files of routes and rules, in both syntaxes. Never runs anything of them. */
#include "read/routes.h"

#include <ctype.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/marks.h"
#include "read/route-words.h"
#include "read/rule-words.h"
#include "read/shell.h"

static bool is_variable_line(const char *line, const char *end)
{
    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    if ((size_t)(end - line) < sizeof("ADDRESS0") || strncmp(line, "ADDRESS", 7) != 0)
        return false;
    for (line += 7; line < end && isdigit((unsigned char)*line); line++)
        ;
    return line < end && *line == '=' && isdigit((unsigned char)line[-1]);
}

/* One such line decides for the whole file. */
static bool is_variable_form(const char *text, size_t size)
{
    const char *end = text + size;

    if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
        text += 3;
    while (text < end) {
        const char *next = memchr(text, '\n', (size_t)(end - text));

        next = next ? next : end;
        if (is_variable_line(text, next))
            return true;
        text = next + 1;
    }
    return false;
}

static bool same_key(const struct route *a, const struct route *b)
{
    struct route_key left, right;

    if (memcmp(a->to.bytes, b->to.bytes, sizeof(a->to.bytes)) != 0)
        return false; /* soon said of most */
    left = route_key(a);
    right = route_key(b);
    return !memcmp(&left, &right, sizeof(left));
}

int routes_want(struct tunnel *tunnel, struct route *route, struct problems *problems)
{
    const struct kind_info *info = kind_info(tunnel->kind);
    struct place place = { route->file, route->line, route->column };
    const char *why = NULL;

    if (route_is_on(route, tunnel->name) && !(info->carries & (route->family == AF_INET ? CARRIES_IPV4 : CARRIES_IPV6)))
        why = route->family == AF_INET ? "this kind of tunnel carries no IPv4" : "this kind of tunnel carries no IPv6";
    for (size_t i = 0; i < tunnel->routes.n && !why; i++) {
        if (!same_key(&tunnel->routes.items[i], route))
            continue;
        if (route_equal(route, &tunnel->routes.items[i])) {
            route_done(route); /* the same route in two files is one */
            return 0;
        }
        why = "there is another route to the same destination, with the same metric, in the same table, before it";
    }
    if (why) {
        tunnel->doubts |= DOUBT_ROUTES;
        problems_add(problems, SEVERITY_LINE, place, "%s", why);
        route_done(route);
        return 0;
    }
    return routes_add(&tunnel->routes, route);
}

void routes_warn(struct routes_reading *reading, const struct word *word, const char *why)
{
    _cleanup_free_ char *shown = text_printable(word->text);

    problems_add(reading->problems, SEVERITY_WARNING, (struct place){ reading->file, word->line, word->column }, "%s: %s", shown ? shown : "?", why);
}

static void warn_of_protocol(const struct routes_reading *reading, const struct word *word)
{
    problems_add(reading->problems, SEVERITY_WARNING, (struct place){ reading->file, word->line, word->column },
                 "the protocol that is said is of no effect: all that tunneld makes has protocol %d", PROTOCOL_OURS);
}

int routes_take(struct routes_reading *reading, struct words *words, const struct routes_defaults *defaults)
{
    struct route route;
    bool protocol;
    int r = route_parse(words, defaults->family, &route, &protocol);

    if (r < 0)
        return r;
    if (protocol)
        warn_of_protocol(reading, &words->items[0]);
    for (size_t i = 0; (route.n_hops == 1 || defaults->all_hops) && i < route.n_hops; i++)
        if (!*route.hops[i].device)
            snprintf(route.hops[i].device, sizeof(route.hops[i].device), "%s", defaults->device);
    route.file = reading->file;
    route.line = words->items[0].line;
    route.column = words->items[0].column;
    return routes_want(reading->tunnel, &route, reading->problems);
}

/* Of several hops one without a device stays without: the kernel finds it by its gateway, as for `ip route`. */
static int read_route(struct routes_reading *reading, struct words *words)
{
    struct routes_defaults defaults = { .family = reading->input->family, .device = reading->tunnel->name };

    return routes_take(reading, words, &defaults);
}

static bool same_rule(const struct rule *a, const struct rule *b)
{
    struct rule left, right;

    if (memcmp(a->from.bytes, b->from.bytes, sizeof(a->from.bytes)) != 0)
        return false; /* soon said of most */
    left = rule_key(a, true);
    right = rule_key(b, true);
    return !memcmp(&left, &right, sizeof(left));
}

static int read_rule(struct routes_reading *reading, struct words *words)
{
    struct rule rule;
    bool protocol;
    int r = rule_parse(words, reading->input->family, &rule, &protocol);

    if (r < 0)
        return r;
    if (protocol)
        warn_of_protocol(reading, &words->items[0]);
    for (size_t i = 0; i < reading->tunnel->rules.n; i++)
        if (same_rule(&rule, &reading->tunnel->rules.items[i]))
            return 0;
    rule.file = reading->file;
    rule.line = words->items[0].line;
    rule.column = words->items[0].column;
    return rules_add(&reading->tunnel->rules, &rule);
}

static void tell_fault(struct routes_reading *reading, const struct words *words)
{
    _cleanup_free_ char *shown = text_printable(words->fault->text);
    bool predicate = !strncmp(words->why, "is ", 3) || !strncmp(words->why, "needs ", 6);

    reading->tunnel->doubts |= DOUBT_ROUTES;
    problems_add(reading->problems, SEVERITY_LINE, (struct place){ reading->file, words->fault->line, words->fault->column }, predicate ? "%s %s" : "%s: %s",
                 shown ? shown : "?", words->why);
}

static int read_lines(struct routes_reading *reading, routes_line_fn read_line)
{
    struct words words;
    int r = words_init(&words, reading->input->text, reading->input->size, reading->input->names);

    while (r >= 0 && (r = words_line(&words)) > 0) {
        r = read_line(reading, &words);
        if (r == -EINVAL) {
            tell_fault(reading, &words);
            r = 0;
        }
    }
    if (words.dos)
        problems_add(reading->problems, SEVERITY_WARNING, (struct place){ reading->file, 0, 0 }, "line ends or a byte order mark as on Windows");
    words_done(&words);
    return r;
}

/* What one ADDRESSn needs of the others. */
struct numbered {
    const struct assignment *address, *netmask, *gateway;
};

static const struct assignment *numbered_get(const struct assignments *assignments, const char *name, const char *number)
{
    char key[32];
    const struct assignment *found;

    snprintf(key, sizeof(key), "%s%s", name, number);
    found = assignments_get(assignments, key);
    return found && *found->value ? found : NULL;
}

static void fail_variable(struct routes_reading *reading, const struct assignment *assignment, const char *why)
{
    _cleanup_free_ char *value = text_printable(assignment->value);

    problems_add(reading->problems, SEVERITY_ERROR, (struct place){ reading->file, assignment->line, assignment->value_column }, "%s=%s: %s", assignment->name,
                 value ? value : "?", why);
}

/* NULL: each is one word. What begins with "not" is about the netmask. */
static const char *check_network(const struct numbered *numbered)
{
    const char *address = numbered->address->value;
    _cleanup_free_ char *text = NULL;
    struct address any;
    const char *why;
    uint8_t prefix;

    if (address[strcspn(address, " \t\r\n#")])
        return "more than one address";
    if (!numbered->netmask)
        return NULL;
    if (strchr(address, '/'))
        return "not beside an ADDRESS with a prefix length of its own";
    if (asprintf(&text, "0.0.0.0/%s", numbered->netmask->value) < 0) {
        text = NULL;
        return NULL; /* the next one tells */
    }
    return address_parse_prefix(text, &any, &prefix, &why) < 0 ? "not a netmask" : NULL;
}

/* "ADDRESS/NETMASK" has a parser already. -EINVAL: told. */
static int parse_network(struct routes_reading *reading, const struct numbered *numbered, struct route *route)
{
    _cleanup_free_ char *text = NULL;
    const char *slash = strchr(numbered->address->value, '/');
    const char *why = check_network(numbered);
    struct words words;
    int r;

    if (why) {
        fail_variable(reading, numbered->netmask && *why == 'n' ? numbered->netmask : numbered->address, why);
        return -EINVAL;
    }
    if (!numbered->netmask && !slash)
        problems_add(reading->problems, SEVERITY_WARNING, (struct place){ reading->file, numbered->address->line, numbered->address->column },
                     "%s has no netmask: a single host is taken", numbered->address->name);
    if (asprintf(&text, "%s%s%s", numbered->address->value, numbered->netmask ? "/" : "", numbered->netmask ? numbered->netmask->value : "") < 0) {
        text = NULL;
        return -ENOMEM;
    }
    r = words_init(&words, text, strlen(text), NULL);
    if (r >= 0)
        r = words_line(&words);
    if (r >= 0)
        r = words_prefix(&words, AF_INET, &route->to, &route->prefix);
    if (r == -EINVAL)
        fail_variable(reading, numbered->address, words.why);
    words_done(&words);
    return r;
}

static int read_numbered(struct routes_reading *reading, const struct numbered *numbered, struct routes *routes)
{
    struct route route = route_init(AF_INET);
    struct hop hop = { .weight = 1 };
    const char *why;
    int r = parse_network(reading, numbered, &route);

    if (r >= 0 && numbered->gateway && address_parse(numbered->gateway->value, &hop.via, &why) < 0) {
        fail_variable(reading, numbered->gateway, why);
        r = -EINVAL;
    } else if (r >= 0 && numbered->gateway && hop.via.family != AF_INET) {
        fail_variable(reading, numbered->gateway, "not an IPv4 address");
        r = -EINVAL;
    }
    if (r < 0)
        return r;
    hop.via = address_from_bytes(hop.via.family, hop.via.bytes);
    route.scope = address_is_set(&hop.via) ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
    strcpy(hop.device, reading->tunnel->name);
    route.file = reading->file;
    route.line = numbered->address->line;
    route.column = numbered->address->column;
    r = route_add_hop(&route, &hop);
    if (r < 0) {
        route_done(&route);
        return r;
    }
    return routes_add(routes, &route);
}

/* The digits of "ADDRESS7"; NULL if it is something else. */
static const char *number_of(const char *name)
{
    if (strncmp(name, "ADDRESS", 7) || !name[7] || strlen(name) > 7 + 9 || name[7 + strspn(name + 7, "0123456789")])
        return NULL;
    return name + 7;
}

static int compare_numbers(const void *a, const void *b)
{
    unsigned long left = strtoul((*(const struct assignment *const *)a)->name + 7, NULL, 10);
    unsigned long right = strtoul((*(const struct assignment *const *)b)->name + 7, NULL, 10);

    return (left > right) - (left < right);
}

/* In the order of their numbers, as the shell's loop would find them. */
static size_t find_addresses(const struct assignments *assignments, const struct assignment **ret)
{
    size_t n = 0;

    for (size_t i = 0; i < assignments->n; i++) {
        const struct assignment *one = &assignments->items[i];

        if (number_of(one->name) && *one->value && assignments_get(assignments, one->name) == one)
            ret[n++] = one;
    }
    if (n)
        qsort(ret, n, sizeof(struct assignment *), compare_numbers);
    return n;
}

static void warn_of_gap(struct routes_reading *reading, const struct assignment *behind, unsigned long missing)
{
    problems_add(reading->problems, SEVERITY_WARNING, (struct place){ reading->file, behind->line, behind->column },
                 "ADDRESS%lu is missing; network-scripts would have stopped there", missing);
}

static int read_variables(struct routes_reading *reading, struct routes *routes)
{
    struct assignments assignments = { 0 };
    _cleanup_free_ const struct assignment **addresses = NULL;
    unsigned long expected = 0;
    size_t n = 0;
    int r = shell_parse(reading->input->text, reading->input->size, reading->file, &assignments, reading->problems);

    if (r >= 0 && !(addresses = calloc(assignments.n + 1, sizeof(struct assignment *))))
        r = -ENOMEM;
    if (r >= 0)
        n = find_addresses(&assignments, addresses);
    for (size_t i = 0; r >= 0 && i < n; i++) {
        const char *number = number_of(addresses[i]->name);
        struct numbered numbered = { addresses[i], numbered_get(&assignments, "NETMASK", number), numbered_get(&assignments, "GATEWAY", number) };
        unsigned long value = strtoul(number, NULL, 10);

        if (value > expected)
            warn_of_gap(reading, addresses[i], expected);
        expected = value + 1;
        r = read_numbered(reading, &numbered, routes);
        r = r == -EINVAL ? 0 : r;
    }
    assignments_done(&assignments);
    return r;
}

/* All or nothing: what a faulty file means is not known. */
static int read_whole(struct routes_reading *reading)
{
    struct problems problems = { 0 }, *outer = reading->problems;
    struct routes routes = { 0 };
    int r = 0;

    reading->problems = &problems;
    if (reading->input->rules || reading->input->family != AF_INET)
        problems_add(&problems, SEVERITY_ERROR, (struct place){ reading->file, 0, 0 }, "ADDRESSn is for the IPv4 routes of a route-NAME file");
    else
        r = read_variables(reading, &routes);
    reading->problems = outer;
    if (problems_has_error(&problems))
        reading->tunnel->doubts |= DOUBT_ROUTES;
    for (size_t i = 0; r >= 0 && i < routes.n && !problems_has_error(&problems); i++)
        r = routes_want(reading->tunnel, &routes.items[i], &problems);
    problems_move(&problems, outer);
    routes_done(&routes);
    return r;
}

static bool is_no_text(struct routes_reading *reading)
{
    if (!memchr(reading->input->text, 0, reading->input->size))
        return false;
    reading->tunnel->doubts |= DOUBT_ROUTES;
    problems_add(reading->problems, SEVERITY_ERROR, (struct place){ reading->file, 0, 0 }, "holds a NUL byte: not a text");
    return true;
}

int routes_read(struct tunnel *tunnel, const struct routes_input *input, struct problems *problems)
{
    struct routes_reading reading = { .tunnel = tunnel, .input = input, .problems = problems, .file = tunnel_keep_path(tunnel, input->path) };

    if (!reading.file)
        return -ENOMEM;
    if (is_no_text(&reading))
        return 0;
    return is_variable_form(input->text, input->size) ? read_whole(&reading) : read_lines(&reading, input->rules ? read_rule : read_route);
}

int routes_read_lines(struct tunnel *tunnel, const struct routes_input *input, routes_line_fn read_line, struct problems *problems)
{
    struct routes_reading reading = { .tunnel = tunnel, .input = input, .problems = problems, .file = tunnel_keep_path(tunnel, input->path) };

    if (!reading.file)
        return -ENOMEM;
    return is_no_text(&reading) ? 0 : read_lines(&reading, read_line);
}

/* As ifup-ipv6 and ifup-sit: with metric 1, and on sit without the gateway. */
static int read_static(struct routes_reading *reading, struct words *words)
{
    struct route route = route_init(AF_INET6);
    struct hop hop = { .weight = 1 };
    int r = words_prefix(words, AF_INET6, &route.to, &route.prefix);

    if (r >= 0 && words_peek(words))
        r = words_address(words, AF_INET6, &hop.via);
    if (r >= 0 && words_peek(words))
        r = words_fail(words, words_peek(words), "is more than a network and a gateway");
    if (r < 0)
        return r;
    hop.via = address_from_bytes(hop.via.family, hop.via.bytes);
    if (reading->tunnel->kind == KIND_SIT)
        hop.via = (struct address){ 0 };
    strcpy(hop.device, reading->tunnel->name);
    route.metric = 1;
    route.file = reading->file;
    route.line = words->items[0].line;
    route.column = words->items[0].column;
    r = route_add_hop(&route, &hop);
    if (r < 0)
        return r;
    return routes_want(reading->tunnel, &route, reading->problems);
}

int routes_read_static(struct tunnel *tunnel, const struct routes_input *input, struct problems *problems)
{
    struct routes_reading reading = { .tunnel = tunnel, .input = input, .problems = problems };
    struct words words;
    int r = words_init(&words, input->text, input->size, NULL);

    while (r >= 0 && (r = words_line(&words)) > 0) {
        if (strcmp(words_take(&words)->text, tunnel->name) != 0)
            continue;
        if (!reading.file && !(reading.file = tunnel_keep_path(tunnel, input->path)))
            r = -ENOMEM;
        if (r >= 0)
            r = read_static(&reading, &words);
        if (r == -EINVAL) {
            tell_fault(&reading, &words);
            r = 0;
        }
    }
    words_done(&words);
    return r;
}
