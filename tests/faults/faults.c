/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in front of the C library's calls. Loaded before a program, $FAULTS names a file of a page whose first line is the
 * fault as fault_parse knows it: whoever writes another there while the program runs changes it. */
#include "faults.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PAGE = 4096,
    LIBNL_BUFFER = 32768,
    TEXT_MAX = 64,
    UNKNOWN_TYPE = 0xfff0, /* the kernel answers such a request with an error, in its turn */
    PATIENCE = 100,        /* ms to wait for what never comes */
};

static struct fault armed;
static unsigned calls, *told_hits;
static uint32_t spoiled; /* sequence number of the request that is to fail */
static bool lost;        /* something that will be waited for */
static const char *page;
static char page_text[TEXT_MAX];

static const struct {
    const char *name;
    int value;
} call_names[] = { { "send", FAULT_SEND }, { "message", FAULT_MESSAGE }, { "change", FAULT_CHANGE }, { "receive", FAULT_RECEIVE }, { "memory", FAULT_MEMORY },
                   { "file", FAULT_FILE }, { "socket", FAULT_SOCKET },   { "write", FAULT_WRITE },   { "buffer", FAULT_BUFFER },   { "watch", FAULT_WATCH } },
  action_names[] = { { "kill", FAULT_KILL }, { "lose", FAULT_LOSE }, { "cut", FAULT_CUT }, { "truncate", FAULT_TRUNCATE }, { "disturb", FAULT_DISTURB } };

static bool parse_action(const char *word, struct fault *fault)
{
    for (size_t i = 0; i < sizeof(action_names) / sizeof(*action_names); i++)
        if (!strcmp(word, action_names[i].name)) {
            fault->action = (enum fault_action)action_names[i].value;
            return true;
        }
    for (int error = 1; error < 134; error++)
        if (strerrorname_np(error) && !strcmp(word, strerrorname_np(error))) {
            fault->error = error;
            return true;
        }
    return false;
}

bool fault_parse(const char *text, struct fault *ret)
{
    struct fault fault = { .first = 1 };
    char call[16], action[16], plus = 0;

    if (sscanf(text, "%15[^:]:%15[^: \n]:%u%c", call, action, &fault.first, &plus) < 2 || !parse_action(action, &fault))
        return false;
    fault.on = plus == '+';
    for (size_t i = 0; i < sizeof(call_names) / sizeof(*call_names); i++)
        if (!strcmp(call, call_names[i].name))
            fault.call = (enum fault_call)call_names[i].value;
    *ret = fault;
    return fault.call != FAULT_NONE;
}

void fault_arm(const struct fault *fault, unsigned *hits)
{
    armed = fault ? *fault : (struct fault){ 0 };
    told_hits = hits;
    calls = 0;
    spoiled = 0;
    lost = false;
}

__attribute__((constructor)) static void map_page(void)
{
    const char *path = getenv("FAULTS");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *map = fd < 0 ? MAP_FAILED : mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);

    if (fd >= 0)
        close(fd);
    if (map != MAP_FAILED)
        page = map;
}

static void read_page(void)
{
    struct fault fault;

    if (!page || !memcmp(page, page_text, TEXT_MAX - 1))
        return;
    memcpy(page_text, page, TEXT_MAX - 1);
    fault_arm(fault_parse(page_text, &fault) ? &fault : NULL, NULL);
}

/* Whether this call is the one. */
static bool due(enum fault_call call)
{
    read_page();
    if (armed.call != call || ++calls < armed.first || (calls > armed.first && !armed.on))
        return false;
    if (told_hits)
        ++*told_hits;
    return true;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
}

/* Whether this call fails, errno being set. */
static bool fails(enum fault_call call)
{
    if (!due(call))
        return false;
    if (armed.action == FAULT_KILL)
        die();
    errno = armed.error;
    return armed.action == FAULT_FAIL;
}

#define REAL(function) ((__typeof__(&function))real(#function))

static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

/* ---- netlink ---- */

static bool is_route_socket(int fd)
{
    int domain = 0, protocol = 0;
    socklen_t size = sizeof(int);

    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) >= 0 && domain == AF_NETLINK && getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) >= 0
           && protocol == NETLINK_ROUTE;
}

/* Of the types of rtnetlink every fourth asks only. */
static bool is_change(const struct nlmsghdr *message)
{
    return message->nlmsg_type >= RTM_BASE && (message->nlmsg_type & 3) != 2;
}

/* Up to the message that is due: its offset, or size. */
static size_t find_due(const void *buffer, size_t size)
{
    const struct nlmsghdr *message = buffer;
    unsigned left = (unsigned)size;

    for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left))
        if ((armed.call == FAULT_MESSAGE || is_change(message)) && due(armed.call))
            return (size_t)((const char *)message - (const char *)buffer);
    return size;
}

ssize_t sendto(int fd, const void *buffer, size_t size, int flags, const struct sockaddr *to, socklen_t to_size)
{
    __typeof__(&sendto) send_really = REAL(sendto);
    size_t offset = size;

    if (!is_route_socket(fd))
        return send_really(fd, buffer, size, flags, to, to_size);
    if (fails(FAULT_SEND))
        return -1;
    if (armed.call == FAULT_MESSAGE || armed.call == FAULT_CHANGE)
        offset = find_due(buffer, size);
    if (offset < size && armed.action == FAULT_KILL) {
        if (offset)
            (void)send_really(fd, buffer, offset, flags, to, to_size);
        die();
    }
    if (offset < size) {
        struct nlmsghdr *message = (struct nlmsghdr *)((char *)buffer + offset);

        spoiled = message->nlmsg_seq;
        message->nlmsg_type = UNKNOWN_TYPE;
        message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    }
    return send_really(fd, buffer, size, flags, to, to_size);
}

/* Gives the answer to the request that was spoiled the errno that is asked for. */
static void spoil_answers(void *buffer, size_t size)
{
    struct nlmsghdr *message = buffer;
    unsigned left = (unsigned)size;

    for (; spoiled && NLMSG_OK(message, left); message = NLMSG_NEXT(message, left))
        if (message->nlmsg_seq == spoiled && message->nlmsg_type == NLMSG_ERROR) {
            ((struct nlmsgerr *)NLMSG_DATA(message))->error = -armed.error;
            message->nlmsg_flags = 0;
        }
}

static void disturb(void *buffer, size_t size)
{
    struct nlmsghdr *message = buffer;
    unsigned left = (unsigned)size;

    for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left))
        if (message->nlmsg_flags & NLM_F_MULTI)
            message->nlmsg_flags |= NLM_F_DUMP_INTR;
}

ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
    bool hit = is_route_socket(fd) && due(FAULT_RECEIVE);
    ssize_t n;

    if (hit && armed.action == FAULT_KILL)
        die();
    if (hit && armed.action == FAULT_FAIL && armed.error != ENOBUFS) {
        errno = armed.error;
        return -1;
    }
    n = REAL(recv)(fd, buffer, size, flags);
    if (n > 0)
        spoil_answers(buffer, (size_t)n < size ? (size_t)n : size);
    if (!hit || n < 0)
        return n;
    if (armed.action == FAULT_DISTURB)
        disturb(buffer, (size_t)n);
    if (armed.action == FAULT_DISTURB || armed.action == FAULT_TRUNCATE)
        return armed.action == FAULT_DISTURB ? n : (ssize_t)size + 1;
    lost = true;
    errno = armed.action == FAULT_FAIL ? armed.error : EAGAIN;
    return armed.action == FAULT_CUT ? n / 2 : -1;
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    if (is_route_socket(fd) && fails(FAULT_RECEIVE))
        return -1;
    return REAL(recvmsg)(fd, message, flags);
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
    return REAL(poll)(fds, n, lost && timeout > PATIENCE ? PATIENCE : timeout);
}

int socket(int domain, int type, int protocol)
{
    return fails(FAULT_SOCKET) ? -1 : REAL(socket)(domain, type, protocol);
}

int bind(int fd, const struct sockaddr *address, socklen_t size)
{
    return fails(FAULT_SOCKET) ? -1 : REAL(bind)(fd, address, size);
}

/* More than what libnl asks for at first, without which it opens no socket. */
static bool is_large_buffer(int level, int option, const void *value)
{
    return level == SOL_SOCKET && (option == SO_RCVBUFFORCE || option == SO_RCVBUF) && *(const int *)value > LIBNL_BUFFER;
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t size)
{
    return fails(is_large_buffer(level, option, value) ? FAULT_BUFFER : FAULT_SOCKET) ? -1 : REAL(setsockopt)(fd, level, option, value, size);
}

/* ---- memory ---- */

extern void *__libc_malloc(size_t size); /* dlsym asks for memory itself */
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    return fails(FAULT_MEMORY) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails(FAULT_MEMORY) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return fails(FAULT_MEMORY) ? NULL : __libc_realloc(old, size);
}

/* ---- files ---- */

int open(const char *path, int flags, ...)
{
    va_list arguments;
    mode_t mode;

    va_start(arguments, flags);
    mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return fails(flags & (O_WRONLY | O_RDWR) ? FAULT_WRITE : FAULT_FILE) ? -1 : REAL(open)(path, flags, mode);
}

FILE *fopen(const char *path, const char *mode)
{
    return fails(*mode == 'r' ? FAULT_FILE : FAULT_WRITE) ? NULL : REAL(fopen)(path, mode);
}

DIR *opendir(const char *path)
{
    return fails(FAULT_FILE) ? NULL : REAL(opendir)(path);
}

struct dirent *readdir(DIR *directory)
{
    return fails(FAULT_FILE) ? NULL : REAL(readdir)(directory);
}

static bool is_file(int fd)
{
    struct stat status;

    return fstat(fd, &status) >= 0 && S_ISREG(status.st_mode);
}

ssize_t read(int fd, void *buffer, size_t size)
{
    __typeof__(&read) read_really = REAL(read);

    if (!is_file(fd))
        return read_really(fd, buffer, size);
    if (armed.action == FAULT_CUT && due(FAULT_FILE))
        return read_really(fd, buffer, size) / 2;
    return fails(FAULT_FILE) ? -1 : read_really(fd, buffer, size);
}

ssize_t write(int fd, const void *text, size_t size)
{
    __typeof__(&write) write_really = REAL(write);

    return is_file(fd) && fails(FAULT_WRITE) ? -1 : write_really(fd, text, size);
}

int mkdir(const char *path, mode_t mode)
{
    return fails(FAULT_WRITE) ? -1 : REAL(mkdir)(path, mode);
}

int rename(const char *old, const char *new)
{
    return fails(FAULT_WRITE) ? -1 : REAL(rename)(old, new);
}

int fsync(int fd)
{
    return fails(FAULT_WRITE) ? -1 : REAL(fsync)(fd);
}

int flock(int fd, int operation)
{
    return fails(FAULT_WRITE) ? -1 : REAL(flock)(fd, operation);
}

int inotify_init1(int flags)
{
    return fails(FAULT_WATCH) ? -1 : REAL(inotify_init1)(flags);
}

int inotify_add_watch(int fd, const char *path, uint32_t mask)
{
    return fails(FAULT_WATCH) ? -1 : REAL(inotify_add_watch)(fd, path, mask);
}
