/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts a pager behind standard output. Without one, all goes to the terminal as it is. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl/terminal.h"
#include "ctl/verb.h"

static pid_t pager;
static int own_errors = -1; /* standard error, while what is said there goes through the pager */

/* Root by way of sudo is somebody who may not be allowed a shell: less has a mode without, others may have none. */
static bool is_lent_root(void)
{
    return geteuid() == 0 && getenv("SUDO_UID");
}

/* NULL: less. */
static const char *chosen_pager(void)
{
    const char *own = getenv("TUNNELCTL_PAGER");

    if (is_lent_root())
        return NULL;
    return own ? own : getenv("PAGER");
}

__attribute__((noreturn)) static void run_pager(const char *command, const int ends[2])
{
    if (dup2(ends[0], STDIN_FILENO) < 0)
        _exit(EXIT_FAILURE);
    close(ends[0]);
    close(ends[1]);
    (void)setenv("LESS", "FRXMK", false);
    (void)setenv("LESSCHARSET", "utf-8", false);
    if (is_lent_root())
        (void)setenv("LESSSECURE", "1", true);
    if (command)
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    else
        execlp("less", "less", (char *)NULL);
    execlp("cat", "cat", (char *)NULL);
    _exit(EXIT_FAILURE);
}

/* The pager would cover what we say on the terminal beside it. Line by line, so that a complaint stands where it belongs. */
static void leave_terminal(void)
{
    signal(SIGPIPE, SIG_IGN);
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    own_errors = isatty(STDERR_FILENO) ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1;
    if (own_errors >= 0)
        (void)dup2(STDOUT_FILENO, STDERR_FILENO);
}

void pager_open(void)
{
    const char *command = chosen_pager(), *term = getenv("TERM");
    void (*on_interrupt)(int);
    int ends[2];

    if (pager || !terminal_width() || !term || !strcmp(term, "dumb") || (command && (!*command || !strcmp(command, "cat"))))
        return;
    fflush(stdout);
    if (pipe(ends) < 0)
        return;
    on_interrupt = signal(SIGINT, SIG_IGN); /* what is typed to interrupt the pager is not for us */
    pager = fork();
    if (pager == 0) {
        signal(SIGINT, on_interrupt);
        run_pager(command, ends);
    }
    if (pager < 0 || dup2(ends[1], STDOUT_FILENO) < 0) {
        if (pager > 0)
            kill(pager, SIGTERM);
        pager = 0;
        signal(SIGINT, on_interrupt);
    } else {
        leave_terminal();
    }
    close(ends[0]);
    close(ends[1]);
}

static void wait_for_pager(void)
{
    if (pager <= 0)
        return;
    fflush(stdout);
    close(STDOUT_FILENO); /* the pager waits for the end */
    if (own_errors >= 0) {
        (void)dup2(own_errors, STDERR_FILENO);
        close(own_errors);
        own_errors = -1;
    }
    while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
        ;
    pager = 0;
}

int terminal_end(int status)
{
    bool paged = pager > 0, whole;
    int error;

    errno = 0;
    whole = !fflush(stdout) && !ferror(stdout);
    error = errno; /* 0: it failed before */
    wait_for_pager();
    if (whole || paged) /* who leaves a pager has seen enough */
        return status;
    if (error != EPIPE)
        fprintf(stderr, "tunnelctl: what was printed is not whole%s%s\n", error ? ": " : "", error ? strerror(error) : "");
    return status == STATUS_OK ? STATUS_PROBLEM : status;
}
