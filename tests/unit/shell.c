/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bash gives for the same text was tried with bash 5.2. */
#include "read/shell.h"

#include <stdlib.h>

#include "test.h"

static char described[4096];

/* "NAME=value@LINE:COLUMN;" for each, then "!LINE:COLUMN text;" for each problem. */
static const char *parse_with(const struct assignments *outer, const char *text, size_t size)
{
    struct assignments found = { .outer = outer };
    struct problems problems = { 0 };
    size_t n = 0;

    described[0] = 0;
    CHECK(shell_parse(text, size, "f", &found, &problems) == 0);
    for (size_t i = 0; i < found.n; i++)
        n += (size_t)snprintf(described + n, sizeof(described) - n, "%s=%s@%u:%u;", found.items[i].name, found.items[i].value, found.items[i].line,
                              found.items[i].column);
    for (size_t i = 0; i < problems.n; i++)
        n += (size_t)snprintf(described + n, sizeof(described) - n, "!%u:%u %s;", problems.items[i].line, problems.items[i].column, problems.items[i].text);
    assignments_done(&found);
    problems_done(&problems);
    return described;
}

static const char *parse_problems(const char *text, size_t size)
{
    struct assignments found = { 0 };
    struct problems problems = { 0 };
    size_t n = 0;

    described[0] = 0;
    CHECK(shell_parse(text, size, "f", &found, &problems) == 0);
    for (size_t i = 0; i < problems.n; i++)
        n += (size_t)snprintf(described + n, sizeof(described) - n, "%u:%u %s;", problems.items[i].line, problems.items[i].column, problems.items[i].text);
    assignments_done(&found);
    problems_done(&problems);
    return described;
}

static const char *parse(const char *text)
{
    return parse_with(NULL, text, strlen(text));
}

TEST(plain)
{
    CHECK_TEXT(parse("A=1\nB=two\n"), "A=1@1:1;B=two@2:1;");
    CHECK_TEXT(parse("A=1"), "A=1@1:1;");
    CHECK_TEXT(parse("  A=1 # c\n\t#B=2\n\n"), "A=1@1:3;");
    CHECK_TEXT(parse("A=a#b"), "A=a#b@1:1;");
    CHECK_TEXT(parse("A="), "A=@1:1;");
    CHECK_TEXT(parse("A=b=c"), "A=b=c@1:1;");
    CHECK_TEXT(parse(""), "");
}

TEST(several_on_a_line)
{
    CHECK_TEXT(parse("A=1 B=2;C=3 ; D=4;\n"), "A=1@1:1;B=2@1:5;C=3@1:9;D=4@1:15;");
    CHECK_TEXT(parse("export A=1 B\nexport C\n"), "A=1@1:8;");
    CHECK_TEXT(parse("A=1;;B=2"), "A=1@1:1;!1:5 a syntax error: ';';");
}

TEST(quotes)
{
    CHECK_TEXT(parse("A='x y'\"z\"w"), "A=x yzw@1:1;");
    CHECK_TEXT(parse("A=\"\\$5, \\\"five\\\" \\x\""), "A=$5, \"five\" \\x@1:1;");
    CHECK_TEXT(parse("A='a\\'"), "A=a\\@1:1;");
    CHECK_TEXT(parse("A=a\\ b\\'"), "A=a b'@1:1;");
    CHECK_TEXT(parse("A='two\nlines'\nB=1"), "A=two\nlines@1:1;B=1@3:1;");
    CHECK_TEXT(parse("A=$'\\x31\\062\\t\\u00e9\\'\\q\\x'"), "A=12\t\xc3\xa9'\\q\\x@1:1;");
    CHECK_TEXT(parse("A=$\"x\""), "A=x@1:1;");
    CHECK_TEXT(parse("A=\"x\nB=1"), "!1:3 a quote that is never closed;");
    CHECK_TEXT(parse("A='x"), "!1:3 a quote that is never closed;");
    CHECK_TEXT(parse("A=$'a\\"), "!1:3 a quote that is never closed;");
    CHECK_TEXT(parse("A=$'\\0'"), "!1:7 a NUL byte in $'..';");
}

TEST(continued)
{
    CHECK_TEXT(parse("A=1\\\n2\nB=\"3\\\n4\"\n"), "A=12@1:1;B=34@3:1;");
    CHECK_TEXT(parse("A=\\\n\nB=1"), "A=@1:1;B=1@3:1;");
    CHECK_TEXT(parse("# c \\\nB=1"), "B=1@2:1;");
    CHECK_TEXT(parse("A=1\\"), "A=1@1:1;");
}

TEST(line_ends)
{
    CHECK_TEXT(parse("A=1\r\nB=\"2\"\r\n"), "A=1@1:1;B=2@2:1;!1:0 lines end in CR LF;");
    CHECK_TEXT(parse("A=1\\\r\n2\r\n"), "A=12@1:1;!1:0 lines end in CR LF;");
    CHECK_TEXT(parse("A=1\rB"), "A=1\rB@1:1;");
    CHECK_TEXT(parse("\xef\xbb\xbf"
                     "A=1"),
               "A=1@1:1;!1:0 a byte order mark;");
}

TEST(variables)
{
    struct assignments outer = { 0 };
    struct problems problems = { 0 };

    CHECK(shell_parse("OUT=far\nA=9\n", 12, "o", &outer, &problems) == 0);
    CHECK_TEXT(parse_with(&outer, "A=1\nB=$A-${A}2-$OUT", 19), "A=1@1:1;B=1-12-far@2:1;");
    CHECK_TEXT(parse_with(&outer, "B=$A\nA=1\nC=$A", 13), "B=9@1:1;A=1@2:1;C=1@3:1;");
    assignments_done(&outer);
    problems_done(&problems);
    CHECK_TEXT(parse("N=1\nA='$N' B=\\$N C=\"$N\""), "N=1@1:1;A=$N@2:1;B=$N@2:8;C=1@2:14;");
    CHECK_TEXT(parse("A=$\nB=a$"), "A=$@1:1;B=a$@2:1;");
    CHECK_TEXT(parse("A=x$B"), "!1:4 $B is not set before here, neither in this file nor in /etc/sysconfig/network;");
    CHECK_TEXT(parse("A=${B:-1}"), "!1:3 only $NAME and ${NAME} expand;");
    CHECK_TEXT(parse("A=1\nB=${A"), "A=1@1:1;!2:3 only $NAME and ${NAME} expand;");
    CHECK_TEXT(parse("A=$1"), "!1:3 only $NAME and ${NAME} expand;");
    CHECK_TEXT(parse("A=\"$$\""), "!1:4 only $NAME and ${NAME} expand;");
}

TEST(never_run)
{
    CHECK_TEXT(parse("A=$(id)\nB=1"), "B=1@2:1;!1:3 a command substitution, $(..), is never run;");
    CHECK_TEXT(parse("A=\"`id`\""), "!1:4 a command substitution, `..`, is never run;");
    CHECK_TEXT(parse("A=$((1))"), "!1:3 arithmetic, $((..)), is never evaluated;");
    CHECK_TEXT(parse("A=1 >x"), "A=1@1:1;!1:5 a redirection: nothing is read or written for a file;");
    CHECK_TEXT(parse("A=<x>"), "!1:3 a redirection: nothing is read or written for a file;");
    CHECK_TEXT(parse("A=1|x"), "!1:4 a pipe: nothing is run for a file;");
    CHECK_TEXT(parse("A=1&"), "!1:4 an '&': nothing is run for a file;");
    CHECK_TEXT(parse("A=1 (x)"), "A=1@1:1;!1:5 a syntax error: a parenthesis;");
    CHECK_TEXT(parse("touch x"), "!1:1 a command (touch) is never run;");
    CHECK_TEXT(parse("A=1 touch x"), "A=1@1:1;!1:5 a command (touch) is never run;");
    CHECK_TEXT(parse("/bin/x"), "!1:1 not an assignment: commands are never run;");
    CHECK_TEXT(parse("`x`"), "!1:1 a command substitution, `..`, is never run;");
    CHECK_TEXT(parse("export -n A"), "!1:8 not an assignment: commands are never run;");
    CHECK_TEXT(parse("declare A=1"), "!1:1 a command (declare) is never run;");
}

TEST(no_values)
{
    CHECK_TEXT(parse("A = 1"), "!1:1 A is a command here: no blanks can stand before =;");
    CHECK_TEXT(parse("A+=1"), "!1:1 A+= is not read: say the whole value;");
    CHECK_TEXT(parse("A=(1 2)"), "!1:3 an array: only plain values are read;");
    CHECK_TEXT(parse("A[0]=1"), "!1:1 an array: only plain values are read;");
}

TEST(nul_bytes)
{
    CHECK_TEXT(parse_with(NULL,
                          "A=1\0"
                          "2\nB=1",
                          9),
               "B=1@2:1;!1:4 a NUL byte;");
    CHECK_TEXT(parse_with(NULL, "# \0\nB=1", 7), "B=1@2:1;!1:3 a NUL byte;");
    CHECK_TEXT(parse_with(NULL, "A='\0'\nB=1", 9), "B=1@2:1;!1:4 a NUL byte;");
}

/* Little text that would become much, and much text. */
TEST(limits)
{
    char *text = malloc(100000);
    size_t n = (size_t)sprintf(text, "A=xxxxxxxxxxxxxxxx\n");
    const char *seen;

    for (int i = 0; i < 40; i++)
        n += (size_t)sprintf(text + n, "A=$A$A\n");
    seen = parse_problems(text, n);
    CHECK_TEXT(seen, "13:1 values that are too long;");
    n = 0;
    for (int i = 0; i < 5000; i++)
        n += (size_t)sprintf(text + n, "A%d=1\n", i);
    seen = parse_problems(text, n);
    CHECK_TEXT(seen, "4097:1 more assignments than 4096;");
    free(text);
}

/* The sanitizers see what is read behind it. */
TEST(nothing_behind_the_end)
{
    char *text = malloc(4);

    CHECK(text);
    memcpy(text, "lt  ", 4);
    CHECK_TEXT(parse_with(NULL, text, 4), "!1:1 a command (lt) is never run;");
    free(text);
    CHECK_TEXT(parse("lt \t= 1"), "!1:1 lt is a command here: no blanks can stand before =;");
}

RUN_TESTS(T(plain), T(several_on_a_line), T(quotes), T(continued), T(line_ends), T(variables), T(never_run), T(no_values), T(nul_bytes), T(limits),
          T(nothing_behind_the_end))
