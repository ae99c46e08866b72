/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files as they would be, in the place of those that are there. */
#include <errno.h>

#include "tree.h"

#define ETC "/etc/NetworkManager/system-connections/"
#define GRE1(remote) "DEVICE=gre1\nTYPE=GRE\nPEER_OUTER_IPADDR=" remote "\n"
#define PROFILE(remote) "[connection]\nid=gre1\ntype=ip-tunnel\ninterface-name=gre1\n\n[ip-tunnel]\nmode=2\nremote=" remote "\n"

/* The path that it stands for, or the error. */
static const char *lay(const char *path, const char *text)
{
    static char answer[PATH_MAX];
    char *place = NULL;
    int r = config_overlay(config, path, text, strlen(text), &place);

    snprintf(answer, sizeof(answer), "%s", r == -EINVAL ? "EINVAL" : r == -EEXIST ? "EEXIST" : r < 0 ? strerror(-r) : place);
    free(place);
    return answer;
}

static void begin_laying(void)
{
    CHECK(config_load_settings(config) == 0);
}

static void end_laying(void)
{
    CHECK(config_load(config) == 0);
    settle(false);
}

static const char *remote_of(const char *name)
{
    static char text[ADDRESS_TEXT_MAX];

    return wanted(name) ? address_format(&wanted(name)->remote, text) : "nobody";
}

TEST(replaces_a_file)
{
    begin();
    put(RH "ifcfg-gre1", GRE1("192.0.2.1"));
    begin_laying();
    CHECK_TEXT(lay(RH "ifcfg-gre1", GRE1("192.0.2.2")), RH "ifcfg-gre1");
    end_laying();
    CHECK_TEXT(remote_of("gre1"), "192.0.2.2");
    CHECK_TEXT(source_of("gre1"), RH "ifcfg-gre1");
    CHECK(config_wanted(config)->n == 1);
    load(); /* which forgets it */
    CHECK_TEXT(remote_of("gre1"), "192.0.2.1");
    end();
}

TEST(the_disks_own_is_not_opened)
{
    char command[512];

    begin();
    snprintf(command, sizeof(command), "mkfifo %s" RH "ifcfg-gre1 && ln -s nowhere %s" RH "ifcfg-gre2", root, root);
    CHECK(system(command) == 0);
    load();
    CHECK(findings_count_refused(config) == 1); /* the FIFO; the link leads to nothing */
    begin_laying();
    CHECK_TEXT(lay(RH "ifcfg-gre1", GRE1("192.0.2.2")), RH "ifcfg-gre1");
    CHECK_TEXT(lay(RH "ifcfg-gre2", "DEVICE=gre2\nTYPE=GRE\nPEER_OUTER_IPADDR=192.0.2.3\n"), RH "ifcfg-gre2");
    end_laying();
    CHECK(findings_count_refused(config) == 0);
    CHECK_TEXT(remote_of("gre1"), "192.0.2.2");
    CHECK_TEXT(remote_of("gre2"), "192.0.2.3");
    end();
}

TEST(a_new_file)
{
    begin();
    begin_laying();
    CHECK_TEXT(lay(RH "ifcfg-gre1", GRE1("192.0.2.1")), RH "ifcfg-gre1");
    CHECK_TEXT(lay(SUSE "ifcfg-sit1", "TUNNEL=sit\nTUNNEL_REMOTE_IPADDR=192.0.2.2\nTUNNEL_LOCAL_IPADDR=192.0.2.1\n"), SUSE "ifcfg-sit1"); /* in no directory */
    end_laying();
    CHECK_TEXT(source_of("gre1"), RH "ifcfg-gre1");
    CHECK_TEXT(source_of("sit1"), SUSE "ifcfg-sit1");
    CHECK(access(below_root(SUSE), F_OK) < 0);
    end();
}

TEST(faults_of_it_are_told)
{
    begin();
    put(RH "ifcfg-gre1", GRE1("192.0.2.1"));
    begin_laying();
    lay(RH "ifcfg-gre1", GRE1("192.0.2.1") "KEY=x y\n");
    end_laying();
    CHECK(findings_count_refused(config) == 1 && count_told() > 0);
    CHECK_TEXT(source_of("gre1"), "nobody");
    end();
}

TEST(too_large)
{
    enum { SIZE = 1024 * 1024 + 1 };
    char *text = malloc(SIZE), *place;

    memset(text, '\n', SIZE);
    begin();
    begin_laying();
    CHECK(config_overlay(config, RH "ifcfg-gre1", text, SIZE, &place) == 0);
    end_laying();
    CHECK(findings_count_refused(config) == 1);
    free(place);
    free(text);
    end();
}

TEST(files_beside)
{
    begin();
    put(RH "ifcfg-gre1", GRE1("192.0.2.1"));
    put(RH "route-gre1", "10.9.0.0/16 dev gre1\n10.8.0.0/16 dev gre1\n");
    begin_laying();
    CHECK_TEXT(lay(RH "route-gre1", "10.7.0.0/16 dev gre1\n"), RH "route-gre1");
    CHECK_TEXT(lay("rule-gre1", "from 10.7.0.0/16 table 7\n"), RH "rule-gre1"); /* where its tunnel is */
    CHECK_TEXT(lay("keys-gre1", "KEY=5\n"), RH "keys-gre1");
    CHECK_TEXT(lay("ifcfg-gre1:0", "IPADDR=10.0.0.9\nPREFIX=24\n"), RH "ifcfg-gre1:0");
    end_laying();
    CHECK(wanted("gre1")->routes.n == 1 && wanted("gre1")->rules.n == 1);
    CHECK(wanted("gre1")->n_inner == 1 && wanted("gre1")->ikey == 5);
    end();
}

TEST(a_profile)
{
    char command[512];

    begin();
    put(OWN "gre1.nmconnection", PROFILE("192.0.2.1"));
    CHECK(chmod(below_root(OWN "gre1.nmconnection"), 0644) == 0);
    load();
    CHECK_TEXT(source_of("gre1"), "nobody"); /* everybody may read it */
    begin_laying();
    CHECK_TEXT(lay(OWN "gre1.nmconnection", PROFILE("192.0.2.2")), OWN "gre1.nmconnection");
    end_laying();
    CHECK_TEXT(remote_of("gre1"), "192.0.2.2");
    drop(OWN "gre1.nmconnection");
    snprintf(command, sizeof(command), "mkdir -p %s" ETC, root);
    CHECK(system(command) == 0);
    put(ETC "gre1.nmconnection", PROFILE("192.0.2.1"));
    begin_laying();
    CHECK_TEXT(lay("gre1.nmconnection", PROFILE("192.0.2.3") "[user]\ntunneld.manage=yes\n"), ETC "gre1.nmconnection");
    end_laying();
    CHECK_TEXT(remote_of("gre1"), "192.0.2.3");
    end();
}

/* Where the directory is not said, or is none of ours, the name alone counts. */
TEST(which_file_a_name_means)
{
    begin();
    put(RH "ifcfg-gre1", GRE1("192.0.2.1"));
    begin_laying();
    CHECK_TEXT(lay("/home/user/ifcfg-gre1", GRE1("192.0.2.2")), RH "ifcfg-gre1");
    CHECK_TEXT(lay("ifcfg-gre2", "DEVICE=gre2\nTYPE=GRE\nPEER_OUTER_IPADDR=192.0.2.3\n"), OWN "ifcfg-gre2");
    CHECK_TEXT(lay("./route-gre2", "10.7.0.0/16 dev gre2\n"), OWN "route-gre2");
    end_laying();
    CHECK_TEXT(remote_of("gre1"), "192.0.2.2");
    CHECK(wanted("gre2")->routes.n == 1);
    put(OWN "ifcfg-gre1", GRE1("192.0.2.4"));
    begin_laying();
    CHECK_TEXT(lay("ifcfg-gre1", GRE1("192.0.2.5")), OWN "ifcfg-gre1"); /* the one that counts more */
    end_laying();
    CHECK_TEXT(remote_of("gre1"), "192.0.2.5");
    begin_laying();
    CHECK_TEXT(lay(RH "ifcfg-gre1", GRE1("192.0.2.6")), RH "ifcfg-gre1");
    end_laying();
    CHECK_TEXT(remote_of("gre1"), "192.0.2.4"); /* it would not count */
    end();
}

TEST(what_cannot_be_given)
{
    static const char *const names[] = {
        "",          "/",        RH,       OWN "tunneld.conf", "tunneld.conf",      "/etc/sysconfig/network",           "ifcfg-lo",
        "ifcfg-a~",  "ifcfg-",   "notes",  "gre1.conf",        OWN "notes.txt",     "11111111-2222-3333.nmmeta",        "..",
        "ifcfg-x/y", RH "notes", ETC "a~", RH "gre1.nmconn",   "a.nmconnection/..", SYSCONFIGDIR "/static-routes-ipv6",
    };

    begin();
    begin_laying();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        CHECK_TEXT(lay(names[i], "DEVICE=x\n"), "EINVAL");
    CHECK_TEXT(lay(RH "ifcfg-gre1", GRE1("192.0.2.1")), RH "ifcfg-gre1");
    CHECK_TEXT(lay(RH "ifcfg-gre1", GRE1("192.0.2.2")), "EEXIST");
    CHECK_TEXT(lay("ifcfg-gre1", GRE1("192.0.2.2")), "EEXIST"); /* the same by its name alone */
    end_laying();
    CHECK_TEXT(remote_of("gre1"), "192.0.2.1");
    put(OWN "tunneld.conf", "paths = /srv\n"); /* without a place for a file of no directory */
    begin_laying();
    CHECK_TEXT(lay("ifcfg-gre1", GRE1("192.0.2.1")), "EINVAL");
    CHECK_TEXT(lay("/srv/ifcfg-gre1", GRE1("192.0.2.1")), "/srv/ifcfg-gre1");
    end_laying();
    CHECK_TEXT(source_of("gre1"), "/srv/ifcfg-gre1");
    end();
}

RUN_TESTS(T(replaces_a_file), T(the_disks_own_is_not_opened), T(a_new_file), T(faults_of_it_are_told), T(too_large), T(files_beside), T(a_profile),
          T(which_file_a_name_means), T(what_cannot_be_given))
