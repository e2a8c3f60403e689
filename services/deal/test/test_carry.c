/* services/deal/test/test_carry.c
 * Who has paid how much above his exact parts, over many deals: what the rule of split.c keeps, and what no rule could
 * (docs/decisions/0010). The seed is fixed: a failure can be repeated. */
#include "split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PEOPLE 30
#define DEALS  100
/* What a carry, counted in thousand-millionths, loses by rounding in a hundred deals. */
#define GRAINS 200

static unsigned seed = 20261121;

static int64_t below(int64_t bound)
{
    return (int64_t)rand_r(&seed) % bound;
}

static int64_t magnitude(int64_t carry)
{
    return carry < 0 ? -carry : carry;
}

static void shuffle(int *list, int n)
{
    for (int i = 0; i < n; i++) {
        int j = i + (int)below(n - i), kept = list[i];
        list[i] = list[j];
        list[j] = kept;
    }
}

/* --- what no rule can --- */

/* Two of equal carry share an odd sum in equal portions: whatever the rule, one of them pays a won more. Who paid more
 * meets his like: eight people, seven deals, and one of them has paid one won and a half more than his parts. */
static void d2_eight_people_can_be_brought_to_one_and_a_half(void **state)
{
    struct deal_lot lot = {.portions = 2, .total_won = 10001};
    int64_t carries[8] = {0};

    (void)state;
    for (int still = 8; still > 1; still /= 2)
        for (int i = 0; i < still; i += 2) {
            struct deal_part two[2] = {{.allotted = 1, .carry = carries[i]}, {.allotted = 1, .carry = carries[i + 1]}};

            assert_int_equal(carries[i], carries[i + 1]);
            assert_int_equal(deal_split(two, 2, &lot), 0);
            assert_int_equal(two[0].amount_won + two[1].amount_won, 10001);
            assert_int_equal(two[0].carry_delta, -two[1].carry_delta);
            carries[i / 2] = carries[i] + magnitude(two[0].carry_delta); /* goes on to the next round */
        }
    assert_int_equal(carries[0], 3 * DEAL_CARRY_WON / 2);
}

/* --- what the rule keeps --- */

static int64_t square(int64_t carry)
{
    int64_t milli = carry / 1000000;

    return milli * milli;
}

/* The most unequal a deal could leave its people, for every way its odd won could fall: the rule's way is the least,
 * by the squares as by the largest. */
static void d2_no_other_way_to_round_leaves_people_more_equal(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct deal_part parts[8] = {0};
        struct deal_lot lot = {.total_won = 1 + below(1000000)};
        int64_t exact[8], squares = 0, most = 0, odd = 0;
        size_t n = 2 + (size_t)below(7);

        for (size_t i = 0; i < n; i++)
            lot.portions += parts[i].allotted = 1 + below(5);
        for (size_t i = 0; i < n; i++)
            parts[i].carry = below(2 * DEAL_CARRY_WON + 1) - DEAL_CARRY_WON;
        assert_int_equal(deal_split(parts, n, &lot), 0);
        for (size_t i = 0; i < n; i++) {
            int64_t now = parts[i].carry + parts[i].carry_delta;
            exact[i] = lot.total_won * parts[i].allotted;
            odd += parts[i].amount_won - exact[i] / lot.portions;
            squares += square(now);
            most = magnitude(now) > most ? magnitude(now) : most;
        }
        for (unsigned who = 0; who < 1U << n; who++) {
            int64_t other_squares = 0, other_most = 0, given = 0;
            for (size_t i = 0; i < n; i++) {
                int64_t rest = exact[i] % lot.portions, up = who >> i & 1;
                int64_t now = parts[i].carry + (up * lot.portions - rest) * DEAL_CARRY_WON / lot.portions;
                given += up ? (rest > 0 ? 1 : 100) : 0; /* who owes no fraction cannot be rounded up */
                other_squares += square(now);
                other_most = magnitude(now) > other_most ? magnitude(now) : other_most;
            }
            if (given != odd)
                continue;
            assert_true(squares <= other_squares + 16000); /* squares of thousandths: 8 people, rounded */
            assert_true(most <= other_most + GRAINS);
        }
    }
}

/* The same people again and again, in equal portions: nobody ever pays a won more than another. */
static void d2_a_group_that_stays_together_is_within_one_won(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        int64_t carries[40] = {0};
        int n = 2 + (int)below(38), who[40];

        for (int i = 0; i < n; i++)
            who[i] = i;
        for (int deal = 0; deal < DEALS; deal++) {
            struct deal_part parts[40] = {0};
            int64_t least = INT64_MAX, most = INT64_MIN, each = 1 + below(9);
            struct deal_lot lot = {.portions = each * n, .total_won = 1 + below(10000000)};
            shuffle(who, n);
            for (int i = 0; i < n; i++)
                parts[i] = (struct deal_part){.allotted = each, .carry = carries[who[i]]};
            assert_int_equal(deal_split(parts, (size_t)n, &lot), 0);
            for (int i = 0; i < n; i++) {
                int64_t now = carries[who[i]] += parts[i].carry_delta;
                least = now < least ? now : least;
                most = now > most ? now : most;
                assert_true(magnitude(now) <= DEAL_CARRY_WON + GRAINS);
            }
            assert_true(most - least <= DEAL_CARRY_WON + GRAINS);
        }
    }
}

/* A neighbourhood of thirty; in each of a hundred deals two to thirteen of them, in any order, of unequal portions.
 * Gives the largest carry of all, and counts those above one won. */
static int64_t neighbourhood(bool host, int64_t *above, int64_t *host_most)
{
    int64_t carries[PEOPLE] = {0}, most = 0;
    int who[PEOPLE];

    for (int i = 0; i < PEOPLE; i++)
        who[i] = i;
    for (int deal = 0; deal < DEALS; deal++) {
        struct deal_part parts[PEOPLE] = {0};
        struct deal_lot lot = {.portions = host ? 1 + below(4) : 0,
                               .total_won = 1 + below(100000000),
                               .delivery_won = below(2) ? below(50000) : 0,
                               .delivery_equal = below(2)};
        int64_t all = 0;
        size_t n = 2 + (size_t)below(12);

        shuffle(who, PEOPLE);
        for (size_t i = 0; i < n; i++) {
            parts[i].carry = carries[who[i]];
            lot.portions += parts[i].allotted = 1 + below(5);
        }
        assert_true(deal_split(parts, n, &lot) >= 0);
        for (size_t i = 0; i < n; i++) {
            int64_t now = carries[who[i]] += parts[i].carry_delta;
            all += parts[i].carry_delta;
            most = magnitude(now) > most ? magnitude(now) : most;
            *above += magnitude(now) > DEAL_CARRY_WON + GRAINS;
        }
        *host_most = magnitude(all) > *host_most ? magnitude(all) : *host_most;
    }
    return most;
}

static void d2_a_host_with_portions_keeps_everybody_within_one_won(void **state)
{
    int64_t above = 0, host_most = 0;

    (void)state;
    for (int round = 0; round < 500; round++)
        assert_true(neighbourhood(true, &above, &host_most) <= DEAL_CARRY_WON + GRAINS);
    assert_int_equal(above, 0);
    printf("# the host's part was off by %.2f won at most\n", (double)host_most / DEAL_CARRY_WON);
    assert_true(host_most <= 3 * DEAL_CARRY_WON);
}

static void d2_without_host_hardly_anybody_is_above_one_won(void **state)
{
    int64_t above = 0, most = 0, host_most = 0;

    (void)state;
    for (int round = 0; round < 500; round++) {
        int64_t seen = neighbourhood(false, &above, &host_most);
        most = seen > most ? seen : most;
    }
    printf("# most %.3f won, %" PRId64 " of about %d above one\n", (double)most / DEAL_CARRY_WON, above,
           500 * DEALS * 15 / 2);
    assert_true(most <= 3 * DEAL_CARRY_WON / 2);
    assert_true(above <= 500 * DEALS * 15 / 2 / 1000);
    assert_true(host_most <= GRAINS); /* what neighbours paid more and less adds up to nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d2_eight_people_can_be_brought_to_one_and_a_half),
        cmocka_unit_test(d2_no_other_way_to_round_leaves_people_more_equal),
        cmocka_unit_test(d2_a_group_that_stays_together_is_within_one_won),
        cmocka_unit_test(d2_a_host_with_portions_keeps_everybody_within_one_won),
        cmocka_unit_test(d2_without_host_hardly_anybody_is_above_one_won),
    };

    return cmocka_run_group_tests_name("carry", tests, NULL, NULL);
}
