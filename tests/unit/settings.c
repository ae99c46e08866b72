/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "read/settings.h"

#include <syslog.h>

#include "test.h"

static struct settings settings;
static char told[1024];

static void parse(const char *text)
{
    struct problems problems = { 0 };
    size_t n = 0;

    told[0] = 0;
    CHECK(settings_init(&settings) == 0);
    CHECK(settings_parse(&settings, "f", text, &problems) == 0);
    for (size_t i = 0; i < problems.n; i++)
        n += (size_t)snprintf(told + n, sizeof(told) - n, "%u %s;", problems.items[i].line, problems.items[i].text);
    problems_done(&problems);
}

TEST(defaults)
{
    parse("# nothing\n");
    CHECK_TEXT(told, "");
    CHECK(settings.adopt == ADOPT_SAME && !settings.ipv6 && !settings.networkmanager && !settings.hooks && settings.log_level == LOG_INFO
          && settings.n_paths == 3);
    settings_done(&settings);
}

TEST(all_of_them)
{
    parse("paths = /a, /b/ /c\nadopt=same-kind\nipv6 = on\nlog_level = debug\npaths = /d\n");
    CHECK_TEXT(told, "");
    CHECK(settings.adopt == ADOPT_SAME_KIND && settings.ipv6 && settings.log_level == LOG_DEBUG && settings.n_paths == 4);
    CHECK_TEXT(settings.paths[1], "/b");
    CHECK_TEXT(settings.paths[3], "/d");
    settings_done(&settings);
}

TEST(hooks)
{
    parse("hooks = yes\n");
    CHECK_TEXT(told, "");
    CHECK(settings.hooks);
    settings_done(&settings);
    parse("hooks = yes\nhooks = no\n");
    CHECK_TEXT(told, "");
    CHECK(!settings.hooks);
    settings_done(&settings);
    parse("hooks = yes\nhooks = /sbin/ifup-local\n");
    CHECK_TEXT(told, "2 hooks: neither yes nor no;");
    CHECK(settings.hooks);
    settings_done(&settings);
}

TEST(networkmanager)
{
    parse("networkmanager = yes\n");
    CHECK_TEXT(told, "");
    CHECK(settings.networkmanager);
    settings_done(&settings);
    parse("networkmanager = yes\nnetworkmanager = running\n");
    CHECK_TEXT(told, "2 networkmanager: neither yes nor no;");
    CHECK(settings.networkmanager);
    settings_done(&settings);
}

TEST(compat_wicked_keys)
{
    parse("# nothing\n");
    CHECK(!settings.compat_wicked_keys);
    settings_done(&settings);
    parse("compat_wicked_keys = yes\n");
    CHECK_TEXT(told, "");
    CHECK(settings.compat_wicked_keys);
    settings_done(&settings);
    parse("compat_wicked_keys = yes\ncompat_wicked_keys = swapped\n");
    CHECK_TEXT(told, "2 compat_wicked_keys: neither yes nor no;");
    CHECK(settings.compat_wicked_keys);
    settings_done(&settings);
}

TEST(bad_lines_cost_themselves)
{
    parse("\n\nadopt = maybe\nnonsense = 1\nipv6 = on\n[part]\nlog_level = debug\n");
    CHECK_TEXT(told, "3 adopt: not one of no, same, same-kind;4 nonsense is no setting that is known;7 [part]: there are no sections in this file;");
    CHECK(settings.adopt == ADOPT_SAME && settings.ipv6 && settings.log_level == LOG_INFO);
    settings_done(&settings);
    parse("paths = /a relative /b\n");
    CHECK(settings.n_paths == 3);
    settings_done(&settings);
    parse("paths =\n");
    CHECK_TEXT(told, "1 paths: no path;");
    CHECK(settings.n_paths == 3);
    settings_done(&settings);
    parse("paths = relative\njust words\nipv6 = on\n");
    CHECK(strstr(told, "1 paths: a path is absolute;") && strstr(told, "2 not a line of the form name = value;"));
    CHECK(settings.ipv6);
    settings_done(&settings);
}

TEST(long_lines)
{
    char text[600];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = 0;
    memcpy(text, "paths = /", 9);
    memcpy(text + sizeof(text) - 11, "\nipv6 = on", 11);
    parse(text);
    CHECK(strstr(told, "1 a line of more than"));
    CHECK(settings.ipv6);
    settings_done(&settings);
}

RUN_TESTS(T(defaults), T(all_of_them), T(hooks), T(networkmanager), T(compat_wicked_keys), T(bad_lines_cost_themselves), T(long_lines))
