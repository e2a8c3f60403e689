/* libcommon/work.h
 * The loop and the bounded pools. A job is the only thing that crosses threads and is owned by exactly one side:
 * loop -> queue -> worker -> loop. */
#ifndef LIBCOMMON_WORK_H
#define LIBCOMMON_WORK_H

#include "libcommon/db.h"
#include "libcommon/mem.h"
#include "libcommon/redis.h"

enum gg_pool {
    GG_POOL_LOOP, /* no pool: runs at once on the loop; must not block */
    GG_POOL_DB,   /* 16 threads, each with a database and a Redis connection */
    GG_POOL_CPU,  /* one thread per core: argon2id, pictures. No connections */
    GG_POOL_OUT   /* 4 threads for slow outbound HTTP, each with a database and a Redis connection */
};

/* What a worker lends to the job it runs. NULL where the pool has none. */
struct gg_worker {
    struct gg_db *db;
    struct gg_redis *redis;
};

struct gg_job {
    enum gg_pool pool;
    void (*run)(struct gg_job *job, struct gg_worker *worker); /* on the worker */
    void (*done)(struct gg_job *job);                          /* on the loop, always called once; frees the job */
    struct gg_arena *arena;                                    /* inputs and outputs */
    int64_t deadline; /* gg_mono() after which run is skipped and `expired` set; 0: none */
    bool expired;
    char request_id[40], trace_id[40]; /* stand on the worker's log lines */
    struct gg_job *_next;
    int64_t _queued;
};

/* Hands the job to its pool. False when the queue is full: the caller keeps the job. Loop thread. */
bool gg_work_submit(struct gg_job *job) GG_MUSTCHECK;

/* Calls `fn(arg)` on the loop every `ms` for the life of the process. Loop thread, or before the loop runs. */
void gg_loop_every(int64_t ms, void (*fn)(void *arg), void *arg);
/* Calls `fn(arg)` once on the loop, soon. Any thread. */
void gg_loop_post(void (*fn)(void *arg), void *arg);

#endif
