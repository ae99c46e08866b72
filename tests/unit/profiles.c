/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keyfiles among each other: which profile of a UUID counts, what refers to what, and what an event makes dirty. */
#include <fcntl.h>

#include "tree.h"

#define RUN "/run/NetworkManager/system-connections/"
#define ETC "/etc/NetworkManager/system-connections/"
#define LIB "/usr/lib/NetworkManager/system-connections/"
#define ONE "11111111-2222-3333-4444-555555555555"
#define TWO "AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee"
#define TWO_SMALL "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"

static void begin_beside_networkmanager(void)
{
    char command[512];

    begin();
    snprintf(command, sizeof(command), "mkdir -p %s" RUN " %s" ETC " %s" LIB, root, root, root);
    CHECK(system(command) == 0);
}

/* A tunnel; more: further lines of [ip-tunnel], and groups behind it. */
static void put_profile(const char *path, const char *name, const char *uuid, const char *remote, const char *more)
{
    char text[512];

    snprintf(text, sizeof(text), "[connection]\nid=x\n%s%s\ntype=ip-tunnel\ninterface-name=%s\n\n[ip-tunnel]\nmode=2\nremote=%s\n%s", *uuid ? "uuid=" : "",
             uuid, name, remote, more);
    put(path, text);
}

#define MANAGED "[user]\ntunneld.manage=yes\n"

/* Another type. */
static void put_other(const char *path, const char *name, const char *uuid)
{
    char text[512];

    snprintf(text, sizeof(text), "[connection]\nid=x\nuuid=%s\ntype=ethernet\n%s%s\n", uuid, *name ? "interface-name=" : "", name);
    put(path, text);
}

/* The event of that file. */
static const char *touch_path(const char *path)
{
    char folder[256];
    const char *name = strrchr(path, '/') + 1;

    snprintf(folder, sizeof(folder), "%.*s", (int)(name - path - 1), path);
    return touch(directory_of(folder), name);
}

static void set_time(const char *path, time_t time)
{
    struct timespec times[] = { { .tv_sec = time }, { .tv_sec = time } };

    CHECK(utimensat(AT_FDCWD, below_root(path), times, 0) == 0);
}

static const struct problem *problem_of(const char *path)
{
    size_t n;
    struct file *const *files = config_files(config, &n);

    for (size_t i = 0; i < n; i++)
        if (!strcmp(files[i]->path, path))
            return file_first_error(files[i]);
    return NULL;
}

static enum file_verdict verdict_of(const char *path)
{
    size_t n;
    struct file *const *files = config_files(config, &n);

    for (size_t i = 0; i < n; i++)
        if (!strcmp(files[i]->path, path))
            return files[i]->verdict;
    return FILE_UNREADABLE;
}

TEST(which_directory_counts)
{
    begin_beside_networkmanager();
    put_profile(LIB "a.nmconnection", "gre1", ONE, "192.0.2.1", MANAGED);
    load();
    CHECK_TEXT(source_of("gre1"), LIB "a.nmconnection");
    put_profile(ETC "b", "gre1", ONE, "192.0.2.2", MANAGED);
    CHECK_TEXT(touch_path(ETC "b"), "gre1 ");
    CHECK_TEXT(source_of("gre1"), ETC "b");
    CHECK(verdict_of(LIB "a.nmconnection") == FILE_IGNORED && !problem_of(LIB "a.nmconnection"));
    put_profile(RUN "c.nmconnection", "other", ONE, "192.0.2.3", MANAGED);
    CHECK_TEXT(touch_path(RUN "c.nmconnection"), "other gre1 ");
    CHECK_TEXT(source_of("gre1"), "nobody");
    drop(RUN "c.nmconnection");
    CHECK_TEXT(touch_path(RUN "c.nmconnection"), "other gre1 ");
    CHECK_TEXT(source_of("gre1"), ETC "b");
    CHECK(findings_count_refused(config) == 0);
    end();
}

TEST(another_type_counts_too)
{
    begin_beside_networkmanager();
    put_profile(ETC "a", "gre1", ONE, "192.0.2.1", MANAGED);
    put_other(RUN "x.nmconnection", "eth0", ONE);
    load();
    CHECK_TEXT(source_of("gre1"), "nobody");
    CHECK(config_released(config, ETC "a", "gre1"));
    CHECK(findings_count_refused(config) == 0 && !findings_are_doubtful(config));
    CHECK(chmod(below_root(RUN "x.nmconnection"), 0644) == 0); /* one that is insecure hides nothing */
    CHECK_TEXT(touch_path(RUN "x.nmconnection"), "gre1 ");
    CHECK_TEXT(source_of("gre1"), ETC "a");
    end();
}

/* What is hidden by a profile that is refused stays as it is: it is a tunnel of ours all the same. */
TEST(a_refused_one_releases_nothing)
{
    begin_beside_networkmanager();
    put_profile(LIB "a.nmconnection", "gre1", ONE, "192.0.2.1", MANAGED);
    put_profile(ETC "b", "gre1", ONE, "192.0.2.2", MANAGED "tunneld.keepalive=often\n");
    load();
    CHECK_TEXT(source_of("gre1"), "nobody");
    CHECK(verdict_of(ETC "b") == FILE_REFUSED && verdict_of(LIB "a.nmconnection") == FILE_IGNORED);
    CHECK(!config_released(config, LIB "a.nmconnection", "gre1") && !config_released(config, ETC "b", "gre1"));
    put_profile(ETC "b", "gre1", ONE, "192.0.2.2", "");
    CHECK_TEXT(touch_path(ETC "b"), "gre1 ");
    CHECK(config_released(config, LIB "a.nmconnection", "gre1") && config_released(config, ETC "b", "gre1"));
    put_profile(ETC "b", "gre2", ONE, "192.0.2.2", MANAGED "tunneld.keepalive=often\n");
    CHECK_TEXT(touch_path(ETC "b"), "gre2 gre1 "); /* the latter is kept now */
    CHECK(!config_released(config, LIB "a.nmconnection", "gre1"));
    put_other(ETC "b", "", ONE);
    CHECK_TEXT(touch_path(ETC "b"), "gre2 gre1 ");
    CHECK(config_released(config, LIB "a.nmconnection", "gre1"));
    end();
}

/* One that says wrongly whose it is, and one of which nobody can say what it is. */
TEST(what_is_ignored_with_a_word)
{
    begin_beside_networkmanager();
    put_profile(ETC "a", "gre1", ONE, "192.0.2.1", "[user]\ntunneld.manage=yess\n");
    put(OWN "gre2.nmconnection", "[connection\ntype=ip-tunnel\n");
    put(OWN "eth0.nmconnection", "[connection]\ntype=ethernet\n[ethernet\n");
    load();
    CHECK(verdict_of(ETC "a") == FILE_IGNORED && !problem_of(ETC "a"));
    CHECK(verdict_of(OWN "gre2.nmconnection") == FILE_IGNORED);
    CHECK(verdict_of(OWN "eth0.nmconnection") == FILE_IGNORED && !problem_of(OWN "eth0.nmconnection"));
    CHECK(findings_count_refused(config) == 0);
    end();
}

TEST(the_newer_counts)
{
    begin_beside_networkmanager();
    put_profile(ETC "a", "gre1", ONE, "192.0.2.1", MANAGED);
    put_profile(ETC "b", "gre2", ONE, "192.0.2.2", MANAGED);
    set_time(ETC "a", 2000);
    set_time(ETC "b", 1000);
    load();
    CHECK_TEXT(source_of("gre1"), ETC "a");
    CHECK_TEXT(source_of("gre2"), "nobody");
    set_time(ETC "b", 3000);
    CHECK_TEXT(touch_path(ETC "b"), "gre2 gre1 ");
    CHECK_TEXT(source_of("gre1"), "nobody");
    CHECK_TEXT(source_of("gre2"), ETC "b");
    set_time(ETC "b", 2000); /* of one age: the later name */
    CHECK_TEXT(touch_path(ETC "b"), "gre2 ");
    CHECK_TEXT(source_of("gre2"), ETC "b");
    end();
}

TEST(one_that_is_wrong_hides_what_it_comes_before)
{
    begin_beside_networkmanager();
    put_profile(ETC "a", "gre1", ONE, "192.0.2.1", "parent=" TWO "\n" MANAGED);
    put_profile(LIB "b.nmconnection", "gre1", ONE, "192.0.2.2", "parent=" TWO "\n" MANAGED);
    load();
    CHECK(findings_count_refused(config) == 1 && verdict_of(LIB "b.nmconnection") == FILE_IGNORED);
    CHECK(!config_released(config, ETC "a", "gre1"));
    drop(ETC "a");
    touch_path(ETC "a");
    CHECK(findings_count_refused(config) == 1 && verdict_of(LIB "b.nmconnection") == FILE_REFUSED);
    end();
}

TEST(tombstones)
{
    begin_beside_networkmanager();
    put_profile(LIB "a.nmconnection", "gre1", TWO, "192.0.2.1", MANAGED);
    put_profile(ETC "b", "gre2", ONE, "192.0.2.2", MANAGED);
    put_profile(RUN "c.nmconnection", "gre3", ONE, "192.0.2.3", MANAGED);
    load();
    CHECK_TEXT(source_of("gre1"), LIB "a.nmconnection");
    CHECK(symlink("/dev/null", below_root(ETC TWO ".nmmeta")) == 0);
    CHECK_TEXT(touch_path(ETC TWO ".nmmeta"), "gre1 ");
    CHECK_TEXT(source_of("gre1"), "nobody");
    drop(ETC TWO ".nmmeta");
    CHECK_TEXT(touch_path(ETC TWO ".nmmeta"), "gre1 ");
    put(ETC TWO_SMALL ".nmmeta", "[nmmeta]\nuuid=" TWO_SMALL "\nloaded-path=/dev/null\n");
    CHECK_TEXT(touch_path(ETC TWO_SMALL ".nmmeta"), "gre1 ");
    put(ETC TWO_SMALL ".nmmeta", "[nmmeta]\nuuid=" TWO_SMALL "\nloaded-path=/elsewhere\n");
    CHECK_TEXT(touch_path(ETC TWO_SMALL ".nmmeta"), "gre1 ");
    CHECK_TEXT(source_of("gre1"), LIB "a.nmconnection");
    CHECK(symlink("/dev/null", below_root(ETC ONE ".nmmeta")) == 0); /* hides what is beside it, and nothing in /run */
    CHECK_TEXT(touch_path(ETC ONE ".nmmeta"), "");
    CHECK_TEXT(source_of("gre3"), RUN "c.nmconnection");
    drop(RUN "c.nmconnection");
    CHECK_TEXT(touch_path(RUN "c.nmconnection"), "gre3 ");
    CHECK_TEXT(source_of("gre2"), "nobody");
    drop(ETC ONE ".nmmeta");
    CHECK_TEXT(touch_path(ETC ONE ".nmmeta"), "gre2 ");
    CHECK(symlink("/dev/null", below_root(LIB ONE ".nmmeta")) == 0); /* not a place for them */
    CHECK_TEXT(touch_path(LIB ONE ".nmmeta"), "");
    load();
    CHECK_TEXT(source_of("gre2"), ETC "b");
    end();
}

TEST(permissions)
{
    begin_beside_networkmanager();
    put_profile(OWN "a.nmconnection", "gre1", ONE, "192.0.2.1", "");
    put_profile(ETC "b", "gre2", TWO, "192.0.2.2", "");
    CHECK(chmod(below_root(ETC "b"), 0644) == 0);
    load();
    CHECK_TEXT(source_of("gre1"), OWN "a.nmconnection");
    CHECK(findings_count_refused(config) == 0); /* nobody asks about the other */
    CHECK(chmod(below_root(OWN "a.nmconnection"), 0640) == 0);
    CHECK_TEXT(touch_path(OWN "a.nmconnection"), "gre1 ");
    CHECK(problem_of(OWN "a.nmconnection") != NULL);
    CHECK_TEXT(problem_of(OWN "a.nmconnection")->text, "its mode is 0640: its group may read it; a profile must be root's alone (chmod 600)");
    CHECK(!config_released(config, OWN "a.nmconnection", "gre1"));
    CHECK(chmod(below_root(OWN "a.nmconnection"), 0602) == 0);
    touch_path(OWN "a.nmconnection");
    CHECK(strstr(problem_of(OWN "a.nmconnection")->text, "others may write it") != NULL);
    CHECK(chmod(below_root(OWN "a.nmconnection"), 0400) == 0);
    CHECK_TEXT(touch_path(OWN "a.nmconnection"), "gre1 ");
    CHECK_TEXT(source_of("gre1"), OWN "a.nmconnection");
    if (geteuid() == 0) {
        CHECK(chown(below_root(OWN "a.nmconnection"), 12345, 0) == 0);
        touch_path(OWN "a.nmconnection");
        CHECK(strstr(problem_of(OWN "a.nmconnection")->text, "user 12345") != NULL);
    }
    end();
}

TEST(one_that_is_broken_so_that_nobody_knows_its_type)
{
    begin_beside_networkmanager();
    put_profile(OWN "a.nmconnection", "gre1", ONE, "192.0.2.1", "");
    load();
    CHECK_TEXT(source_of("gre1"), OWN "a.nmconnection");
    put(OWN "a.nmconnection", "[connection\ntype=ip-tunnel\n");
    CHECK_TEXT(touch_path(OWN "a.nmconnection"), "gre1 ");
    CHECK(findings_count_refused(config) == 1);
    CHECK(problem_of(OWN "a.nmconnection") != NULL);
    CHECK(!config_released(config, OWN "a.nmconnection", "gre1"));
    put(OWN "b.nmconnection", "[connection\ntype=ip-tunnel\n"); /* which never was one */
    CHECK_TEXT(touch_path(OWN "b.nmconnection"), "");
    CHECK(findings_count_refused(config) == 1);
    end();
}

TEST(parent_by_uuid)
{
    begin_beside_networkmanager();
    put_profile(OWN "a.nmconnection", "gre1", ONE, "192.0.2.1", "parent=" TWO "\n");
    put_profile(OWN "b.nmconnection", "gre2", "", "192.0.2.2", "");
    load();
    CHECK_TEXT(source_of("gre1"), "nobody");
    CHECK(problem_of(OWN "a.nmconnection")->line == 10);
    put_other(ETC "uplink", "eth0", TWO_SMALL);
    CHECK_TEXT(touch_path(ETC "uplink"), "gre1 ");
    CHECK_TEXT(wanted("gre1")->lower, "eth0");
    put_other(ETC "uplink", "eth1", TWO);
    CHECK_TEXT(touch_path(ETC "uplink"), "gre1 ");
    CHECK_TEXT(wanted("gre1")->lower, "eth1");
    CHECK_TEXT(touch_path(ETC "uplink"), ""); /* it says what it said */
    CHECK_TEXT(wanted("gre1")->lower, "eth1");
    put_other(RUN "uplink.nmconnection", "eth2", TWO); /* this one counts more */
    CHECK_TEXT(touch_path(RUN "uplink.nmconnection"), "gre1 ");
    CHECK_TEXT(wanted("gre1")->lower, "eth2");
    put_other(RUN "uplink.nmconnection", "", TWO);
    CHECK_TEXT(touch_path(RUN "uplink.nmconnection"), "gre1 ");
    CHECK(strstr(problem_of(OWN "a.nmconnection")->text, "names no interface") != NULL);
    drop(RUN "uplink.nmconnection");
    CHECK_TEXT(touch_path(RUN "uplink.nmconnection"), "gre1 ");
    CHECK(symlink("/dev/null", below_root(ETC TWO ".nmmeta")) == 0);
    CHECK_TEXT(touch_path(ETC TWO ".nmmeta"), "gre1 ");
    CHECK_TEXT(source_of("gre1"), "nobody");
    put_profile(OWN "b.nmconnection", "gre2", TWO, "192.0.2.2", ""); /* ours may be one, too */
    CHECK_TEXT(touch_path(OWN "b.nmconnection"), "gre2 gre1 ");
    CHECK_TEXT(wanted("gre1")->lower, "gre2");
    put_profile(OWN "b.nmconnection", "gre1", TWO, "192.0.2.2", "");
    touch_path(OWN "b.nmconnection");
    CHECK(strstr(problem_of(OWN "a.nmconnection")->text, "this tunnel itself") != NULL);
    end();
}

TEST(controller_by_uuid)
{
    char text[512];

    begin_beside_networkmanager();
    snprintf(text, sizeof(text),
             "[connection]\nid=x\ntype=ip-tunnel\ninterface-name=tap1\ncontroller=%s\nport-type=bridge\n[ip-tunnel]\nmode=10\nremote=192.0.2.1\n", ONE);
    put(OWN "tap1.nmconnection", text);
    put_other(ETC "bridge", "br0", ONE);
    load();
    CHECK_TEXT(wanted("tap1")->controller, "br0");
    put_other(ETC "bridge", "br1", ONE);
    CHECK_TEXT(touch_path(ETC "bridge"), "tap1 ");
    CHECK_TEXT(wanted("tap1")->controller, "br1");
    drop(ETC "bridge");
    CHECK_TEXT(touch_path(ETC "bridge"), "tap1 ");
    CHECK(problem_of(OWN "tap1.nmconnection")->line == 5);
    end();
}

/* What lies in other files by now is of no matter until somebody says so. */
TEST(one_event_reads_one_file)
{
    begin_beside_networkmanager();
    put_profile(OWN "a.nmconnection", "gre1", ONE, "192.0.2.1", "parent=" TWO "\n");
    put_profile(OWN "b.nmconnection", "gre2", "", "192.0.2.2", "");
    put_other(ETC "uplink", "eth0", TWO);
    load();
    put_profile(OWN "a.nmconnection", "new1", ONE, "192.0.2.1", "parent=" TWO "\n");
    put_profile(OWN "b.nmconnection", "new2", "", "192.0.2.2", "");
    put_other(ETC "uplink", "eth1", TWO);
    CHECK_TEXT(touch_path(ETC "uplink"), "gre1 ");
    CHECK_TEXT(wanted("gre1")->lower, "eth1");
    CHECK_TEXT(source_of("gre2"), OWN "b.nmconnection");
    CHECK_TEXT(touch_path(OWN "b.nmconnection"), "gre2 new2 ");
    CHECK_TEXT(source_of("gre1"), OWN "a.nmconnection");
    CHECK_TEXT(touch_path(OWN "README"), "");
    end();
}

TEST(without_networkmanager)
{
    begin_beside_networkmanager();
    put_profile(ETC "a", "gre1", ONE, "192.0.2.1", "");
    load();
    CHECK(config_wanted(config)->n == 0 && verdict_of(ETC "a") == FILE_IGNORED);
    put(OWN "tunneld.conf", "networkmanager = yes\n");
    CHECK_TEXT(touch_path(OWN "tunneld.conf"), "ALL");
    load();
    CHECK_TEXT(source_of("gre1"), ETC "a");
    put(OWN "tunneld.conf", "networkmanager = yse\n"); /* nobody knows what it should say */
    load();
    CHECK(verdict_of(ETC "a") == FILE_IGNORED && !config_released(config, ETC "a", "gre1"));
    put(OWN "tunneld.conf", "");
    load();
    CHECK(!config_released(config, ETC "a", "gre1"));
    put(OWN "tunneld.conf", "networkmanager = no\n");
    load();
    CHECK(config_released(config, ETC "a", "gre1"));
    end();
}

/* A profile that is none of ours is written anew as NetworkManager does it: beside, then renamed. */
TEST(what_networkmanager_writes)
{
    struct scope dirty = { 0 };
    size_t directory;
    bool all;

    begin_beside_networkmanager();
    put_other(ETC "lan.nmconnection", "eth0", ONE);
    load();
    directory = directory_of("/etc/NetworkManager/system-connections");
    put_other(ETC "lan.nmconnection.X1Y2Z3", "eth0", ONE);
    CHECK(config_touch(config, directory, "lan.nmconnection.X1Y2Z3", &all) == 0);
    put_other(ETC "lan.nmconnection", "eth0", ONE);
    drop(ETC "lan.nmconnection.X1Y2Z3");
    CHECK(config_touch(config, directory, "lan.nmconnection.X1Y2Z3", &all) == 0 && config_touch(config, directory, "lan.nmconnection", &all) == 0);
    CHECK(config_settle(config, &dirty) == 0);
    CHECK(scope_is_empty(&dirty));
    scope_done(&dirty);
    end();
}

TEST(one_name_in_both_formats)
{
    begin_beside_networkmanager();
    put(OWN "ifcfg-z", "DEVICE=gre1\nTYPE=GRE\nPEER_OUTER_IPADDR=192.0.2.1\n");
    put_profile(ETC "gre1", "gre1", ONE, "192.0.2.2", MANAGED);
    put_profile(OWN "zz.nmconnection", "gre1", "", "192.0.2.3", "");
    load();
    CHECK_TEXT(source_of("gre1"), OWN "ifcfg-z"); /* the directory, then the name */
    CHECK_TEXT(problem_of(ETC "gre1")->text, "interface-name=gre1 is claimed by " OWN "ifcfg-z");
    CHECK(problem_of(ETC "gre1")->line == 5 && findings_count_refused(config) == 2);
    put_profile(OWN "gre1.nmconnection", "gre1", "", "192.0.2.4", "");
    CHECK_TEXT(touch_path(OWN "gre1.nmconnection"), "gre1 ");
    CHECK_TEXT(source_of("gre1"), OWN "gre1.nmconnection");
    CHECK_TEXT(problem_of(OWN "ifcfg-z")->text, "DEVICE=gre1 is claimed by " OWN "gre1.nmconnection");
    put(RH "gre2.nmconnection", "[connection]\ntype=ip-tunnel\n"); /* keyfiles lie elsewhere */
    CHECK_TEXT(touch_path(RH "gre2.nmconnection"), "");
    put(ETC "ifcfg-gre3", "DEVICE=gre3\nTYPE=GRE\nPEER_OUTER_IPADDR=192.0.2.1\n"); /* and ifcfg files not here */
    touch_path(ETC "ifcfg-gre3");
    CHECK(config_wanted(config)->n == 1);
    end();
}

TEST(a_copied_uuid_is_told_once)
{
    begin();
    put_profile(OWN "a.nmconnection", "gre1", ONE, "192.0.2.1", "");
    load();
    CHECK(count_told() == 0);
    put_profile(OWN "b.nmconnection", "gre2", ONE, "192.0.2.2", "");
    CHECK_TEXT(touch_path(OWN "b.nmconnection"), "gre2 ");
    CHECK(count_told() == 1 && findings_count_faulty(config) == 0 && config_wanted(config)->n == 2);
    touch_path(OWN "a.nmconnection");
    CHECK(count_told() == 0);
    end();
}

TEST(directories_that_come_later)
{
    char command[2 * PATH_MAX];

    begin();
    load();
    CHECK(!config_has_unreadable_directory(config));
    CHECK(!config_released(config, ETC "a", "gre1")); /* no such directory */
    snprintf(command, sizeof(command), "mkdir -p %s" ETC "folder.nmconnection %s" OWN "folder", root, root);
    CHECK(system(command) == 0);
    load();
    CHECK(config_released(config, ETC "a", "gre1"));
    touch_path(ETC "folder.nmconnection");
    touch_path(OWN "folder");
    CHECK(findings_count_refused(config) == 0);
    end();
}

/* The link's alias has no room for it. */
TEST(a_path_that_is_too_long)
{
    char name[249], path[sizeof(OWN) + sizeof(name)];

    begin();
    memset(name, 'x', 235);
    strcpy(name + 235, ".nmconnection");
    snprintf(path, sizeof(path), OWN "%s", name);
    put_profile(path, "gre1", ONE, "192.0.2.1", "");
    load();
    CHECK(config_wanted(config)->n == 0 && findings_count_refused(config) == 1 && !config_released(config, path, "gre1"));
    drop(path);
    CHECK_TEXT(touch(0, name), "gre1 ");
    end();
}

TEST(one_file_by_path)
{
    struct config *one;
    struct scope dirty = { 0 };
    char path[PATH_MAX];
    char *paths[] = { path };

    begin_beside_networkmanager();
    put_profile(ETC "a.nmconnection", "gre1", ONE, "192.0.2.1", "parent=" TWO "\n");
    snprintf(path, sizeof(path), "%s", below_root(ETC "a.nmconnection"));
    CHECK(config_new(root, &one) == 0 && config_load_files(one, paths, 1) == 0 && config_settle(one, &dirty) == 0);
    CHECK(config_wanted(one)->n == 1 && findings_count_faulty(one) == 0); /* as in /etc/tunneld; the parent may be elsewhere */
    scope_done(&dirty);
    config_free(one);
    snprintf(path, sizeof(path), "%s", below_root(ETC "gre1.conf"));
    CHECK(config_new(root, &one) == 0 && config_load_files(one, paths, 1) == 0 && config_settle(one, &dirty) == 0);
    CHECK(config_own_problems(one)->n == 1);
    scope_done(&dirty);
    config_free(one);
    end();
}

RUN_TESTS(T(which_directory_counts), T(another_type_counts_too), T(a_refused_one_releases_nothing), T(what_is_ignored_with_a_word), T(the_newer_counts),
          T(one_that_is_wrong_hides_what_it_comes_before), T(tombstones), T(permissions), T(one_that_is_broken_so_that_nobody_knows_its_type),
          T(parent_by_uuid), T(controller_by_uuid), T(one_event_reads_one_file), T(without_networkmanager), T(what_networkmanager_writes),
          T(one_name_in_both_formats), T(a_copied_uuid_is_told_once), T(directories_that_come_later), T(a_path_that_is_too_long), T(one_file_by_path))
