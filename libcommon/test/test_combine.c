/* libcommon/test/test_combine.c
 * Combined commits: items of a key meet in batches, in order, one batch at a time, each handed back once. */
#include "libcommon/clock.h"
#include "libcommon/combine.h"
#include "libcommon/log.h"
#include "libcommon/loop_internal.h"
#include "libcommon/work_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>
/* cmocka needs the first two */
#include <cmocka.h>

#define ITEMS 300

static const struct gg_work_config config = {.db_workers = 4, .cpu_workers = 1, .out_workers = 1, .queue_max = 100};

struct item {
    struct gg_combined combined; /* first */
    int key, number;
    int batch; /* which one it was in */
    bool expired;
    int done;
};
static struct item items[ITEMS];
static atomic_int batches, at_work[2], overlaps;
static int last_number[2], out_of_order, finished, expect;
static size_t largest;

static void run(struct gg_combined **list, size_t n, struct gg_arena *arena, struct gg_worker *worker)
{
    int key = ((struct item *)list[0])->key, batch = atomic_fetch_add(&batches, 1) + 1;

    (void)arena;
    (void)worker;
    if (atomic_fetch_add(&at_work[key], 1) > 0)
        atomic_fetch_add(&overlaps, 1);
    for (size_t i = 0; i < n; i++) {
        struct item *item = (struct item *)list[i];
        item->batch = batch;
        if (item->number < last_number[key])
            out_of_order++;
        last_number[key] = item->number;
    }
    if (n > largest)
        largest = n;
    usleep(2000);
    atomic_fetch_sub(&at_work[key], 1);
}

static void done(struct gg_combined *combined, bool expired)
{
    struct item *item = (struct item *)combined;

    item->done++;
    item->expired = expired;
    if (++finished == expect)
        gg_loop_stop();
}

static bool never_with_neighbour(const struct gg_combined *a, const struct gg_combined *b)
{
    return ((const struct item *)a)->number / 2 == ((const struct item *)b)->number / 2;
}

static struct gg_id key_of(int key)
{
    return (struct gg_id){.b = {(uint8_t)(key + 1)}};
}

static void set_up(void)
{
    memset(items, 0, sizeof(items));
    memset(last_number, 0, sizeof(last_number));
    atomic_store(&batches, 0);
    finished = out_of_order = 0;
    largest = 0;
}

static void items_meet_in_order(void **state)
{
    static const struct gg_combiner_class class = {.name = "meet",
                                                   .pool = GG_POOL_DB,
                                                   .most = 64,
                                                   .waiting_max = 1000,
                                                   .patience = 10000,
                                                   .run = run,
                                                   .done = done};
    struct gg_combiner *combiner = gg_combiner_create(&class);

    (void)state;
    set_up();
    expect = ITEMS;
    for (int i = 0; i < ITEMS; i++) {
        items[i].key = i % 2;
        items[i].number = i;
        assert_true(gg_combine(combiner, key_of(i % 2), &items[i].combined));
    }
    gg_loop_run();
    for (int i = 0; i < ITEMS; i++)
        assert_true(items[i].done == 1 && !items[i].expired && items[i].batch > 0);
    assert_int_equal(out_of_order, 0);
    assert_int_equal(atomic_load(&overlaps), 0);
    assert_int_equal(largest, 64);
    /* per key: the first alone, then 64, 64, 21 */
    assert_int_equal(atomic_load(&batches), 8);
    assert_int_equal(items[0].batch == items[2].batch, 0);
    assert_int_equal(items[2].batch, items[4].batch);
}

static void items_keep_apart(void **state)
{
    static const struct gg_combiner_class class = {.name = "apart",
                                                   .pool = GG_POOL_DB,
                                                   .most = 64,
                                                   .waiting_max = 1000,
                                                   .patience = 10000,
                                                   .apart = never_with_neighbour,
                                                   .run = run,
                                                   .done = done};
    struct gg_combiner *combiner = gg_combiner_create(&class);

    (void)state;
    set_up();
    expect = 20;
    for (int i = 0; i < 20; i++) {
        items[i].number = i;
        assert_true(gg_combine(combiner, key_of(0), &items[i].combined));
    }
    gg_loop_run();
    for (int i = 0; i < 20; i += 2)
        assert_int_not_equal(items[i].batch, items[i + 1].batch);
    assert_int_equal(items[4].batch, items[6].batch);
}

static void too_many_are_refused_and_late_ones_given_up(void **state)
{
    static const struct gg_combiner_class class = {
        .name = "bounds", .pool = GG_POOL_DB, .most = 1, .waiting_max = 3, .patience = 1, .run = run, .done = done};
    struct gg_combiner *combiner = gg_combiner_create(&class);

    (void)state;
    set_up();
    expect = 4;
    for (int i = 0; i < 4; i++) {
        items[i].number = i;
        assert_true(gg_combine(combiner, key_of(0), &items[i].combined));
    }
    assert_false(gg_combine(combiner, key_of(0), &items[4].combined));
    gg_loop_run();
    assert_false(items[0].expired);
    assert_true(items[3].expired); /* waited longer than its patience behind the others */
    assert_int_equal(items[3].batch, 0);
    assert_int_equal(items[4].done, 0);
}

static int start(void **state)
{
    (void)state;
    gg_work_start(&config);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    gg_work_stop();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_meet_in_order),
        cmocka_unit_test(items_keep_apart),
        cmocka_unit_test(too_many_are_refused_and_late_ones_given_up),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
