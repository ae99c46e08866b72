/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ctl/moment.h"

#include <time.h>

#include "base/macro.h"

uint64_t moment_now(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void moment_put(uint64_t time, FILE *out)
{
    time_t seconds = (time_t)(time / 1000000);
    struct tm local;
    char text[32] = "?";

    if (localtime_r(&seconds, &local))
        (void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &local);
    fputs(text, out);
}

void moment_put_span(uint64_t us, FILE *out)
{
    static const struct {
        const char *one, *many;
        uint64_t seconds;
    } units[] = { { "day", "days", 86400 }, { "h", "h", 3600 }, { "min", "min", 60 }, { "s", "s", 1 } };
    uint64_t left = us / 1000000;
    unsigned parts = 0;

    for (size_t i = 0; i < ARRAY_SIZE(units) && parts < 2; i++) {
        uint64_t n = left / units[i].seconds;

        if (!n && (parts || i + 1 < ARRAY_SIZE(units))) {
            if (parts)
                return; /* "2 days", not "2 days 5 s" */
            continue;
        }
        fprintf(out, "%s%llu %s", parts ? " " : "", (unsigned long long)n, n == 1 ? units[i].one : units[i].many);
        left %= units[i].seconds;
        parts++;
    }
}
