/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "service/lookup.h"

#include <errno.h>
#include <linux/capability.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    WORKERS_MOST = 8,
    LIMIT = 30 * 1000 * 1000, /* us for one answer: resolv.conf's own limits, with three servers that are silent */
    ACCURACY = 1000 * 1000,   /* us */
    FDS_USUAL = 1024,         /* setrlimit(2), RLIMIT_NOFILE */
};

struct message {
    uint8_t family;
    char host[NI_MAXHOST];
};

struct worker {
    struct lookup *lookup;
    pid_t pid; /* 0: there is none */
    int fd;
    sd_event_source *readable, *limit;
    void *question; /* NULL: it has nothing to do */
};

struct lookup {
    sd_event *event;
    lookup_fn answered;
    void *userdata;
    struct worker workers[WORKERS_MOST];
};

/* ---- the process that asks ---- */

static struct lookup_answer look_up(const struct message *message)
{
    struct addrinfo hints = { .ai_family = message->family, .ai_socktype = SOCK_DGRAM }, *found = NULL;
    struct lookup_answer answer = { 0 };

    answer.error = getaddrinfo(message->host, NULL, &hints, &found);
    for (struct addrinfo *item = found; !answer.error && item && answer.n < LOOKUP_ADDRESSES_MOST; item = item->ai_next) {
        const struct sockaddr *address = item->ai_addr;

        if (address->sa_family == AF_INET)
            answer.addresses[answer.n++] = address_from_bytes(AF_INET, &((const struct sockaddr_in *)address)->sin_addr);
        else if (address->sa_family == AF_INET6)
            answer.addresses[answer.n++] = address_from_bytes(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr);
    }
    if (found)
        freeaddrinfo(found);
    return answer;
}

static void close_others(int fd)
{
    for (int other = STDERR_FILENO + 1; other < fd; other++)
        (void)close(other);
    if (syscall(SYS_close_range, (unsigned)fd + 1, ~0U, 0U) >= 0)
        return;
    for (int other = fd + 1; other < FDS_USUAL; other++) /* before Linux 5.9, or where systemd does not know of it */
        (void)close(other);
}

/* It ends with its parent, however that ends, has nothing open of it (the lock!), and none of its privileges. */
static void leave_parent(pid_t parent, int fd)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    close_others(fd);
    (void)prctl(PR_SET_NAME, "tunneld-names");
    (void)syscall(SYS_capset, &header, none);
}

__attribute__((noreturn)) static void work(int fd)
{
    struct message message;

    while (recv(fd, &message, sizeof(message), 0) == sizeof(message)) {
        struct lookup_answer answer = look_up(&message);

        if (send(fd, &answer, sizeof(answer), MSG_NOSIGNAL) < 0)
            break;
    }
    _exit(0);
}

/* ---- its parent ---- */

static void end(struct worker *worker)
{
    if (!worker->pid)
        return;
    worker->readable = sd_event_source_disable_unref(worker->readable);
    worker->limit = sd_event_source_disable_unref(worker->limit);
    close(worker->fd);
    kill(worker->pid, SIGKILL);
    while (waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    worker->pid = 0;
    worker->question = NULL;
}

static void give(struct worker *worker, const struct lookup_answer *answer)
{
    struct lookup *lookup = worker->lookup;
    void *question = steal_pointer(&worker->question);

    if (worker->limit)
        (void)sd_event_source_set_enabled(worker->limit, SD_EVENT_OFF);
    if (question)
        lookup->answered(question, answer, lookup->userdata);
}

static void give_up(struct worker *worker)
{
    static const struct lookup_answer no_answer = { .error = EAI_AGAIN };
    void *question = worker->question;

    end(worker);
    worker->question = question;
    give(worker, &no_answer);
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
    struct worker *worker = userdata;
    struct lookup_answer answer;
    ssize_t n = recv(fd, &answer, sizeof(answer), MSG_DONTWAIT);

    (void)source, (void)events;
    if (n == sizeof(answer))
        give(worker, &answer);
    else if (n >= 0 || (errno != EAGAIN && errno != EINTR))
        give_up(worker);
    return 0;
}

static int on_limit(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)source, (void)usec;
    give_up(userdata);
    return 0;
}

static int start(struct worker *worker)
{
    sd_event *event = worker->lookup->event;
    pid_t parent = getpid();
    int fds[2], r;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
        return -errno;
    worker->pid = fork();
    if (!worker->pid) {
        leave_parent(parent, fds[1]);
        work(fds[1]);
    }
    close(fds[1]);
    if (worker->pid < 0) {
        r = -errno;
        worker->pid = 0;
        close(fds[0]);
        return r;
    }
    worker->fd = fds[0];
    r = sd_event_add_io(event, &worker->readable, worker->fd, EPOLLIN, on_readable, worker);
    if (r >= 0)
        r = sd_event_add_time_relative(event, &worker->limit, CLOCK_MONOTONIC, LIMIT, ACCURACY, on_limit, worker);
    if (r < 0)
        end(worker);
    return r;
}

/* One that is there, before a new one. */
static struct worker *find_idle(struct lookup *lookup)
{
    struct worker *idle = NULL;

    for (size_t i = 0; i < WORKERS_MOST; i++) {
        struct worker *worker = &lookup->workers[i];

        if (worker->question)
            continue;
        if (worker->pid)
            return worker;
        idle = idle ? idle : worker;
    }
    return idle;
}

int lookup_ask(struct lookup *lookup, const char *host, uint8_t family, void *question)
{
    struct worker *worker = find_idle(lookup);
    struct message message = { .family = family };
    int r;

    if (!worker)
        return -EBUSY;
    r = worker->pid ? 0 : start(worker);
    if (r < 0)
        return r;
    snprintf(message.host, sizeof(message.host), "%s", host);
    if (send(worker->fd, &message, sizeof(message), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        r = -errno;
    if (r >= 0)
        r = sd_event_source_set_time_relative(worker->limit, LIMIT);
    if (r >= 0)
        r = sd_event_source_set_enabled(worker->limit, SD_EVENT_ONESHOT);
    if (r < 0)
        end(worker);
    else
        worker->question = question;
    return r;
}

void lookup_cancel(struct lookup *lookup, const void *question)
{
    for (size_t i = 0; i < WORKERS_MOST; i++)
        if (lookup->workers[i].question == question)
            end(&lookup->workers[i]);
}

int lookup_new(sd_event *event, lookup_fn answered, void *userdata, struct lookup **ret)
{
    struct lookup *lookup = calloc(1, sizeof(*lookup));

    if (!lookup)
        return -ENOMEM;
    lookup->event = sd_event_ref(event);
    lookup->answered = answered;
    lookup->userdata = userdata;
    for (size_t i = 0; i < WORKERS_MOST; i++)
        lookup->workers[i].lookup = lookup;
    *ret = lookup;
    return 0;
}

struct lookup *lookup_free(struct lookup *lookup)
{
    if (lookup) {
        for (size_t i = 0; i < WORKERS_MOST; i++)
            end(&lookup->workers[i]);
        sd_event_unref(lookup->event);
        free(lookup);
    }
    return NULL;
}
