/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs pkttyagent(1) for the time of one call. */
#include "ctl/polkit-agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_MOST = 10 * 1000 /* ms until it has registered */ };

__attribute__((noreturn)) static void run_agent(int ready)
{
    char number[16], parent[16];

    snprintf(number, sizeof(number), "%d", ready);
    snprintf(parent, sizeof(parent), "%d", (int)getppid());
    execlp("pkttyagent", "pkttyagent", "--process", parent, "--notify-fd", number, "--fallback", (char *)NULL);
    _exit(EXIT_FAILURE);
}

pid_t polkit_agent_start(void)
{
    struct pollfd ready = { .events = POLLIN };
    pid_t agent;
    int ends[2];

    if (geteuid() == 0 || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO) || pipe(ends) < 0)
        return 0;
    agent = fork();
    if (agent == 0) {
        close(ends[0]);
        run_agent(ends[1]);
    }
    close(ends[1]);
    ready.fd = ends[0];
    if (agent > 0)
        (void)poll(&ready, 1, READY_MOST); /* it closes the other end when it is ready, and so does its end */
    close(ends[0]);
    return agent > 0 ? agent : 0;
}

void polkit_agent_stop(pid_t agent)
{
    if (!agent)
        return;
    kill(agent, SIGTERM);
    kill(agent, SIGCONT);
    while (waitpid(agent, NULL, 0) < 0 && errno == EINTR)
        ;
}
