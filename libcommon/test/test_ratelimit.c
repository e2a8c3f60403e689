/* libcommon/test/test_ratelimit.c
 * Token buckets against a clock of our own: this file stands in for clock.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/clock.h"
#include "libcommon/ratelimit.h"

static int64_t now = 1000000;

int64_t gg_mono(void)
{
    return now;
}

static int64_t take(struct gg_ratelimit *limit, const char *key, int64_t per_minute)
{
    return gg_ratelimit_take(limit, (struct gg_str){key, strlen(key)}, per_minute);
}

/* How many of these tries are allowed without time passing. */
static int allowed(struct gg_ratelimit *limit, const char *key, int64_t per_minute, int tries)
{
    int n = 0;

    for (int i = 0; i < tries; i++)
        n += take(limit, key, per_minute) == 0;
    return n;
}

static void a_burst_then_the_rate(void **state)
{
    struct gg_ratelimit *limit = gg_ratelimit_create(100, 100);

    (void)state;
    assert_int_equal(allowed(limit, "a", 600, 200), 100); /* a sixth */
    assert_int_equal(allowed(limit, "b", 6, 200), 10);    /* at least ten */
    now += 1000;
    assert_int_equal(allowed(limit, "a", 600, 200), 10);
    now += GG_HOUR;
    assert_int_equal(allowed(limit, "a", 600, 200), 100); /* never more than the bucket holds */
    gg_ratelimit_destroy(limit);
}

/* The wait is enough, and a millisecond less than the least is not. */
static void the_wait_is_honest(void **state)
{
    static const int64_t rates[] = {1, 6, 7, 60, 599, 600, 60000};

    (void)state;
    for (size_t i = 0; i < GG_LEN(rates); i++) {
        struct gg_ratelimit *limit = gg_ratelimit_create(100, 100);
        int64_t wait;
        while ((wait = take(limit, "k", rates[i])) == 0)
            ;
        assert_in_range(wait, 1, 60000 / rates[i] + 2);
        if (wait > 2) {
            now += wait - 2;
            assert_in_range(take(limit, "k", rates[i]), 1, 2);
            wait = 2;
        }
        now += wait;
        assert_int_equal(take(limit, "k", rates[i]), 0);
        gg_ratelimit_destroy(limit);
    }
}

static void the_factor_multiplies(void **state)
{
    struct gg_ratelimit *limit = gg_ratelimit_create(100, 1000), *half = gg_ratelimit_create(100, 50);

    (void)state;
    assert_int_equal(allowed(limit, "a", 600, 2000), 1000);
    assert_int_equal(allowed(half, "a", 600, 2000), 50);
    gg_ratelimit_destroy(limit);
    gg_ratelimit_destroy(half);
}

static void the_longest_silent_is_forgotten(void **state)
{
    struct gg_ratelimit *limit = gg_ratelimit_create(3, 100);

    (void)state;
    assert_int_equal(allowed(limit, "a", 60, 20), 10);
    assert_int_equal(allowed(limit, "b", 60, 20), 10);
    assert_int_equal(allowed(limit, "c", 60, 20), 10);
    assert_true(take(limit, "a", 60) > 0); /* now b is the oldest */
    assert_int_equal(take(limit, "d", 60), 0);
    assert_true(take(limit, "a", 60) > 0);
    assert_true(take(limit, "c", 60) > 0);
    assert_int_equal(take(limit, "b", 60), 0); /* a full bucket again */
    gg_ratelimit_destroy(limit);
}

static void many_callers_and_long_keys(void **state)
{
    struct gg_ratelimit *limit = gg_ratelimit_create(1000, 100);
    char key[400];

    (void)state;
    for (int i = 0; i < 50000; i++) {
        snprintf(key, sizeof(key), "address-%d", i);
        assert_int_equal(take(limit, key, 600), 0);
    }
    memset(key, 'x', sizeof(key) - 1);
    key[sizeof(key) - 1] = '\0';
    assert_int_equal(allowed(limit, key, 6, 20), 10);
    assert_int_equal(take(limit, "", 6), 0);
    gg_ratelimit_destroy(limit);
    gg_ratelimit_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_then_the_rate),      cmocka_unit_test(the_wait_is_honest),
        cmocka_unit_test(the_factor_multiplies),      cmocka_unit_test(the_longest_silent_is_forgotten),
        cmocka_unit_test(many_callers_and_long_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
