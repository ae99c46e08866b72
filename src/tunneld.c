/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunneld's main: options, then the agent. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"

enum { EXIT_USAGE = 2 };

struct options {
    enum agent_mode mode;
    const char *root;
};

static void usage(void)
{
    puts("Usage: tunneld [OPTION...]\n"
         "Keep tunnels as their ifcfg files say.\n\n"
         "Without one of the first three it runs until it is told to end, and leaves the tunnels up.\n\n"
         "      --once         make the tunnels as the files say, once; exit with 0 if all is well, else 1\n"
         "      --teardown     remove the tunnels that tunneld has made, and nothing else\n"
         "      --plan         print what would be done, as commands of ip(8), and do nothing\n"
         "      --root=DIR     look for all files below DIR\n"
         "  -h, --help         show this and exit\n"
         "      --version      show the version and exit\n"
         "\nSee tunneld(8), tunneld.conf(5) and ifcfg-tunnel(5).");
}

static int usage_error(const char *what, const char *argument)
{
    fprintf(stderr, "tunneld: %s%s\nTry 'tunneld --help'.\n", what, argument);
    return EXIT_USAGE;
}

/* -1: go on; else the exit status. */
static int parse_options(int argc, char **argv, struct options *options)
{
    enum { OPTION_ONCE = 256, OPTION_TEARDOWN, OPTION_PLAN, OPTION_ROOT, OPTION_VERSION };
    static const struct option long_options[] = {
        { "once", no_argument, NULL, OPTION_ONCE },
        { "teardown", no_argument, NULL, OPTION_TEARDOWN },
        { "plan", no_argument, NULL, OPTION_PLAN },
        { "root", required_argument, NULL, OPTION_ROOT },
        { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, OPTION_VERSION },
        { NULL, 0, NULL, 0 },
    };
    int option;

    while ((option = getopt_long(argc, argv, "h", long_options, NULL)) >= 0)
        switch (option) {
        case OPTION_ONCE:
        case OPTION_TEARDOWN:
        case OPTION_PLAN:
            if (options->mode != AGENT_DAEMON)
                return usage_error("--once, --teardown and --plan exclude each other", "");
            options->mode = option == OPTION_ONCE ? AGENT_ONCE : option == OPTION_PLAN ? AGENT_PLAN : AGENT_TEARDOWN;
            break;
        case OPTION_ROOT:
            options->root = optarg;
            break;
        case OPTION_VERSION:
            puts("tunneld " PACKAGE_VERSION);
            return EXIT_SUCCESS;
        case 'h':
            usage();
            return EXIT_SUCCESS;
        default:
            fputs("Try 'tunneld --help'.\n", stderr);
            return EXIT_USAGE;
        }
    return optind < argc ? usage_error("there are no arguments: ", argv[optind]) : -1;
}

int main(int argc, char **argv)
{
    struct options options = { .mode = AGENT_DAEMON, .root = "" };
    _cleanup_(agent_freep) struct agent *agent = NULL;
    int r = parse_options(argc, argv, &options);

    if (r >= 0)
        return r;
    if (agent_new(options.mode, options.root, &agent) < 0)
        return EXIT_FAILURE;
    return agent_run(agent) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
