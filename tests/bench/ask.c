/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks a daemon on its own socket. ping: whether it is there, again and again for a time, or until SIGTERM; prints how often, and how many
 * ms the answers took: on the average, and the longest. reload: to look at everything; prints how many ms until it had. */
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

/* Milliseconds until the answer was there. */
static double call(sd_bus *bus, const char *interface, const char *method)
{
    double asked = now_seconds();
    int r = sd_bus_call_method(bus, NULL, "/io/tunneld", interface, method, NULL, NULL, "");

    if (r < 0) {
        fprintf(stderr, "bench-ask: no answer: %s\n", strerror(-r));
        exit(1);
    }
    return 1000 * (now_seconds() - asked);
}

static void ping(sd_bus *bus, double seconds)
{
    double until = now_seconds() + seconds, sum = 0, longest = 0;
    unsigned n = 0;
    sigset_t end;

    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigprocmask(SIG_BLOCK, &end, NULL);
    while (!told_to_end() && now_seconds() < until) {
        double took = call(bus, "org.freedesktop.DBus.Peer", "Ping");
        sum += took;
        longest = took > longest ? took : longest;
        n++;
        usleep(5000);
    }
    printf("%u %.3f %.3f\n", n, n ? sum / n : 0, longest);
}

int main(int argc, char **argv)
{
    bool reload = argc == 3 && !strcmp(argv[2], "reload");
    sd_bus *bus;

    if (!reload && (argc != 4 || strcmp(argv[2], "ping"))) {
        fputs("Usage: bench-ask unix:path=SOCKET ping SECONDS\n"
              "       bench-ask unix:path=SOCKET reload\n",
              stderr);
        return 2;
    }
    bus = connect_to(argv[1]);
    call(bus, "org.freedesktop.DBus.Peer", "Ping"); /* to be let in takes some messages, too */
    if (reload)
        printf("%.3f\n", call(bus, "io.tunneld.Manager", "Reload"));
    else
        ping(bus, atof(argv[3]));
    sd_bus_unref(bus);
    return 0;
}
