/* services/pay/test/test_move.c
 * Who may move what, days in Seoul, exact splits. */
#include "libcommon/clock.h"
#include "move.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct pay_limits limits = {.move = 1000, .day = 1500, .withdraw_min = 10};

static struct pay_move_facts fine(void)
{
    return (struct pay_move_facts){
        .from = {.id = {{1}}, .known = true},
        .to = {.id = {{2}}, .known = true},
        .amount = 100,
        .spent = 0,
        .posted = 5000,
        .pending = 0,
    };
}

static void test_each_reason_has_its_verdict(void **state)
{
    struct pay_move_facts f = fine();

    (void)state;
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_OK);
    f.from.closing = true;
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_CLOSING);
    f = fine();
    f.to = (struct pay_party){0};
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_UNKNOWN);
    f = fine();
    f.to.id = f.from.id;
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_SELF);
    f = fine();
    f.to.closed = true;
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_CLOSED);
    f = fine();
    f.to.closing = true;
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_CLOSED);
    f = fine();
    f.blocked = true;
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_BLOCKED);
}

static void test_limits_and_funds_are_met_to_the_won(void **state)
{
    struct pay_move_facts f = fine();

    (void)state;
    f.amount = 1000;
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_OK);
    f.amount = 1001;
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_ABOVE_MOVE);
    f.amount = 500;
    f.spent = 1000;
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_OK);
    f.amount = 501;
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_ABOVE_DAY);
    f = fine();
    f.posted = 150;
    f.pending = 50;
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_OK);
    f.pending = 51; /* what is held is not there */
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_NO_FUNDS);
}

static void test_a_withdrawal_has_no_payee(void **state)
{
    struct pay_move_facts f = fine();

    (void)state;
    f.to = (struct pay_party){.known = true};
    assert_int_equal(pay_move_judge(&limits, &f), PAY_MOVE_OK);
}

static void test_days_of_seoul(void **state)
{
    int64_t ms, day, from, until;
    char text[PAY_DATE_TEXT], local[PAY_LOCAL_TEXT];

    (void)state;
    assert_true(gg_time_parse(GG_STR("2026-11-20T15:00:00Z"), &ms)); /* midnight in Seoul */
    pay_date_format(pay_day(ms), text);
    assert_string_equal(text, "2026-11-21");
    pay_date_format(pay_day(ms - 1), text);
    assert_string_equal(text, "2026-11-20");
    pay_local_format(ms + 9 * GG_HOUR + 5 * GG_MINUTE, local);
    assert_string_equal(local, "2026-11-21 09:05");
    assert_int_equal(pay_day_start(pay_day(ms)), ms);
    assert_true(pay_month_bounds("2026-12", &from, &until));
    assert_int_equal(until - from, 31 * GG_DAY);
    assert_true(pay_month_bounds("2028-02", &from, &until));
    assert_int_equal(until - from, 29 * GG_DAY);
    for (int64_t d = 10957; d < 40000; d++) { /* every day from 2000 on and back */
        pay_date_format(d, text);
        assert_true(pay_date_parse(text, &day));
        assert_int_equal(day, d);
    }
}

static void test_what_is_no_date(void **state)
{
    static const char *const months[] = {"2026-13", "2026-00", "2026-1",     "26-11",
                                         "2026/11", "",        "2026-11-01", "1999-12"};
    static const char *const dates[] = {"2026-02-29", "2026-11-31", "2026-1-01", "2026-11-00", "", "2026-11-01x"};
    int64_t a, b;

    (void)state;
    for (size_t i = 0; i < GG_LEN(months); i++)
        assert_false(pay_month_bounds(months[i], &a, &b));
    for (size_t i = 0; i < GG_LEN(dates); i++)
        assert_false(pay_date_parse(dates[i], &a));
}

static void test_splits_add_up(void **state)
{
    int64_t parts[50], carry[7] = {0};

    (void)state;
    for (size_t n = 1; n <= 50; n++)
        for (int64_t total = 0; total < 2000; total += 7) {
            int64_t sum = 0, least = INT64_MAX, most = 0;

            pay_split(total, n, (size_t)total % n, parts);
            for (size_t i = 0; i < n; i++) {
                sum += parts[i];
                least = parts[i] < least ? parts[i] : least;
                most = parts[i] > most ? parts[i] : most;
            }
            assert_int_equal(sum, total);
            assert_true(most - least <= 1);
        }
    for (size_t first = 0; first < 7; first++) { /* rotated over seven rounds everyone has paid the same */
        pay_split(1003, 7, first, parts);
        for (size_t i = 0; i < 7; i++)
            carry[i] += parts[i];
    }
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(carry[i], 1003);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_reason_has_its_verdict),
        cmocka_unit_test(test_limits_and_funds_are_met_to_the_won),
        cmocka_unit_test(test_a_withdrawal_has_no_payee),
        cmocka_unit_test(test_days_of_seoul),
        cmocka_unit_test(test_what_is_no_date),
        cmocka_unit_test(test_splits_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
