/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What standard output is. Looked at once: a pager that comes between changes nothing. */
#include "ctl/terminal.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/macro.h"
#include "base/text.h"
#include "ctl/verb.h"

enum { WIDTH_USUAL = 80, WIDTH_LEAST = 20 };

static struct {
    bool known;
    unsigned width;
    bool colours;
} output;

static unsigned look_for_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    uint32_t width;

    if (columns && text_parse_u32(columns, WIDTH_LEAST, 10000, &width) == 0)
        return width;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
        return WIDTH_USUAL;
    return size.ws_col < WIDTH_LEAST ? WIDTH_LEAST : size.ws_col;
}

static void look(void)
{
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

    if (output.known)
        return;
    output.known = true;
    if (!isatty(STDOUT_FILENO))
        return;
    output.width = look_for_width();
    output.colours = !(no_color && *no_color) && term && *term && strcmp(term, "dumb") != 0;
}

unsigned terminal_width(void)
{
    look();
    return output.width;
}

bool terminal_has_colours(void)
{
    look();
    return output.colours;
}

const char *terminal_colour(enum colour colour)
{
    static const char *const codes[] = {
        [COLOUR_NONE] = "",         [COLOUR_GOOD] = "\033[32m",  [COLOUR_BAD] = "\033[31m", [COLOUR_PENDING] = "\033[33m",
        [COLOUR_FAINT] = "\033[2m", [COLOUR_STRONG] = "\033[1m",
    };

    return terminal_has_colours() ? codes[colour] : "";
}

const char *terminal_plain(void)
{
    return terminal_has_colours() ? "\033[0m" : "";
}

/* The first and last code points that take no column, and those that take two: combining marks, zero-width ones; East Asian
 * scripts and pictographs. */
static unsigned character_columns(uint32_t c)
{
    static const uint32_t none[][2] = { { 0x300, 0x36f }, { 0x200b, 0x200d }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f } };
    static const uint32_t two[][2] = { { 0x1100, 0x115f }, { 0x2e80, 0xa4cf },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },  { 0xfe30, 0xfe6f },
                                       { 0xff00, 0xff60 }, { 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd } };

    for (size_t i = 0; i < ARRAY_SIZE(none); i++)
        if (c >= none[i][0] && c <= none[i][1])
            return 0;
    for (size_t i = 0; i < ARRAY_SIZE(two); i++)
        if (c >= two[i][0] && c <= two[i][1])
            return 2;
    return 1;
}

unsigned terminal_columns_until(const char *text, unsigned most, size_t *ret_size)
{
    const uint8_t *s = (const uint8_t *)text;
    unsigned columns = 0;
    size_t i = 0;

    while (s[i]) {
        size_t n = s[i] >= 0xf0 ? 4 : s[i] >= 0xe0 ? 3 : s[i] >= 0xc0 ? 2 : 1, k = 1;
        uint32_t c = n == 1 ? s[i] : s[i] & (0x7fU >> n);
        unsigned takes;

        for (; k < n && (s[i + k] & 0xc0) == 0x80; k++)
            c = c << 6 | (s[i + k] & 0x3f);
        takes = character_columns(c);
        if (columns + takes > most)
            break;
        columns += takes;
        i += k;
    }
    *ret_size = i;
    return columns;
}

unsigned terminal_columns(const char *text)
{
    size_t size;

    return terminal_columns_until(text, UINT32_MAX / 2, &size);
}

int terminal_end(int status)
{
    bool paged = pager_is_open();
    int error = 0;

    errno = 0;
    if (fflush(stdout) || ferror(stdout))
        error = errno ? errno : EIO;
    pager_close();
    if (!error || (paged && error == EPIPE)) /* who leaves a pager has seen enough */
        return status;
    if (error != EPIPE)
        fprintf(stderr, "tunnelctl: what was printed is not whole: %s\n", strerror(error));
    return status == STATUS_OK ? STATUS_PROBLEM : status;
}
