/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts a pager behind standard output. Without one, all goes to the terminal as it is. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl/terminal.h"
#include "ctl/verb.h"

static pid_t pager;

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

void pager_open(void)
{
    const char *command = chosen_pager(), *term = getenv("TERM");
    int ends[2];

    if (pager || !terminal_width() || !term || !strcmp(term, "dumb") || (command && (!*command || !strcmp(command, "cat"))))
        return;
    fflush(stdout);
    if (pipe(ends) < 0)
        return;
    pager = fork();
    if (pager == 0)
        run_pager(command, ends);
    if (pager < 0 || dup2(ends[1], STDOUT_FILENO) < 0) {
        if (pager > 0)
            kill(pager, SIGTERM);
        pager = 0;
    } else {
        signal(SIGPIPE, SIG_IGN);
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
    while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
        ;
    pager = 0;
}

int terminal_end(int status)
{
    bool paged = pager > 0;
    int error = 0;

    errno = 0;
    if (fflush(stdout) || ferror(stdout))
        error = errno ? errno : EIO;
    wait_for_pager();
    if (!error || (paged && error == EPIPE)) /* who leaves a pager has seen enough */
        return status;
    if (error != EPIPE)
        fprintf(stderr, "tunnelctl: what was printed is not whole: %s\n", strerror(error));
    return status == STATUS_OK ? STATUS_PROBLEM : status;
}
