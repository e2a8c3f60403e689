/* libcommon/test/test_clock.c
 * RFC 3339 both ways, exactly; the clock that tests move. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "libcommon/clock.h"

static void texts_that_are_times(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01T00:00:00.001Z", 1},
        {"1970-01-01t00:00:01z", 1000},
        {"2026-11-21T09:00:00.000Z", INT64_C(1795251600000)},
        {"2026-11-21T18:00:00+09:00", INT64_C(1795251600000)},
        {"2026-11-21T05:30:00-03:30", INT64_C(1795251600000)},
        {"2026-11-21T09:00:00-00:00", INT64_C(1795251600000)},
        {"2026-11-22T08:59:00.5+23:59", INT64_C(1795251600500)},
        {"2026-11-21T09:00:00.12Z", INT64_C(1795251600120)},
        {"2026-11-21T09:00:00.999999999Z", INT64_C(1795251600999)},
        {"2000-02-29T00:00:00Z", INT64_C(951782400000)},
        {"2024-02-29T23:59:59.999Z", INT64_C(1709251199999)},
        {"1969-12-31T23:00:00-01:00", -1},
        {"1970-01-01T09:00:00+09:00", 0},
        {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
    };
    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        int64_t ms = -1;
        bool ok = gg_time_parse((struct gg_str){cases[i].text, strlen(cases[i].text)}, &ms);
        assert_int_equal(ok, cases[i].ms >= 0);
        assert_int_equal(ms, cases[i].ms);
    }
}

static void texts_that_are_none(void **state)
{
    static const char *const cases[] = {
        "",
        "2026-11-21",
        "2026-11-21T09:00:00",
        "2026-11-21T09:00Z",
        "2026-11-21 09:00:00Z",
        "2026-11-21T09:00:00.Z",
        "2026-11-21T09:00:00,5Z",
        "2026-11-21T09:00:00.1234567890Z",
        "2026-11-21T09:00:00+09",
        "2026-11-21T09:00:00+0900",
        "2026-11-21T09:00:00+24:00",
        "2026-11-21T09:00:00+09:60",
        "2026-11-21T09:00:00ZZ",
        "2026-11-21T09:00:00Z ",
        " 2026-11-21T09:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T09:60:00Z",
        "2026-11-21T09:00:60Z",
        "2026-00-21T09:00:00Z",
        "2026-13-21T09:00:00Z",
        "2026-11-00T09:00:00Z",
        "2026-11-31T09:00:00Z",
        "2026-02-29T09:00:00Z",
        "2100-02-29T09:00:00Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "+2026-11-21T09:00:00Z",
        "20261121T090000Z",
        "2026-11-21T9:00:00Z",
        "2026-11-2\xef\xbc\x91T09:00:00Z",
    };
    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        int64_t ms = 77;
        assert_false(gg_time_parse((struct gg_str){cases[i], strlen(cases[i])}, &ms));
        assert_int_equal(ms, 77);
    }
    int64_t ms;
    assert_false(gg_time_parse(GG_STR("2026-11-21T09:00:00Z\0"), &ms));
}

/* Every day until 2400 (all leap rules) at a wandering time of day: text and back, checked against the C library. */
static void every_day_there_and_back(void **state)
{
    (void)state;
    for (int64_t day = 0; day < 157054; day++) {
        int64_t ms = day * GG_DAY + day * 7919 % GG_DAY, back;
        char text[GG_TIME_TEXT], expected[GG_TIME_TEXT];
        time_t seconds = (time_t)(ms / GG_SECOND);
        struct tm tm;
        gg_time_format(ms, text);
        gmtime_r(&seconds, &tm);
        strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S", &tm);
        assert_memory_equal(text, expected, 19);
        assert_true(gg_time_parse((struct gg_str){text, strlen(text)}, &back));
        assert_int_equal(back, ms);
    }
}

static void what_has_no_text_is_cut_to_what_has(void **state)
{
    char text[GG_TIME_TEXT];

    (void)state;
    gg_time_format(-1, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000Z");
    gg_time_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999Z");
}

static void the_clock_stands_still_and_runs_again(void **state)
{
    (void)state;
    gg_clock_set(12345);
    assert_int_equal(gg_now(), 12345);
    gg_clock_set(0);
    assert_int_equal(gg_now(), 0);
    gg_clock_set(GG_NONE);
    assert_true(llabs((long long)gg_now() - (long long)time(NULL) * 1000) < 5000);
    int64_t before = gg_mono();
    assert_true(gg_mono() >= before);
}

static void the_clock_follows_a_file(void **state)
{
    char path[] = "/tmp/gonggu-clock-XXXXXX";
    int fd = mkstemp(path);
    int64_t ahead = 3 * GG_DAY;

    (void)state;
    assert_true(fd >= 0);
    assert_false(gg_clock_follow("/nonexistent/clock"));
    assert_false(gg_clock_follow(path));
    assert_int_equal(pwrite(fd, &ahead, sizeof(ahead), 0), sizeof(ahead));
    assert_true(gg_clock_follow(path));
    assert_true(llabs((long long)(gg_now() - ahead) - (long long)time(NULL) * 1000) < 5000);
    ahead = -GG_DAY;
    assert_int_equal(pwrite(fd, &ahead, sizeof(ahead), 0), sizeof(ahead));
    assert_true(llabs((long long)(gg_now() - ahead) - (long long)time(NULL) * 1000) < 5000);
    gg_clock_set(5);
    assert_int_equal(gg_now(), 5);
    gg_clock_set(GG_NONE);
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_that_are_times),
        cmocka_unit_test(texts_that_are_none),
        cmocka_unit_test(every_day_there_and_back),
        cmocka_unit_test(what_has_no_text_is_cut_to_what_has),
        cmocka_unit_test(the_clock_stands_still_and_runs_again),
        cmocka_unit_test(the_clock_follows_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
