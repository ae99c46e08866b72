/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pass.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    HANG = 60, /* seconds for one run */
    WORDS_MOST = 40,
    BYTES_MOST = 1024 * 1024,
};

static int log_fd, plan_fd, remarks_fd;
static unsigned *shared_hits;

static void need(bool done, const char *what)
{
    if (done)
        return;
    perror(what);
    exit(EXIT_FAILURE);
}

static char root_folder[] = "/tmp/tunneld-XXXXXX";

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *level)
{
    (void)status, (void)type, (void)level;
    return remove(path);
}

static void remove_root(void)
{
    (void)nftw(root_folder, remove_one, 10, FTW_DEPTH | FTW_PHYS);
}

const char *pass_begin(void)
{
    char path[256];

    need(unshare(CLONE_NEWNET) >= 0, "no network namespace");
    log_fd = memfd_create("log", MFD_CLOEXEC);
    plan_fd = memfd_create("plan", MFD_CLOEXEC);
    remarks_fd = memfd_create("remarks", MFD_CLOEXEC);
    need(log_fd >= 0 && plan_fd >= 0 && remarks_fd >= 0, "memfd_create");
    shared_hits = mmap(NULL, sizeof(*shared_hits), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(shared_hits != MAP_FAILED, "mmap");
    need(mkdtemp(root_folder), root_folder);
    (void)atexit(remove_root);
    for (const char *const *folder = (const char *const[]){ "/run", "/etc", "/etc/tunneld", "/etc/sysconfig", "/etc/sysconfig/network-scripts", NULL }; *folder;
         folder++) {
        snprintf(path, sizeof(path), "%s%s", root_folder, *folder);
        need(mkdir(path, 0755) >= 0 || errno == EEXIST, path);
    }
    (void)pass_ip("link set lo up");
    return root_folder;
}

static void redirect(int from, int to)
{
    (void)!ftruncate(from, 0);
    (void)lseek(from, 0, SEEK_SET);
    (void)dup2(from, to);
}

static void run(enum agent_mode mode, const char *root, const struct fault *fault)
{
    struct agent *agent = NULL;
    int r;

    redirect(mode == AGENT_PLAN ? remarks_fd : log_fd, STDERR_FILENO);
    if (mode == AGENT_PLAN)
        redirect(plan_fd, STDOUT_FILENO);
    alarm(HANG);
    fault_arm(fault, shared_hits);
    r = agent_new(mode, root, &agent);
    if (r >= 0)
        r = agent_run(agent);
    agent_free(agent);
    fault_arm(NULL, NULL);
    fflush(stdout);
    _exit(r != 0);
}

/* Returns what wait says. */
static int run_in_child(enum agent_mode mode, const char *root, const struct fault *fault)
{
    int status = -1;
    pid_t child;

    *shared_hits = 0;
    fflush(stdout);
    child = fork();
    need(child >= 0, "fork");
    if (!child)
        run(mode, root, fault);
    (void)waitpid(child, &status, 0);
    return status;
}

bool pass_run(const char *root, const struct fault *fault, unsigned *ret_hits)
{
    int status = run_in_child(AGENT_ONCE, root, fault);
    bool killed = fault && fault->action == FAULT_KILL && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

    if (ret_hits)
        *ret_hits = *shared_hits;
    if (WIFEXITED(status) || killed)
        return true;
    printf("# it ended with signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
    return false;
}

static char *content(int fd)
{
    struct stat state = { 0 };
    char *text;

    (void)fstat(fd, &state);
    text = calloc(1, (size_t)state.st_size + 1);
    need(text, "memory");
    (void)!pread(fd, text, (size_t)state.st_size, 0);
    return text;
}

char *pass_plan(const char *root)
{
    char *text, *from, *to;

    (void)run_in_child(AGENT_PLAN, root, NULL);
    text = from = to = content(plan_fd);
    while (*from) {
        size_t size = strcspn(from, "\n");

        size += from[size] == '\n';
        if (*from != '#') {
            memmove(to, from, size);
            to += size;
        }
        from += size;
    }
    *to = 0;
    return text;
}

void pass_print_log(void)
{
    char *text = content(log_fd), *rest = text, *line;

    while ((line = strsep(&rest, "\n")))
        if (*line)
            printf("# log: %s\n", line);
    free(text);
}

bool pass_ip(const char *format, ...)
{
    char text[512], *words[WORDS_MOST], *rest = text;
    va_list arguments;
    size_t n = 0;
    int status = -1;
    pid_t child;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    words[n++] = (char *)"ip";
    while (rest && n < WORDS_MOST - 1)
        words[n++] = strsep(&rest, " ");
    words[n] = NULL;
    child = vfork();
    need(child >= 0, "vfork");
    if (!child) {
        (void)dup2(log_fd, STDERR_FILENO);
        execvp("ip", words);
        _exit(127);
    }
    (void)waitpid(child, &status, 0);
    return WIFEXITED(status) && !WEXITSTATUS(status);
}

void pass_ip_all(const char *const *commands, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!pass_ip("%s", commands[i]))
            printf("# not so: ip %s\n", commands[i]);
}

void pass_put(const char *root, const char *path, const char *text)
{
    char full[512];
    FILE *out;

    snprintf(full, sizeof(full), "%s/%s", root, path);
    if (!text) {
        (void)unlink(full);
        return;
    }
    out = fopen(full, "we");
    need(out, full);
    (void)fchmod(fileno(out), 0600); /* a keyfile is for nobody else */
    fputs(text, out);
    fclose(out);
}
