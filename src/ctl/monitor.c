/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnelctl monitor: a line for each change, while it happens. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "base/text.h"
#include "ctl/client.h"
#include "ctl/moment.h"
#include "ctl/terminal.h"
#include "ctl/tunnels.h"
#include "ctl/writer.h"

/* What was last told of a tunnel: a signal has only what is new. */
struct known {
    char *name, *state, *reason, *message;
};

struct monitoring {
    const struct options *options;
    struct table known; /* by name */
    bool gone;          /* the daemon */
};

static struct known *known_free(struct known *known)
{
    if (!known)
        return NULL;
    free(known->name);
    free(known->state);
    free(known->reason);
    free(known->message);
    free(known);
    return NULL;
}
DEFINE_CLEANUP(struct known *, known_free)

static void forget(struct monitoring *monitoring, const char *name)
{
    known_free(table_take(&monitoring->known, name, strlen(name)));
}

static void forget_all(struct monitoring *monitoring)
{
    for (size_t i = 0; i < monitoring->known.n_slots; i++)
        known_free(monitoring->known.slots[i].value);
    table_done(&monitoring->known);
}

/* *row takes what is not in it from what is known, and is known from here on; its texts are lent. -ENOMEM. */
static int learn(struct monitoring *monitoring, const char *name, struct row *row)
{
    const struct known *old = table_get(&monitoring->known, name, strlen(name));
    _cleanup_(known_freep) struct known *new = calloc(1, sizeof(*new));
    int r;

    if (!new)
        return -ENOMEM;
    new->name = strdup(name);
    new->state = strdup(row->state ? row->state : old ? old->state : "");
    new->reason = strdup(row->reason ? row->reason : old ? old->reason : "");
    new->message = strdup(row->message ? row->message : old ? old->message : "");
    if (!new->name || !new->state || !new->reason || !new->message)
        return -ENOMEM;
    forget(monitoring, name);
    r = table_put(&monitoring->known, new->name, strlen(new->name), new);
    if (r < 0)
        return r;
    row->state = new->state;
    row->reason = new->reason;
    row->message = new->message;
    new = NULL;
    return 0;
}

/* One line. row: of a new state, else NULL. */
static void put_line(const struct monitoring *monitoring, const char *event, const char *tunnel, const char *what, const struct row *row)
{
    uint64_t time = moment_now();

    if (monitoring->options->json) {
        struct json json = { .out = stdout, .lines = true };

        json_begin(&json, NULL, '{');
        json_number(&json, "time_us", time);
        json_text(&json, "event", event);
        json_text(&json, "tunnel", *tunnel ? tunnel : NULL);
        json_text(&json, "change", what);
        json_text(&json, "state", row ? row->state : NULL);
        json_text(&json, "reason", row && *row->reason ? row->reason : NULL);
        json_text(&json, "message", row && *row->message ? row->message : NULL);
        json_end(&json, '}');
        fflush(stdout);
        return;
    }
    printf("%s", terminal_colour(COLOUR_FAINT));
    moment_put(time, stdout);
    printf("%s  ", terminal_plain());
    text_put(tunnel, stdout);
    fputs(*tunnel ? ": " : "", stdout);
    if (row) {
        fputs(terminal_colour(state_colour(row->state)), stdout);
        text_put(row->state, stdout);
        printf("%s%s", terminal_plain(), *row->message ? ": " : "");
        text_put(row->message, stdout);
    } else {
        text_put(what ? what : "no file speaks of it any more", stdout);
    }
    putchar('\n');
    fflush(stdout);
}

static int on_change(const struct monitoring *monitoring, sd_bus_message *message)
{
    const char *name, *path, *what;
    int r = sd_bus_message_read(message, "sos", &name, &path, &what);

    if (r >= 0)
        put_line(monitoring, "change", name, what, NULL);
    return r;
}

/* What is not told with the news that it is there. Negative errno: it is gone again. */
static int ask_state(struct monitoring *monitoring, sd_bus_message *message, const char *name, const char *path)
{
    static const char *const properties[] = { "State", "Reason", "Message" };
    sd_bus *bus = sd_bus_message_get_bus(message);
    char *texts[ARRAY_SIZE(properties)] = { NULL };
    struct row row = { 0 };
    int r = 0;

    for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(properties); i++)
        r = sd_bus_get_property_string(bus, sd_bus_message_get_sender(message), path, TUNNEL_INTERFACE, properties[i], NULL, &texts[i]);
    if (r >= 0) {
        row.state = texts[0];
        row.reason = texts[1];
        row.message = texts[2];
        r = learn(monitoring, name, &row);
    }
    if (r >= 0)
        put_line(monitoring, "state", name, NULL, &row);
    for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
        free(texts[i]);
    return r;
}

static int on_new(struct monitoring *monitoring, sd_bus_message *message)
{
    const char *name, *path;
    int r = sd_bus_message_read(message, "so", &name, &path);

    if (r < 0)
        return r;
    if (monitoring->options->json) /* for people, its first state says enough */
        put_line(monitoring, "new", name, NULL, NULL);
    return ask_state(monitoring, message, name, path);
}

static int on_removed(struct monitoring *monitoring, sd_bus_message *message)
{
    const char *name, *path;
    int r = sd_bus_message_read(message, "so", &name, &path);

    if (r < 0)
        return r;
    forget(monitoring, name);
    put_line(monitoring, "removed", name, NULL, NULL);
    return 0;
}

/* Of a tunnel's properties only what has to do with its state is told. */
static int on_properties(struct monitoring *monitoring, sd_bus_message *message)
{
    _cleanup_(row_done) struct row row = { 0 };
    _cleanup_free_ char *name = NULL;
    const char *interface;
    int r = sd_bus_message_read(message, "s", &interface);

    if (r < 0 || strcmp(interface, TUNNEL_INTERFACE) != 0)
        return r;
    r = sd_bus_path_decode(sd_bus_message_get_path(message), MANAGER_PATH "/tunnel", &name);
    if (r > 0)
        r = row_read(&row, message, NULL, NULL);
    if (r < 0 || !name || (!row.state && !row.reason && !row.message))
        return r;
    r = learn(monitoring, name, &row);
    if (r >= 0)
        put_line(monitoring, "state", name, NULL, &row);
    return r;
}

/* On the bus, that the daemon goes is told; its own socket is closed. */
static int on_owner(struct monitoring *monitoring, sd_bus_message *message)
{
    const char *name, *old, *new;
    int r = sd_bus_message_read(message, "sss", &name, &old, &new);

    monitoring->gone = monitoring->gone || (r >= 0 && !*new);
    return r;
}

/* A signal that cannot be read is passed over. */
static int on_signal(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct monitoring *monitoring = userdata;

    (void)error;
    if (sd_bus_message_is_signal(message, MANAGER_INTERFACE, "TunnelChanged"))
        (void)on_change(monitoring, message);
    else if (sd_bus_message_is_signal(message, MANAGER_INTERFACE, "TunnelNew"))
        (void)on_new(monitoring, message);
    else if (sd_bus_message_is_signal(message, MANAGER_INTERFACE, "TunnelRemoved"))
        (void)on_removed(monitoring, message);
    else if (sd_bus_message_is_signal(message, "org.freedesktop.DBus.Properties", "PropertiesChanged"))
        (void)on_properties(monitoring, message);
    else if (sd_bus_message_is_signal(message, "org.freedesktop.DBus", "NameOwnerChanged"))
        (void)on_owner(monitoring, message);
    return 0;
}

static int listen_until_gone(sd_bus *bus, const struct monitoring *monitoring)
{
    int r = 0;

    while (r >= 0 && !monitoring->gone && !ferror(stdout)) {
        r = sd_bus_process(bus, NULL);
        if (r == 0)
            r = sd_bus_wait(bus, UINT64_MAX);
        if (r == -EINTR)
            r = 0;
    }
    return r;
}

/* How they are now: nothing is printed of it. STATUS_*. */
static int begin(sd_bus *bus, struct monitoring *monitoring)
{
    _cleanup_(tunnels_done) struct tunnels tunnels = { 0 };
    int r = connection_subscribe(bus, on_signal, monitoring), status;

    if (r < 0)
        return client_failed(r);
    status = client_get_tunnels(bus, &tunnels);
    for (size_t i = 0; status == STATUS_OK && r >= 0 && i < tunnels.n; i++)
        r = learn(monitoring, tunnels.items[i].name, &tunnels.items[i]);
    return status == STATUS_OK && r < 0 ? client_failed(r) : status;
}

int verb_monitor(const struct options *options, int argc, char **argv)
{
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    _cleanup_(forget_all) struct monitoring monitoring = { .options = options };
    int r = client_connect(options, &bus), error;

    (void)argc, (void)argv;
    if (r == STATUS_OK)
        r = begin(bus, &monitoring);
    if (r != STATUS_OK)
        return r;
    error = listen_until_gone(bus, &monitoring);
    if (ferror(stdout))
        return terminal_end(STATUS_PROBLEM);
    if (error < 0 && !connection_is_gone(error))
        return client_failed(error);
    fputs("tunnelctl: tunneld has ended\n", stderr);
    return terminal_end(STATUS_NO_DAEMON);
}
