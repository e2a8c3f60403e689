/* services/deal/test/test_deal.c
 * The rules of deals and shares: every pair of state and event, the bounds of a new deal, the grid. */
#include "deal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Every legal step, said once more and independently of the table; whatever is not here must be refused. */
struct legal {
    int from, event, to;
};

static void check_all(const struct gg_fsm *fsm, const struct legal *legal, size_t n)
{
    size_t found = 0;

    for (int from = 0; fsm->states[from]; from++)
        for (int event = 0; fsm->events[event]; event++) {
            int expected = -1;
            for (size_t i = 0; i < n; i++)
                if (legal[i].from == from && legal[i].event == event) {
                    expected = legal[i].to;
                    found++;
                }
            assert_int_equal(gg_fsm_next(fsm, from, event), expected);
        }
    assert_int_equal(found, n);
    assert_int_equal(fsm->n, n);
}

static void d8_every_step_of_a_deal(void **state)
{
    static const struct legal legal[] = {
        {DEAL_RECRUITING, DEAL_CLOSE, DEAL_CLOSING},   {DEAL_RECRUITING, DEAL_CANCEL, DEAL_CANCELLED},
        {DEAL_CLOSING, DEAL_CONFIRM, DEAL_CONFIRMED},  {DEAL_CLOSING, DEAL_FAIL, DEAL_FAILED},
        {DEAL_CLOSING, DEAL_CANCEL, DEAL_CANCELLED},   {DEAL_CONFIRMED, DEAL_PURCHASE, DEAL_PURCHASED},
        {DEAL_CONFIRMED, DEAL_CANCEL, DEAL_CANCELLED}, {DEAL_CONFIRMED, DEAL_LAPSE, DEAL_CANCELLED},
        {DEAL_PURCHASED, DEAL_ARRIVE, DEAL_ARRIVED},   {DEAL_PURCHASED, DEAL_LAPSE, DEAL_CANCELLED},
        {DEAL_ARRIVED, DEAL_FINISH, DEAL_DONE},
    };

    (void)state;
    check_all(&deal_fsm, legal, GG_LEN(legal));
}

static void d8_every_step_of_a_share(void **state)
{
    static const struct legal legal[] = {
        {DEAL_SHARE_RESERVED, SHARE_HOLD_PLACED, DEAL_SHARE_HELD},
        {DEAL_SHARE_RESERVED, SHARE_HOLD_REFUSED, DEAL_SHARE_REJECTED},
        {DEAL_SHARE_RESERVED, SHARE_LAPSE, DEAL_SHARE_REJECTED},
        {DEAL_SHARE_RESERVED, SHARE_LEAVE, DEAL_SHARE_RELEASED},
        {DEAL_SHARE_RESERVED, SHARE_CALL_OFF, DEAL_SHARE_RELEASED},
        {DEAL_SHARE_HELD, SHARE_HOLD_ENDED, DEAL_SHARE_REJECTED},
        {DEAL_SHARE_HELD, SHARE_LEAVE, DEAL_SHARE_RELEASED},
        {DEAL_SHARE_HELD, SHARE_CALL_OFF, DEAL_SHARE_RELEASED},
        {DEAL_SHARE_HELD, SHARE_CAPTURE, DEAL_SHARE_CAPTURED},
        {DEAL_SHARE_CAPTURED, SHARE_CALL_OFF, DEAL_SHARE_REFUNDED},
        {DEAL_SHARE_CAPTURED, SHARE_HAND_OVER, DEAL_SHARE_HANDED_OVER},
        {DEAL_SHARE_HANDED_OVER, SHARE_SETTLE, DEAL_SHARE_SETTLED},
        {DEAL_SHARE_HANDED_OVER, SHARE_GIVE_BACK, DEAL_SHARE_REFUNDED},
        {DEAL_SHARE_CAPTURED, SHARE_GIVE_BACK, DEAL_SHARE_REFUNDED},
        {DEAL_SHARE_CAPTURED, SHARE_DISPUTE, DEAL_SHARE_DISPUTED},
        {DEAL_SHARE_DISPUTED, SHARE_RESOLVE, DEAL_SHARE_HANDED_OVER},
        {DEAL_SHARE_DISPUTED, SHARE_RESUME, DEAL_SHARE_CAPTURED},
        {DEAL_SHARE_DISPUTED, SHARE_GIVE_BACK, DEAL_SHARE_REFUNDED},
        {DEAL_SHARE_DISPUTED, SHARE_CALL_OFF, DEAL_SHARE_REFUNDED},
    };

    (void)state;
    check_all(&deal_share_fsm, legal, GG_LEN(legal));
}

static void what_counts_and_who_is_inside(void **state)
{
    static const bool live[] = {true, true, true, true, true, false, false, true, false};

    (void)state;
    for (int s = 0; deal_share_state_names[s]; s++) {
        assert_int_equal(deal_share_live(s), live[s]);
        assert_int_equal(deal_share_inside(s), live[s] && s != DEAL_SHARE_RESERVED);
    }
}

static struct deal_create good(int64_t now)
{
    static const char *photo = "a.png";
    static struct deal_pickup pickup;

    pickup = (struct deal_pickup){.from = now + 7200000, .until = now + 10800000};
    return (struct deal_create){
        .photos = {&photo, 1},
        .total_won = 30000,
        .ceiling_won = GG_NONE,
        .boxes_max = GG_NONE,
        .max_portions = GG_NONE,
        .unit_amount = GG_NONE,
        .measure = -1,
        .shape = -1,
        .fill_minutes = GG_NONE,
        .portions = 10,
        .host_portions = 1,
        .min_portions = 4,
        .closes_at = now + 3600000,
        .pickup = &pickup,
    };
}

static void bounds_of_a_new_deal(void **state)
{
    const int64_t now = INT64_C(1800000000000);
    const char *pointer;
    struct deal_create deal = good(now);

    (void)state;
    assert_null(deal_create_trouble(&deal, now, &pointer));
#define REFUSED(change, where)                                                                                         \
    do {                                                                                                               \
        deal = good(now);                                                                                              \
        change;                                                                                                        \
        assert_non_null(deal_create_trouble(&deal, now, &pointer));                                                    \
        assert_string_equal(pointer, where);                                                                           \
    } while (0)
    REFUSED(deal.host_portions = 10, "/host_portions");
    REFUSED(deal.min_portions = 10, "/min_portions");
    REFUSED(deal.closes_at = now + DEAL_CLOSE_MIN_MS - 1, "/closes_at");
    REFUSED(deal.closes_at = now + DEAL_CLOSE_MAX_MS + 1, "/closes_at");
    REFUSED(deal.pickup->from = deal.closes_at - 1, "/pickup/from");
    REFUSED(deal.pickup->until = deal.pickup->from, "/pickup/until");
    REFUSED(deal.pickup->until = deal.closes_at + DEAL_WINDOW_MAX_MS + 1, "/pickup/until");
    REFUSED(deal.photos.n = 0, "/photos");
    REFUSED(deal.shape = DEAL_BOXES, "/boxes_max");
    REFUSED(deal.boxes_max = 3, "/boxes_max");
    REFUSED((deal.shape = DEAL_BOXES, deal.boxes_max = 100), "/boxes_max");
    REFUSED((deal.shape = DEAL_BOXES, deal.boxes_max = 9, deal.total_won = DEAL_TOTAL_MAX / 5), "/total_won");
    REFUSED(deal.ceiling_won = 29999, "/ceiling_won");
    REFUSED(deal.ceiling_won = 60001, "/ceiling_won");
    REFUSED(deal.max_portions = 10, "/max_portions");
    REFUSED((deal.max_portions = 5, deal.min_portions = 6), "/min_portions");
    REFUSED(deal.measure = DEAL_GRAM, "/unit_amount");
    REFUSED(deal.fill_minutes = 10, "/fill_minutes");
}

static void d11_points_of_a_cell_look_the_same(void **state)
{
    (void)state;
    assert_int_equal(deal_cell(37556123), 37557500);
    for (int64_t point = 37555000; point < 37560000; point += 7)
        assert_int_equal(deal_cell(point), 37557500);
    assert_int_equal(deal_cell(37560000), 37562500);
    assert_int_equal(deal_cell(-1), -2500);
    assert_int_equal(deal_cell(0), 2500);
    assert_int_equal(deal_cell(-5000), -2500);
    assert_int_equal(deal_cell(-5001), -7500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d8_every_step_of_a_deal),
        cmocka_unit_test(d8_every_step_of_a_share),
        cmocka_unit_test(what_counts_and_who_is_inside),
        cmocka_unit_test(bounds_of_a_new_deal),
        cmocka_unit_test(d11_points_of_a_cell_look_the_same),
    };

    return cmocka_run_group_tests_name("deal", tests, NULL, NULL);
}
