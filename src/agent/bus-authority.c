/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the bus who the caller is, and then polkit whether that one may. Until then the call is kept. */
#include "agent/bus-authority.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ACTION "io.tunneld.manage"
#define POLKIT "org.freedesktop.PolicyKit1"
#define BUS_OF_BUSES "org.freedesktop.DBus"

enum {
    REQUESTS_MOST = 64,
    REQUESTS_OF_USER = 8,               /* not root */
    SIZE_MOST = 66 * 1024 * 1024,       /* bytes */
    ANSWER = 30 * 1000 * 1000,          /* us */
    ANSWER_OF_USER = 300 * 1000 * 1000, /* us, if somebody is asked for a password */
    ALLOW_INTERACTION = 1,              /* polkit's CheckAuthorizationFlags */
};

struct request {
    struct authority *authority;
    struct request *next;
    unsigned number;
    size_t size;
    uint32_t uid; /* UINT32_MAX: not known yet */
    bool interactive;
    bool asking; /* polkit */
    sd_bus_message *call;
    sd_bus_slot *gone, *answer;
    sd_bus_message_handler_t then;
    void *userdata;
};

struct authority {
    struct request *first;
    unsigned number;
};

int authority_new(struct authority **ret)
{
    struct authority *authority = calloc(1, sizeof(*authority));

    if (!authority)
        return -ENOMEM;
    *ret = authority;
    return 0;
}

static void request_free(struct request *request)
{
    for (struct request **p = &request->authority->first; *p; p = &(*p)->next)
        if (*p == request) {
            *p = request->next;
            break;
        }
    sd_bus_slot_unref(request->gone);
    sd_bus_slot_unref(request->answer);
    sd_bus_message_unref(request->call);
    free(request);
}

void authority_lost(struct authority *authority)
{
    while (authority->first)
        request_free(authority->first);
}

struct authority *authority_free(struct authority *authority)
{
    if (authority) {
        authority_lost(authority);
        free(authority);
    }
    return NULL;
}

static void refuse(struct request *request, const char *name, const char *text)
{
    const sd_bus_error error = SD_BUS_ERROR_MAKE_CONST(name, text);

    (void)sd_bus_reply_method_error(request->call, &error);
    request_free(request);
}

static void refuse_access(struct request *request)
{
    refuse(request, SD_BUS_ERROR_ACCESS_DENIED, "only root, and who polkit's action " ACTION " allows it to, may do that");
}

static void go_on(struct request *request)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *call = sd_bus_message_ref(request->call);
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message_handler_t then = request->then;
    void *userdata = request->userdata;
    int r;

    request_free(request); /* what then does may end everything that waits */
    r = sd_bus_message_rewind(call, true);
    if (r >= 0)
        r = then(call, userdata, &error);
    if (r < 0)
        (void)sd_bus_reply_method_errno(call, r, &error);
    sd_bus_error_free(&error);
}

static void give_up_asking(struct request *request)
{
    char id[32];

    if (!request->asking || !request->interactive)
        return;
    snprintf(id, sizeof(id), "tunneld-%u", request->number);
    (void)sd_bus_call_method_async(sd_bus_message_get_bus(request->call), NULL, POLKIT, "/org/freedesktop/PolicyKit1/Authority", POLKIT ".Authority",
                                   "CancelCheckAuthorization", NULL, NULL, "s", id);
}

static int on_polkit(sd_bus_message *answer, void *userdata, sd_bus_error *ret_error)
{
    struct request *request = userdata;
    const sd_bus_error *error = sd_bus_message_get_error(answer);
    int authorized = false, challenge = false;

    (void)ret_error;
    if (error && (sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY) || sd_bus_error_has_name(error, SD_BUS_ERROR_TIMEOUT)))
        give_up_asking(request);
    if (!error && (sd_bus_message_enter_container(answer, 'r', "bba{ss}") < 0 || sd_bus_message_read(answer, "bb", &authorized, &challenge) < 0))
        authorized = challenge = false;
    if (authorized)
        go_on(request);
    else if (challenge)
        refuse(request, SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED, "polkit wants somebody to be asked for a password, and nobody can be asked");
    else if (error)
        refuse(request, SD_BUS_ERROR_ACCESS_DENIED, "only root may do that: polkit, which may allow it to others, does not answer");
    else
        refuse_access(request);
    return 0;
}

static int ask_polkit(struct request *request)
{
    sd_bus *bus = sd_bus_message_get_bus(request->call);
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *question = NULL;
    uint32_t flags = request->interactive ? ALLOW_INTERACTION : 0;
    char id[32] = "";
    int r = sd_bus_message_new_method_call(bus, &question, POLKIT, "/org/freedesktop/PolicyKit1/Authority", POLKIT ".Authority", "CheckAuthorization");

    if (request->interactive)
        snprintf(id, sizeof(id), "tunneld-%u", request->number);
    if (r >= 0)
        r = sd_bus_message_append(question, "(sa{sv})s", "system-bus-name", 1, "name", "s", sd_bus_message_get_sender(request->call), ACTION);
    if (r >= 0)
        r = sd_bus_message_append(question, "a{ss}us", 0, flags, id);
    if (r < 0)
        return r;
    request->asking = true;
    request->answer = sd_bus_slot_unref(request->answer);
    return sd_bus_call_async(bus, &request->answer, question, on_polkit, request, request->interactive ? ANSWER_OF_USER : ANSWER);
}

static unsigned count_of(const struct authority *authority, uint32_t uid)
{
    unsigned n = 0;

    for (const struct request *request = authority->first; request; request = request->next)
        n += request->uid == uid;
    return n;
}

static int on_uid(sd_bus_message *answer, void *userdata, sd_bus_error *error)
{
    struct request *request = userdata;

    (void)error;
    if (sd_bus_message_is_method_error(answer, NULL) || sd_bus_message_read(answer, "u", &request->uid) < 0) {
        refuse_access(request); /* it is gone already */
        return 0;
    }
    if (!request->uid)
        go_on(request);
    else if (count_of(request->authority, request->uid) > REQUESTS_OF_USER)
        refuse(request, SD_BUS_ERROR_LIMITS_EXCEEDED, "too many requests of one user wait for polkit");
    else if (ask_polkit(request) < 0)
        refuse(request, SD_BUS_ERROR_ACCESS_DENIED, "only root may do that: polkit, which may allow it to others, cannot be asked");
    return 0;
}

static int on_owner_changed(sd_bus_message *signal, void *userdata, sd_bus_error *error)
{
    struct request *request = userdata;
    const char *owner;

    (void)error;
    if (sd_bus_message_read(signal, "sss", NULL, NULL, &owner) < 0 || *owner)
        return 0;
    give_up_asking(request);
    request_free(request);
    return 0;
}

/* That it could not be watched for is no harm: polkit refuses who is gone. */
static int on_watched(sd_bus_message *answer, void *userdata, sd_bus_error *error)
{
    (void)answer, (void)userdata, (void)error;
    return 0;
}

static int watch(struct request *request, const char *sender)
{
    _cleanup_free_ char *match = NULL;

    if (asprintf(&match, "type='signal',sender='%s',path='/org/freedesktop/DBus',interface='%s',member='NameOwnerChanged',arg0='%s'", BUS_OF_BUSES,
                 BUS_OF_BUSES, sender)
        < 0) {
        match = NULL;
        return -ENOMEM;
    }
    return sd_bus_add_match_async(sd_bus_message_get_bus(request->call), &request->gone, match, on_owner_changed, on_watched, request);
}

/* Watched for first: else it could go in between. */
static int start(struct request *request)
{
    const char *sender = sd_bus_message_get_sender(request->call);
    int r = sender ? watch(request, sender) : -EPERM;

    if (r < 0)
        return r;
    return sd_bus_call_method_async(sd_bus_message_get_bus(request->call), &request->answer, BUS_OF_BUSES, "/org/freedesktop/DBus", BUS_OF_BUSES,
                                    "GetConnectionUnixUser", on_uid, request, "s", sender);
}

static bool is_crowded(const struct authority *authority, size_t size)
{
    unsigned n = 0;

    for (const struct request *request = authority->first; request; request = request->next) {
        size += request->size;
        n++;
    }
    return n >= REQUESTS_MOST || size > SIZE_MOST;
}

int authority_ask(struct authority *authority, sd_bus_message *call, size_t size, sd_bus_message_handler_t then, void *userdata, sd_bus_error *error)
{
    struct request *request;
    int r;

    if (sd_bus_is_bus_client(sd_bus_message_get_bus(call)) <= 0) { /* of the private socket */
        r = sd_bus_message_rewind(call, true);
        return r < 0 ? r : then(call, userdata, error);
    }
    if (is_crowded(authority, size))
        return sd_bus_error_set(error, SD_BUS_ERROR_LIMITS_EXCEEDED, "too many requests wait for an answer");
    request = calloc(1, sizeof(*request));
    if (!request)
        return -ENOMEM;
    *request = (struct request){ .authority = authority, .next = authority->first, .number = ++authority->number, .size = size, .uid = UINT32_MAX };
    request->interactive = sd_bus_message_get_allow_interactive_authorization(call) > 0;
    request->call = sd_bus_message_ref(call);
    request->then = then;
    request->userdata = userdata;
    authority->first = request;
    r = start(request);
    if (r < 0) {
        request_free(request);
        return r;
    }
    return 1; /* answered later */
}
