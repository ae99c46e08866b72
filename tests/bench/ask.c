/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks a daemon on its own socket whether it is there, again and again for a time, or until SIGTERM, and prints how often it was
 * asked and how long it took to answer: on the average, and the longest. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>
#include <unistd.h>

/* It is blocked, so that an answer that is awaited is counted, too. */
static bool told_to_end(void)
{
    sigset_t pending;

    return !sigpending(&pending) && sigismember(&pending, SIGTERM) > 0;
}

static double now_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static sd_bus *connect_to(const char *address)
{
    sd_bus *bus = NULL;

    if (sd_bus_new(&bus) < 0 || sd_bus_set_address(bus, address) < 0 || sd_bus_start(bus) < 0 || sd_bus_set_method_call_timeout(bus, 600000000) < 0) {
        fprintf(stderr, "bench-ask: nobody at %s\n", address);
        exit(1);
    }
    return bus;
}

int main(int argc, char **argv)
{
    double until = now_seconds() + (argc > 2 ? atof(argv[2]) : 0), sum = 0, longest = 0;
    unsigned n = 0;
    sigset_t end;
    sd_bus *bus;

    if (argc != 3) {
        fputs("Usage: bench-ask unix:path=SOCKET SECONDS\n", stderr);
        return 2;
    }
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigprocmask(SIG_BLOCK, &end, NULL);
    bus = connect_to(argv[1]);
    while (!told_to_end() && now_seconds() < until) {
        double asked = now_seconds(), took;
        int r = sd_bus_call_method(bus, NULL, "/io/tunneld", "org.freedesktop.DBus.Peer", "Ping", NULL, NULL, "");
        if (r < 0) {
            fprintf(stderr, "bench-ask: no answer: %s\n", strerror(-r));
            return 1;
        }
        took = now_seconds() - asked;
        sum += took;
        longest = took > longest ? took : longest;
        n++;
        usleep(5000);
    }
    printf("%u %.3f %.3f\n", n, n ? 1000 * sum / n : 0, 1000 * longest);
    sd_bus_unref(bus);
    return 0;
}
