/* services/deal/test/test_rrule.c
 * D15 Recurrence rules, and clocks on walls where summer time is kept. */
#include "libcommon/clock.h"
#include "libcommon/zone.h"
#include "rrule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct deal_rule rule(const char *text)
{
    struct deal_rule r;

    assert_true(deal_rule_parse(text, &r));
    return r;
}

static int64_t day(int64_t y, int64_t m, int64_t d)
{
    return gg_day_of_date(y, m, d);
}

static void rules_fall_where_they_should(void **state)
{
    struct deal_rule r = rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH");
    int64_t start = day(2026, 11, 23), at = start; /* a Monday */
    static const int64_t expected[] = {3, 14, 17, 28, 31, 42};

    (void)state;
    for (size_t i = 0; i < GG_LEN(expected); i++) {
        at = deal_rule_next(&r, start, at, 1);
        assert_int_equal(at - start, expected[i]);
    }
    r = rule("FREQ=MONTHLY;BYMONTHDAY=31");
    at = deal_rule_next(&r, day(2027, 1, 31), day(2027, 1, 31), 1);
    assert_int_equal(at, day(2027, 3, 31)); /* February has none */
    r = rule("FREQ=DAILY;INTERVAL=3;UNTIL=20270110");
    at = deal_rule_next(&r, day(2027, 1, 1), day(2027, 1, 7), 3);
    assert_int_equal(at, day(2027, 1, 10));
    assert_int_equal(deal_rule_next(&r, day(2027, 1, 1), at, 4), GG_NONE);
    r = rule("FREQ=WEEKLY;COUNT=3");
    assert_int_equal(deal_rule_next(&r, start, start, 2), start + 7);
    assert_int_equal(deal_rule_next(&r, start, start + 14, 3), GG_NONE);
}

static void other_rules_are_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "WEEKLY",
                                      "FREQ=YEARLY",
                                      "FREQ=WEEKLY;INTERVAL=0",
                                      "FREQ=DAILY;BYDAY=MO",
                                      "FREQ=WEEKLY;BYDAY=XX",
                                      "FREQ=WEEKLY;BYDAY=MO,",
                                      "FREQ=WEEKLY;BYDAY=MOTU",
                                      "FREQ=WEEKLY;BYMONTHDAY=3",
                                      "FREQ=MONTHLY;BYMONTHDAY=32",
                                      "FREQ=DAILY;UNTIL=20270231",
                                      "FREQ=DAILY;COUNT=2;UNTIL=20270101",
                                      "INTERVAL=2",
                                      "FREQ=DAILY;BYSETPOS=1",
                                      "FREQ=DAILY;COUNT=-1",
                                      "FREQ"};
    struct deal_rule r;

    (void)state;
    for (size_t i = 0; i < GG_LEN(bad); i++)
        assert_false(deal_rule_parse(bad[i], &r));
}

static int64_t instant(const char *text)
{
    int64_t ms;

    assert_true(gg_time_parse((struct gg_str){text, strlen(text)}, &ms));
    return ms;
}

static void the_wall_clock_stays(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_zone *berlin = gg_zone_load(arena, "Europe/Berlin"), *seoul = gg_zone_load(arena, "Asia/Seoul");
    struct gg_local local;

    (void)state;
    assert_non_null(berlin);
    assert_non_null(seoul);
    /* Nine in the morning before and after the change of 28 March 2027: 08:00Z, then 07:00Z. */
    local = gg_zone_local(berlin, instant("2027-03-27T08:00:00Z"));
    assert_int_equal(local.ms, 9 * GG_HOUR);
    local.day += 7;
    assert_int_equal(gg_zone_utc(berlin, local), instant("2027-04-03T07:00:00Z"));
    /* Half past two does not exist that night; half past two in October comes twice, the first counts. */
    local = (struct gg_local){gg_day_of_date(2027, 3, 28), 150 * GG_MINUTE};
    assert_int_equal(gg_zone_utc(berlin, local), instant("2027-03-28T01:30:00Z"));
    local = (struct gg_local){gg_day_of_date(2027, 10, 31), 150 * GG_MINUTE};
    assert_int_equal(gg_zone_utc(berlin, local), instant("2027-10-31T00:30:00Z"));
    local = gg_zone_local(seoul, instant("2026-11-21T15:30:00Z"));
    assert_int_equal(local.day, gg_day_of_date(2026, 11, 22));
    assert_int_equal(local.ms, 30 * GG_MINUTE);
    for (int64_t t = instant("2026-01-01T00:30:00Z"); t < instant("2028-01-01T00:00:00Z"); t += 7 * GG_HOUR) {
        assert_int_equal(gg_zone_utc(seoul, gg_zone_local(seoul, t)), t);
        local = gg_zone_local(berlin, gg_zone_utc(berlin, gg_zone_local(berlin, t)));
        assert_int_equal(local.day * GG_DAY + local.ms,
                         gg_zone_local(berlin, t).day * GG_DAY + gg_zone_local(berlin, t).ms);
    }
    assert_null(gg_zone_load(arena, "../../etc/passwd"));
    assert_null(gg_zone_load(arena, "/etc/passwd"));
    assert_null(gg_zone_load(arena, "Mars/Olympus"));
    assert_null(gg_zone_load(arena, ""));
    gg_arena_destroy(arena);
}

static void dates_and_days_agree(void **state)
{
    int64_t y, m, d;

    (void)state;
    assert_int_equal(gg_day_of_date(1970, 1, 1), 0);
    assert_int_equal(gg_day_of_date(2000, 3, 1), 11017);
    for (int64_t n = -200000; n < 200000; n += 13) {
        gg_date_of_day(n, &y, &m, &d);
        assert_int_equal(gg_day_of_date(y, m, d), n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_fall_where_they_should),
        cmocka_unit_test(other_rules_are_refused),
        cmocka_unit_test(the_wall_clock_stays),
        cmocka_unit_test(dates_and_days_agree),
    };

    return cmocka_run_group_tests_name("rrule", tests, NULL, NULL);
}
