/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which file wins, and what an event on one file makes dirty. */
#include "tree.h"

static void put_tunnel(const char *path, const char *device, const char *remote)
{
    char text[256];

    snprintf(text, sizeof(text), "DEVICE=%s\nTYPE=GRE\nPEER_OUTER_IPADDR=%s\n", device, remote);
    put(path, text);
}

/* Directory 0 is /etc/tunneld, 1 is network-scripts, 2 is SUSE's, where a test makes it. */

TEST(precedence)
{
    begin();
    put_tunnel(RH "ifcfg-a", "gre1", "192.0.2.1");
    put_tunnel(RH "ifcfg-gre1", "gre1", "192.0.2.2");
    load();
    CHECK_TEXT(source_of("gre1"), RH "ifcfg-gre1"); /* named after its device */
    CHECK(findings_count_refused(config) == 1);
    put_tunnel(OWN "ifcfg-z", "gre1", "192.0.2.3");
    CHECK_TEXT(touch(0, "ifcfg-z"), "gre1 ");
    CHECK_TEXT(source_of("gre1"), OWN "ifcfg-z"); /* the directory counts more */
    drop(OWN "ifcfg-z");
    drop(RH "ifcfg-gre1");
    CHECK_TEXT(touch(0, "ifcfg-z"), "gre1 ");
    CHECK_TEXT(touch(1, "ifcfg-gre1"), "gre1 ");
    CHECK_TEXT(source_of("gre1"), RH "ifcfg-a");
    CHECK(findings_count_refused(config) == 0);
    end();
}

TEST(one_touch_is_one_name)
{
    begin();
    put_tunnel(RH "ifcfg-gre1", "gre1", "192.0.2.1");
    put_tunnel(RH "ifcfg-gre2", "gre2", "192.0.2.2");
    load();
    CHECK_TEXT(touch(1, "ifcfg-gre2"), "gre2 ");
    put_tunnel(RH "ifcfg-gre2", "other", "192.0.2.2");
    CHECK_TEXT(touch(1, "ifcfg-gre2"), "gre2 other ");
    put(RH "keys-gre1", "KEY=5\n");
    CHECK_TEXT(touch(1, "keys-gre1"), "gre1 ");
    CHECK(set_get(config_wanted(config), "gre1")->ikey == 5);
    CHECK_TEXT(touch(1, "keys-nobody"), "");
    CHECK_TEXT(touch(1, "route-gre1"), "");
    put(RH "route-gre1", "10.0.0.0/8\n");
    CHECK_TEXT(touch(1, "route-gre1"), "gre1 ");
    CHECK(set_get(config_wanted(config), "gre1")->routes.n == 1);
    put(RH "rule-gre2", "from 10.0.0.0/8 table 7\n"); /* by the name of the file, and by that of the device */
    CHECK_TEXT(touch(1, "rule-gre2"), "other ");
    put(RH "route6-other", "2001:db8::/32\n");
    CHECK_TEXT(touch(1, "route6-other"), "other ");
    CHECK(set_get(config_wanted(config), "other")->routes.n == 1 && set_get(config_wanted(config), "other")->rules.n == 1);
    CHECK(set_get(config_wanted(config), "other")->ipv6);
    put(RH "ifcfg-gre1:7", "IPADDR=10.7.0.1\nPREFIX=24\n");
    CHECK_TEXT(touch(1, "ifcfg-gre1:7"), "gre1 ");
    CHECK(set_get(config_wanted(config), "gre1")->n_inner == 1);
    drop(RH "ifcfg-gre1:7");
    drop(RH "route-gre1");
    CHECK_TEXT(touch(1, "ifcfg-gre1:7"), "gre1 ");
    CHECK_TEXT(touch(1, "route-gre1"), "gre1 ");
    CHECK(set_get(config_wanted(config), "gre1")->n_inner == 0 && set_get(config_wanted(config), "gre1")->routes.n == 0);
    CHECK_TEXT(touch(1, "4913"), "");
    put_tunnel(RH "ifcfg-gre1.bak", "gre1", "192.0.2.9");
    CHECK_TEXT(touch(1, "ifcfg-gre1.bak"), "");
    end();
}

TEST(equal_identities)
{
    begin();
    put_tunnel(RH "ifcfg-gre1", "gre1", "192.0.2.1");
    put_tunnel(RH "ifcfg-gre2", "gre2", "192.0.2.1");
    load();
    CHECK_TEXT(source_of("gre1"), RH "ifcfg-gre1");
    CHECK_TEXT(source_of("gre2"), "nobody");
    /* the one edit makes room for the other */
    put_tunnel(RH "ifcfg-gre1", "gre1", "192.0.2.9");
    CHECK_TEXT(touch(1, "ifcfg-gre1"), "gre1 gre2 ");
    CHECK_TEXT(source_of("gre2"), RH "ifcfg-gre2");
    end();
}

TEST(released_only_if_sure)
{
    begin();
    put_tunnel(RH "ifcfg-gre1", "gre1", "192.0.2.1");
    load();
    CHECK(!config_released(config, RH "ifcfg-gre1", "gre1"));                 /* it wants it */
    CHECK(config_released(config, RH "ifcfg-gre1", "gre9"));                  /* it says something else */
    CHECK(config_released(config, RH "ifcfg-gone", "gre2"));                  /* absent */
    CHECK(!config_released(config, "/elsewhere/ifcfg-x", "gre3"));            /* nobody looked */
    CHECK(!config_released(config, SYSCONFIGDIR "/network/ifcfg-x", "gre3")); /* no such directory */
    put(RH "ifcfg-gre1", "DEVICE=gre1\nTYPE=GRE\nPEER_OUTER_IPADDR=$(x)\n");
    touch(1, "ifcfg-gre1");
    CHECK(!config_released(config, RH "ifcfg-gre1", "gre1")); /* refused */
    put(RH "ifcfg-gre1", "TYPE=\"GRE\nDEVICE=gre1\nKEY=5\n"); /* the quote swallows what says that it is a tunnel */
    touch(1, "ifcfg-gre1");
    CHECK(!config_released(config, RH "ifcfg-gre1", "gre1"));
    load(); /* also to one who never knew it as a tunnel */
    CHECK(!config_released(config, RH "ifcfg-gre1", "gre1"));
    put(RH "ifcfg-gre1", "");
    touch(1, "ifcfg-gre1");
    CHECK(!config_released(config, RH "ifcfg-gre1", "gre1")); /* just being written, perhaps */
    put(RH "ifcfg-gre1", "DEVICE=gre1\nTYPE=Ethernet\n");
    touch(1, "ifcfg-gre1");
    CHECK(config_released(config, RH "ifcfg-gre1", "gre1"));
    drop(RH "ifcfg-gre1");
    CHECK_TEXT(touch(1, "ifcfg-gre1"), "");
    CHECK(config_released(config, RH "ifcfg-gre1", "gre1"));
    end();
}

TEST(a_tunnel_that_turns_bad_is_told)
{
    begin();
    put_tunnel(RH "ifcfg-gre1", "gre1", "192.0.2.1");
    load();
    put(RH "ifcfg-gre1", "TYPE=\"GRE\nDEVICE=gre1\nKEY=5\n");
    touch(1, "ifcfg-gre1");
    CHECK(findings_count_refused(config) == 1);
    put(RH "ifcfg-gre2", "TYPE=\"GRE\nDEVICE=gre2\nMY_OUTER_IPADDR=192.0.2.1\n");
    touch(1, "ifcfg-gre2"); /* this one names what only tunnels have */
    CHECK(findings_count_refused(config) == 2);
    put(RH "ifcfg-eth0", "TYPE=\"Ethernet\nDEVICE=eth0\n");
    put(RH "keys-eth0", "$(x)\n");
    touch(1, "ifcfg-eth0");
    CHECK(findings_count_refused(config) == 2);
    end();
}

/* Whoever remembers a tunnel must hear of it when its file stops naming it. */
TEST(refused_ones_are_named_too)
{
    begin();
    put(RH "ifcfg-x", "DEVICE=gre1\nTYPE=GRE\nPEER_OUTER_IPADDR=bad\n");
    load();
    put(RH "ifcfg-x", "DEVICE=gre2\nTYPE=GRE\nPEER_OUTER_IPADDR=bad\n");
    CHECK_TEXT(touch(1, "ifcfg-x"), "gre1 gre2 ");
    drop(RH "ifcfg-x");
    CHECK_TEXT(touch(1, "ifcfg-x"), "gre2 ");
    end();
}

static void make_suse_directory(void)
{
    char full[PATH_MAX];

    snprintf(full, sizeof(full), "%s" SUSE, root);
    CHECK(mkdir(full, 0700) == 0);
}

#define SUSE_ENDS "TUNNEL_LOCAL_IPADDR=192.0.2.1\nTUNNEL_REMOTE_IPADDR=192.0.2.2\n"

TEST(suse_companions)
{
    begin();
    make_suse_directory();
    put(SUSE "ifcfg-gre1", "STARTMODE=auto\nTUNNEL=gre\n" SUSE_ENDS);
    put(SUSE "ifcfg-gre2", "STARTMODE=auto\nTUNNEL=ipip\n" SUSE_ENDS);
    load();
    CHECK_TEXT(source_of("gre1"), SUSE "ifcfg-gre1");
    put(SUSE "ifroute-gre1", "10.0.0.0/8\n2001:db8::/32\n");
    CHECK_TEXT(touch(2, "ifroute-gre1"), "gre1 ");
    CHECK(set_get(config_wanted(config), "gre1")->routes.n == 2 && set_get(config_wanted(config), "gre1")->ipv6);
    put(SUSE "ifroute-gre1", "10.0.0.0/8\n");
    CHECK_TEXT(touch(2, "ifroute-gre1"), "gre1 ");
    CHECK(set_get(config_wanted(config), "gre1")->routes.n == 1 && !set_get(config_wanted(config), "gre1")->ipv6);
    put(SUSE "ifroute-gre1", "10.0.0.0/8\nnonsense\n");
    CHECK_TEXT(touch(2, "ifroute-gre1"), "gre1 ");
    CHECK(set_get(config_wanted(config), "gre1")->routes.n == 1 && set_get(config_wanted(config), "gre1")->doubts == DOUBT_ROUTES);
    drop(SUSE "ifroute-gre1");
    CHECK_TEXT(touch(2, "ifroute-gre1"), "gre1 ");
    CHECK(set_get(config_wanted(config), "gre1")->routes.n == 0 && !set_get(config_wanted(config), "gre1")->doubts);
    put(SUSE "route-gre1", "10.0.0.0/8\n"); /* Red Hat's: nothing comes of these */
    put(SUSE "ifcfg-gre1:0", "IPADDR=10.0.0.1\n");
    touch(2, "route-gre1");
    touch(2, "ifcfg-gre1:0");
    CHECK(set_get(config_wanted(config), "gre1")->routes.n == 0 && set_get(config_wanted(config), "gre1")->n_inner == 0);
    end();
}

TEST(suse_addresses)
{
    const struct tunnel *tunnel;

    begin();
    make_suse_directory();
    put(SUSE "ifcfg-gre1", "TUNNEL=gre\nZONE=home\n" SUSE_ENDS "IPADDR=10.0.0.1/24\nLABEL=one\nBROADCAST=10.0.0.255\nIPADDR_1=10.0.1.1/24\n"
                           "LABEL_1=gre1:two\nIPADDR_2=10.0.2.1/24\nLABEL_2=longer-than-it\nIPADDR_3=10.0.3.1/24\nLABEL_3=gre1\n");
    load();
    tunnel = set_get(config_wanted(config), "gre1");
    CHECK(tunnel && tunnel->n_inner == 4 && tunnel->presence == PRESENCE_MAY);
    CHECK_TEXT(tunnel->inner[0].label, "gre1:one");
    CHECK(inner_broadcast(&tunnel->inner[0]).bytes[3] == 255 && !tunnel->inner[1].broadcast.s_addr);
    CHECK_TEXT(tunnel->inner[1].label, "gre1:two");
    CHECK_TEXT(tunnel->inner[2].label, "");
    CHECK_TEXT(tunnel->inner[3].label, "");
    CHECK_TEXT(tunnel_more(tunnel)->zone, "home");
    end();
}

TEST(suse_tunnels_that_turn_bad)
{
    begin();
    make_suse_directory();
    put(SUSE "ifcfg-gre1", "TUNNEL=gre\n" SUSE_ENDS);
    put(SUSE "ifcfg-eth0", "STARTMODE=auto\nBOOTPROTO='dhcp\n");
    load();
    CHECK(findings_count_refused(config) == 0);
    put(SUSE "ifcfg-gre1", "STARTMODE='auto\nTUNNEL=gre\n");
    touch(2, "ifcfg-gre1"); /* it was one */
    CHECK(findings_count_refused(config) == 1 && !config_released(config, SUSE "ifcfg-gre1", "gre1"));
    put(SUSE "ifcfg-gre1", "TUNNEL=tun\n");
    touch(2, "ifcfg-gre1");
    CHECK(findings_count_refused(config) == 0 && config_released(config, SUSE "ifcfg-gre1", "gre1"));
    end();
}

TEST(problems_are_told_once)
{
    begin();
    put(RH "ifcfg-gre1", "DEVICE=gre1\nTYPE=GRE\nPEER_OUTER_IPADDR=192.0.2.300\n");
    put_tunnel(RH "ifcfg-gre2", "gre2", "192.0.2.2");
    load();
    CHECK(count_told() == 1);
    CHECK(count_told() == 0);
    touch(1, "ifcfg-gre2");
    CHECK(count_told() == 0);
    put_tunnel(OWN "ifcfg-gre2", "gre2", "192.0.2.3");
    touch(0, "ifcfg-gre2");
    CHECK(count_told() == 1); /* the other one lost its device */
    touch(1, "ifcfg-gre1");
    CHECK(count_told() == 1);
    end();
}

TEST(what_concerns_all)
{
    begin();
    put(SYSCONFIGDIR "/network", "NETWORKING=no\n");
    put_tunnel(RH "ifcfg-gre1", "gre1", "192.0.2.1");
    load();
    CHECK(set_get(config_wanted(config), "gre1")->presence == PRESENCE_MAY);
    CHECK_TEXT(touch(0, "tunneld.conf"), "ALL");
    CHECK_TEXT(touch(3, "network"), "ALL"); /* the directory beside: /etc/sysconfig */
    CHECK_TEXT(touch(3, "ifcfg-x"), "");
    end();
}

TEST(odd_files)
{
    char full[PATH_MAX];

    begin();
    snprintf(full, sizeof(full), "%s" RH "ifcfg-fifo", root);
    CHECK(mkfifo(full, 0600) == 0);
    snprintf(full, sizeof(full), "%s" RH "ifcfg-folder", root);
    CHECK(mkdir(full, 0700) == 0);
    snprintf(full, sizeof(full), "%s" RH "ifcfg-dangling", root);
    CHECK(symlink("nowhere", full) == 0);
    load(); /* and does not hang */
    CHECK(config_wanted(config)->n == 0);
    CHECK(findings_count_refused(config) == 2);
    end();
}

RUN_TESTS(T(precedence), T(one_touch_is_one_name), T(equal_identities), T(released_only_if_sure), T(a_tunnel_that_turns_bad_is_told),
          T(refused_ones_are_named_too), T(suse_companions), T(suse_addresses), T(suse_tunnels_that_turn_bad), T(problems_are_told_once), T(what_concerns_all),
          T(odd_files))
