/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl's main: finds the verb and runs it. The usage is made from the table. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "ctl/verb.h"

static const struct verb verbs[] = {
    { "check", "[FILE...]", "say what is wrong with the files", 0, -1, 0, verb_check },
    { "explain", "[FILE...]", "say what the files mean", 0, -1, 0, verb_explain },
    { "list", "", "list the tunnels and their states", 0, 0, 0, verb_list },
    { "reload", "", "have the daemon read all files again, and wait until it is done", 0, 0, 0, verb_reload },
    { "version", "", "tell the version of tunnelctl and of the daemon", 0, 0, 0, verb_version },
};

static void usage(FILE *out)
{
    fputs("Usage: tunnelctl [OPTION...] VERB [ARGUMENT...]\n"
          "Look at the tunnels that tunneld keeps, and at the files that they come from.\n\n"
          "Verbs:\n",
          out);
    for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
        fprintf(out, "  %-7s %-9s  %s\n", verbs[i].name, verbs[i].arguments, verbs[i].help);
    fputs("\nOptions:\n"
          "      --root=DIR     look for all files, and for the daemon, below DIR\n"
          "  -v, --verbose      say more: with check, also notes, and which files are ignored\n"
          "  -h, --help         show this and exit\n"
          "      --version      show the version of tunnelctl and exit\n"
          "\nSee tunnelctl(1).\n",
          out);
}

static int usage_error(const char *what, const char *argument)
{
    fprintf(stderr, "tunnelctl: %s%s%s\nTry 'tunnelctl --help'.\n", what, argument ? ": " : "", argument ? argument : "");
    return STATUS_USAGE;
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
        if (!strcmp(verbs[i].name, name))
            return &verbs[i];
    return NULL;
}

int main(int argc, char **argv)
{
    enum { OPTION_ROOT = 256, OPTION_VERSION };
    static const struct option long_options[] = {
        { "root", required_argument, NULL, OPTION_ROOT },
        { "verbose", no_argument, NULL, 'v' },
        { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, OPTION_VERSION },
        { NULL, 0, NULL, 0 },
    };
    struct options options = { .root = "" };
    const struct verb *verb;
    int option;

    while ((option = getopt_long(argc, argv, "hv", long_options, NULL)) >= 0)
        switch (option) {
        case OPTION_ROOT:
            options.root = optarg;
            break;
        case OPTION_VERSION:
            puts("tunnelctl " PACKAGE_VERSION);
            return STATUS_OK;
        case 'v':
            options.verbose = true;
            break;
        case 'h':
            usage(stdout);
            return STATUS_OK;
        default:
            fputs("Try 'tunnelctl --help'.\n", stderr);
            return STATUS_USAGE;
        }
    if (optind == argc)
        return usage_error("what should be done? A verb is missing", NULL);
    verb = find_verb(argv[optind]);
    if (!verb)
        return usage_error("there is no such verb", argv[optind]);
    argc -= optind + 1;
    argv += optind + 1;
    if (verb->max_arguments >= 0 && argc > verb->max_arguments)
        return usage_error("too many arguments", argv[verb->max_arguments]);
    return verb->run(&options, argc, argv);
}
