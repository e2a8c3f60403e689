/* libcommon/reply_cache.c
 * One entry per key, in the map from the moment somebody begins to load it. An entry that was dropped leaves the map at
 * once and lives on with the calls that hold it. The end of the call that loads settles it, however that call ended. */
#include "libcommon/reply_cache.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/http_internal.h"
#include "libcommon/map.h"
#include "libcommon/metrics.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEAF_LIVES GG_SECOND /* while changes are not heard of */
#define CLOCK_SLIP GG_SECOND /* a wall clock that moved apart from the other one by more makes values stale */

struct gg_cache_entry {
    struct gg_kept kept;
    struct gg_reply_cache *cache;
    struct gg_id key;
    void *about;
    size_t refs; /* the map's and each call's */
    bool listed; /* in the map and the line */
    bool loading;
    enum gg_status status; /* of the load */
    int64_t mono, now;     /* when the load began */
    const struct gg_reply *leader;
    struct gg_reply *first, **last; /* who waits */
    struct gg_cache_entry *newer, *older;
};

struct gg_reply_cache {
    const struct gg_reply_cache_class *class;
    struct gg_map *entries;
    struct gg_cache_entry *newest, *oldest; /* by when they were asked for */
    char hit[80], wait[80], load[80], of[80];
};

struct gg_reply_cache *gg_reply_cache_create(const struct gg_reply_cache_class *class)
{
    struct gg_reply_cache *cache = gg_xcalloc(1, sizeof(*cache));

    cache->class = class;
    cache->entries = gg_map_create();
    snprintf(cache->hit, sizeof(cache->hit), "of=\"%s\",how=\"hit\"", class->name);
    snprintf(cache->wait, sizeof(cache->wait), "of=\"%s\",how=\"wait\"", class->name);
    snprintf(cache->load, sizeof(cache->load), "of=\"%s\",how=\"load\"", class->name);
    snprintf(cache->of, sizeof(cache->of), "of=\"%s\"", class->name);
    return cache;
}

/* --- the line, by when an entry was asked for --- */

static void line_out(struct gg_cache_entry *e)
{
    struct gg_reply_cache *cache = e->cache;

    *(e->newer ? &e->newer->older : &cache->newest) = e->older;
    *(e->older ? &e->older->newer : &cache->oldest) = e->newer;
    e->newer = e->older = NULL;
}

static void line_in(struct gg_cache_entry *e)
{
    struct gg_reply_cache *cache = e->cache;

    e->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = e;
    cache->newest = e;
}

static void unref(struct gg_cache_entry *e)
{
    if (--e->refs > 0)
        return;
    gg_arena_destroy(e->kept.arena);
    free(e->about);
    free(e);
}

static void unlist(struct gg_cache_entry *e)
{
    if (!e->listed)
        return;
    e->listed = false;
    line_out(e);
    gg_map_remove(e->cache->entries, e->key);
    unref(e);
}

static void list(struct gg_cache_entry *e)
{
    struct gg_reply_cache *cache = e->cache;

    gg_map_put(cache->entries, e->key, e);
    line_in(e);
    e->listed = true;
    e->refs++;
    while (gg_map_count(cache->entries) > cache->class->most)
        unlist(cache->oldest);
}

/* --- asking --- */

static bool fresh(const struct gg_cache_entry *e)
{
    int64_t age = gg_mono() - e->mono, lives = e->cache->class->lives, slip;

    if (e->loading)
        return true;
    if (lives > DEAF_LIVES && !gg_redis_subscribed())
        lives = DEAF_LIVES;
    if (age >= lives || (e->kept.until != GG_NONE && gg_now() >= e->kept.until))
        return false;
    slip = gg_now() - e->now - age;
    return slip < CLOCK_SLIP && slip > -CLOCK_SLIP;
}

static void hold(struct gg_reply *x, struct gg_cache_entry *e)
{
    x->cached = e;
    e->refs++;
}

static void join_line(struct gg_call *call)
{
    struct gg_reply *x = call->_reply;

    x->waits_before = NULL;
    *x->cached->last = x;
    x->cached->last = &x->waits_before;
}

/* The value is there, or its load has failed for all of us. */
static enum gg_status follow(struct gg_call *call)
{
    const struct gg_cache_entry *e = call->_reply->cached;

    if (e->status != GG_OK && e->status != GG_NOT_FOUND)
        return e->status;
    return call->_reply->cached_use(call);
}

static enum gg_status load(struct gg_call *call)
{
    struct gg_cache_entry *e = call->_reply->cached;

    e->status = call->_reply->cached_load(call, &e->kept);
    return follow(call);
}

static enum gg_status lead(struct gg_reply_cache *cache, struct gg_call *call, const struct gg_reply_ask *ask)
{
    struct gg_cache_entry *e = gg_xcalloc(1, sizeof(*e));

    e->kept.arena = gg_arena_create();
    e->kept.until = GG_NONE;
    e->cache = cache;
    e->key = ask->key;
    e->about = gg_xmalloc(ask->about_n);
    if (ask->about_n > 0)
        memcpy(e->about, ask->about, ask->about_n);
    e->loading = true;
    e->status = GG_UNAVAILABLE; /* until it was loaded */
    e->mono = gg_mono();
    e->now = gg_now();
    e->leader = call->_reply;
    e->last = &e->first;
    hold(call->_reply, e);
    list(e);
    gg_count("cache_asked_total", cache->load, 1);
    return gg_continue(call, GG_POOL_DB, load);
}

enum gg_status gg_reply_cache_answer(struct gg_reply_cache *cache, struct gg_call *call, const struct gg_reply_ask *ask)
{
    struct gg_cache_entry *e = gg_map_get(cache->entries, ask->key);

    call->_reply->cached_load = ask->load;
    call->_reply->cached_use = ask->use;
    if (e && !fresh(e)) {
        unlist(e);
        e = NULL;
    }
    if (!e)
        return lead(cache, call, ask);
    line_out(e);
    line_in(e);
    hold(call->_reply, e);
    gg_count("cache_asked_total", e->loading ? cache->wait : cache->hit, 1);
    if (e->loading)
        return gg_park(call, join_line, ask->pool, follow);
    return ask->pool == GG_POOL_LOOP ? ask->use(call) : gg_continue(call, ask->pool, ask->use);
}

const struct gg_kept *gg_call_kept_value(const struct gg_call *call)
{
    const struct gg_cache_entry *e = call->_reply->cached;

    return e->status == GG_OK ? &e->kept : NULL;
}

void gg_cache_release(struct gg_reply *x)
{
    struct gg_cache_entry *e = x->cached;

    if (!e)
        return;
    x->cached = NULL;
    if (e->leader == x) {
        struct gg_reply *waiting = e->first;
        e->leader = NULL;
        e->loading = false;
        if (e->status != GG_OK)
            unlist(e);
        while (waiting) {
            struct gg_reply *next = waiting->waits_before;
            gg_wake(&waiting->call);
            waiting = next;
        }
    }
    unref(e);
}

/* --- whole replies --- */

void gg_kept_print(struct gg_kept *kept, const char *type, struct gg_str bytes)
{
    uint8_t hash[GG_SHA256];

    kept->body = (struct gg_str){gg_strndup(kept->arena, bytes.p, bytes.n), bytes.n};
    kept->type = type;
    gg_sha256(kept->body, hash);
    kept->etag = gg_sprintf(kept->arena, "\"%s\"", gg_hex(kept->arena, hash, 8));
}

void gg_kept_encode(struct gg_kept *kept, const struct gg_msg *msg, const void *out)
{
    struct gg_buf text;

    gg_buf_init(&text, GG_JSON_OUT_MAX);
    gg_json_encode(&text, msg, out);
    gg_kept_print(kept, "application/json", gg_buf_str(&text));
    gg_buf_free(&text);
}

/* If-None-Match: "a", W/"b" or *. A proxy that packs bodies makes our tags weak ones. */
static bool has_it(const char *header, const char *etag)
{
    return header && (strcmp(header, "*") == 0 || strstr(header, etag));
}

void gg_reply_kept(struct gg_call *call, const struct gg_kept *kept)
{
    struct gg_reply *x = call->_reply;

    gg_header(call, "ETag", kept->etag);
    gg_header(call, "Cache-Control", "no-cache");
    gg_header(call, "Vary", "Authorization");
    if (has_it(call->if_none_match, kept->etag)) {
        gg_reply_status(call, 304);
        return;
    }
    x->content_type = kept->type;
    x->bytes = kept->body;
}

/* --- forgetting --- */

static void drop(struct gg_cache_entry *e)
{
    gg_count("cache_dropped_total", e->cache->of, 1);
    unlist(e);
}

void gg_reply_cache_drop(struct gg_reply_cache *cache, struct gg_id key)
{
    struct gg_cache_entry *e = gg_map_get(cache->entries, key);

    if (e)
        drop(e);
}

void gg_reply_cache_drop_if(struct gg_reply_cache *cache,
                            bool (*stale)(const void *about, const void *value, const void *arg), const void *arg)
{
    for (struct gg_cache_entry *e = cache->newest, *older; e; e = older) {
        older = e->older;
        if (stale(e->about, e->loading ? NULL : e->kept.value, arg))
            drop(e);
    }
}

static bool any(const void *about GG_UNUSED, const void *value GG_UNUSED, const void *arg GG_UNUSED)
{
    return true;
}

void gg_reply_cache_tidy(struct gg_reply_cache *cache)
{
    size_t before = gg_map_count(cache->entries);

    for (struct gg_cache_entry *e = cache->newest, *older; e; e = older) {
        older = e->older;
        if (!fresh(e))
            unlist(e);
    }
    if (before > 0 && gg_map_count(cache->entries) == 0)
        malloc_trim(0);
}

void gg_reply_cache_drop_all(struct gg_reply_cache *cache)
{
    gg_reply_cache_drop_if(cache, any, NULL);
}
