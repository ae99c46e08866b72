/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whatever happened to the files: a configuration that is loaded again says what one says that never saw them before. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <time.h>

#include "base/macro.h"
#include "tree.h"
#include "write/explain.h"

#define NM "/etc/NetworkManager/system-connections/"
#define ELSEWHERE "/srv/tunnels/"

static time_t ahead; /* s by which the clock of the readers is */

/* In place of libc's: nobody waits until what was written lies long enough in the past. */
int clock_gettime(clockid_t clock, struct timespec *ret)
{
    int r = (int)syscall(SYS_clock_gettime, clock, ret);

    if (clock == CLOCK_REALTIME)
        ret->tv_sec += ahead;
    return r;
}

/* Behind this, what is written has another time than what was written before. */
static void wait_for_the_clock_of_files(void)
{
    struct timespec before, now;

    CHECK(syscall(SYS_clock_gettime, CLOCK_REALTIME_COARSE, &before) == 0);
    do
        CHECK(syscall(SYS_clock_gettime, CLOCK_REALTIME_COARSE, &now) == 0);
    while (now.tv_sec == before.tv_sec && now.tv_nsec == before.tv_nsec);
}

static unsigned seed = 1;

static unsigned any(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 12) % n;
}

static void print_problem(const struct problem *problem, void *userdata)
{
    problem_print(problem, userdata);
    fputc('\n', userdata);
}

static void print_file(const struct file *file, void *userdata)
{
    FILE *out = userdata;

    fprintf(out, "%s verdict %d device %s %u:%u%s%s%s%s%s%s%s%s %s by %s\n", file->path, (int)file->verdict, file->device.name, file->device.line,
            file->device.column, file->device.suse ? " suse" : "", file->device.no_routes ? " no-routes" : "", file->device.no_ipv6 ? " no-ipv6" : "",
            file->device.late_ipv6 ? " late" : "", file->device.faulty ? " faulty" : "", file->empty ? " empty" : "", file->hidden ? " hidden" : "",
            file->kept ? " kept" : "", file->profile ? file->profile->self.uuid : "", file->hidden ? file->profile->hidden_by->path : "nobody");
}

static void print_tunnel(const struct tunnel *tunnel, FILE *out)
{
    fprintf(out, "%s of %s presence %d drift %d stated %x doubts %u zone %s names %s %s keepalive %u %u ipv6 %d conf %x beside", tunnel->name, tunnel->source,
            (int)tunnel->presence, (int)tunnel->drift, tunnel->stated, tunnel->doubts, tunnel_more(tunnel)->zone ? tunnel_more(tunnel)->zone : "",
            tunnel_more(tunnel)->local_name ? tunnel_more(tunnel)->local_name : "", tunnel_more(tunnel)->remote_name ? tunnel_more(tunnel)->remote_name : "",
            tunnel->keepalive, tunnel->keepalive_retries, tunnel->ipv6, tunnel->conf_stated);
    for (size_t i = 0; i < tunnel->n_beside; i++)
        fprintf(out, " %s", tunnel->beside[i]);
    fputc('\n', out);
    explain_tunnel(tunnel, out);
    explain_rules(tunnel, out);
    for (size_t i = 0; i < tunnel->routes.n; i++)
        fprintf(out, "route of %s:%u:%u\n", tunnel->routes.items[i].file, tunnel->routes.items[i].line, tunnel->routes.items[i].column);
}

/* All that anybody can learn of it. Heap. */
static char *describe(const struct config *of)
{
    const struct set *wanted = config_wanted(of);
    char *text = NULL;
    size_t size, n;
    FILE *out = open_memstream(&text, &size);
    struct file *const *files = config_files(of, &n);

    findings_each_file(of, print_file, out);
    findings_each_problem(of, print_problem, out);
    for (size_t i = 0; i < wanted->n; i++)
        print_tunnel(wanted->items[i], out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s released %d %d\n", files[i]->path, config_released(of, files[i]->path, "gre1"), config_released(of, RH "ifcfg-gre2", files[i]->held));
    fprintf(out, "unreadable %d doubtful %d\n", config_has_unreadable_directory(of), findings_are_doubtful(of));
    CHECK(fclose(out) == 0);
    return text;
}

static const char *const names[] = { "gre1", "gre2", "tun9" };
static const char *const directories[] = { RH, OWN, SUSE, NM, ELSEWHERE };
static const char *const uuids[] = { "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222" };

/* A text of one of the kinds of files. The digits of all numbers that are made up are as many. */
static void make_text(char *text, size_t size, unsigned kind)
{
    const char *name = names[any(ARRAY_SIZE(names))];
    unsigned number = 1 + any(4);

    switch (kind) {
    case 0:
        snprintf(text, size, "DEVICE=%s\nTYPE=GRE\nMY_OUTER_IPADDR=192.0.2.1\nPEER_OUTER_IPADDR=%s%u\nKEY=%u\n%s%s", name, any(5) ? "192.0.2." : "host", number,
                 1 + any(9), any(4) ? "" : "NOROUTESET=yes\n", any(3) ? "" : "IPV6INIT=yes\n");
        break;
    case 1:
        snprintf(text, size, "10.%u.0.0/16 dev %s\n%s", number, name, any(4) ? "" : any(2) ? "10.9.0.0/16 dev other table upstream\n" : "nonsense here\n");
        break;
    case 2:
        snprintf(text, size, "from 10.%u.0.0/16 table 7\n", number);
        break;
    case 3:
        snprintf(text, size, "2001:db8:%u::/48\n", number);
        break;
    case 4:
        snprintf(text, size, "KEY=%u\n%s%s", number, any(6) ? "" : "DEVICE=", any(6) ? "" : name);
        break;
    case 5:
        snprintf(text, size, "IPADDR=10.7.0.%u\nPREFIX=24\n%s", number, any(3) ? "" : "IPV6ADDR=2001:db8::7/64\n");
        break;
    case 6:
        snprintf(text, size, "STARTMODE=auto\nTUNNEL=gre\nTUNNEL_LOCAL_IPADDR=192.0.2.1\nTUNNEL_REMOTE_IPADDR=192.0.2.%u\nIPADDR=10.6.0.1/24\n%s", number,
                 any(2) ? "" : "TUNNEL_GRE_IKEY=1\nTUNNEL_GRE_OKEY=2\n");
        break;
    case 7:
        snprintf(text, size,
                 "[connection]\nid=x\nuuid=%s\ntype=ip-tunnel\ninterface-name=%s\n[ip-tunnel]\nmode=2\nlocal=192.0.2.1\nremote=192.0.2.%u\n%s[user]\ntunneld."
                 "manage=%s\n",
                 uuids[any(2)], name, number, any(4) ? "" : "parent=22222222-2222-2222-2222-222222222222\n", any(4) ? "true" : "false");
        break;
    case 8:
        snprintf(text, size, "TYPE=GRE\nDEVICE=\"%s\nPEER_OUTER_IPADDR=192.0.2.%u\n", name, number);
        break;
    case 9:
        snprintf(text, size, "DEVICE=eth%u\nBOOTPROTO=dhcp\n", number);
        break;
    default:
        snprintf(text, size, "%s", any(2) ? "" : "[connection\nmanage=true\n");
    }
}

/* The name of one of the files that there may be, and the kind of text that belongs into it. */
static unsigned make_path(char *path, size_t size)
{
    static const struct {
        const char *before, *behind;
        unsigned kind;
    } forms[] = {
        { "ifcfg-", "", 0 },        { "ifcfg-", "", 0 },         { "ifcfg-", "", 6 },       { "ifcfg-", "", 8 },        { "ifcfg-", "", 9 },
        { "ifcfg-", ".bak", 0 },    { "route-", "", 1 },         { "", ".route", 1 },       { "rule-", "", 2 },         { "route6-", "", 3 },
        { "rule6-", "", 10 },       { "keys-", "", 4 },          { "ifcfg-", ":1", 5 },     { "ifcfg-", "-range0", 5 }, { "ifroute-", "", 1 },
        { "", ".nmconnection", 7 }, { "", ".nmconnection", 10 }, { "route-", ".route", 1 },
    };
    unsigned form = any(ARRAY_SIZE(forms));
    const char *directory = directories[any(3) ? 0 : any(ARRAY_SIZE(directories))];

    snprintf(path, size, "%s%s%s%s", directory, forms[form].before, names[any(ARRAY_SIZE(names))], forms[form].behind);
    return any(12) ? forms[form].kind : any(11);
}

static void edit_defaults(void)
{
    static const struct {
        const char *path, *texts[3];
    } defaults[] = {
        { TUNNELD_CONFDIR "/tunneld.conf",
          { "ipv6 = on\n", "paths = /etc/tunneld:/srv/tunnels:" SYSCONFIGDIR "/network-scripts\n", "networkmanager = yes\n" } },
        { TUNNELD_CONFDIR "/tunneld.conf", { "compat_wicked_keys = yes\n", "", "nonsense\n" } },
        { SYSCONFIGDIR "/network", { "NETWORKING=no\n", "NETWORKING=yes\nIPV6_DEFAULTDEV=gre1\n", "NETWORKING_IPV6=yes\n" } },
        { SYSCONFIGDIR "/static-routes-ipv6", { "gre1 2001:db8:1::/48\n", "gre2 2001:db8:2::/48\n", "gre2 2001:db8:3::/48\n" } },
        { "/etc/iproute2/rt_tables", { "100 upstream\n", "200 upstream\n", "" } },
    };
    unsigned which = any(ARRAY_SIZE(defaults)), text = any(4);
    FILE *out;

    if (text == 3) {
        (void)unlink(below_root(defaults[which].path));
        return;
    }
    out = fopen(below_root(defaults[which].path), "w"); /* where SUSE's directory is, there is none */
    if (out)
        fputs(defaults[which].texts[text], out);
    if (out)
        CHECK(fclose(out) == 0);
}

/* By another name first, and often made to look as old as the one that was there. */
static void write_file(const char *path, const char *text)
{
    struct stat before;
    bool was = stat(below_root(path), &before) == 0, over = any(2), old = any(2);
    char full[PATH_MAX];
    FILE *out;

    strcpy(full, below_root(path));
    if (over)
        (void)(any(2) && unlink(full)); /* the inode may be the same again */
    out = fopen(over ? below_root("/new") : full, "w");
    if (!out)
        return; /* there is a folder, or none where it should be */
    fputs(text, out);
    CHECK(fclose(out) == 0 && chmod(over ? below_root("/new") : full, any(8) ? 0600 : 0644) == 0);
    if (was && old) {
        const struct timespec times[] = { before.st_atim, before.st_mtim };

        CHECK(utimensat(AT_FDCWD, over ? below_root("/new") : full, times, 0) == 0);
    }
    if (over && rename(below_root("/new"), full) < 0)
        unlink(below_root("/new"));
}

static void edit_directory(void)
{
    const char *directory = directories[any(ARRAY_SIZE(directories))];
    char full[PATH_MAX];

    snprintf(full, sizeof(full), "%.*s", (int)strlen(below_root(directory)) - 1, below_root(directory));
    if (any(3) && mkdir(full, 0755) < 0 && errno == ENOENT)
        return;
    if (!any(4) && rename(full, below_root("/aside")) == 0 && any(2))
        CHECK(rename(below_root("/aside"), full) == 0);
    else if (access(full, F_OK) < 0)
        (void)rename(below_root("/aside"), full);
}

static void edit(void)
{
    char path[PATH_MAX], text[1024] = "x", target[PATH_MAX];
    unsigned kind = make_path(path, sizeof(path));

    switch (any(16)) {
    case 0:
        edit_defaults();
        break;
    case 1:
        edit_directory();
        break;
    case 2:
        (void)chmod(below_root(path), any(2) ? 0600 : 0640);
        break;
    case 3:
    case 4:
        if (unlink(below_root(path)) < 0)
            (void)rmdir(below_root(path));
        break;
    case 5:
        (void)mkdir(below_root(path), 0700);
        break;
    case 6: /* what stands behind a link may change where nobody looks */
        snprintf(target, sizeof(target), "%s", below_root("/linked"));
        (void)(!any(3) && symlink(target, below_root(path)));
        make_text(text, sizeof(text), kind);
        write_file("/linked", text);
        break;
    case 7:
        snprintf(path, sizeof(path), NM "%s.nmmeta", uuids[any(2)]);
        (void)(unlink(below_root(path)) < 0 && symlink("/dev/null", below_root(path)) < 0);
        break;
    default:
        make_text(text, sizeof(text), kind);
        write_file(path, text);
    }
}

/* Of one tunnel, with what it says elsewhere. Heap. */
static char *describe_wanted(const struct config *of, const char *name)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    const struct tunnel *tunnel = set_get(config_wanted(of), name);

    if (tunnel)
        print_tunnel(tunnel, out);
    CHECK(fclose(out) == 0);
    return text;
}

static size_t kept_files, all_files;

static void count_kept(struct file *const *before, size_t n_before)
{
    size_t n;
    struct file *const *files = config_files(config, &n);

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n_before; j++)
            kept_files += files[i] == before[j];
    all_files += n;
}

static void check_same(const char *have, const char *want)
{
    size_t i = 0, line = 0;

    for (; have[i] && have[i] == want[i]; i++)
        line = have[i] == '\n' ? i + 1 : line;
    CHECK(!strcmp(have, want));
    if (have[i] != want[i])
        printf("# \"%.*s\" instead of \"%.*s\"\n", (int)strcspn(have + line, "\n"), have + line, (int)strcspn(want + line, "\n"), want + line);
}

/* Loads what may have changed, and compares it with what was there before and with what somebody else finds. */
static void compare(void)
{
    char *before[ARRAY_SIZE(names)], *have, *want;
    struct file *files[256], *const *there;
    struct config *fresh;
    struct scope dirty = { 0 }, all = { 0 };
    size_t n;

    there = config_files(config, &n);
    for (size_t i = 0; i < n; i++)
        files[i] = there[i];
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        before[i] = describe_wanted(config, names[i]);
    CHECK(config_load_settings(config) == 0 && config_load(config) == 0);
    count_kept(files, n);
    CHECK(config_settle(config, &dirty) == 0);
    CHECK(config_new(root, &fresh) == 0 && config_load_settings(fresh) == 0 && config_load(fresh) == 0 && config_settle(fresh, &all) == 0);
    have = describe(config);
    want = describe(fresh);
    check_same(have, want);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        char *now = describe_wanted(config, names[i]);
        const struct tunnel *tunnel = set_get(config_wanted(config), names[i]);

        CHECK(!strcmp(before[i], now) || scope_has(&dirty, names[i]));
        CHECK(!strcmp(before[i], now) || !tunnel || !tunnel_reaches_out(tunnel) || dirty.outside);
        free(before[i]);
        free(now);
    }
    free(have);
    free(want);
    scope_done(&dirty);
    scope_done(&all);
    config_free(fresh);
}

/* As the loop does with what it is told, of which something may get lost. */
static void touch_some(void)
{
    char path[PATH_MAX];
    struct scope dirty = { 0 };

    for (unsigned i = any(4); i > 0; i--) {
        bool all;
        const char *name;
        size_t directory = 0;

        make_path(path, sizeof(path));
        name = strrchr(path, '/') + 1;
        while (config_directory(config, directory)
               && strncmp(config_directory(config, directory), below_root(path), (size_t)(name - path) - 1 + strlen(root)) != 0)
            directory++;
        if (config_directory(config, directory))
            CHECK(config_touch(config, directory, name, &all) == 0);
    }
    CHECK(config_settle(config, &dirty) == 0);
    scope_done(&dirty);
}

static void rounds(unsigned n, bool sure)
{
    char command[2 * PATH_MAX];

    begin();
    snprintf(command, sizeof(command), "mkdir -p %s" NM " %s" ELSEWHERE " %s/etc/iproute2", root, root, root);
    CHECK(system(command) == 0);
    load();
    kept_files = all_files = 0;
    for (unsigned i = 0; i < n && !test_failures; i++) {
        ahead = sure ? 10 : 0;
        for (unsigned j = any(4); j > 0; j--)
            edit();
        touch_some();
        if (sure)
            wait_for_the_clock_of_files();
        for (unsigned j = any(5); j > 0; j--)
            edit();
        compare();
        if (sure)
            wait_for_the_clock_of_files();
        if (test_failures)
            printf("# in round %u\n", i);
    }
    ahead = 0;
    CHECK(sure ? kept_files * 2 > all_files : all_files > 0);
    end();
}

TEST(whatever_happens)
{
    rounds(800, true);
}

TEST(in_one_tick_of_the_clock)
{
    rounds(400, false);
}

TEST(nothing_happens)
{
    struct file *before[8];
    size_t n;

    begin();
    put(RH "ifcfg-gre1", "DEVICE=gre1\nTYPE=GRE\nPEER_OUTER_IPADDR=192.0.2.1\n");
    put(RH "ifcfg-gre2", "DEVICE=gre2\nTYPE=GRE\nPEER_OUTER_IPADDR=192.0.2.2\n");
    put(RH "route-gre1", "10.0.0.0/8\n");
    ahead = 10;
    load();
    memcpy(before, config_files(config, &n), 2 * sizeof(*before));
    CHECK(n == 2);
    CHECK(config_load_settings(config) == 0 && config_load(config) == 0);
    CHECK_TEXT(settle(false), "");
    CHECK(!memcmp(before, config_files(config, &n), 2 * sizeof(*before)) && n == 2);
    CHECK(count_told() == 0);
    put(RH "rule-gre2", "from 10.0.0.0/8 table 7\n"); /* something came beside one */
    CHECK(config_load_settings(config) == 0 && config_load(config) == 0);
    CHECK_TEXT(settle(false), "gre2 ");
    CHECK(config_files(config, &n)[0] == before[0]);
    put(TUNNELD_CONFDIR "/tunneld.conf", "ipv6 = on\n"); /* concerns all */
    CHECK(config_load_settings(config) == 0 && config_load(config) == 0);
    CHECK_TEXT(settle(false), "gre1 gre2 ");
    ahead = 0;
    end();
}

/* Settled since, as far as the clock of files goes. */
static void check_reload(void)
{
    ahead = 10;
    wait_for_the_clock_of_files();
    compare();
    ahead = 0;
}

TEST(what_a_file_was)
{
    begin();
    put(RH "ifcfg-gre1", "DEVICE=gre1\nTYPE=GRE\nPEER_OUTER_IPADDR=192.0.2.1\n");
    load();
    check_reload();
    put(RH "ifcfg-gre1", "DEVICE=\"gre1\n");
    ahead = 10;
    touch(directory_of(SYSCONFIGDIR "/network-scripts"), "ifcfg-gre1");
    CHECK(findings_count_refused(config) == 1); /* nobody knows what it means */
    check_reload();
    end();
}

TEST(a_name_from_a_keys_file)
{
    begin();
    put(RH "ifcfg-x", "DEVICE=gre1\nTYPE=GRE\nPEER_OUTER_IPADDR=192.0.2.1\n");
    put(RH "keys-x", "DEVICE=gre2\n");
    put(RH "ifcfg-gre1:1", "DEVICE=gre2:1\nIPADDR=10.0.0.1\nPREFIX=24\n");
    load();
    check_reload();
    CHECK(wanted("gre2") && wanted("gre2")->n_inner == 1);
    drop(RH "ifcfg-gre1:1");
    check_reload();
    CHECK(wanted("gre2") && wanted("gre2")->n_inner == 0);
    put(RH "ifcfg-gre1:1", "DEVICE=gre2:1\nIPADDR=10.0.0.1\nPREFIX=24\n");
    CHECK_TEXT(touch(directory_of(SYSCONFIGDIR "/network-scripts"), "ifcfg-gre1:1"), "gre2 ");
    CHECK(wanted("gre2") && wanted("gre2")->n_inner == 1);
    end();
}

TEST(a_tombstone)
{
    char command[PATH_MAX];

    begin();
    snprintf(command, sizeof(command), "mkdir -p %s" NM, root);
    CHECK(system(command) == 0);
    put(NM "x.nmconnection", "[connection]\nid=x\nuuid=11111111-1111-1111-1111-111111111111\ntype=ip-tunnel\ninterface-name=gre1\n"
                             "[ip-tunnel]\nmode=2\nremote=192.0.2.1\n[user]\ntunneld.manage=true\n");
    load();
    check_reload();
    CHECK(wanted("gre1") != NULL);
    CHECK(symlink("/dev/null", below_root(NM "11111111-1111-1111-1111-111111111111.nmmeta")) == 0);
    check_reload();
    CHECK(!wanted("gre1"));
    CHECK(unlink(below_root(NM "11111111-1111-1111-1111-111111111111.nmmeta")) == 0);
    CHECK(symlink("/dev/zero", below_root(NM "11111111-1111-1111-1111-111111111111.nmmeta")) == 0);
    check_reload();
    CHECK(wanted("gre1") != NULL);
    end();
}

TEST(stamps)
{
    struct stat status = { .st_dev = 5, .st_ino = 7, .st_mode = S_IFREG, .st_size = 9, .st_ctim = { 1000, 1 } }, other;
    const struct timespec soon = { 1002, 0 }, late = { 1003, 0 };
    struct listing_entry entry = { .name = "x" };
    struct stamp stamp;

    CHECK(stamp_make(&status, 5, &soon, &stamp) == STAMP_UNSURE); /* what is written now might have the same time */
    CHECK(stamp_make(&status, 6, &late, &stamp) == STAMP_UNSURE && stamp_make(&status, 0, &late, &stamp) == STAMP_UNSURE);
    CHECK(stamp_make(&status, 5, &late, &stamp) == STAMP_SURE);
    CHECK(stamp_holds(&stamp, &status, 5) && !stamp_holds(&stamp, &status, 6));
    for (size_t i = 0; i < 6; i++) {
        other = status;
        *(i == 0 ? &other.st_ctim.tv_nsec : i == 1 ? &other.st_mtim.tv_nsec : i == 2 ? &other.st_mtim.tv_sec : &other.st_ctim.tv_sec) += i < 4;
        other.st_ino += i == 4;
        other.st_size += i == 5;
        CHECK(!stamp_holds(&stamp, &other, 5));
    }
    listing_read(&entry, STAMP_SURE, &stamp);
    listing_read(&entry, STAMP_SURE, &stamp);
    CHECK(entry.state == STAMP_SURE);
    other.st_ino++;
    CHECK(stamp_make(&other, 5, &late, &stamp) == STAMP_SURE);
    listing_read(&entry, STAMP_SURE, &stamp); /* of two who read it one saw something else */
    CHECK(entry.state == STAMP_UNSURE);
}

RUN_TESTS(T(stamps), T(what_a_file_was), T(a_name_from_a_keys_file), T(a_tombstone), T(nothing_happens), T(whatever_happens), T(in_one_tick_of_the_clock))
