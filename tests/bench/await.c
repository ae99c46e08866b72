/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "await.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rtnetlink.h"

enum { ASKED_AT_ONCE = 256 };

double now_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double milliseconds(const struct timeval *time)
{
    return 1000 * (double)time->tv_sec + (double)time->tv_usec / 1000;
}

/* A millisecond at first, later half a percent of what has gone by: exact enough, and little work. */
static void wait_a_little(double since)
{
    double wait = (now_seconds() - since) / 200;
    struct timespec time;

    wait = wait < 0.001 ? 0.001 : wait > 0.5 ? 0.5 : wait;
    time = (struct timespec){ .tv_nsec = (long)(wait * 1e9) };
    nanosleep(&time, NULL);
}

static void print_since(double since)
{
    printf("%.3f\n", 1000 * (now_seconds() - since));
}

/* ---- all tunnels ---- */

struct asked {
    unsigned first, n;
    bool there[ASKED_AT_ONCE];
};

static void note_route(void *userdata, const struct nlmsghdr *message)
{
    struct asked *asked = userdata;
    const struct rtmsg *route = NLMSG_DATA(message);
    const struct rtattr *to = rtnetlink_attribute(message, sizeof(*route), RTA_DST);
    unsigned i = to ? (ntohl(*(const uint32_t *)RTA_DATA(to)) - BEHIND) / 16 : 0;

    if (message->nlmsg_type == RTM_NEWROUTE && route->rtm_dst_len == BEHIND_PREFIX && i >= asked->first && i < asked->first + asked->n)
        asked->there[i - asked->first] = true;
}

/* How many in a row, from the first on, have their route: for which the link must be up. */
static unsigned count_routes(struct rtnetlink *rtnetlink, unsigned first, unsigned n)
{
    struct asked asked = { .first = first, .n = n };
    unsigned there = 0;

    for (unsigned k = 0; k < n; k++) {
        struct rtmsg header = { .rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_flags = RTM_F_FIB_MATCH };
        rtnetlink_add(rtnetlink, RTM_GETROUTE, 0, &header, sizeof(header));
        rtnetlink_put_u32(rtnetlink, RTA_DST, htonl(BEHIND + 16 * (first + k) + 1));
    }
    (void)rtnetlink_send(rtnetlink, note_route, &asked, NULL);
    while (there < n && asked.there[there])
        there++;
    return there;
}

static void count_up(void *userdata, const struct nlmsghdr *message)
{
    const struct ifinfomsg *link = NLMSG_DATA(message);
    const struct rtattr *name = rtnetlink_attribute(message, sizeof(*link), IFLA_IFNAME);

    if (name && tunnel_number(RTA_DATA(name)) && link->ifi_flags & IFF_UP)
        ++*(unsigned *)userdata;
}

static void count_inner(void *userdata, const struct nlmsghdr *message)
{
    const struct rtattr *local = rtnetlink_attribute(message, sizeof(struct ifaddrmsg), IFA_LOCAL);
    uint32_t address = local ? ntohl(*(const uint32_t *)RTA_DATA(local)) : 0;

    if (address > INNER && address - INNER < 4u * TUNNELS_MOST && address % 4 == 1)
        ++*(unsigned *)userdata;
}

static unsigned count_whole(struct rtnetlink *rtnetlink, unsigned n)
{
    unsigned links = 0, addresses = 0;

    tunnels_add_link_dump(rtnetlink);
    rtnetlink_dump(rtnetlink, count_up, &links);
    tunnels_add_address_dump(rtnetlink);
    rtnetlink_dump(rtnetlink, count_inner, &addresses);
    return links < addresses ? (links < n ? links : n) : (addresses < n ? addresses : n);
}

static void await_all(struct rtnetlink *rtnetlink, unsigned n, double since)
{
    double walked;
    unsigned step = 1, done = 0;

    while (done < n) {
        unsigned more = step < n - done ? step : n - done, have = count_routes(rtnetlink, done + 1, more);
        done += have;
        step = have < more ? 1 : 2 * step > ASKED_AT_ONCE ? ASKED_AT_ONCE : 2 * step; /* one, as long as there is nothing to catch up on */
        if (have < more)
            wait_a_little(since);
    }
    walked = now_seconds();
    if (count_whole(rtnetlink, n) == n) {
        printf("%.3f\n", 1000 * (walked - since));
        return;
    }
    while (count_whole(rtnetlink, n) < n) /* the addresses come after the routes, it seems */
        wait_a_little(since);
    print_since(since);
}

/* ---- one of them ---- */

struct seen {
    bool there;
    int ttl;
};

static void note_link(void *userdata, const struct nlmsghdr *message)
{
    struct seen *seen = userdata;
    const struct rtattr *info = rtnetlink_attribute(message, sizeof(struct ifinfomsg), IFLA_LINKINFO);

    seen->there = true;
    if (!info)
        return;
    for (const struct rtattr *at = RTA_DATA(info), *end = (const void *)((const char *)info + info->rta_len); at < end;
         at = (const void *)((const char *)at + RTA_ALIGN(at->rta_len))) {
        if (at->rta_type != IFLA_INFO_DATA)
            continue;
        for (const struct rtattr *field = RTA_DATA(at), *last = (const void *)((const char *)at + at->rta_len); field < last;
             field = (const void *)((const char *)field + RTA_ALIGN(field->rta_len)))
            if (field->rta_type == IFLA_GRE_TTL)
                seen->ttl = *(const uint8_t *)RTA_DATA(field);
    }
}

static struct seen look_at(struct rtnetlink *rtnetlink, unsigned i)
{
    struct seen seen = { .ttl = -1 };

    tunnel_add_get(rtnetlink, i);
    (void)rtnetlink_send(rtnetlink, note_link, &seen, NULL);
    return seen;
}

static void await_ttl(struct rtnetlink *rtnetlink, unsigned i, int ttl, char **files)
{
    double since = now_seconds();

    if (rename(files[0], files[1]) < 0)
        die("%s: %s", files[0], strerror(errno));
    while (look_at(rtnetlink, i).ttl != ttl)
        wait_a_little(since);
    print_since(since);
}

static void await_gone(struct rtnetlink *rtnetlink, unsigned first, unsigned last, double since)
{
    for (unsigned i = first; i <= last; i++)
        while (look_at(rtnetlink, i).there)
            wait_a_little(since);
    print_since(since);
}

/* Takes the files away first. */
static void await_one_gone(struct rtnetlink *rtnetlink, unsigned i, char **files)
{
    double since = now_seconds();

    for (; *files; files++)
        if (unlink(*files) < 0)
            die("%s: %s", *files, strerror(errno));
    await_gone(rtnetlink, i, i, since);
}

static void await_all_gone(struct rtnetlink *rtnetlink, unsigned n, const char *directory)
{
    double since = now_seconds();
    DIR *files = opendir(directory);

    if (!files)
        die("%s: %s", directory, strerror(errno));
    for (struct dirent *file = readdir(files); file; file = readdir(files))
        if (file->d_name[0] != '.' && unlinkat(dirfd(files), file->d_name, 0) < 0)
            die("%s: %s", file->d_name, strerror(errno));
    closedir(files);
    printf("%.3f ", 1000 * (now_seconds() - since));
    await_gone(rtnetlink, 1, n, since);
}

/* ---- processes ---- */

/* Nanoseconds on the processor, of all its threads; -1 when it has ended. */
static long long cpu_of(const char *pid)
{
    clockid_t clock;
    struct timespec time;

    if (clock_getcpuclockid((pid_t)atol(pid), &clock) || clock_gettime(clock, &time) < 0)
        return -1;
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static void await_quiet(const char *pid, double since)
{
    long long before = cpu_of(pid);
    double last = now_seconds();

    while (now_seconds() - last < 1) {
        struct timespec time = { .tv_nsec = 20000000 };
        long long now;
        nanosleep(&time, NULL);
        now = cpu_of(pid);
        if (now > before + 1000000) /* a timer that looks at the clock is no work */
            last = now_seconds();
        before = now;
    }
    printf("%.3f\n", 1000 * (last - since));
}

static void await_ready(double since, char **command)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct timeval second = { .tv_sec = 1 };
    char text[4096];
    pid_t pid;

    snprintf(address.sun_path, sizeof(address.sun_path), "@bench-%d", (int)getpid());
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    address.sun_path[0] = 0;
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(address.sun_path + 1))) < 0)
        die("no socket for READY=1: %s", strerror(errno));
    pid = fork();
    if (!pid) {
        int null = open("/dev/null", O_RDWR);
        (void)dup2(null, 0);
        (void)dup2(2, 1);
        execvp(command[0], command);
        die("%s: %s", command[0], strerror(errno));
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
    do {
        ssize_t n = recv(fd, text, sizeof(text) - 1, 0);
        text[n > 0 ? n : 0] = '\0';
        if (n < 0 && waitpid(pid, NULL, WNOHANG) == pid)
            die("%s has ended", command[0]);
    } while (!strstr(text, "READY=1"));
    printf("%d ", (int)pid);
    print_since(since);
}

/* Any command: what report_own tells of the floor; its children are counted with it. */
static void run_bounded(unsigned most, char **command)
{
    double since = now_seconds();
    struct rusage usage;
    int status = 0;
    pid_t pid = fork();

    if (!pid) {
        int null = open("/dev/null", O_RDWR);
        (void)dup2(null, 0);
        (void)dup2(null, 1);
        setpgid(0, 0);
        execvp(command[0], command);
        die("%s: %s", command[0], strerror(errno));
    }
    while (!waitpid(pid, &status, WNOHANG)) {
        if (now_seconds() - since > most) {
            kill(-pid, SIGKILL);
            exit(124);
        }
        wait_a_little(since);
    }
    getrusage(RUSAGE_CHILDREN, &usage);
    printf("%.3f %.3f %ld\n", 1000 * (now_seconds() - since), milliseconds(&usage.ru_utime) + milliseconds(&usage.ru_stime), usage.ru_maxrss);
    if (!WIFEXITED(status) || WEXITSTATUS(status))
        exit(1);
}

bool await(struct rtnetlink *rtnetlink, int argc, char **argv)
{
    const char *verb = argc > 0 ? argv[0] : "";

    if (!strcmp(verb, "await") && argc == 3)
        await_all(rtnetlink, (unsigned)atoi(argv[1]), atof(argv[2]));
    else if (!strcmp(verb, "await-ttl") && argc == 5)
        await_ttl(rtnetlink, (unsigned)atoi(argv[1]), atoi(argv[2]), argv + 3);
    else if (!strcmp(verb, "await-gone") && argc > 1)
        await_one_gone(rtnetlink, (unsigned)atoi(argv[1]), argv + 2);
    else if (!strcmp(verb, "await-none") && argc == 3)
        await_all_gone(rtnetlink, (unsigned)atoi(argv[1]), argv[2]);
    else if (!strcmp(verb, "await-quiet") && argc == 3)
        await_quiet(argv[1], atof(argv[2]));
    else if (!strcmp(verb, "run") && argc > 2)
        run_bounded((unsigned)atoi(argv[1]), argv + 2);
    else if (!strcmp(verb, "await-ready") && argc > 2)
        await_ready(atof(argv[1]), argv + 2);
    else
        return false;
    return true;
}
