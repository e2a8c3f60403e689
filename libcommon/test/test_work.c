/* libcommon/test/test_work.c
 * The loop and its pools: jobs go there and back once, queues are bounded, deadlines hold. */
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/work_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>
/* cmocka needs the first two */
#include <cmocka.h>

static const struct gg_work_config config = {.db_workers = 2, .cpu_workers = 1, .out_workers = 1, .queue_max = 100};

struct counted {
    struct gg_job job;
    int sleep_ms;
    bool ran, without_database;
};
static atomic_int running, most;
static int finished, expired;

static void run(struct gg_job *job, struct gg_worker *worker)
{
    struct counted *c = (struct counted *)job;
    int now = atomic_fetch_add(&running, 1) + 1;

    if (now > atomic_load(&most))
        atomic_store(&most, now);
    usleep((useconds_t)c->sleep_ms * 1000);
    c->ran = true;
    c->without_database = !worker->db && !worker->redis;
    atomic_fetch_sub(&running, 1);
}

static void done(struct gg_job *job)
{
    struct counted *c = (struct counted *)job;

    assert_true(c->ran != job->expired);
    finished += c->ran;
    expired += job->expired;
    if (gg_work_pending() == 0)
        gg_loop_stop();
    gg_arena_destroy(job->arena);
}

static bool submit(enum gg_pool pool, int sleep_ms, int64_t deadline)
{
    struct gg_arena *arena = gg_arena_create();
    struct counted *c = GG_NEW(arena, struct counted);

    c->sleep_ms = sleep_ms;
    c->job = (struct gg_job){.pool = pool, .run = run, .done = done, .arena = arena, .deadline = deadline};
    if (gg_work_submit(&c->job))
        return true;
    gg_arena_destroy(arena);
    return false;
}

static int start(void **state GG_UNUSED)
{
    gg_log_init("test", GG_LOG_ERROR);
    finished = expired = 0;
    atomic_store(&most, 0);
    gg_work_start(&config);
    return 0;
}

static int stop(void **state GG_UNUSED)
{
    gg_work_stop();
    return 0;
}

static void jobs_come_back_once(void **state GG_UNUSED)
{
    for (int i = 0; i < 90; i++)
        assert_true(submit(i % 3 == 0 ? GG_POOL_CPU : GG_POOL_DB, 0, 0));
    gg_loop_run();
    assert_int_equal(finished, 90);
    assert_int_equal(gg_work_pending(), 0);
}

static void as_many_at_once_as_there_are_workers(void **state GG_UNUSED)
{
    for (int i = 0; i < 6; i++)
        assert_true(submit(GG_POOL_DB, 20, 0));
    gg_loop_run();
    assert_int_equal(finished, 6);
    assert_int_equal(atomic_load(&most), 2);
}

static void a_queue_is_bounded(void **state GG_UNUSED)
{
    int taken = 0;

    for (int i = 0; i < 200; i++)
        taken += submit(GG_POOL_CPU, i == 0 ? 50 : 0, 0);
    assert_true(taken == 100 || taken == 101); /* the worker may have taken the first already */
    assert_true(submit(GG_POOL_OUT, 0, 0));    /* one full queue is not another's */
    gg_loop_run();
    assert_int_equal(finished, taken + 1);
}

static void who_waited_too_long_does_not_run(void **state GG_UNUSED)
{
    assert_true(submit(GG_POOL_CPU, 60, gg_mono() + 30)); /* it only has to begin in time */
    assert_true(submit(GG_POOL_CPU, 0, gg_mono() + 30));
    assert_true(submit(GG_POOL_CPU, 0, gg_mono() + 5000));
    gg_loop_run();
    assert_int_equal(finished, 2);
    assert_int_equal(expired, 1);
}

static int steps;

static void step(void *arg)
{
    assert_int_equal(steps, (int)(intptr_t)arg);
    steps++;
}

static void tick(void *arg GG_UNUSED)
{
    if (++steps == 6)
        gg_loop_stop();
}

static void posted_calls_and_timers(void **state GG_UNUSED)
{
    int64_t before = gg_mono();

    steps = 0;
    for (int i = 0; i < 3; i++)
        gg_loop_post(step, (void *)(intptr_t)i);
    gg_loop_every(20, tick, NULL);
    gg_loop_run();
    assert_int_equal(steps, 6);
    assert_true(gg_mono() - before >= 55);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(jobs_come_back_once, start, stop),
        cmocka_unit_test_setup_teardown(as_many_at_once_as_there_are_workers, start, stop),
        cmocka_unit_test_setup_teardown(a_queue_is_bounded, start, stop),
        cmocka_unit_test_setup_teardown(who_waited_too_long_does_not_run, start, stop),
        cmocka_unit_test_setup_teardown(posted_calls_and_timers, start, stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
