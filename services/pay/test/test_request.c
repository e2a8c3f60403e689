/* services/pay/test/test_request.c
 * 1/N: exact splits, custom amounts, paying over rounds. */
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pay_part_create people[PAY_PARTS_MAX];

static struct pay_round_create bill(int64_t total, size_t n, int split, bool me)
{
    for (size_t i = 0; i < n; i++)
        people[i] = (struct pay_part_create){.amount_won = GG_NONE};
    return (struct pay_round_create){.total_won = total, .split = split, .include_me = me, .people = {people, n}};
}

static void test_equal_parts_add_up_and_differ_by_one_won_at_most(void **state)
{
    (void)state;
    for (size_t n = 1; n <= PAY_PARTS_MAX; n++)
        for (int64_t total = 100; total < 400; total++)
            for (int me = 0; me < 2; me++) {
                struct pay_round_create round = bill(total, n, PAY_SPLIT_EQUAL, me);
                int64_t parts[PAY_PARTS_MAX], own, sum, least, most;

                assert_int_equal(pay_request_plan(&round, (size_t)total, parts, &own), PAY_PLAN_OK);
                sum = own;
                least = most = parts[0];
                for (size_t i = 0; i < n; i++) {
                    sum += parts[i];
                    least = parts[i] < least ? parts[i] : least;
                    most = parts[i] > most ? parts[i] : most;
                }
                if (me) {
                    least = own < least ? own : least;
                    most = own > most ? own : most;
                } else {
                    assert_int_equal(own, 0);
                }
                assert_int_equal(sum, total);
                assert_true(most - least <= 1);
            }
}

static void test_who_bears_the_odd_won_changes_with_the_turn(void **state)
{
    struct pay_round_create round = bill(1001, 3, PAY_SPLIT_EQUAL, true);
    int64_t parts[PAY_PARTS_MAX], own;

    (void)state;
    assert_int_equal(pay_request_plan(&round, 0, parts, &own), PAY_PLAN_OK);
    assert_int_equal(own, 251);
    assert_int_equal(pay_request_plan(&round, 1, parts, &own), PAY_PLAN_OK);
    assert_int_equal(own, 250);
    assert_int_equal(parts[0], 251);
}

static void test_custom_amounts_are_the_total(void **state)
{
    struct pay_round_create round = bill(1000, 2, PAY_SPLIT_CUSTOM, false);
    int64_t parts[PAY_PARTS_MAX], own;

    (void)state;
    assert_int_equal(pay_request_plan(&round, 0, parts, &own), PAY_PLAN_MISSING);
    people[0].amount_won = 600;
    people[1].amount_won = 400;
    assert_int_equal(pay_request_plan(&round, 0, parts, &own), PAY_PLAN_OK);
    assert_int_equal(own, 0);
    people[1].amount_won = 399;
    assert_int_equal(pay_request_plan(&round, 0, parts, &own), PAY_PLAN_SUM);
    round.include_me = true; /* the rest is the creator's own */
    assert_int_equal(pay_request_plan(&round, 0, parts, &own), PAY_PLAN_OK);
    assert_int_equal(own, 1);
    people[1].amount_won = 401;
    assert_int_equal(pay_request_plan(&round, 0, parts, &own), PAY_PLAN_SUM);
}

static void test_what_is_no_split(void **state)
{
    struct pay_round_create round = bill(2, 3, PAY_SPLIT_EQUAL, false);
    int64_t parts[PAY_PARTS_MAX], own;

    (void)state;
    assert_int_equal(pay_request_plan(&round, 0, parts, &own), PAY_PLAN_TOO_SMALL);
    round.total_won = 300;
    people[1].amount_won = 100;
    assert_int_equal(pay_request_plan(&round, 0, parts, &own), PAY_PLAN_GIVEN);
}

static void test_paying_fills_the_rounds_in_order(void **state)
{
    struct pay_open_part parts[] = {{.round = 1, .amount = 100},
                                    {.round = 2, .amount = 50, .state = PAY_PART_DECLINED},
                                    {.round = 3, .amount = 70}};

    (void)state;
    assert_int_equal(pay_parts_open(parts, 3), 170);
    pay_parts_pay(parts, 3, 60);
    assert_int_equal(parts[0].paid, 60);
    assert_int_equal(parts[0].state, PAY_PART_OPEN);
    pay_parts_pay(parts, 3, 60);
    assert_int_equal(parts[0].state, PAY_PART_PAID);
    assert_int_equal(parts[1].paid, 0);
    assert_int_equal(parts[2].paid, 20);
    assert_int_equal(pay_parts_open(parts, 3), 50);
    pay_parts_pay(parts, 3, 50);
    assert_int_equal(parts[2].state, PAY_PART_PAID);
    assert_int_equal(pay_parts_open(parts, 3), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_parts_add_up_and_differ_by_one_won_at_most),
        cmocka_unit_test(test_who_bears_the_odd_won_changes_with_the_turn),
        cmocka_unit_test(test_custom_amounts_are_the_total),
        cmocka_unit_test(test_what_is_no_split),
        cmocka_unit_test(test_paying_fills_the_rounds_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
