/* libcommon/reply_cache.h
 * What many callers ask for at the same time, kept in the process for a short while. The first caller loads it, those
 * who come meanwhile wait for him, and nobody loads it twice (single flight). A value that is dropped is given to
 * nobody who asks later, also when its load was still under way. Loop thread, but for `load` and `use`. */
#ifndef LIBCOMMON_REPLY_CACHE_H
#define LIBCOMMON_REPLY_CACHE_H

#include "libcommon/http.h"

/* A value: never changed once loaded, alive as long as a call uses it. */
struct gg_kept {
    struct gg_arena *arena; /* where `load` makes the value */
    const void *value;
    int64_t until;      /* gg_now() from which it is not true any more; GG_NONE: none */
    struct gg_str body; /* a whole reply, see gg_kept_encode and gg_kept_print */
    const char *type;   /* of the body */
    const char *etag;
};

struct gg_reply_cache_class {
    const char
        *name;     /* metrics: cache_asked_total{of="name",how="hit"|"wait"|"load"}, cache_dropped_total{of="name"} */
    int64_t lives; /* ms a value is given at most; one second at most while Redis, which tells of changes, is away */
    size_t most;   /* values; beyond, the one that nobody asked for longest goes */
};
struct gg_reply_cache;

/* For the life of the process; the class must live as long. */
struct gg_reply_cache *gg_reply_cache_create(const struct gg_reply_cache_class *class) __attribute__((returns_nonnull));

struct gg_reply_ask {
    struct gg_id key;
    const void *about; /* copied; what gg_reply_cache_drop_if judges by */
    size_t about_n;
    /* On a DB worker: fills kept->value (and body, until). GG_NOT_FOUND: there is none, which is not kept; any other
     * status fails the call and those who wait for it. */
    enum gg_status (*load)(struct gg_call *call, struct gg_kept *kept);
    /* Answers the call from gg_call_kept_value(call). On `pool` (loop or DB), for the caller who loaded on his worker.
     */
    gg_handler use;
    enum gg_pool pool;
};
/* From a handler on the loop: answers the call with the value, whenever it is there. Return its result. */
enum gg_status gg_reply_cache_answer(struct gg_reply_cache *cache, struct gg_call *call,
                                     const struct gg_reply_ask *ask);
/* In `use`: the value, or NULL when there is none. */
const struct gg_kept *gg_call_kept_value(const struct gg_call *call);

/* In `load`: prints the reply once for all, with an ETag that follows from its bytes. */
void gg_kept_encode(struct gg_kept *kept, const struct gg_msg *msg, const void *out);
/* The same with bytes of another type (a constant); they are copied. */
void gg_kept_print(struct gg_kept *kept, const char *type, struct gg_str bytes);
/* In `use`: replies kept->body to a caller without a token, or 304 when he has it already. */
void gg_reply_kept(struct gg_call *call, const struct gg_kept *kept);

/* Forgets one value, all of them, or those that `stale` names (`value` is NULL while it is being loaded). */
void gg_reply_cache_drop(struct gg_reply_cache *cache, struct gg_id key);
void gg_reply_cache_drop_all(struct gg_reply_cache *cache);
/* Frees what has become too old to be given to anybody; when nothing is left, its memory goes back to the system. Call
 * now and then. */
void gg_reply_cache_tidy(struct gg_reply_cache *cache);
void gg_reply_cache_drop_if(struct gg_reply_cache *cache,
                            bool (*stale)(const void *about, const void *value, const void *arg), const void *arg);

#endif
