/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keyfiles: the syntax as GKeyFile reads it, numbers as NetworkManager gets them, which names count, and what a profile
 * says of itself whatever becomes of it. */
#include "read/keyfile.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macro.h"
#include "read/keyfile-text.h"
#include "read/keyfile-values.h"
#include "test.h"

static char described[8192];

static void describe(const struct keyfile_text *text, const struct problems *problems)
{
    size_t n = 0;

    described[0] = 0;
    for (size_t i = 0; i < text->n_groups; i++)
        n += (size_t)snprintf(described + n, sizeof(described) - n, "%u[%s]", text->groups[i].line, text->groups[i].name);
    for (size_t i = 0; i < text->n_entries; i++) {
        const struct keyfile_entry *entry = &text->entries[i];

        n += (size_t)snprintf(described + n, sizeof(described) - n, "%s%u:%u %s.%s=%u\"%s\"", n ? " " : "", entry->line, entry->column,
                              text->groups[entry->group].name, entry->name, entry->value_column, entry->text ? entry->text : "?");
        n += (size_t)snprintf(described + n, sizeof(described) - n, "%s", entry->beaten ? "-" : "");
    }
    for (size_t i = 0; i < problems->n; i++)
        n += (size_t)snprintf(described + n, sizeof(described) - n, "%s%u: %s", n ? " " : "", problems->items[i].line, problems->items[i].text);
}

/* "LINE[GROUP]" for each, " LINE:COLUMN GROUP.KEY=COLUMN"TEXT"" for each, with "-" where a later one beats it, " LINE: ERROR" */
static const char *parse_bytes(const char *bytes, size_t size)
{
    struct problems problems = { 0 };
    struct keyfile_text text;

    CHECK(keyfile_text_parse(&text, "/x", bytes, size, &problems) == 0);
    describe(&text, &problems);
    keyfile_text_done(&text);
    problems_done(&problems);
    return described;
}

static const char *parse(const char *bytes)
{
    return parse_bytes(bytes, strlen(bytes));
}

TEST(lines)
{
    CHECK_TEXT(parse(""), "");
    CHECK_TEXT(parse("\n \t\n#[a]\n  # x\n"), "");
    CHECK_TEXT(parse("[a]\nb=c\n"), "1[a] 2:1 a.b=3\"c\"");
    CHECK_TEXT(parse("[a]\nb=c"), "1[a] 2:1 a.b=3\"c\"");
    CHECK_TEXT(parse("[a]\r\nb=c\r\n"), "1[a] 2:1 a.b=3\"c\"");
    CHECK_TEXT(parse("[a]\nb=c\r"), "1[a] 2:1 a.b=3\"c\r\""); /* only before a line feed does it end a line */
    CHECK_TEXT(parse("  [a]\n\t b\t = \t c \n"), "1[a] 2:3 a.b=10\"c \"");
    CHECK_TEXT(parse("[a] \t\nb=c#d ;e\n;f=1\n"), "1[a] 2:1 a.b=3\"c#d ;e\" 3:1 a.;f=4\"1\"");
    CHECK_TEXT(parse("[a]\nb=\nc==d\n"), "1[a] 2:1 a.b=3\"\" 3:1 a.c=3\"=d\"");
    CHECK_TEXT(parse("[ a ]\nb c=d\ne[de]=f\n"), "1[ a ] 2:1  a .b c=5\"d\" 3:1  a .e[de]=7\"f\"");
}

TEST(repeats)
{
    CHECK_TEXT(parse("[a]\nb=1\nb=2\n[c]\nb=3\n[a]\nb=4\n"), "1[a]4[c] 2:1 a.b=3\"1\"- 3:1 a.b=3\"2\"- 5:1 c.b=3\"3\" 7:1 a.b=3\"4\"");
}

TEST(faults)
{
    static const char junk[] = "neither a group, nor a key with a value, nor a comment";
    char want[256];

    snprintf(want, sizeof(want), "1[a] 3:1 a.b=3\"c\" 2: %s", junk);
    CHECK_TEXT(parse("[a]\njunk\nb=c\n"), want);
    CHECK_TEXT(parse("b=c\n"), "1: a key before any group");
    CHECK_TEXT(parse("[a]\n=c\n"), "1[a] 2: a key without a name");
    CHECK_TEXT(parse("[a]\n =c\n"), "1[a] 2: a key without a name");
    CHECK_TEXT(parse("[a]\nb]=c\n"), "1[a] 2: not the name of a key");
    CHECK_TEXT(parse("[a]\nb[c=d\n"), "1[a] 2: not the name of a key");
    CHECK_TEXT(parse("[a]\nb[c d]=e\n"), "1[a] 2: not the name of a key");
    CHECK_TEXT(parse("[a\n"), "1: a group that is not closed");
    CHECK_TEXT(parse("[a]b\n"), "1: more after the group");
    CHECK_TEXT(parse("[]\n"), "1: a group without a name");
    CHECK_TEXT(parse("[a[b]\n"), "1: not the name of a group");
    CHECK_TEXT(parse("[a\tb]\n"), "1: not the name of a group");
    CHECK_TEXT(parse("\xef\xbb\xbf[a]\n"), "1[a] 1: a byte order mark, which NetworkManager does not read over");
    CHECK_TEXT(parse_bytes("[a]\nb=c\0d\n#\0\n", 13), "1[a] 2: a NUL byte");
    CHECK_TEXT(parse("[a]\nEncoding=latin1\n"), "1[a] 2:1 a.Encoding=10\"latin1\" 2: an encoding that is not UTF-8");
}

TEST(escapes)
{
    CHECK_TEXT(parse("[a]\nb=\\s\\t\\n\\r\\\\.\n"), "1[a] 2:1 a.b=3\" \t\n\r\\.\"");
    CHECK_TEXT(parse("[a]\nb=\\x41\nc=d\\\ne=\\;\n"), "1[a] 2:1 a.b=3\"?\" 3:1 a.c=3\"?\" 4:1 a.e=3\"?\"");
    CHECK_TEXT(parse("[a]\nb=\xc3\xa9\nc=\xe9\nd=\\s\xe9\n"), "1[a] 2:1 a.b=3\"\xc3\xa9\" 3:1 a.c=3\"?\" 4:1 a.d=3\"?\"");
}

TEST(sizes)
{
    static char text[(1 << 20) + 2];
    struct problems problems = { 0 };
    struct keyfile_text parsed;
    size_t n = 4;

    memset(text, '#', sizeof(text));
    CHECK(keyfile_text_parse(&parsed, "/x", text, sizeof(text) - 2, &problems) == 0);
    keyfile_text_done(&parsed);
    CHECK(keyfile_text_parse(&parsed, "/x", text, sizeof(text) - 1, &problems) == -EFBIG && problems.n == 1);
    keyfile_text_done(&parsed);
    problems_done(&problems);
    memcpy(text, "[a]\n", 4);
    for (unsigned i = 0; i < 50000; i++)
        n += (size_t)sprintf(text + n, "k%u=%u\n", i, i);
    CHECK(keyfile_text_parse(&parsed, "/x", text, n, &problems) == 0 && !problems.n);
    CHECK_TEXT(keyfile_text_get(&parsed, "a", "k49999")->text, "49999");
    CHECK(!keyfile_text_get(&parsed, "a", "k50000") && !keyfile_text_get(&parsed, "b", "k1"));
    keyfile_text_all(&parsed, "a", &n);
    CHECK(n == 50000);
    keyfile_text_done(&parsed);
}

static int64_t number(const char *text)
{
    int64_t value = 0;
    int r = keyfile_parse_number(text, -1, 0xffffffff, &value);

    return r < 0 ? r - 1000 : value;
}

TEST(numbers)
{
    CHECK(number("0") == 0 && number("64") == 64 && number(" 7\t") == 7 && number("+2") == 2 && number("-1") == -1 && number("-0") == 0);
    CHECK(number("010") == 8 && number("0x1F") == 31 && number("0Xa") == 10 && number("4294967295") == 0xffffffff);
    CHECK(number("") == -EINVAL - 1000 && number("x") == -EINVAL - 1000 && number("08") == -EINVAL - 1000 && number("0x") == -EINVAL - 1000);
    CHECK(number("1 2") == -EINVAL - 1000 && number("+ 1") == -EINVAL - 1000 && number("--1") == -EINVAL - 1000 && number("0b1") == -EINVAL - 1000);
    CHECK(number("4294967296") == -ERANGE - 1000 && number("-2") == -ERANGE - 1000 && number("99999999999999999999") == -ERANGE - 1000);
}

TEST(uuids)
{
    char uuid[37];

    CHECK(keyfile_parse_uuid("668F6DA5-9D74-5BAB-995A-1F3999F47AB2", uuid));
    CHECK_TEXT(uuid, "668f6da5-9d74-5bab-995a-1f3999f47ab2");
    CHECK(!keyfile_parse_uuid("", uuid) && !keyfile_parse_uuid("668f6da5-9d74-5bab-995a-1f3999f47ab", uuid));
    CHECK(!keyfile_parse_uuid("668f6da5-9d74-5bab-995a-1f3999f47ab2 ", uuid) && !keyfile_parse_uuid("668f6da59-d74-5bab-995a-1f3999f47ab2", uuid));
    CHECK(!keyfile_parse_uuid("668f6da5-9d74-5bab-995a-1f3999f47abg", uuid));
}

TEST(names)
{
    static const char *const everywhere[] = { "a.nmconnection", "a b.nmconnection", "x.y.nmconnection" };
    static const char *const in_etc[] = { "a", "a.conf", "a.nmconnection.rpmsave", "a.nmconnection.bak", "a.12345", "a.1234567" };
    static const char *const nowhere[] = { "", ".a.nmconnection", ".nmconnection", "a~", "a.nmconnection~", "a.backup", "a.aB3dE6", "a.pem", "a.DER" };

    for (enum keyfile_place place = KEYFILE_PLACE_OURS; place <= KEYFILE_PLACE_LIB; place++) {
        for (size_t i = 0; i < ARRAY_SIZE(everywhere); i++)
            CHECK(keyfile_name_counts(everywhere[i], place));
        for (size_t i = 0; i < ARRAY_SIZE(in_etc); i++)
            CHECK(keyfile_name_counts(in_etc[i], place) == (place == KEYFILE_PLACE_ETC));
        for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++)
            CHECK(!keyfile_name_counts(nowhere[i], place));
    }
}

#define TUNNEL "[ip-tunnel]\nmode=2\nlocal=192.0.2.1\nremote=198.51.100.1\n"

static struct keyfile_profile profile;
static struct keyfile_input input;

static int read_as(enum keyfile_place place, const char *text)
{
    struct problems problems = { 0 };
    struct tunnel *tunnel = NULL;
    int verdict;

    input =
        (struct keyfile_input){ .path = "/x.nmconnection", .text = text, .size = strlen(text), .place = place, .all = input.all, .insecure = input.insecure };
    verdict = keyfile_read(&input, &tunnel, &profile, &problems);
    CHECK((verdict == KEYFILE_TUNNEL) == (tunnel != NULL) && (verdict == KEYFILE_REFUSED) == problems_has_error(&problems));
    CHECK(verdict != KEYFILE_IGNORED || problems.n == (strstr(text, "manage=perhaps") != NULL));
    tunnel_free(tunnel);
    problems_done(&problems);
    return verdict;
}

TEST(profiles)
{
    input = (struct keyfile_input){ 0 };
    CHECK(read_as(KEYFILE_PLACE_OURS, "[connection]\ntype=ip-tunnel\ninterface-name=t0\n" TUNNEL) == KEYFILE_TUNNEL);
    CHECK(profile.readable && !profile.faulty && !strcmp(profile.interface, "t0") && profile.line == 3 && !*profile.self.uuid);
    CHECK(read_as(KEYFILE_PLACE_ETC, "[connection]\ntype=ip-tunnel\ninterface-name=t0\n" TUNNEL) == KEYFILE_IGNORED);
    CHECK(profile.readable && !strcmp(profile.interface, "t0"));
    CHECK(read_as(KEYFILE_PLACE_ETC, "[connection]\ninterface-name=t0\n" TUNNEL "[user]\ntunneld.manage=yes\n") == KEYFILE_TUNNEL);
    CHECK(read_as(KEYFILE_PLACE_ETC, "[connection]\ninterface-name=t0\n" TUNNEL "[user]\ntunneld.manage=perhaps\n") == KEYFILE_IGNORED);
    CHECK(read_as(KEYFILE_PLACE_OURS, "[connection]\ntype=bridge\nuuid=D73C78A5-390f-52df-946a-9b9491a7462c\ninterface-name=br1\n") == KEYFILE_IGNORED);
    CHECK(profile.readable && !strcmp(profile.self.uuid, "d73c78a5-390f-52df-946a-9b9491a7462c") && profile.self.line == 3);
    CHECK(read_as(KEYFILE_PLACE_OURS, "[connection]\ntype=bridge\njunk\n") == KEYFILE_IGNORED && profile.faulty && !profile.readable);
    CHECK(read_as(KEYFILE_PLACE_OURS, "[connection]\njunk\n" TUNNEL) == KEYFILE_REFUSED && profile.faulty && !profile.readable);
    CHECK(read_as(KEYFILE_PLACE_OURS, "[connection]\ninterface-name=t0\n[ip-tunnel]\nmode=99\n") == KEYFILE_REFUSED && !profile.faulty && !profile.readable);
    CHECK(read_as(KEYFILE_PLACE_OURS, "[connection]\ninterface-name=t0\npermissions=user:a:;\n" TUNNEL) == KEYFILE_REFUSED && profile.readable);
    CHECK(read_as(KEYFILE_PLACE_OURS, "[connection]\ninterface-name=t0\n" TUNNEL "parent=e01389cf-fdb4-5495-9354-03C54FED088C\n") == KEYFILE_TUNNEL);
    CHECK(!strcmp(profile.parent.uuid, "e01389cf-fdb4-5495-9354-03c54fed088c") && profile.parent.line == 7);
    input.insecure = "others may read it";
    CHECK(read_as(KEYFILE_PLACE_OURS, "[connection]\ninterface-name=t0\n" TUNNEL) == KEYFILE_REFUSED && !profile.readable);
    CHECK(read_as(KEYFILE_PLACE_ETC, "[connection]\ninterface-name=t0\n" TUNNEL) == KEYFILE_IGNORED && !profile.readable);
}

RUN_TESTS(T(lines), T(repeats), T(faults), T(escapes), T(sizes), T(numbers), T(uuids), T(names), T(profiles))
