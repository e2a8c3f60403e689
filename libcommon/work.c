/* libcommon/work.c
 * The pools: a bounded queue each, workers that own their connections, results back to the loop. */
#include "libcommon/work.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/loop_internal.h"
#include "libcommon/metrics.h"
#include "libcommon/work_run.h"

#include <mariadb/mysql.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct pool;

struct thread {
    pthread_t thread;
    struct pool *pool;
    pthread_cond_t wake;
    bool idle; /* it is in the pool's list of those who wait */
    struct thread *next_idle;
};

struct pool {
    const char *name;
    bool connects; /* workers own a database and a Redis connection */
    pthread_mutex_t lock;
    /* Who became idle last works first: its statements are prepared and its memory is warm, and the others sleep on. */
    struct thread *idle;
    struct gg_job *first, **last; /* waiting, oldest first */
    size_t waiting;
    bool stopping;
    struct thread *threads;
    size_t n_threads;
};

static struct pool pools[] = {
    [GG_POOL_DB] = {.name = "db", .connects = true},
    [GG_POOL_CPU] = {.name = "cpu"},
    [GG_POOL_OUT] = {.name = "out", .connects = true},
};
static const struct gg_work_config *config;
static size_t pending; /* loop thread */

/* --- back on the loop --- */

static void finish(void *arg)
{
    struct gg_job *job = arg;

    pending--;
    gg_log_context(job->request_id, job->trace_id);
    job->done(job);
    gg_log_context(NULL, NULL);
}

size_t gg_work_pending(void)
{
    return pending;
}

/* --- on the worker --- */

/* The next job, or NULL when the pool stops and nothing waits. */
static struct gg_job *take(struct thread *self)
{
    struct pool *pool = self->pool;
    struct gg_job *job;

    pthread_mutex_lock(&pool->lock);
    while (!pool->first && !pool->stopping) {
        if (!self->idle) {
            self->idle = true;
            self->next_idle = pool->idle;
            pool->idle = self;
        }
        pthread_cond_wait(&self->wake, &pool->lock);
    }
    job = pool->first;
    if (job) {
        pool->first = job->_next;
        if (!pool->first)
            pool->last = &pool->first;
        pool->waiting--;
    }
    pthread_mutex_unlock(&pool->lock);
    return job;
}

static void run(struct gg_job *job, struct gg_worker *worker)
{
    gg_log_context(job->request_id, job->trace_id);
    job->expired = job->deadline && gg_mono() > job->deadline;
    if (!job->expired)
        job->run(job, worker);
    gg_log_context(NULL, NULL);
    gg_loop_post(finish, job);
}

static void *work(void *arg)
{
    struct thread *self = arg;
    const struct pool *pool = self->pool;
    struct gg_worker worker = {0};
    struct gg_job *job;

    mysql_thread_init();
    if (pool->connects && config->db)
        worker.db = gg_db_create(config->db);
    if (pool->connects && config->redis_address)
        worker.redis = gg_redis_create(config->redis_address, config->redis_password);
    while ((job = take(self)))
        run(job, &worker);
    if (worker.db)
        gg_db_destroy(worker.db);
    if (worker.redis)
        gg_redis_destroy(worker.redis);
    mysql_thread_end();
    return NULL;
}

/* --- from the loop --- */

static void wake_one(struct pool *pool)
{
    struct thread *thread = pool->idle;

    if (!thread)
        return;
    pool->idle = thread->next_idle;
    thread->idle = false;
    pthread_cond_signal(&thread->wake);
}

bool gg_work_submit(struct gg_job *job)
{
    struct pool *pool = &pools[job->pool];
    bool room;

    if (job->pool == GG_POOL_LOOP)
        gg_fatal("work", "a job for the loop needs no pool");
    job->_next = NULL;
    pthread_mutex_lock(&pool->lock);
    room = pool->n_threads > 0 && !pool->stopping && pool->waiting < (size_t)config->queue_max;
    if (room) {
        *pool->last = job;
        pool->last = &job->_next;
        pool->waiting++;
        wake_one(pool);
    }
    pthread_mutex_unlock(&pool->lock);
    if (room)
        pending++;
    else
        gg_count("work_refused_total", "", 1);
    return room;
}

static void start_pool(struct pool *pool, int64_t n)
{
    pthread_mutex_init(&pool->lock, NULL);
    pool->idle = NULL;
    pool->last = &pool->first;
    pool->stopping = false;
    pool->threads = gg_xcalloc((size_t)n, sizeof(*pool->threads));
    for (pool->n_threads = 0; pool->n_threads < (size_t)n; pool->n_threads++) {
        struct thread *thread = &pool->threads[pool->n_threads];
        thread->pool = pool;
        pthread_cond_init(&thread->wake, NULL);
        if (pthread_create(&thread->thread, NULL, work, thread) != 0)
            gg_fatal("work", "cannot start a thread of the %s pool", pool->name);
    }
}

void gg_work_start(const struct gg_work_config *given)
{
    sigset_t all, before;

    config = given;
    gg_loop_base(); /* what workers post to */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before); /* threads inherit it: signals are the loop's */
    start_pool(&pools[GG_POOL_DB], config->db_workers);
    start_pool(&pools[GG_POOL_CPU], config->cpu_workers);
    start_pool(&pools[GG_POOL_OUT], config->out_workers);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void stop_pool(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    for (size_t i = 0; i < pool->n_threads; i++)
        pthread_cond_signal(&pool->threads[i].wake);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i].thread, NULL);
    for (size_t i = 0; i < pool->n_threads; i++)
        pthread_cond_destroy(&pool->threads[i].wake);
    free(pool->threads);
    pool->n_threads = 0;
    pthread_mutex_destroy(&pool->lock);
}

void gg_work_stop(void)
{
    for (size_t i = GG_POOL_DB; i < GG_LEN(pools); i++)
        if (pools[i].n_threads > 0)
            stop_pool(&pools[i]);
}
