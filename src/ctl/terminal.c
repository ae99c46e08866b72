/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What standard output is. Looked at once: a pager that comes between changes nothing. */
#include "ctl/terminal.h"

#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/text.h"

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

/* That of UTF-8, whatever the user's may be; (locale_t)0: there is none here. */
static locale_t utf8_locale(void)
{
    static locale_t utf8;

    if (!utf8)
        utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return utf8;
}

/* Of one character of size bytes. */
static unsigned character_columns(const char *text, size_t left, size_t *ret_size)
{
    mbstate_t state = { 0 };
    wchar_t character;
    size_t size = mbrtowc(&character, text, left, &state);
    int columns = size <= left ? wcwidth(character) : -1;

    *ret_size = size && size <= left ? size : 1;
    return columns < 0 ? 1 : (unsigned)columns;
}

unsigned terminal_columns_until(const char *text, unsigned most, size_t *ret_size)
{
    locale_t before = uselocale(utf8_locale());
    size_t left = strlen(text), i = 0, size;
    unsigned columns = 0;

    while (i < left) {
        unsigned takes = character_columns(text + i, left - i, &size);

        if (columns + takes > most)
            break;
        columns += takes;
        i += size;
    }
    uselocale(before);
    *ret_size = i;
    return columns;
}

unsigned terminal_columns(const char *text)
{
    size_t size;

    return terminal_columns_until(text, UINT32_MAX / 2, &size);
}
