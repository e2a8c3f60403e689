/* libcommon/redis.h
 * Redis: blocking commands for workers, subscriptions on the loop. Holds only what can be lost: every caller has an
 * answer for "unavailable". */
#ifndef LIBCOMMON_REDIS_H
#define LIBCOMMON_REDIS_H

#include "libcommon/mem.h"

struct gg_redis; /* one blocking connection; one thread at a time */

/* "host:port"; password may be NULL. Connects at first use, again after a loss. Time-outs 1 s. Never NULL. */
struct gg_redis *gg_redis_create(const char *address, const char *password);
void gg_redis_destroy(struct gg_redis *redis);

/* Binary-safe commands. GG_UNAVAILABLE when Redis is not there (logged once per outage). */
enum gg_status gg_redis_get(struct gg_redis *redis, struct gg_arena *arena, const char *key,
                            struct gg_str *value) GG_MUSTCHECK; /* GG_NOT_FOUND */
enum gg_status gg_redis_set(struct gg_redis *redis, const char *key, struct gg_str value, int64_t ttl_ms) GG_MUSTCHECK;
/* SET NX: GG_DUPLICATE when the key stands. */
enum gg_status gg_redis_set_new(struct gg_redis *redis, const char *key, struct gg_str value,
                                int64_t ttl_ms) GG_MUSTCHECK;
enum gg_status gg_redis_del(struct gg_redis *redis, const char *key) GG_MUSTCHECK;
enum gg_status gg_redis_publish(struct gg_redis *redis, const char *channel, struct gg_str message) GG_MUSTCHECK;
/* Runs a Lua script (by EVALSHA, loading it when needed) that returns one integer. */
enum gg_status gg_redis_eval(struct gg_redis *redis, const char *script, const char *const *keys, size_t n_keys,
                             const struct gg_str *args, size_t n_args, int64_t *result) GG_MUSTCHECK;
bool gg_redis_ping(struct gg_redis *redis) GG_MUSTCHECK;

/* --- subscriptions: loop thread only --- */

/* message.p = NULL tells that the connection was lost and is back: messages in between are gone, look into the
 * database. */
typedef void (*gg_redis_listener)(const char *channel, struct gg_str message, void *arg);
/* Listens on a channel for the life of the process; re-subscribes after every loss. One listener per channel. Call
 * before or while the loop runs. */
void gg_redis_subscribe(const char *channel, gg_redis_listener listener, void *arg);
/* Opens the subscription connection, once, when the loop exists; `address` and `password` must outlive it. Before this
 * call subscriptions are only noted. */
void gg_redis_subscriptions_start(const char *address, const char *password);
/* Closes it for good. */
void gg_redis_subscriptions_stop(void);
/* True while the subscription connection stands. */
bool gg_redis_subscribed(void);

#endif
