/* libcommon/ratelimit.c
 * Token buckets, the least recently used forgotten first. */
#include "libcommon/ratelimit.h"

#include "libcommon/clock.h"
#include "libcommon/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <uthash.h>

#define KEY_MAX   128
#define BURST_MIN 10

struct bucket {
    char key[KEY_MAX];
    unsigned n;
    double tokens;
    int64_t at; /* gg_mono() of the last refill */
    TAILQ_ENTRY(bucket) by_age;
    UT_hash_handle hh;
};
struct gg_ratelimit {
    struct bucket *buckets;
    TAILQ_HEAD(, bucket) ages; /* oldest first */
    size_t max_keys;
    int64_t factor;
};

struct gg_ratelimit *gg_ratelimit_create(size_t max_keys, int64_t factor)
{
    struct gg_ratelimit *limit = gg_xcalloc(1, sizeof(*limit));

    TAILQ_INIT(&limit->ages);
    limit->max_keys = max_keys;
    limit->factor = factor;
    return limit;
}

static void forget(struct gg_ratelimit *limit, struct bucket *bucket)
{
    HASH_DEL(limit->buckets, bucket);
    TAILQ_REMOVE(&limit->ages, bucket, by_age);
    free(bucket);
}

void gg_ratelimit_destroy(struct gg_ratelimit *limit)
{
    if (!limit)
        return;
    while (!TAILQ_EMPTY(&limit->ages))
        forget(limit, TAILQ_FIRST(&limit->ages));
    free(limit);
}

/* The bucket of a key, made full when it is new, and the youngest from now on. */
static struct bucket *touch(struct gg_ratelimit *limit, struct gg_str key, double burst)
{
    unsigned n = key.n < KEY_MAX ? (unsigned)key.n : KEY_MAX;
    struct bucket *bucket;

    HASH_FIND(hh, limit->buckets, key.p, n, bucket);
    if (bucket) {
        TAILQ_REMOVE(&limit->ages, bucket, by_age);
    } else {
        if (HASH_COUNT(limit->buckets) >= limit->max_keys)
            forget(limit, TAILQ_FIRST(&limit->ages));
        bucket = gg_xcalloc(1, sizeof(*bucket));
        memcpy(bucket->key, key.p, n);
        bucket->n = n;
        bucket->tokens = burst;
        bucket->at = gg_mono();
        HASH_ADD_KEYPTR(hh, limit->buckets, bucket->key, n, bucket);
    }
    TAILQ_INSERT_TAIL(&limit->ages, bucket, by_age);
    return bucket;
}

int64_t gg_ratelimit_take(struct gg_ratelimit *limit, struct gg_str key, int64_t per_minute)
{
    double rate = (double)(per_minute * limit->factor) / 100 / 60000; /* tokens a millisecond */
    double burst = rate * 10000 > BURST_MIN ? rate * 10000 : BURST_MIN;
    struct bucket *bucket = touch(limit, key, burst);
    int64_t now = gg_mono();

    bucket->tokens += (double)(now - bucket->at) * rate;
    if (bucket->tokens > burst)
        bucket->tokens = burst;
    bucket->at = now;
    if (bucket->tokens >= 1) {
        bucket->tokens -= 1;
        return 0;
    }
    return (int64_t)((1 - bucket->tokens) / rate) + 1;
}
#pragma GCC diagnostic pop
