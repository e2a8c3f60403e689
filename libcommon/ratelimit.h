/* libcommon/ratelimit.h
 * Token buckets in the process, for the loop: how often a caller may knock. nginx limits addresses in front; budgets
 * that must hold over all instances (codes, log-ins) are the owning service's and live in its schema or Redis. */
#ifndef LIBCOMMON_RATELIMIT_H
#define LIBCOMMON_RATELIMIT_H

#include "libcommon/base.h"

struct gg_ratelimit;

/* Remembers at most `max_keys` callers (the least recent is forgotten). Limits are multiplied by `factor` percent /
 * 100. */
struct gg_ratelimit *gg_ratelimit_create(size_t max_keys, int64_t factor);
void gg_ratelimit_destroy(struct gg_ratelimit *limit);
/* Takes one token of the bucket `key` that refills at `per_minute` and holds a sixth of that, at least 10. 0: allowed;
 * else milliseconds until one is there. Loop thread. */
int64_t gg_ratelimit_take(struct gg_ratelimit *limit, struct gg_str key, int64_t per_minute) GG_MUSTCHECK;

#endif
