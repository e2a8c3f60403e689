/* services/deal/test/test_join.c
 * Who may join, change or leave: the pure decision, one reason after the other, and that no run of decisions oversells.
 */
#include "join.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1800000000000)

static unsigned seed = 20261121;

static int64_t below(int64_t bound)
{
    return (int64_t)rand_r(&seed) % bound;
}

/* Ten portions, two of the host; four taken. */
static struct deal_row ten(void)
{
    struct deal_row deal = {.state = DEAL_RECRUITING,
                            .total_won = 10000,
                            .portions = 10,
                            .host_portions = 2,
                            .min_portions = 1,
                            .taken = 4,
                            .closes_at = NOW + 3600000};

    deal.plan = deal_plan_plain;
    return deal;
}

static void every_reason(void **state)
{
    static const struct deal_ask two = {.quantity = 2, .terms = GG_NONE};
    struct deal_row deal = ten();
    struct deal_ask ask = two;
    int64_t now = NOW;

    (void)state;
    assert_null(deal_decide(&deal, &ask, now).problem);
#define REFUSED(expected, ...)                                                                                         \
    do {                                                                                                               \
        deal = ten();                                                                                                  \
        ask = two;                                                                                                     \
        now = NOW;                                                                                                     \
        __VA_ARGS__;                                                                                                   \
        assert_ptr_equal(deal_decide(&deal, &ask, now).problem, expected);                                             \
    } while (0)
    REFUSED(&DEAL_OWN, ask.host = true);
    REFUSED(&DEAL_CLOSED, deal.state = DEAL_CLOSING);
    REFUSED(&DEAL_CLOSED, now = deal.closes_at);
    REFUSED(NULL, now = deal.closes_at - 1);
    REFUSED(&DEAL_BLOCKED, ask.blocked = true);
    REFUSED(&DEAL_ACCOUNT_CLOSING, ask.closing = true);
    REFUSED(&DEAL_TERMS_CHANGED, (ask.terms = 1, deal.plan.terms = 2));
    REFUSED(NULL, (ask.terms = 2, deal.plan.terms = 2));
    REFUSED(&DEAL_QUANTITY_OVER_LIMIT, ask.tolerance = 7);
    REFUSED(&DEAL_QUANTITY_OVER_LIMIT, (deal.plan.each_max = 3, ask.tolerance = 2));
    REFUSED(&DEAL_FULL, ask.quantity = 5);
    REFUSED(&DEAL_FULL, deal.plan.max_portions = 5);
    REFUSED(&DEAL_FULL, deal.plan.offered = 3);
    REFUSED(NULL, (deal.plan.offered = 3, ask.offered = 3));
    REFUSED(&DEAL_FULL, deal.plan.queue = 1);
    REFUSED(NULL, (deal.plan.queue = 1, deal.plan.offered = 2, ask.offered = 2));
    /* Who is in already may always ask for less, whatever became of him or the deal. */
    REFUSED(NULL, (ask.had_quantity = 3, ask.blocked = ask.closing = true, deal.plan.queue = 9));
    REFUSED(&DEAL_CLOSED, (ask.had_quantity = 3, now = deal.closes_at));
    /* Boxes of five: eight are asked for, and one is whole. Joining must complete the second near closing. */
    REFUSED(&DEAL_BOX_FILL, (deal.plan.boxes_max = 2, deal.plan.fill_minutes = 60, deal.taken = 3));
    REFUSED(NULL, (deal.plan.boxes_max = 2, deal.plan.fill_minutes = 60, deal.taken = 4));
    REFUSED(NULL, (deal.plan.boxes_max = 2, deal.plan.fill_minutes = 59, deal.taken = 3));
    REFUSED(&DEAL_BOX_FILL, (deal.plan.boxes_max = 2, deal.plan.fill_minutes = 60, deal.taken = 3, ask.quantity = 0,
                             ask.had_quantity = 1));
}

static void d1_no_run_of_decisions_oversells(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct deal_row deal = ten();
        int64_t held[8] = {0};

        deal.portions = 4 + below(30);
        deal.host_portions = below(3);
        deal.taken = 0;
        for (int step = 0; step < 60; step++) {
            size_t who = (size_t)below(8);
            struct deal_ask ask = {.quantity = below(6), .had_quantity = held[who], .terms = GG_NONE};
            if (ask.quantity == 0 && held[who] == 0)
                continue;
            if (deal_decide(&deal, &ask, NOW).problem) {
                assert_true(ask.quantity > held[who]); /* less is never refused */
                continue;
            }
            deal.taken += ask.quantity - held[who];
            held[who] = ask.quantity;
            assert_true(deal.taken <= deal.portions - deal.host_portions);
        }
    }
}

static void d5_the_most_a_share_can_cost_bounds_every_outcome(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct deal_row deal = ten();
        struct deal_part parts[12] = {0};
        size_t n = 1 + (size_t)below(12);
        struct deal_lot lot;
        int64_t sold;

        deal.portions = 2 + below(20);
        deal.total_won = 100 + below(100000);
        if (below(2)) {
            deal.plan.boxes_max = 1 + below(5);
            deal.portions *= deal.plan.boxes_max;
            deal.total_won *= deal.plan.boxes_max;
        }
        deal.plan.ceiling_won = below(2) ? GG_NONE : deal.total_won * 2;
        deal.host_portions = below(3) ? 0 : below(deal.portions);
        deal.plan.delivery_won = below(3) ? below(10000) : 0;
        deal.plan.delivery_rule = (int)below(2);
        deal.plan.each_max = below(2) ? GG_NONE : 1 + below(6);
        deal.min_portions = 1 + below(4);
        deal.taken = 0;
        for (size_t i = 0; i < n; i++) {
            int64_t most = deal.plan.each_max == GG_NONE ? 6 : deal.plan.each_max;
            parts[i].quantity = 1 + below(most);
            parts[i].tolerance = below(most - parts[i].quantity + 1);
            if (deal.taken + parts[i].quantity > deal_capacity(&deal)) {
                n = i;
                break;
            }
            deal.taken += parts[i].quantity;
            parts[i].carry = below(2 * DEAL_CARRY_WON + 1) - DEAL_CARRY_WON;
        }
        sold = deal_decide_allotments(&deal, parts, n, &lot);
        if (n == 0 || sold < deal.min_portions)
            continue;
        assert_true(deal_split(parts, n, &lot) >= 0);
        for (size_t i = 0; i < n; i++)
            assert_true(parts[i].amount_won <= deal_max_won(&deal, parts[i].quantity + parts[i].tolerance));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason),
        cmocka_unit_test(d1_no_run_of_decisions_oversells),
        cmocka_unit_test(d5_the_most_a_share_can_cost_bounds_every_outcome),
    };

    return cmocka_run_group_tests_name("join", tests, NULL, NULL);
}
