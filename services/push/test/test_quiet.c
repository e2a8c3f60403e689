/* services/push/test/test_quiet.c
 * Quiet hours in any zone and over summer time, the night of the law, digest windows. */
#include "quiet.h"

#include "libcommon/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int64_t at(const char *text)
{
    int64_t ms;

    assert_true(gg_time_parse((struct gg_str){text, strlen(text)}, &ms));
    return ms;
}

static void zones_are_found_and_strange_names_are_not(void **state)
{
    (void)state;
    assert_non_null(gg_tz_find("Asia/Seoul"));
    assert_ptr_equal(gg_tz_find("Asia/Seoul"), gg_tz_find("Asia/Seoul"));
    assert_null(gg_tz_find("Asia/Nowhere"));
    assert_null(gg_tz_find("../../etc/passwd"));
    assert_null(gg_tz_find("/etc/passwd"));
    assert_null(gg_tz_find(""));
    assert_int_equal(gg_tz_offset(gg_tz_find("Asia/Seoul"), at("2026-07-01T00:00:00Z")), 9 * GG_HOUR);
    assert_int_equal(gg_tz_offset(gg_tz_find("America/New_York"), at("2026-07-01T00:00:00Z")), -4 * GG_HOUR);
    assert_int_equal(gg_tz_offset(gg_tz_find("America/New_York"), at("2026-12-01T00:00:00Z")), -5 * GG_HOUR);
}

static void n8_quiet_hours_end_where_the_clock_says(void **state)
{
    struct push_hours hours = {gg_tz_find("Asia/Seoul"), 22 * 60, 7 * 60};

    (void)state;
    assert_int_equal(push_quiet_end(&hours, at("2026-11-21T23:30:00+09:00")), at("2026-11-22T07:00:00+09:00"));
    assert_int_equal(push_quiet_end(&hours, at("2026-11-21T06:59:59.999+09:00")), at("2026-11-21T07:00:00+09:00"));
    assert_int_equal(push_quiet_end(&hours, at("2026-11-21T07:00:00+09:00")), at("2026-11-21T07:00:00+09:00"));
    assert_int_equal(push_quiet_end(&hours, at("2026-11-21T21:59:59+09:00")), at("2026-11-21T21:59:59+09:00"));
    hours.from = GG_NONE;
    assert_int_equal(push_quiet_end(&hours, at("2026-11-21T23:30:00+09:00")), at("2026-11-21T23:30:00+09:00"));
}

/* New York puts its clock forward from 2:00 to 3:00 on 8 March 2026 and back from 2:00 to 1:00 on 1 November. */
static void n8_summer_time_neither_skips_nor_repeats_the_morning(void **state)
{
    struct push_hours hours = {gg_tz_find("America/New_York"), 23 * 60, 2 * 60 + 30};

    (void)state;
    assert_int_equal(push_quiet_end(&hours, at("2026-03-08T00:00:00-05:00")), at("2026-03-08T03:00:00-04:00"));
    assert_int_equal(push_quiet_end(&hours, at("2026-11-01T00:30:00-04:00")), at("2026-11-01T02:30:00-05:00"));
    assert_int_equal(push_quiet_end(&hours, at("2026-07-08T00:30:00-04:00")), at("2026-07-08T02:30:00-04:00"));
}

/* Whatever the zone, the hours and the instant: the end is never before, at most a day and a clock change later, and
 * there it is not quiet. */
static void n8_property_the_end_is_the_first_instant_that_is_not_quiet(void **state)
{
    static const char *const zones[] = {
        "Asia/Seoul",     "America/New_York",  "Europe/Berlin",     "Australia/Lord_Howe",
        "Asia/Kathmandu", "America/Sao_Paulo", "Africa/Casablanca", "UTC"};
    unsigned seed = 20261121;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        struct push_hours hours = {gg_tz_find(zones[(unsigned)rand_r(&seed) % GG_LEN(zones)]), rand_r(&seed) % 1440,
                                   rand_r(&seed) % 1440};
        int64_t now = at("2025-01-01T00:00:00Z") + (int64_t)rand_r(&seed) % 1000000 * GG_MINUTE + rand_r(&seed) % 60000;
        int64_t end = push_quiet_end(&hours, now);
        assert_non_null(hours.tz);
        assert_true(end >= now && end <= now + 26 * GG_HOUR);
        assert_int_equal(push_quiet_end(&hours, end), end);
        if (end > now)
            assert_true(push_quiet_end(&hours, end - 1) == end);
    }
}

static void n10_the_night_of_the_law_is_korean(void **state)
{
    (void)state;
    assert_int_equal(push_night_end(at("2026-11-21T20:59:59+09:00")), at("2026-11-21T20:59:59+09:00"));
    assert_int_equal(push_night_end(at("2026-11-21T21:00:00+09:00")), at("2026-11-22T08:00:00+09:00"));
    assert_int_equal(push_night_end(at("2026-11-22T07:59:59+09:00")), at("2026-11-22T08:00:00+09:00"));
    assert_int_equal(push_night_end(at("2026-11-22T08:00:00+09:00")), at("2026-11-22T08:00:00+09:00"));
}

static void n9_events_of_one_second_share_their_window(void **state)
{
    const struct gg_tz *tz = gg_tz_find("Asia/Seoul");

    (void)state;
    assert_int_equal(push_digest_window(tz, 1440, 18 * 60, at("2026-11-21T17:59:59.001+09:00")),
                     at("2026-11-21T18:00:00+09:00"));
    assert_int_equal(push_digest_window(tz, 1440, 18 * 60, at("2026-11-21T17:59:59.999+09:00")),
                     at("2026-11-21T18:00:00+09:00"));
    assert_int_equal(push_digest_window(tz, 1440, 18 * 60, at("2026-11-21T18:00:00+09:00")),
                     at("2026-11-22T18:00:00+09:00"));
    assert_int_equal(push_digest_window(tz, 60, 0, at("2026-11-21T18:00:00+09:00")), at("2026-11-21T19:00:00+09:00"));
    assert_int_equal(push_digest_window(gg_tz_find("Asia/Kathmandu"), 60, 0, at("2026-11-21T18:20:00+05:45")),
                     at("2026-11-21T19:00:00+05:45"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_are_found_and_strange_names_are_not),
        cmocka_unit_test(n8_quiet_hours_end_where_the_clock_says),
        cmocka_unit_test(n8_summer_time_neither_skips_nor_repeats_the_morning),
        cmocka_unit_test(n8_property_the_end_is_the_first_instant_that_is_not_quiet),
        cmocka_unit_test(n10_the_night_of_the_law_is_korean),
        cmocka_unit_test(n9_events_of_one_second_share_their_window),
    };

    return cmocka_run_group_tests_name("quiet", tests, NULL, NULL);
}
