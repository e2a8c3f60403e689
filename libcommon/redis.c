/* libcommon/redis.c
 * Blocking Redis commands for workers. */
#include "libcommon/redis.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"
#include "libcommon/outage.h"
#include "libcommon/redis_internal.h"

#include <hiredis/hiredis.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#define TIMEOUT_S  1
#define IDLE_CHECK 1000
#define MOST_WORDS 64

struct script {
    const char *text; /* the key: the address of the constant */
    char sha[41];
    UT_hash_handle hh;
};

struct gg_redis {
    char *address, *password;
    redisContext *context; /* NULL: not connected */
    int64_t used;
    struct script *scripts;
};

struct gg_redis *gg_redis_create(const char *address, const char *password)
{
    struct gg_redis *redis = gg_xcalloc(1, sizeof *redis);
    redis->address = gg_xstrdup(address);
    redis->password = password && *password ? gg_xstrdup(password) : NULL;
    return redis;
}

static void drop(struct gg_redis *redis)
{
    if (redis->context)
        redisFree(redis->context);
    redis->context = NULL;
}

void gg_redis_destroy(struct gg_redis *redis)
{
    if (!redis)
        return;
    drop(redis);
    struct script *script, *next;
    HASH_ITER(hh, redis->scripts, script, next)
    {
        HASH_DEL(redis->scripts, script);
        free(script);
    }
    free(redis->address);
    free(redis->password);
    free(redis);
}

bool gg_redis_address(const char *address, char *host, size_t n, int *port)
{
    const char *colon = strrchr(address, ':');
    size_t length = colon ? (size_t)(colon - address) : 0;
    if (length == 0 || length >= n)
        return false;
    memcpy(host, address, length);
    host[length] = '\0';
    char *end;
    long value = strtol(colon + 1, &end, 10);
    *port = (int)value;
    return *end == '\0' && value > 0 && value < 65536;
}

/* --- outages, once per process --- */

static struct gg_outage outage = GG_OUTAGE_NONE;

static void connected(void)
{
    if (gg_outage_over(&outage))
        gg_info("redis_back", "Redis answers again");
}

static void unreachable(const char *address, const char *reason)
{
    gg_count("redis_losses_total", "", 1);
    if (gg_outage_begun(&outage))
        gg_error("redis_down", "%s: %s", address, reason);
}

/* --- connection --- */

static bool authenticate(struct gg_redis *redis)
{
    if (!redis->password)
        return true;
    redisReply *reply = redisCommand(redis->context, "AUTH %s", redis->password);
    bool good = reply && reply->type != REDIS_REPLY_ERROR;
    freeReplyObject(reply);
    return good;
}

static bool open_connection(struct gg_redis *redis)
{
    if (redis->context)
        return true;
    if (!gg_outage_may_try(&outage))
        return false;
    char host[256];
    int port;
    if (!gg_redis_address(redis->address, host, sizeof host, &port))
        gg_fatal("redis_address", "%s is not host:port", redis->address);
    struct timeval timeout = {.tv_sec = TIMEOUT_S};
    redis->context = redisConnectWithTimeout(host, port, timeout);
    if (!redis->context || redis->context->err) {
        unreachable(redis->address, redis->context ? redis->context->errstr : "out of memory");
        drop(redis);
        return false;
    }
    if (redisSetTimeout(redis->context, timeout) != REDIS_OK || !authenticate(redis)) {
        unreachable(redis->address, "AUTH is refused or not answered");
        drop(redis);
        return false;
    }
    connected();
    return true;
}

/* A server that went away meanwhile has closed the socket: better known before a command than after it. */
static void check_idle(struct gg_redis *redis)
{
    if (!redis->context || gg_mono() - redis->used < IDLE_CHECK)
        return;
    struct pollfd fd = {.fd = redis->context->fd, .events = POLLIN | POLLRDHUP};
    if (poll(&fd, 1, 0) != 0)
        drop(redis);
}

struct command {
    const char *words[MOST_WORDS];
    size_t lengths[MOST_WORDS];
    int n;
};

static void add(struct command *command, const char *p, size_t n)
{
    if (command->n == MOST_WORDS)
        gg_fatal("redis_words", "a command of more than %d words", MOST_WORDS);
    command->words[command->n] = p;
    command->lengths[command->n++] = n;
}

static void adds(struct command *command, const char *s)
{
    add(command, s, strlen(s));
}

static redisReply *send_once(struct gg_redis *redis, struct command *command)
{
    if (!open_connection(redis))
        return NULL;
    redisReply *reply = redisCommandArgv(redis->context, command->n, command->words, command->lengths);
    redis->used = gg_mono();
    if (!reply)
        drop(redis); /* after a time-out or a loss the context is of no use any more */
    return reply;
}

/* What the server says when it cannot serve at the moment, rather than that we asked nonsense. */
static bool passes(const char *error)
{
    static const char *const words[] = {"LOADING",    "READONLY", "NOAUTH", "OOM",
                                        "MASTERDOWN", "MISCONF",  "BUSY",   "ERR max"};
    for (size_t i = 0; i < GG_LEN(words); i++)
        if (strncmp(error, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

/* `again`: the command may run twice, so that a dead connection is tried anew. On GG_OK the caller frees the reply. */
static enum gg_status run(struct gg_redis *redis, struct command *command, bool again, redisReply **out)
{
    check_idle(redis);
    bool had = redis->context != NULL;
    redisReply *reply = send_once(redis, command);
    if (!reply && had && again)
        reply = send_once(redis, command);
    if (!reply) {
        if (had)
            gg_count("redis_losses_total", "", 1);
        return GG_UNAVAILABLE;
    }
    if (reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "NOSCRIPT", 8) != 0) {
        bool later = passes(reply->str);
        gg_warn("redis_error", "%s answered: %s", command->words[0], reply->str);
        freeReplyObject(reply);
        return later ? GG_UNAVAILABLE : GG_ERROR;
    }
    *out = reply;
    return GG_OK;
}

/* --- commands --- */

enum gg_status gg_redis_get(struct gg_redis *redis, struct gg_arena *arena, const char *key, struct gg_str *value)
{
    struct command command = {0};
    adds(&command, "GET");
    adds(&command, key);
    redisReply *reply;
    GG_TRY(run(redis, &command, true, &reply));
    bool found = reply->type == REDIS_REPLY_STRING;
    if (found)
        *value = (struct gg_str){gg_strndup(arena, reply->str, (size_t)reply->len), (size_t)reply->len};
    freeReplyObject(reply);
    return found ? GG_OK : GG_NOT_FOUND;
}

static enum gg_status set(struct gg_redis *redis, const char *key, struct gg_str value, int64_t ttl_ms, bool only_new)
{
    char ttl[24];
    snprintf(ttl, sizeof ttl, "%" PRId64, ttl_ms);
    struct command command = {0};
    adds(&command, "SET");
    adds(&command, key);
    add(&command, value.p, value.n);
    if (ttl_ms > 0) {
        adds(&command, "PX");
        adds(&command, ttl);
    }
    if (only_new)
        adds(&command, "NX");
    redisReply *reply;
    GG_TRY(run(redis, &command, !only_new, &reply));
    bool done = reply->type == REDIS_REPLY_STATUS;
    freeReplyObject(reply);
    return done ? GG_OK : GG_DUPLICATE;
}

enum gg_status gg_redis_set(struct gg_redis *redis, const char *key, struct gg_str value, int64_t ttl_ms)
{
    return set(redis, key, value, ttl_ms, false);
}

enum gg_status gg_redis_set_new(struct gg_redis *redis, const char *key, struct gg_str value, int64_t ttl_ms)
{
    return set(redis, key, value, ttl_ms, true);
}

enum gg_status gg_redis_del(struct gg_redis *redis, const char *key)
{
    struct command command = {0};
    adds(&command, "DEL");
    adds(&command, key);
    redisReply *reply;
    GG_TRY(run(redis, &command, true, &reply));
    freeReplyObject(reply);
    return GG_OK;
}

enum gg_status gg_redis_publish(struct gg_redis *redis, const char *channel, struct gg_str message)
{
    struct command command = {0};
    adds(&command, "PUBLISH");
    adds(&command, channel);
    add(&command, message.p, message.n);
    redisReply *reply;
    GG_TRY(run(redis, &command, true, &reply));
    freeReplyObject(reply);
    return GG_OK;
}

bool gg_redis_ping(struct gg_redis *redis)
{
    struct command command = {0};
    adds(&command, "PING");
    redisReply *reply;
    if (run(redis, &command, true, &reply) != GG_OK)
        return false;
    freeReplyObject(reply);
    return true;
}

/* --- scripts --- */

static enum gg_status load_script(struct gg_redis *redis, const char *text, struct script **out)
{
    HASH_FIND_PTR(redis->scripts, &text, *out);
    if (*out)
        return GG_OK;
    struct command command = {0};
    adds(&command, "SCRIPT");
    adds(&command, "LOAD");
    adds(&command, text);
    redisReply *reply;
    GG_TRY(run(redis, &command, true, &reply));
    struct script *script = gg_xcalloc(1, sizeof *script);
    script->text = text;
    snprintf(script->sha, sizeof script->sha, "%s", reply->type == REDIS_REPLY_STRING ? reply->str : "");
    freeReplyObject(reply);
    HASH_ADD_PTR(redis->scripts, text, script);
    *out = script;
    return GG_OK;
}

static enum gg_status call_script(struct gg_redis *redis, const char *verb, const char *script, const char *const *keys,
                                  size_t n_keys, const struct gg_str *args, size_t n_args, redisReply **reply)
{
    char count[24];
    snprintf(count, sizeof count, "%zu", n_keys);
    struct command command = {0};
    adds(&command, verb);
    adds(&command, script);
    adds(&command, count);
    for (size_t i = 0; i < n_keys; i++)
        adds(&command, keys[i]);
    for (size_t i = 0; i < n_args; i++)
        add(&command, args[i].p, args[i].n);
    return run(redis, &command, false, reply);
}

enum gg_status gg_redis_eval(struct gg_redis *redis, const char *script, const char *const *keys, size_t n_keys,
                             const struct gg_str *args, size_t n_args, int64_t *result)
{
    struct script *loaded;
    redisReply *reply;
    GG_TRY(load_script(redis, script, &loaded));
    GG_TRY(call_script(redis, "EVALSHA", loaded->sha, keys, n_keys, args, n_args, &reply));
    if (reply->type == REDIS_REPLY_ERROR) { /* NOSCRIPT: the server was restarted */
        freeReplyObject(reply);
        GG_TRY(call_script(redis, "EVAL", script, keys, n_keys, args, n_args, &reply));
    }
    bool whole = reply->type == REDIS_REPLY_INTEGER;
    if (whole)
        *result = reply->integer;
    else
        gg_error("redis_script", "a script answered no whole number");
    freeReplyObject(reply);
    return whole ? GG_OK : GG_ERROR;
}
