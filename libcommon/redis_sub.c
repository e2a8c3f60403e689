/* libcommon/redis_sub.c
 * Subscriptions on the loop: one connection per process that comes back by itself. */
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/loop_internal.h"
#include "libcommon/redis.h"
#include "libcommon/redis_internal.h"

#include <event2/event.h>
#include <hiredis/adapters/libevent.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_WAIT   100 /* ms between a loss and the next attempt */
#define LONGEST_WAIT 2000

struct subscription {
    char *channel;
    gg_redis_listener listener;
    void *arg;
    bool confirmed; /* once at least: a later confirmation tells of a gap */
    struct subscription *next;
};

/* All of this belongs to the loop thread. */
static struct subscription *subscriptions;
static const char *address, *password;
static redisAsyncContext *context; /* NULL: none, not even an attempt */
static struct event *timer;
static int64_t wait_ms;
static bool standing, logged_down;

static void connect_now(void);

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg;
    connect_now();
}

static void try_later(const char *reason)
{
    standing = false;
    if (!timer)
        return; /* stopped */
    if (!logged_down)
        gg_warn("redis_sub_down", "%s: %s", address, reason);
    logged_down = true;
    wait_ms = wait_ms == 0 ? FIRST_WAIT : wait_ms * 2 > LONGEST_WAIT ? LONGEST_WAIT : wait_ms * 2;
    struct timeval t = {.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};
    event_add(timer, &t);
}

static void on_message(redisAsyncContext *c, void *data, void *arg)
{
    (void)c;
    struct subscription *s = arg;
    const redisReply *reply = data;
    if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 3 || !reply->element[0]->str)
        return;
    if (strcmp(reply->element[0]->str, "message") == 0) {
        const redisReply *message = reply->element[2];
        s->listener(s->channel, (struct gg_str){message->str, (size_t)message->len}, s->arg);
    } else if (strcmp(reply->element[0]->str, "subscribe") == 0) {
        if (s->confirmed)
            s->listener(s->channel, (struct gg_str){NULL, 0}, s->arg);
        s->confirmed = true;
    }
}

static void on_auth(redisAsyncContext *c, void *data, void *arg)
{
    (void)c;
    (void)arg;
    const redisReply *reply = data;
    if (reply && reply->type == REDIS_REPLY_ERROR)
        gg_error("redis_auth", "%s refuses the password", address);
}

static void on_connect(const redisAsyncContext *c, int status)
{
    if (status != REDIS_OK) {
        context = NULL; /* hiredis frees it after this call */
        try_later(c->errstr);
        return;
    }
    standing = true;
    wait_ms = 0;
    if (logged_down)
        gg_info("redis_sub_back", "%s answers again", address);
    logged_down = false;
}

static void on_disconnect(const redisAsyncContext *c, int status)
{
    (void)status;
    context = NULL;
    try_later(c->errstr[0] ? c->errstr : "connection closed");
}

static void subscribe(const struct subscription *s)
{
    if (context)
        redisAsyncCommand(context, on_message, (void *)(uintptr_t)s, "SUBSCRIBE %s", s->channel);
}

static void connect_now(void)
{
    char host[256];
    int port;
    if (!gg_redis_address(address, host, sizeof host, &port))
        gg_fatal("redis_address", "%s is not host:port", address);
    redisAsyncContext *c = redisAsyncConnect(host, port);
    if (!c || c->err) {
        try_later(c ? c->errstr : "out of memory");
        if (c)
            redisAsyncFree(c);
        return;
    }
    redisEnableKeepAlive(&c->c);
    redisLibeventAttach(c, gg_loop_base());
    redisAsyncSetConnectCallback(c, on_connect);
    redisAsyncSetDisconnectCallback(c, on_disconnect);
    context = c;
    if (password && *password)
        redisAsyncCommand(c, on_auth, NULL, "AUTH %s", password);
    for (const struct subscription *s = subscriptions; s; s = s->next)
        subscribe(s);
}

void gg_redis_subscribe(const char *channel, gg_redis_listener listener, void *arg)
{
    for (const struct subscription *other = subscriptions; other; other = other->next)
        if (strcmp(other->channel, channel) == 0)
            gg_fatal("redis_channel", "%s has a listener already", channel);
    struct subscription *s = gg_xcalloc(1, sizeof *s);
    s->channel = gg_xstrdup(channel);
    s->listener = listener;
    s->arg = arg;
    s->next = subscriptions;
    subscriptions = s;
    subscribe(s);
}

void gg_redis_subscriptions_start(const char *to, const char *secret)
{
    address = to;
    password = secret;
    timer = event_new(gg_loop_base(), -1, 0, on_timer, NULL);
    connect_now();
}

void gg_redis_subscriptions_stop(void)
{
    if (timer)
        event_free(timer);
    timer = NULL;
    if (context) {
        redisAsyncContext *c = context;
        context = NULL;
        redisAsyncFree(c);
    }
    while (subscriptions) {
        struct subscription *s = subscriptions;
        subscriptions = s->next;
        free(s->channel);
        free(s);
    }
}

bool gg_redis_subscribed(void)
{
    return standing;
}
