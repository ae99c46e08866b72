/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs an editor as a shell would. Never looks at what it did. */
#include "ctl/editor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/macro.h"

static int write_text(const char *path, const char *text, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;

    if (!out) {
        if (fd >= 0)
            close(fd);
        return -errno;
    }
    fwrite(text, 1, size, out);
    return fclose(out) ? -errno : 0;
}

int editor_copy_make(const char *name, const char *text, size_t size, struct editor_copy *ret)
{
    const char *place = getenv("TMPDIR");
    struct editor_copy copy = { 0 };
    int r = 0;

    if (asprintf(&copy.directory, "%s/tunnelctl-XXXXXX", place && *place == '/' ? place : "/tmp") < 0) {
        copy.directory = NULL;
        return -ENOMEM;
    }
    if (!mkdtemp(copy.directory)) {
        r = -errno;
        free(copy.directory);
        return r;
    }
    if (asprintf(&copy.path, "%s/%s", copy.directory, name) < 0) {
        copy.path = NULL;
        r = -ENOMEM;
    }
    if (r >= 0)
        r = write_text(copy.path, text, size);
    if (r < 0)
        editor_copy_done(&copy);
    else
        *ret = copy;
    return r;
}

static void remove_all(const char *directory)
{
    DIR *stream = opendir(directory);
    struct dirent *entry;

    while (stream && (entry = readdir(stream)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(stream), entry->d_name, 0);
    if (stream)
        closedir(stream);
    rmdir(directory);
}

void editor_copy_done(struct editor_copy *copy)
{
    if (copy->directory && !copy->kept)
        remove_all(copy->directory);
    free(copy->directory);
    free(copy->path);
    *copy = (struct editor_copy){ 0 };
}

/* What sh is to run; NULL when out of memory. */
static char *make_script(void)
{
    static const char *const variables[] = { "VISUAL", "EDITOR" };
    char *script;

    for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
        const char *editor = getenv(variables[i]);

        if (editor && *editor) /* it may have arguments */
            return asprintf(&script, "%s \"$@\"", editor) < 0 ? NULL : script;
    }
    return strdup("for editor in editor nano vi; do\n"
                  "command -v $editor >/dev/null && exec $editor \"$@\"\n"
                  "done\n"
                  "echo 'tunnelctl: there is no editor: set EDITOR' >&2\n"
                  "exit 127");
}

static int wait_for(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* What is typed to interrupt the editor is not for us, as with system(3). */
int editor_run(const char *path)
{
    _cleanup_free_ char *script = make_script();
    void (*on_interrupt)(int), (*on_quit)(int);
    pid_t pid;
    int r;

    if (!script)
        return -ENOMEM;
    fflush(NULL);
    on_interrupt = signal(SIGINT, SIG_IGN);
    on_quit = signal(SIGQUIT, SIG_IGN);
    pid = fork();
    if (!pid) {
        signal(SIGINT, on_interrupt);
        signal(SIGQUIT, on_quit);
        execl("/bin/sh", "sh", "-c", script, "sh", path, (char *)NULL);
        _exit(127);
    }
    r = pid < 0 ? -errno : wait_for(pid);
    signal(SIGINT, on_interrupt);
    signal(SIGQUIT, on_quit);
    return r;
}
