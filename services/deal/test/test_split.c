/* services/deal/test/test_split.c
 * The arithmetic of sharing, as properties over many random lots. The seed is fixed: a failure can be repeated. */
#include "split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 20000
#define MOST   40

static unsigned seed = 20261121;

static int64_t below(int64_t bound)
{
    return (int64_t)rand_r(&seed) % bound;
}

/* A lot with room for everybody's firm quantity. */
static size_t random_lot(struct deal_part parts[MOST], int64_t *portions, int64_t *capacity)
{
    size_t n = 0;
    int64_t firm = 0;

    *portions = 2 + below(998);
    *capacity = *portions - below(*portions / 2 + 1);
    memset(parts, 0, sizeof(parts[0]) * MOST);
    while (n < MOST && firm < *capacity && below(10) > 0) {
        parts[n].quantity = 1 + below(*capacity - firm < 20 ? *capacity - firm : 20);
        parts[n].tolerance = below(3) ? 0 : below(10);
        firm += parts[n++].quantity;
    }
    return n;
}

/* Goods and delivery for a lot of so many portions; half of the lots come without delivery. */
static struct deal_lot random_price(int64_t portions)
{
    return (struct deal_lot){.portions = portions,
                             .total_won = 1 + below(100000000),
                             .delivery_won = below(2) ? below(50000) : 0,
                             .delivery_equal = below(2)};
}

static int64_t total_of(const struct deal_part *parts, size_t n)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += parts[i].amount_won;
    return sum;
}

static void d2_split_is_exact(void **state)
{
    struct deal_part parts[MOST];
    int64_t portions, capacity;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = random_lot(parts, &portions, &capacity);
        struct deal_lot lot = random_price(portions);
        struct deal_price price = {
            .lot = lot, .host_portions = portions - capacity, .min_portions = 1, .each_max = GG_NONE};
        int64_t host, whole = lot.total_won + lot.delivery_won;
        deal_allot(parts, n, capacity);
        for (size_t i = 0; i < n; i++)
            parts[i].carry = below(2 * DEAL_CARRY_WON + 1) - DEAL_CARRY_WON;
        host = deal_split(parts, n, &lot);
        assert_true(host >= 0);
        assert_int_equal(total_of(parts, n) + host, whole);
        for (size_t i = 0; i < n; i++) {
            assert_true(lot.delivery_equal || parts[i].amount_won >= whole * parts[i].allotted / portions);
            assert_true(parts[i].amount_won >= lot.total_won * parts[i].allotted / portions);
            assert_true(parts[i].amount_won <= deal_cost_max(&price, parts[i].allotted));
            for (size_t j = 0; j < n; j++)
                if (parts[i].allotted == parts[j].allotted)
                    assert_true(llabs(parts[i].amount_won - parts[j].amount_won) <= 1);
        }
    }
}

static void earlier_neighbours_carry_the_odd_won(void **state)
{
    struct deal_part parts[3] = {{.allotted = 1}, {.allotted = 1}, {.allotted = 1}};

    (void)state;
    assert_int_equal(deal_split(parts, 3, &(struct deal_lot){.portions = 3, .total_won = 10001}), 0);
    assert_int_equal(parts[0].amount_won, 3334);
    assert_int_equal(parts[1].amount_won, 3334);
    assert_int_equal(parts[2].amount_won, 3333);
}

static void d2_odd_won_rotate(void **state)
{
    int64_t carries[3] = {0};
    struct deal_lot lot = {.portions = 3, .total_won = 10001};

    (void)state;
    for (int deal = 0; deal < 100; deal++) {
        struct deal_part parts[3] = {{.allotted = 1}, {.allotted = 1}, {.allotted = 1}};
        for (int i = 0; i < 3; i++)
            parts[i].carry = carries[i];
        assert_int_equal(deal_split(parts, 3, &lot), 0);
        for (int i = 0; i < 3; i++) {
            carries[i] += parts[i].carry_delta;
            assert_true(llabs(carries[i]) <= DEAL_CARRY_WON);
        }
    }
}

/* The same rule said slowly: one unit at a time to whoever has the fewest extras and joined first. */
static void allot_slowly(struct deal_part *parts, size_t n, int64_t capacity)
{
    int64_t sold = 0;

    for (size_t i = 0; i < n; i++)
        sold += parts[i].allotted = parts[i].quantity;
    while (sold < capacity) {
        struct deal_part *best = NULL;
        for (size_t i = 0; i < n; i++) {
            int64_t extra = parts[i].allotted - parts[i].quantity;
            if (extra < parts[i].tolerance && (!best || extra < best->allotted - best->quantity))
                best = &parts[i];
        }
        if (!best)
            return;
        best->allotted++;
        sold++;
    }
}

static void d3_extras_are_spread_within_one_unit(void **state)
{
    struct deal_part parts[MOST], slow[MOST];
    int64_t portions, capacity;

    (void)state;
    for (int round = 0; round < ROUNDS / 4; round++) {
        size_t n = random_lot(parts, &portions, &capacity);
        int64_t sold, sum = 0;
        memcpy(slow, parts, sizeof(parts));
        sold = deal_allot(parts, n, capacity);
        allot_slowly(slow, n, capacity);
        for (size_t i = 0; i < n; i++) {
            int64_t extra = parts[i].allotted - parts[i].quantity;
            sum += parts[i].allotted;
            assert_int_equal(parts[i].allotted, slow[i].allotted);
            assert_true(extra >= 0 && extra <= parts[i].tolerance);
            for (size_t j = 0; j < n; j++) {
                int64_t other = parts[j].allotted - parts[j].quantity;
                if (other > extra + 1)
                    assert_int_equal(extra, parts[i].tolerance);
            }
        }
        assert_int_equal(sum, sold);
        assert_true(sold <= capacity);
    }
}

static void d9_a_receipt_never_raises_a_share(void **state)
{
    struct deal_part parts[MOST];
    int64_t portions, capacity;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = random_lot(parts, &portions, &capacity);
        struct deal_lot lot = random_price(portions), bought = lot;
        int64_t host;
        bought.total_won = 1 + below(lot.total_won);
        bought.delivery_won = below(lot.delivery_won + 1);
        deal_allot(parts, n, capacity);
        deal_split(parts, n, &lot);
        for (size_t i = 0; i < n; i++)
            parts[i].paid_won = parts[i].amount_won;
        host = deal_true_up(parts, n, &bought);
        assert_true(host >= 0);
        assert_int_equal(total_of(parts, n) + host, bought.total_won + bought.delivery_won);
        for (size_t i = 0; i < n; i++)
            assert_true(parts[i].amount_won >= 0 && parts[i].amount_won <= parts[i].paid_won);
    }
}

static void a_receipt_of_the_planned_total_refunds_nothing(void **state)
{
    struct deal_part parts[2] = {{.allotted = 3, .paid_won = 300}, {.allotted = 4, .paid_won = 400}};

    (void)state;
    assert_int_equal(deal_true_up(parts, 2, &(struct deal_lot){.portions = 10, .total_won = 1000}), 300);
    assert_int_equal(parts[0].amount_won, 300);
    assert_int_equal(parts[1].amount_won, 400);
}

static void the_most_it_can_cost_is_rounded_up(void **state)
{
    (void)state;
#define MOST_OF(quantity, ...) deal_cost_max(&(struct deal_price){.each_max = GG_NONE, __VA_ARGS__}, quantity)
    assert_int_equal(MOST_OF(1, .lot = {3, 100, 0, false}), 34);
    assert_int_equal(MOST_OF(3, .lot = {3, 100, 0, false}), 100);
    assert_int_equal(MOST_OF(1, .lot = {3, 99, 0, false}), 33);
    assert_int_equal(MOST_OF(999, .lot = {999, 100000000, 0, false}), 100000000);
    assert_int_equal(MOST_OF(1, .lot = {3, 90, 9, false}), 33);
    /* Delivery in equal parts: alone, with the host, and when the limit makes it four people at least. */
    assert_int_equal(MOST_OF(1, .lot = {3, 90, 9, true}, .min_portions = 1), 39);
    assert_int_equal(MOST_OF(1, .lot = {3, 90, 9, true}, .min_portions = 1, .host_portions = 1), 35);
    assert_int_equal(
        deal_cost_max(&(struct deal_price){.lot = {10, 100, 8, true}, .min_portions = 7, .each_max = 2}, 1), 12);
    /* Boxes of ten at 1,000, delivery 500: all of it may fall on one box, or with a minimum of eleven on two. */
    assert_int_equal(MOST_OF(2, .lot = {10, 1000, 500, false}, .boxes = true, .min_portions = 1), 300);
    assert_int_equal(MOST_OF(2, .lot = {10, 1000, 500, false}, .boxes = true, .min_portions = 11), 250);
    assert_int_equal(MOST_OF(30, .lot = {10, 1000, 500, false}, .boxes = true, .min_portions = 1), 3500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d2_split_is_exact),
        cmocka_unit_test(d2_odd_won_rotate),
        cmocka_unit_test(earlier_neighbours_carry_the_odd_won),
        cmocka_unit_test(d3_extras_are_spread_within_one_unit),
        cmocka_unit_test(d9_a_receipt_never_raises_a_share),
        cmocka_unit_test(a_receipt_of_the_planned_total_refunds_nothing),
        cmocka_unit_test(the_most_it_can_cost_is_rounded_up),
    };

    return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
