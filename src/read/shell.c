/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lexer of shell assignments (POSIX.1-2017 XCU 2.2, 2.3, and bash's $'..'). Never runs or looks up
 * anything: the only names that expand are those that the text itself, or what came before it, has set. */
#include "read/shell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/text.h"

struct buffer {
    char *bytes;
    size_t n, room;
};

struct lexer {
    const char *text, *end, *p;
    const char *line_start;
    unsigned line;
    const char *file;
    struct assignments *out;
    struct problems *problems;
    struct buffer word;
    size_t all; /* bytes of the values so far */
    bool out_of_memory;
    bool warned_crlf;
    bool enough; /* too much of something: the rest is not looked at */
};

enum {
    VALUE_MOST = 64 * 1024,     /* bytes: variables can make much of little */
    ALL_MOST = 4 * 1024 * 1024, /* bytes of all values of a file */
    ASSIGNMENTS_MOST = 4096,
};

static const char nul_byte[] = "a NUL byte";
static const char backquotes[] = "a command substitution, `..`, is never run";

enum { GOOD = 0, BAD = -1 }; /* BAD: told, the rest of the line is not looked at */

static void put(struct lexer *lexer, char c)
{
    struct buffer *word = &lexer->word;

    if (word->n >= VALUE_MOST)
        return; /* told where the word ends */
    if (word->n + 1 >= word->room) {
        size_t room = word->room ? word->room * 2 : 64;
        char *bytes = realloc(word->bytes, room);

        if (!bytes) {
            lexer->out_of_memory = true;
            return;
        }
        word->bytes = bytes;
        word->room = room;
    }
    word->bytes[word->n++] = c;
    word->bytes[word->n] = 0;
}

static void put_text(struct lexer *lexer, const char *text)
{
    for (; *text; text++)
        put(lexer, *text);
}

static int peek_at(const struct lexer *lexer, size_t ahead)
{
    return (size_t)(lexer->end - lexer->p) > ahead ? (unsigned char)lexer->p[ahead] : -1;
}

static int peek(const struct lexer *lexer)
{
    return peek_at(lexer, 0);
}

static void newline(struct lexer *lexer)
{
    lexer->line++;
    lexer->line_start = lexer->p;
}

static int next(struct lexer *lexer)
{
    int c = peek(lexer);

    if (c < 0)
        return c;
    lexer->p++;
    if (c == '\n')
        newline(lexer);
    return c;
}

static unsigned column(const struct lexer *lexer, const char *at)
{
    return (unsigned)(at - lexer->line_start) + 1;
}

static int fail_at(struct lexer *lexer, unsigned line, unsigned column, const char *why)
{
    struct place place = { lexer->file, line, column };

    problems_add(lexer->problems, SEVERITY_ERROR, place, "%s", why);
    return BAD;
}

static int fail(struct lexer *lexer, const char *why)
{
    return fail_at(lexer, lexer->line, column(lexer, lexer->p), why);
}

static bool at_crlf(const struct lexer *lexer)
{
    return peek(lexer) == '\r' && (peek_at(lexer, 1) == '\n' || peek_at(lexer, 1) < 0);
}

static void skip_carriage_return(struct lexer *lexer)
{
    if (!lexer->warned_crlf)
        problems_add(lexer->problems, SEVERITY_WARNING, (struct place){ lexer->file, lexer->line, 0 }, "lines end in CR LF");
    lexer->warned_crlf = true;
    lexer->p++;
}

static bool is_name_start(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_char(int c)
{
    return is_name_start(c) || (c >= '0' && c <= '9');
}

static int expand(struct lexer *lexer, const char *start, const char *name, size_t size)
{
    _cleanup_free_ char *copy = strndup(name, size), *shown = NULL;
    struct place place = { lexer->file, lexer->line, column(lexer, start) };
    const char *value;

    if (!copy) {
        lexer->out_of_memory = true;
        return BAD;
    }
    if (assignment_is_secret(copy))
        return fail_at(lexer, place.line, place.column, "a secret does not expand: it would be shown");
    value = assignments_lookup(lexer->out, copy);
    if (value) {
        put_text(lexer, value);
        return GOOD;
    }
    shown = text_printable(copy);
    problems_add(lexer->problems, SEVERITY_ERROR, place, "$%s is not set before here, neither in this file nor in /etc/sysconfig/network", shown ? shown : "?");
    return BAD;
}

/* Behind a '$' that is not followed by a quote. */
static int read_dollar(struct lexer *lexer)
{
    const char *start = lexer->p - 1, *name;
    bool brace;
    int c = peek(lexer);

    if (c == '(') {
        lexer->p--;
        return fail(lexer, lexer->p + 2 < lexer->end && lexer->p[2] == '(' ? "arithmetic, $((..)), is never evaluated"
                                                                           : "a command substitution, $(..), is never run");
    }
    brace = c == '{';
    if (brace)
        lexer->p++;
    if (!is_name_start(peek(lexer))) {
        if (!brace && (c < 0 || !strchr("0123456789@*#?-$!_[", c))) {
            put(lexer, '$');
            return GOOD;
        }
        lexer->p = start;
        return fail(lexer, "only $NAME and ${NAME} expand");
    }
    name = lexer->p;
    while (is_name_char(peek(lexer)))
        lexer->p++;
    if (brace && peek(lexer) != '}') {
        lexer->p = start;
        return fail(lexer, "only $NAME and ${NAME} expand");
    }
    if (expand(lexer, start, name, (size_t)(lexer->p - name)) == BAD)
        return BAD;
    if (brace)
        lexer->p++;
    return GOOD;
}

static void put_utf8(struct lexer *lexer, uint32_t code)
{
    if (code < 0x80) {
        put(lexer, (char)code);
    } else if (code < 0x800) {
        put(lexer, (char)(0xc0 | code >> 6));
        put(lexer, (char)(0x80 | (code & 0x3f)));
    } else if (code < 0x10000) {
        put(lexer, (char)(0xe0 | code >> 12));
        put(lexer, (char)(0x80 | (code >> 6 & 0x3f)));
        put(lexer, (char)(0x80 | (code & 0x3f)));
    } else {
        put(lexer, (char)(0xf0 | (code >> 18 & 7)));
        put(lexer, (char)(0x80 | (code >> 12 & 0x3f)));
        put(lexer, (char)(0x80 | (code >> 6 & 0x3f)));
        put(lexer, (char)(0x80 | (code & 0x3f)));
    }
}

/* Up to max digits of a base; -1 if there is none. */
static long read_code(struct lexer *lexer, int max, int base)
{
    const char *digits = "0123456789abcdef";
    long code = -1;

    for (int i = 0; i < max; i++) {
        int c = peek(lexer);
        const char *digit = c > 0 ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;

        if (!digit || digit - digits >= base)
            break;
        code = (code < 0 ? 0 : code) * base + (digit - digits);
        lexer->p++;
    }
    return code;
}

/* Behind the backslash in $'..'; the escapes are those of bash(1), QUOTING. */
static int read_ansi_escape(struct lexer *lexer)
{
    static const char from[] = "abeEfnrtv\\'\"?", to[] = "\a\b\033\033\f\n\r\t\v\\'\"?";
    int c = next(lexer);
    const char *simple = c > 0 ? strchr(from, c) : NULL;
    long code;

    if (c < 0)
        return BAD;
    if (simple) {
        put(lexer, to[simple - from]);
        return GOOD;
    }
    if (c >= '0' && c <= '7') {
        lexer->p--;
        code = read_code(lexer, 3, 8) & 0xff;
    } else if (c == 'x') {
        code = read_code(lexer, 2, 16);
    } else if (c == 'u' || c == 'U') {
        code = read_code(lexer, c == 'u' ? 4 : 8, 16);
        if (code > 0x10ffff)
            return fail(lexer, "a code beyond Unicode in $'..'");
        if (code > 0)
            put_utf8(lexer, (uint32_t)code);
    } else if (c == 'c') {
        code = next(lexer) & 0x1f;
    } else {
        put(lexer, '\\');
        put(lexer, (char)c);
        return GOOD;
    }
    if (code == 0)
        return fail(lexer, "a NUL byte in $'..'");
    if (code < 0) { /* no digits: bash keeps it as it stands */
        put(lexer, '\\');
        put(lexer, (char)c);
    } else if (c != 'u' && c != 'U') {
        put(lexer, (char)code);
    }
    return GOOD;
}

struct opening {
    unsigned line, column;
};

static int unclosed(struct lexer *lexer, struct opening at)
{
    return fail_at(lexer, at.line, at.column, "a quote that is never closed");
}

/* The next character between quotes; BAD where there can be none. */
static int next_quoted(struct lexer *lexer, struct opening at)
{
    int c;

    if (at_crlf(lexer))
        skip_carriage_return(lexer);
    c = next(lexer);
    if (c < 0)
        return unclosed(lexer, at);
    if (c)
        return c;
    lexer->p--;
    return fail(lexer, nul_byte);
}

static int read_single_quoted(struct lexer *lexer, bool ansi, struct opening at)
{
    for (;;) {
        int c = next_quoted(lexer, at);

        if (c == BAD || c == '\'')
            return c == BAD ? BAD : GOOD;
        if (!ansi || c != '\\')
            put(lexer, (char)c);
        else if (peek(lexer) < 0)
            return unclosed(lexer, at);
        else if (read_ansi_escape(lexer) == BAD)
            return BAD;
    }
}

/* A backslash-newline goes; told apart from other escapes here, since CR LF counts as one too. */
static bool skip_continuation(struct lexer *lexer)
{
    if (at_crlf(lexer))
        skip_carriage_return(lexer);
    if (peek(lexer) != '\n')
        return false;
    next(lexer);
    return true;
}

static int read_double_quoted(struct lexer *lexer, struct opening at)
{
    for (;;) {
        int c = next_quoted(lexer, at);

        if (c == BAD || c == '"')
            return c == BAD ? BAD : GOOD;
        if (c == '`') {
            lexer->p--;
            return fail(lexer, backquotes);
        }
        if (c == '$') {
            if (read_dollar(lexer) == BAD)
                return BAD;
        } else if (c == '\\' && !skip_continuation(lexer)) {
            if (peek(lexer) > 0 && strchr("$`\"\\", peek(lexer)))
                c = next(lexer);
            put(lexer, (char)c);
        } else if (c != '\\') {
            put(lexer, (char)c);
        }
    }
}

static const char *operator_error(int c)
{
    switch (c) {
    case '<':
    case '>':
        return "a redirection: nothing is read or written for a file";
    case '|':
        return "a pipe: nothing is run for a file";
    case '&':
        return "an '&': nothing is run for a file";
    default:
        return "a syntax error: a parenthesis";
    }
}

static int read_quoted(struct lexer *lexer, int c)
{
    struct opening at = { lexer->line, column(lexer, lexer->p - 1) };

    if (c == '\'')
        return read_single_quoted(lexer, false, at);
    if (c == '"')
        return read_double_quoted(lexer, at);
    c = peek(lexer); /* behind a dollar sign */
    if (c == '\'' || c == '"') {
        lexer->p++;
        return c == '"' ? read_double_quoted(lexer, at) : read_single_quoted(lexer, true, at);
    }
    return read_dollar(lexer);
}

/* Reads the rest of a word into lexer->word, up to an unquoted blank, ';' or the end of the line. */
static int read_word(struct lexer *lexer)
{
    for (;;) {
        int c = peek(lexer), r = GOOD;

        if (c < 0 || c == ' ' || c == '\t' || c == '\n' || c == ';' || at_crlf(lexer))
            return GOOD;
        if (!c)
            return fail(lexer, nul_byte);
        if (strchr("<>|&()", c))
            return fail(lexer, operator_error(c));
        if (c == '`')
            return fail(lexer, backquotes);
        lexer->p++;
        if (c == '\'' || c == '"' || c == '$')
            r = read_quoted(lexer, c);
        else if (c != '\\')
            put(lexer, (char)c);
        else if (!skip_continuation(lexer) && peek(lexer) > 0)
            put(lexer, (char)next(lexer));
        if (r == BAD || lexer->out_of_memory)
            return BAD;
    }
}

static void clear_word(struct lexer *lexer)
{
    lexer->word.n = 0;
    if (lexer->word.bytes)
        lexer->word.bytes[0] = 0;
}

static void add_assignment(struct lexer *lexer, const char *name, size_t size, struct assignment where)
{
    struct assignments *out = lexer->out;
    struct assignment *items = out->items;

    where.name = strndup(name, size);
    where.value = strdup(lexer->word.bytes ? lexer->word.bytes : "");
    if (!(out->n & (out->n - 1)))
        items = reallocarray(items, out->n ? out->n * 2 : 1, sizeof(*items));
    if (items)
        out->items = items;
    if (!items || !where.name || !where.value) {
        free(where.name);
        free(where.value);
        lexer->out_of_memory = true;
        return;
    }
    out->items[out->n++] = where;
}

/* Is this the beginning of NAME=, and how long is NAME? */
static size_t assignment_name(const struct lexer *lexer)
{
    size_t size = 0;

    if (!is_name_start(peek(lexer)))
        return 0;
    while (is_name_char(peek_at(lexer, size)))
        size++;
    return size;
}

static int read_assignment(struct lexer *lexer, const char *name, size_t size)
{
    struct assignment where = {
        .file = lexer->file,
        .line = lexer->line,
        .column = column(lexer, name),
        .value_column = column(lexer, name + size + 1),
    };

    lexer->p = name + size + 1;
    if (peek(lexer) == '(')
        return fail(lexer, "an array: only plain values are read");
    clear_word(lexer);
    if (read_word(lexer) == BAD)
        return BAD;
    lexer->all += lexer->word.n;
    if (lexer->word.n >= VALUE_MOST || lexer->all > ALL_MOST || lexer->out->n >= ASSIGNMENTS_MOST) {
        lexer->enough = true;
        return fail_at(lexer, where.line, where.column, lexer->out->n >= ASSIGNMENTS_MOST ? "more assignments than 4096" : "values that are too long");
    }
    add_assignment(lexer, name, size, where);
    return GOOD;
}

/* What was assigned last, on this line or before: a secret in need of quotes goes on behind it. */
static bool is_behind_secret(const struct lexer *lexer)
{
    return lexer->out->n && assignment_is_secret(lexer->out->items[lexer->out->n - 1].name);
}

static int fail_on_word(struct lexer *lexer, const char *start, size_t name_size)
{
    _cleanup_free_ char *name = strndup(start, name_size), *shown = name ? text_printable(name) : NULL;
    struct place place = { lexer->file, lexer->line, column(lexer, start) };
    const char *behind = start + name_size, *next = behind;

    if (is_behind_secret(lexer))
        return fail_at(lexer, place.line, place.column, "a command is never run");
    while (next < lexer->end && (*next == ' ' || *next == '\t'))
        next++;
    if (behind + 1 < lexer->end && behind[0] == '+' && behind[1] == '=')
        problems_add(lexer->problems, SEVERITY_ERROR, place, "%s+= is not read: say the whole value", shown ? shown : "?");
    else if (name_size && behind < lexer->end && *behind == '[')
        problems_add(lexer->problems, SEVERITY_ERROR, place, "an array: only plain values are read");
    else if (name_size && next > behind && next < lexer->end && *next == '=')
        problems_add(lexer->problems, SEVERITY_ERROR, place, "%s is a command here: no blanks can stand before =", shown ? shown : "?");
    else if (name_size)
        problems_add(lexer->problems, SEVERITY_ERROR, place, "a command (%s) is never run", shown ? shown : "?");
    else
        problems_add(lexer->problems, SEVERITY_ERROR, place, "not an assignment: commands are never run");
    return BAD;
}

static void skip_blanks(struct lexer *lexer)
{
    for (;;) {
        int c = peek(lexer);

        if (c == ' ' || c == '\t') {
            lexer->p++;
        } else if (c == '\\' && (peek_at(lexer, 1) == '\n' || (peek_at(lexer, 1) == '\r' && peek_at(lexer, 2) == '\n'))) {
            lexer->p++;
            skip_continuation(lexer);
        } else if (at_crlf(lexer)) {
            skip_carriage_return(lexer);
        } else {
            return;
        }
    }
}

static void skip_line(struct lexer *lexer)
{
    while (peek(lexer) >= 0 && peek(lexer) != '\n')
        lexer->p++;
}

/* NUL bytes are looked for in comments too: a file that holds one is no text. */
static int read_comment(struct lexer *lexer)
{
    const char *nul;
    const char *start = lexer->p;

    skip_line(lexer);
    nul = memchr(start, 0, (size_t)(lexer->p - start));
    if (!nul) {
        if (lexer->p > start && lexer->p[-1] == '\r') {
            lexer->p--;
            skip_carriage_return(lexer);
        }
        return GOOD;
    }
    lexer->p = nul;
    return fail(lexer, nul_byte);
}

/* One simple command: words up to ';' or the end of the line, all of which must be assignments. */
static int read_command(struct lexer *lexer)
{
    bool exporting = false;

    for (bool first = true;; first = false) {
        const char *start;
        size_t size;
        int c, r;

        skip_blanks(lexer);
        c = peek(lexer);
        if (c < 0 || c == '\n' || c == ';')
            return c == ';' && first ? fail(lexer, "a syntax error: ';'") : GOOD;
        if (c == '#')
            return read_comment(lexer);
        if (!c)
            return fail(lexer, nul_byte);
        start = lexer->p;
        size = assignment_name(lexer);
        if (size && peek_at(lexer, size) == '=') {
            r = read_assignment(lexer, start, size);
        } else if (first && size == 6 && !memcmp(start, "export", 6) && peek_at(lexer, 6) > 0 && strchr(" \t\\", peek_at(lexer, 6))) {
            lexer->p += size;
            exporting = true;
            r = GOOD;
        } else if (exporting && size && (peek_at(lexer, size) < 0 || strchr(" \t\r\n;", peek_at(lexer, size)))) {
            lexer->p += size; /* export of a name alone sets nothing */
            r = GOOD;
        } else if (strchr("<>|&()`", c)) {
            r = fail(lexer, c == '`' ? backquotes : operator_error(c));
        } else {
            r = fail_on_word(lexer, start, size);
        }
        if (r == BAD)
            return BAD;
    }
}

int shell_parse(const char *text, size_t size, const char *file, struct assignments *ret, struct problems *problems)
{
    struct lexer lexer = { text, text + size, text, text, 1, file, ret, problems, { 0 }, 0, false, false, false };

    if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
        problems_add(problems, SEVERITY_WARNING, (struct place){ file, 1, 0 }, "a byte order mark");
        lexer.p = lexer.line_start = text + 3;
    }
    while (peek(&lexer) >= 0 && !lexer.out_of_memory && !lexer.enough) {
        if (read_command(&lexer) == BAD)
            skip_line(&lexer);
        next(&lexer); /* the newline or ';' */
    }
    free(lexer.word.bytes);
    return lexer.out_of_memory ? -ENOMEM : 0;
}
