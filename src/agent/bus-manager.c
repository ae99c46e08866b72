/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/bus-manager.h"

#include <errno.h>
#include <string.h>

#include "agent/bus-plan.h"
#include "agent/bus-tunnel.h"
#include "base/text.h"

/* ---- what is told of all ---- */

static void count_states(struct objects *objects, bool changing, uint32_t counts[STATE_MAX])
{
    const struct bus_callbacks *callbacks = &objects->callbacks;
    const struct memory *memory = callbacks->memory(callbacks->userdata);
    const struct remembered *tunnel;

    for (size_t i = 0; (tunnel = memory_get(memory, i)); i++)
        if (tunnel->state < STATE_MAX)
            counts[changing && callbacks->is_changing(tunnel->name, callbacks->userdata) ? STATE_CHANGING : tunnel->state]++;
}

struct summary manager_summary(struct objects *objects, bool changing)
{
    const struct bus_callbacks *callbacks = &objects->callbacks;
    struct summary summary = { 0 };
    const uint32_t *counts = summary.counts;
    size_t refused, faulty;

    changing = changing && callbacks->is_changing("", callbacks->userdata);
    callbacks->count_files(&refused, &faulty, callbacks->userdata);
    summary.refused = (uint32_t)refused;
    summary.faulty = (uint32_t)faulty;
    count_states(objects, changing, summary.counts);
    if (!objects->passed)
        summary.state = "starting";
    else if (changing)
        summary.state = "changing";
    else if (refused || faulty || counts[STATE_FAILED] || counts[STATE_WAITING] || counts[STATE_CONFLICT] || counts[STATE_REFUSED])
        summary.state = "degraded";
    else
        summary.state = "running";
    return summary;
}

static int put_counts(sd_bus_message *message, const uint32_t counts[STATE_MAX])
{
    int r = sd_bus_message_open_container(message, 'a', "{su}");

    for (enum state state = 0; r >= 0 && state < STATE_MAX; state++)
        if (counts[state])
            r = sd_bus_message_append(message, "{su}", state_name(state), counts[state]);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int put_counts_variant(sd_bus_message *message, const uint32_t counts[STATE_MAX])
{
    int r = sd_bus_message_open_container(message, 'e', "sv");

    if (r >= 0)
        r = sd_bus_message_append(message, "s", "Counts");
    if (r >= 0)
        r = sd_bus_message_open_container(message, 'v', "a{su}");
    if (r >= 0)
        r = put_counts(message, counts);
    if (r >= 0)
        r = sd_bus_message_close_container(message);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int put_differences(sd_bus_message *message, const struct summary *was, const struct summary *now)
{
    int r = sd_bus_message_open_container(message, 'a', "{sv}");

    if (r >= 0 && (!was->state || strcmp(was->state, now->state) != 0))
        r = sd_bus_message_append(message, "{sv}", "State", "s", now->state);
    if (r >= 0 && (!was->state || memcmp(was->counts, now->counts, sizeof(was->counts)) != 0))
        r = put_counts_variant(message, now->counts);
    if (r >= 0 && was->refused != now->refused)
        r = sd_bus_message_append(message, "{sv}", "RefusedFiles", "u", now->refused);
    if (r >= 0 && was->faulty != now->faulty)
        r = sd_bus_message_append(message, "{sv}", "FaultyTunnels", "u", now->faulty);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

bool summary_equal(const struct summary *a, const struct summary *b)
{
    return a->state && b->state && !strcmp(a->state, b->state) && !memcmp(a->counts, b->counts, sizeof(a->counts)) && a->refused == b->refused
           && a->faulty == b->faulty;
}

void manager_tell(sd_bus *connection, const struct summary *was, const struct summary *now)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *signal = NULL;
    int r = sd_bus_message_new_signal(connection, &signal, MANAGER_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged");

    if (r >= 0)
        r = sd_bus_message_append(signal, "s", MANAGER_INTERFACE);
    if (r >= 0)
        r = put_differences(signal, was, now);
    if (r >= 0)
        r = sd_bus_message_append(signal, "as", 0);
    if (r >= 0)
        (void)sd_bus_send(connection, signal, NULL);
}

static int get(sd_bus *connection, const char *path, const char *interface, const char *property, sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
    struct objects *objects = userdata;
    struct summary summary = manager_summary(objects, true);

    (void)connection, (void)path, (void)interface, (void)error;
    objects->was_changing = objects->was_changing || !strcmp(summary.state, "changing") || summary.counts[STATE_CHANGING];
    if (!strcmp(property, "Counts"))
        return put_counts(reply, summary.counts);
    if (!strcmp(property, "RefusedFiles"))
        return sd_bus_message_append(reply, "u", summary.refused);
    if (!strcmp(property, "FaultyTunnels"))
        return sd_bus_message_append(reply, "u", summary.faulty);
    return sd_bus_message_append(reply, "s", summary.state);
}

static int get_version(sd_bus *connection, const char *path, const char *interface, const char *property, sd_bus_message *reply, void *userdata,
                       sd_bus_error *error)
{
    (void)connection, (void)path, (void)interface, (void)property, (void)userdata, (void)error;
    return sd_bus_message_append(reply, "s", PACKAGE_VERSION);
}

/* ---- methods that change something ---- */

static int put_outcome(sd_bus_message *reply, const struct outcome *outcome)
{
    int r = sd_bus_message_open_container(reply, 'a', "(ss)");

    for (size_t i = 0; r >= 0 && i < outcome->n; i++) {
        r = sd_bus_message_open_container(reply, 'r', "ss");
        if (r >= 0)
            r = put_text(reply, outcome->changes[i].link);
        if (r >= 0)
            r = put_text(reply, outcome->changes[i].why);
        if (r >= 0)
            r = sd_bus_message_close_container(reply);
    }
    if (r >= 0)
        r = sd_bus_message_close_container(reply);
    if (r >= 0)
        r = sd_bus_message_append(reply, "b", outcome->well);
    return r < 0 ? r : put_text(reply, outcome->summary);
}

/* Ends outcome. */
static int reply_outcome(sd_bus_message *call, struct outcome *outcome)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
    int r = sd_bus_message_new_method_return(call, &reply);

    if (r >= 0)
        r = put_outcome(reply, outcome);
    outcome_done(outcome);
    return r < 0 ? r : sd_bus_send(NULL, reply, NULL);
}

static int reload(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    struct objects *objects = userdata;
    struct outcome outcome = { 0 };
    int r = objects->callbacks.reload(&outcome, objects->callbacks.userdata);

    if (r >= 0)
        return reply_outcome(call, &outcome);
    outcome_done(&outcome);
    return set_failed(r, error);
}

static int method_reload(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    struct objects *objects = userdata;

    return authority_ask(objects->authority, call, 0, reload, objects, error);
}

/* Room for one more, which doubles whenever it is full. */
static int make_room(const char ***names, size_t n)
{
    const char **grown;

    if (n & (n - 1))
        return 0;
    grown = reallocarray(*names, n ? n * 2 : 1, sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    *names = grown;
    return 0;
}

/* They lie in the call. sd-bus's own way to read them takes time with the square of their number. */
static int read_names(sd_bus_message *call, const char ***ret, size_t *ret_n, sd_bus_error *error)
{
    _cleanup_free_ const char **names = NULL;
    size_t n = 0;
    int r = sd_bus_message_enter_container(call, 'a', "s");

    while (r >= 0) {
        r = make_room(&names, n);
        if (r >= 0)
            r = sd_bus_message_read_basic(call, 's', &names[n]);
        if (r <= 0)
            break;
        r = check_name(names[n], error);
        n++;
    }
    if (r >= 0)
        r = sd_bus_message_exit_container(call);
    if (r < 0)
        return r;
    *ret = steal_pointer(&names);
    *ret_n = n;
    return 0;
}

static int reconcile_names(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    struct objects *objects = userdata;
    _cleanup_free_ const char **names = NULL;
    struct outcome outcome = { 0 };
    const char *bad = NULL;
    size_t n;
    int r = read_names(call, &names, &n, error);

    if (r < 0)
        return r;
    r = objects->callbacks.reconcile(names, n, &outcome, &bad, objects->callbacks.userdata);
    if (r >= 0)
        return reply_outcome(call, &outcome);
    outcome_done(&outcome);
    return r == -ENOENT && bad ? set_unknown(bad, error) : set_failed(r, error);
}

static int method_reconcile(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    struct objects *objects = userdata;
    _cleanup_free_ const char **names = NULL;
    size_t n;
    int r = read_names(call, &names, &n, error);

    return r < 0 ? r : authority_ask(objects->authority, call, n * IFNAMSIZ, reconcile_names, objects, error);
}

static int set_refused(const struct objects *objects, const char *name, sd_bus_error *error)
{
    const struct bus_callbacks *callbacks = &objects->callbacks;
    const struct remembered *tunnel = memory_find(callbacks->memory(callbacks->userdata), name);
    _cleanup_free_ char *why = tunnel && tunnel->reason ? text_escape(tunnel->reason) : NULL;

    return sd_bus_error_setf(error, BUS_ERROR("Refused"), "%s cannot be brought up, its file is refused%s%s", name, why ? ": " : "", why ? why : "");
}

static int ask(struct objects *objects, sd_bus_message *call, enum asked asked, sd_bus_error *error)
{
    const struct bus_callbacks *callbacks = &objects->callbacks;
    struct outcome outcome = { 0 };
    const struct remembered *now;
    const char *name;
    enum asked was;
    int r = sd_bus_message_read(call, "s", &name);

    if (r < 0)
        return r;
    was = callbacks->asked(name, callbacks->userdata);
    r = callbacks->ask(name, asked, &outcome, callbacks->userdata);
    now = memory_find(callbacks->memory(callbacks->userdata), name);
    if (now && callbacks->asked(name, callbacks->userdata) != was)
        tunnel_tell(objects, now, TUNNEL_OVERRIDE);
    if (r >= 0)
        return reply_outcome(call, &outcome);
    outcome_done(&outcome);
    if (r == -ENOENT)
        return set_unknown(name, error);
    return r == -EPERM ? set_refused(objects, name, error) : set_failed(r, error);
}

static int up(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    return ask(userdata, call, ASKED_UP, error);
}

static int down(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    return ask(userdata, call, ASKED_DOWN, error);
}

static int ask_for(struct objects *objects, sd_bus_message *call, sd_bus_message_handler_t then, sd_bus_error *error)
{
    const char *name;
    int r = sd_bus_message_read(call, "s", &name);

    if (r >= 0)
        r = check_name(name, error);
    return r < 0 ? r : authority_ask(objects->authority, call, 0, then, objects, error);
}

static int method_up(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    return ask_for(userdata, call, up, error);
}

static int method_down(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    return ask_for(userdata, call, down, error);
}

/* ---- methods that only look ---- */

static int method_list_tunnels(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
    int r = sd_bus_message_new_method_return(call, &reply);

    (void)error;
    if (r >= 0)
        r = tunnels_put(userdata, reply);
    return r < 0 ? r : sd_bus_send(NULL, reply, NULL);
}

static int method_get_tunnel(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    struct objects *objects = userdata;
    _cleanup_free_ char *path = NULL;
    const char *name;
    int r = sd_bus_message_read(call, "s", &name);

    if (r >= 0)
        r = check_name(name, error);
    if (r < 0)
        return r;
    if (!memory_find(objects->callbacks.memory(objects->callbacks.userdata), name))
        return set_unknown(name, error);
    path = tunnel_path(name);
    return path ? sd_bus_reply_method_return(call, "o", path) : -ENOMEM;
}

/* All may call them: those that change something ask for themselves who calls. */
static const sd_bus_vtable vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("Version", "s", get_version, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("State", "s", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Counts", "a{su}", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("RefusedFiles", "u", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("FaultyTunnels", "u", get, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
#define OUTCOME SD_BUS_RESULT("a(ss)", changes, "b", well, "s", summary)
    SD_BUS_METHOD_WITH_ARGS("Reload", SD_BUS_NO_ARGS, OUTCOME, method_reload, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("Reconcile", SD_BUS_ARGS("as", names), OUTCOME, method_reconcile, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("Up", SD_BUS_ARGS("s", name), OUTCOME, method_up, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("Down", SD_BUS_ARGS("s", name), OUTCOME, method_down, SD_BUS_VTABLE_UNPRIVILEGED),
#undef OUTCOME
    SD_BUS_METHOD_WITH_ARGS("Plan", SD_BUS_ARGS("a(say)", files), SD_BUS_RESULT("a(ssssasas)", items, "a(suuss)", problems), plan_method,
                            SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("ListTunnels", SD_BUS_NO_ARGS, SD_BUS_RESULT("a(oa{sv})", tunnels), method_list_tunnels, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("GetTunnel", SD_BUS_ARGS("s", name), SD_BUS_RESULT("o", path), method_get_tunnel, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_SIGNAL_WITH_ARGS("TunnelNew", SD_BUS_ARGS("s", name, "o", path), 0),
    SD_BUS_SIGNAL_WITH_ARGS("TunnelRemoved", SD_BUS_ARGS("s", name, "o", path), 0),
    SD_BUS_SIGNAL_WITH_ARGS("TunnelChanged", SD_BUS_ARGS("s", name, "o", path, "s", what), 0),
    SD_BUS_VTABLE_END,
};

int manager_add(struct objects *objects, sd_bus *connection)
{
    return sd_bus_add_object_vtable(connection, NULL, MANAGER_PATH, MANAGER_INTERFACE, vtable, objects);
}
