/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl's main: finds the verb and runs it. What there is, and the usage, is in tables. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"
#include "ctl/suggest.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"

enum { TIMEOUT_MAX = 86400 }; /* seconds */

/* Those that all verbs take. */
enum { OPTION_ROOT = 1 << 16, OPTION_HELP = 1 << 17, OPTION_VERSION = 1 << 18, OPTIONS_OF_ALL = OPTION_ROOT | OPTION_HELP | OPTION_VERSION };

static int verb_help(const struct options *options, int argc, char **argv);

static const struct verb verbs[] = {
    { "cat", "NAME...", "show the files of tunnels", 1, -1, OPTION_JSON | OPTION_NO_PAGER, verb_cat },
    { "check", "[FILE...]", "say what is wrong with the files", 0, -1, OPTION_VERBOSE | OPTION_JSON | OPTION_NO_PAGER, verb_check },
    { "down", "NAME", "take a tunnel down until 'up', or until the next boot", 1, 1, OPTION_JSON, verb_down },
    { "edit", "NAME", "edit the file of a tunnel; it is checked before it counts", 1, 1, 0, verb_edit },
    { "explain", "[FILE...]", "say what the files mean", 0, -1, OPTION_JSON | OPTION_NO_PAGER, verb_explain },
    { "help", "[VERB]", "show this, or what a verb does and which options it takes", 0, 1, 0, verb_help },
    { "list", "", "list the tunnels and their states", 0, 0, OPTION_JSON | OPTION_NO_PAGER, verb_list },
    { "monitor", "", "show each change while it happens", 0, 0, OPTION_JSON, verb_monitor },
    { "plan", "[FILE...]", "show what would be done, now or with these files in place", 0, -1, OPTION_VERBOSE | OPTION_JSON | OPTION_IP | OPTION_NO_PAGER,
      verb_plan },
    { "reload", "", "have all files read again, and wait until that is done", 0, 0, OPTION_JSON, verb_reload },
    { "status", "[NAME...]", "show all tunnels, or some at full length", 0, -1, OPTION_JSON | OPTION_NO_PAGER, verb_status },
    { "up", "NAME", "bring a tunnel up, whatever its file says of booting", 1, 1, OPTION_JSON, verb_up },
    { "version", "", "tell the version of tunnelctl and of the daemon", 0, 0, OPTION_JSON, verb_version },
    { "wait", "[NAME...]", "wait until tunnels are up", 0, -1, OPTION_JSON | OPTION_TIMEOUT, verb_wait },
};

static const struct option_row {
    const char *name;
    char letter;
    const char *argument;
    unsigned option; /* OPTION_* */
    const char *help;
} rows[] = {
    { "verbose", 'v', NULL, OPTION_VERBOSE, "say more" },
    { "json", 0, NULL, OPTION_JSON, "print JSON, for programs" },
    { "ip", 0, NULL, OPTION_IP, "show changes as commands of ip(8)" },
    { "timeout", 0, "SECONDS", OPTION_TIMEOUT, "wait no longer" },
    { "no-pager", 0, NULL, OPTION_NO_PAGER, "do not show long output through a pager" },
    { "root", 0, "DIR", OPTION_ROOT, "look for all files, and for the daemon, below DIR" },
    { "help", 'h', NULL, OPTION_HELP, "show this and exit" },
    { "version", 0, NULL, OPTION_VERSION, "show the version of tunnelctl and exit" },
};

struct command {
    struct options options;
    unsigned given; /* OPTION_* */
};

static void print_options(FILE *out, unsigned which)
{
    fputs("\nOptions:\n", out);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char name[32];

        if (!(rows[i].option & which))
            continue;
        snprintf(name, sizeof(name), "%s%s%s", rows[i].name, rows[i].argument ? "=" : "", rows[i].argument ? rows[i].argument : "");
        fprintf(out, "  %c%c%c --%-16s  %s\n", rows[i].letter ? '-' : ' ', rows[i].letter ? rows[i].letter : ' ', rows[i].letter ? ',' : ' ', name,
                rows[i].help);
    }
}

static void print_usage(FILE *out)
{
    fputs("Usage: tunnelctl [OPTION...] [VERB [ARGUMENT...]]\n"
          "Look after the tunnels that tunneld keeps, and the files that they come from.\n"
          "Without a verb: status.\n\n"
          "Verbs:\n",
          out);
    for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
        fprintf(out, "  %-7s %-9s  %s\n", verbs[i].name, verbs[i].arguments, verbs[i].help);
    print_options(out, ~0U);
    fputs("\n'tunnelctl help VERB' tells which of them a verb takes. See tunnelctl(1).\n", out);
}

static void print_verb_usage(FILE *out, const struct verb *verb)
{
    fprintf(out, "Usage: tunnelctl %s [OPTION...]%s%s\n%c%s.\n", verb->name, *verb->arguments ? " " : "", verb->arguments, verb->help[0] - 'a' + 'A',
            verb->help + 1);
    print_options(out, verb->options | (OPTIONS_OF_ALL & ~OPTION_VERSION));
    fputs("\nSee tunnelctl(1).\n", out);
}

/* verb: NULL where it is not about one. */
static int hint_at_usage(const struct verb *verb)
{
    fprintf(stderr, "Try 'tunnelctl %s%s'.\n", verb ? "help " : "--help", verb ? verb->name : "");
    return STATUS_USAGE;
}

static const char *verb_name(size_t i, void *userdata)
{
    (void)userdata;
    return i < ARRAY_SIZE(verbs) ? verbs[i].name : NULL;
}

/* Says on stderr that there is none. */
static const struct verb *find_verb(const char *name)
{
    const char *meant;

    for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
        if (!strcmp(verbs[i].name, name))
            return &verbs[i];
    meant = suggest(name, verb_name, NULL);
    fputs("tunnelctl: there is no verb '", stderr);
    text_put(name, stderr);
    if (meant)
        fprintf(stderr, "', did you mean '%s'?\n", meant);
    else
        fputs("'\n", stderr);
    hint_at_usage(NULL);
    return NULL;
}

static int verb_help(const struct options *options, int argc, char **argv)
{
    const struct verb *verb = argc ? find_verb(argv[0]) : NULL;

    (void)options;
    if (argc && !verb)
        return STATUS_USAGE;
    if (verb)
        print_verb_usage(stdout, verb);
    else
        print_usage(stdout);
    return terminal_end(STATUS_OK);
}

static int take_timeout(const char *text, uint64_t *ret)
{
    uint32_t seconds;

    if (text_parse_u32(text, 1, TIMEOUT_MAX, &seconds) < 0) {
        fputs("tunnelctl: --timeout=", stderr);
        text_put(text, stderr);
        fprintf(stderr, ": not a number of seconds from 1 to %d\n", TIMEOUT_MAX);
        return hint_at_usage(NULL);
    }
    *ret = (uint64_t)seconds * 1000000;
    return STATUS_OK;
}

static int take_option(const struct option_row *row, const char *argument, struct command *command)
{
    struct options *options = &command->options;

    command->given |= row->option;
    switch (row->option) {
    case OPTION_VERBOSE:
        options->verbose = true;
        break;
    case OPTION_JSON:
        options->json = true;
        break;
    case OPTION_IP:
        options->ip = true;
        break;
    case OPTION_NO_PAGER:
        options->no_pager = true;
        break;
    case OPTION_TIMEOUT:
        return take_timeout(argument, &options->timeout);
    case OPTION_ROOT:
        options->root = argument;
        break;
    }
    return STATUS_OK;
}

static int take_options(int argc, char **argv, struct command *command)
{
    enum { BY_NAME = 256 };
    struct option long_options[ARRAY_SIZE(rows) + 1] = { 0 };
    int option;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        long_options[i] = (struct option){ rows[i].name, rows[i].argument ? required_argument : no_argument, NULL, BY_NAME + (int)i };
    while ((option = getopt_long(argc, argv, "hv", long_options, NULL)) >= 0) {
        size_t i = option >= BY_NAME ? (size_t)(option - BY_NAME) : 0;
        int status;

        while (option < BY_NAME && i < ARRAY_SIZE(rows) && rows[i].letter != option)
            i++;
        status = i < ARRAY_SIZE(rows) ? take_option(&rows[i], optarg, command) : hint_at_usage(NULL);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* Says on stderr what the verb does not take. */
static bool takes(const struct verb *verb, unsigned given, int argc, char **argv)
{
    unsigned surplus = given & ~(verb->options | OPTIONS_OF_ALL);

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (surplus & rows[i].option) {
            fprintf(stderr, "tunnelctl: %s does not take --%s\n", verb->name, rows[i].name);
            return false;
        }
    if (argc < verb->min_arguments) {
        fprintf(stderr, "tunnelctl: an argument is missing: tunnelctl %s %s\n", verb->name, verb->arguments);
        return false;
    }
    if (verb->max_arguments >= 0 && argc > verb->max_arguments) {
        fprintf(stderr, "tunnelctl: too many arguments for %s: ", verb->name);
        text_put(argv[verb->max_arguments], stderr);
        fputc('\n', stderr);
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    static char program[] = "tunnelctl";
    struct command command = { .options = { .root = "", .timeout = UINT64_MAX } };
    const struct verb *verb;
    int status;

    if (argc)
        argv[0] = program; /* in the messages of getopt too */
    status = take_options(argc, argv, &command);
    if (status != STATUS_OK)
        return status;
    argc = argc > optind ? argc - optind : 0;
    argv += optind;
    if (command.given & OPTION_HELP)
        return verb_help(&command.options, argc, argv);
    if (command.given & OPTION_VERSION) {
        puts("tunnelctl " PACKAGE_VERSION);
        return terminal_end(STATUS_OK);
    }
    verb = find_verb(argc ? argv[0] : "status");
    if (!verb)
        return STATUS_USAGE;
    if (argc) {
        argc--;
        argv++;
    }
    if (!takes(verb, command.given, argc, argv))
        return hint_at_usage(verb);
    return verb->run(&command.options, argc, argv);
}
