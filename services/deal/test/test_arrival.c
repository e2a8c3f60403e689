/* services/deal/test/test_arrival.c
 * D10: shortage and surplus by the rule of the deal, explained; golden cases and properties. */
#include "arrival.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static unsigned seed = 20261121;

static int64_t below(int64_t bound)
{
    return (int64_t)rand_r(&seed) % bound;
}

/* Four neighbours (allotted 3, 2, 2, 1; the second would take two more, the fourth one) and a host with 2. */
static void d10_golden(void **state)
{
    static const struct {
        int64_t came;
        bool pro_rata;
        int64_t got[4], host;
    } cases[] = {
        {10, false, {3, 2, 2, 1}, 2}, {8, false, {3, 2, 2, 1}, 0},  {5, false, {3, 2, 0, 0}, 0},
        {4, false, {3, 1, 0, 0}, 0},  {0, false, {0, 0, 0, 0}, 0},  {5, true, {2, 1, 1, 0}, 1},
        {7, true, {2, 2, 1, 1}, 1},   {9, true, {2, 2, 2, 1}, 2},   {0, true, {0, 0, 0, 0}, 0},
        {11, true, {3, 3, 2, 1}, 2},  {12, false, {3, 3, 2, 2}, 2}, {13, false, {3, 4, 2, 2}, 2},
        {20, false, {3, 4, 2, 2}, 9},
    };

    (void)state;
    for (size_t c = 0; c < GG_LEN(cases); c++) {
        struct deal_part parts[4] = {{.quantity = 3, .allotted = 3},
                                     {.quantity = 2, .tolerance = 2, .allotted = 2},
                                     {.quantity = 2, .allotted = 2},
                                     {.quantity = 1, .tolerance = 1, .allotted = 1}};
        assert_int_equal(deal_arrived(parts, 4, 2, cases[c].came, cases[c].pro_rata), cases[c].host);
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(parts[i].got, cases[c].got[i]);
    }
}

static void d10_all_that_came_is_given_out(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct deal_part parts[20] = {0};
        size_t n = 1 + (size_t)below(20);
        int64_t host = below(20), bought = host, sum, came;
        bool pro_rata = below(2);
        for (size_t i = 0; i < n; i++) {
            parts[i].quantity = 1 + below(20);
            parts[i].tolerance = below(5);
            parts[i].allotted = parts[i].quantity + below(parts[i].tolerance + 1);
            bought += parts[i].allotted;
        }
        came = below(bought + 20);
        sum = deal_arrived(parts, n, host, came, pro_rata);
        assert_true(sum >= 0);
        for (size_t i = 0; i < n; i++) {
            sum += parts[i].got;
            assert_true(parts[i].got >= 0);
            assert_true(parts[i].got <= (came > bought ? parts[i].quantity + parts[i].tolerance : parts[i].allotted));
            if (came >= bought)
                assert_true(parts[i].got >= parts[i].allotted);
            else if (pro_rata)
                assert_true(llabs(parts[i].got * bought - parts[i].allotted * came) < bought);
        }
        assert_int_equal(sum, came);
    }
}

static void what_is_missing_is_not_paid(void **state)
{
    (void)state;
    assert_int_equal(deal_cost_of(10001, 3, 3), 10001);
    assert_int_equal(deal_cost_of(10001, 2, 3), 6667);
    assert_int_equal(deal_cost_of(10001, 0, 3), 0);
    assert_int_equal(deal_cost_of(10001, 4, 3), 10001);
}

static void d10_explained(void **state)
{
    static const struct {
        struct deal_because because;
        const char *says;
    } cases[] = {
        {{.asked = 2, .allotted = 2, .got = GG_NONE}, ""},
        {{.asked = 2, .allotted = 3, .got = GG_NONE},
         "남는 몫을 더 받겠다고 한 이웃에게 고르게 나눠, 2개보다 1개 더 받아요."},
        {{.asked = 5, .allotted = 3, .got = GG_NONE, .boxes = true},
         "다 찬 상자까지만 사기 때문에, 먼저 참여한 순서로 나눠 5개 중 3개를 받아요."},
        {{.asked = 5, .allotted = 0, .got = GG_NONE, .boxes = true},
         "다 찬 상자에 자리가 없어 이번에는 받지 못해요. 묶인 돈은 모두 돌려드려요."},
        {{.asked = 3, .allotted = 3, .got = 3, .bought = 10, .came = 10}, ""},
        {{.asked = 3, .allotted = 3, .got = 1, .bought = 10, .came = 8, .refund_won = 2000},
         "10개 중 8개만 도착했어요. 먼저 참여한 순서로 나눠 3개 중 1개를 받고 2000원을 돌려받아요."},
        {{.asked = 3, .allotted = 3, .got = 2, .bought = 10, .came = 8, .refund_won = 1000, .pro_rata = true},
         "10개 중 8개만 도착했어요. 수량에 비례해 나눠 3개 중 2개를 받고 1000원을 돌려받아요."},
        {{.asked = 3, .allotted = 3, .got = 4, .bought = 10, .came = 11},
         "10개보다 많은 11개가 도착했어요. 더 받겠다고 한 이웃에게 고르게 나눠 1개를 값 없이 더 받아요."},
        {{.asked = 3, .allotted = 3, .got = 3, .bought = 10, .came = 11}, ""},
    };
    char text[DEAL_BECAUSE];

    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        deal_explain(&cases[i].because, text);
        assert_string_equal(text, cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d10_golden),
        cmocka_unit_test(d10_all_that_came_is_given_out),
        cmocka_unit_test(what_is_missing_is_not_paid),
        cmocka_unit_test(d10_explained),
    };

    return cmocka_run_group_tests_name("arrival", tests, NULL, NULL);
}
