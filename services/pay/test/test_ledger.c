/* services/pay/test/test_ledger.c
 * The rules of money, one by one. */
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct gg_id id_of(uint8_t number)
{
    struct gg_id id = GG_ID_ZERO;

    id.b[15] = number;
    return id;
}

static struct pay_account account_of(uint8_t number, int kind, int64_t posted, int64_t pending)
{
    return (struct pay_account){.id = id_of(number), .kind = kind, .posted = posted, .pending = pending};
}

static struct pay_transfer transfer_of(uint8_t from, uint8_t to, int64_t amount)
{
    return (struct pay_transfer){
        .id = id_of(200), .kind = PAY_ENTRY_CAPTURE, .debit = id_of(from), .credit = id_of(to), .amount = amount};
}

static void test_hold_counts_against_available(void **state)
{
    struct pay_account wallet = account_of(1, PAY_ACCOUNT_WALLET, 5000, 0);
    int placed = 0;

    (void)state;
    for (int i = 0; i < 6; i++)
        placed += pay_hold_place(&wallet, 1000) == PAY_OK;
    assert_int_equal(placed, 5);
    assert_int_equal(wallet.pending, 5000);
    assert_int_equal(pay_available(&wallet), 0);
    assert_int_equal(pay_hold_place(&wallet, 0), PAY_OK);
    assert_int_equal(pay_hold_place(&wallet, 1), PAY_INSUFFICIENT);
}

static void test_hold_refuses_bad_amounts(void **state)
{
    struct pay_account wallet = account_of(1, PAY_ACCOUNT_WALLET, 5000, 100);

    (void)state;
    assert_int_equal(pay_hold_place(&wallet, -1), PAY_BAD_AMOUNT);
    assert_int_equal(pay_hold_place(&wallet, INT64_MIN), PAY_BAD_AMOUNT);
    assert_int_equal(pay_hold_place(&wallet, INT64_MAX), PAY_BAD_AMOUNT);
    assert_int_equal(pay_hold_release(&wallet, -1), PAY_BAD_AMOUNT);
    assert_int_equal(pay_hold_release(&wallet, 101), PAY_INSUFFICIENT);
    assert_int_equal(wallet.pending, 100);
}

static void test_post_moves_and_chains(void **state)
{
    struct pay_account from = account_of(1, PAY_ACCOUNT_WALLET, 900, 0);
    struct pay_account to = account_of(2, PAY_ACCOUNT_ESCROW, 50, 0);
    struct pay_transfer transfer = transfer_of(1, 2, 300);
    struct pay_posting first[2], second[2];

    (void)state;
    assert_int_equal(pay_post(&from, &to, &transfer, first), PAY_OK);
    assert_int_equal(from.posted, 600);
    assert_int_equal(to.posted, 350);
    assert_int_equal(first[0].amount, -300);
    assert_int_equal(first[0].balance, 600);
    assert_int_equal(first[1].amount, 300);
    assert_int_equal(first[1].balance, 350);
    transfer.id = id_of(201);
    assert_int_equal(pay_post(&from, &to, &transfer, second), PAY_OK);
    assert_int_equal(second[0].version, 2);
    assert_memory_equal(second[0].previous, first[0].hash, GG_SHA256);
    assert_true(pay_chain_holds(&first[0], &second[0]));
    assert_true(pay_chain_holds(&first[1], &second[1]));
    assert_false(pay_chain_holds(&first[1], &second[0]));
    assert_false(pay_chain_holds(NULL, &second[0]));
}

static void test_post_refusals_change_nothing(void **state)
{
    const struct pay_account before_from = account_of(1, PAY_ACCOUNT_WALLET, 900, 400);
    const struct pay_account before_to = account_of(2, PAY_ACCOUNT_ESCROW, 50, 0);
    const struct {
        uint8_t from, to;
        int64_t amount;
        enum pay_result result;
    } cases[] = {
        {1, 2, 0, PAY_BAD_AMOUNT},         {1, 2, -5, PAY_BAD_AMOUNT},
        {1, 2, INT64_MIN, PAY_BAD_AMOUNT}, {1, 2, INT64_MAX, PAY_BAD_AMOUNT},
        {1, 1, 5, PAY_SAME_ACCOUNT},       {2, 1, 5, PAY_WRONG_SIDES},
        {1, 3, 5, PAY_WRONG_SIDES},        {1, 2, 501, PAY_INSUFFICIENT},
        {1, 2, 901, PAY_INSUFFICIENT},     {1, 2, GG_WIRE_MAX, PAY_INSUFFICIENT},
    };

    (void)state;
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        struct pay_account from = before_from, to = before_to;
        struct pay_transfer transfer = transfer_of(cases[i].from, cases[i].to, cases[i].amount);
        struct pay_posting sides[2];

        assert_int_equal(pay_post(&from, &to, &transfer, sides), cases[i].result);
        assert_memory_equal(&from, &before_from, sizeof(from));
        assert_memory_equal(&to, &before_to, sizeof(to));
    }
}

static void test_post_refuses_overflow(void **state)
{
    struct pay_account provider = account_of(1, PAY_ACCOUNT_PROVIDER, INT64_MIN + 10, 0);
    struct pay_account wallet = account_of(2, PAY_ACCOUNT_WALLET, 0, 0);
    struct pay_transfer transfer = transfer_of(1, 2, 11);
    struct pay_posting sides[2];

    (void)state;
    assert_int_equal(pay_post(&provider, &wallet, &transfer, sides), PAY_OVERFLOW);
    provider.posted = 0;
    wallet.posted = INT64_MAX - 10;
    assert_int_equal(pay_post(&provider, &wallet, &transfer, sides), PAY_OVERFLOW);
    assert_int_equal(provider.version + wallet.version, 0);
}

static void test_provider_may_go_below_zero(void **state)
{
    struct pay_account provider = account_of(1, PAY_ACCOUNT_PROVIDER, 0, 0);
    struct pay_account wallet = account_of(2, PAY_ACCOUNT_WALLET, 0, 0);
    struct pay_transfer transfer = transfer_of(1, 2, 10000);
    struct pay_posting sides[2];

    (void)state;
    assert_int_equal(pay_post(&provider, &wallet, &transfer, sides), PAY_OK);
    assert_int_equal(provider.posted, -10000);
    assert_int_equal(wallet.posted, 10000);
}

static void test_capture_takes_part_and_frees_the_rest(void **state)
{
    struct pay_account wallet = account_of(1, PAY_ACCOUNT_WALLET, 1000, 900);
    struct pay_account escrow = account_of(2, PAY_ACCOUNT_ESCROW, 0, 0);
    struct pay_transfer transfer = transfer_of(1, 2, 700);
    struct pay_posting sides[2];

    (void)state;
    assert_int_equal(pay_capture(&wallet, &escrow, 900, &transfer, sides), PAY_OK);
    assert_int_equal(wallet.posted, 300);
    assert_int_equal(wallet.pending, 0);
    assert_int_equal(escrow.posted, 700);
}

static void test_capture_is_never_above_the_hold(void **state)
{
    struct pay_account wallet = account_of(1, PAY_ACCOUNT_WALLET, 1000, 500);
    struct pay_account escrow = account_of(2, PAY_ACCOUNT_ESCROW, 0, 0);
    struct pay_transfer transfer = transfer_of(1, 2, 501);
    struct pay_posting sides[2];

    (void)state;
    assert_int_equal(pay_capture(&wallet, &escrow, 500, &transfer, sides), PAY_INSUFFICIENT);
    transfer.amount = -1;
    assert_int_equal(pay_capture(&wallet, &escrow, 500, &transfer, sides), PAY_BAD_AMOUNT);
    transfer.amount = 100;
    transfer.credit = transfer.debit;
    assert_int_equal(pay_capture(&wallet, &escrow, 500, &transfer, sides), PAY_SAME_ACCOUNT);
    assert_int_equal(wallet.posted, 1000);
    assert_int_equal(wallet.pending, 500);
    assert_int_equal(wallet.version + escrow.version, 0);
}

static void test_capture_of_nothing_only_frees(void **state)
{
    struct pay_account wallet = account_of(1, PAY_ACCOUNT_WALLET, 1000, 500);
    struct pay_account escrow = account_of(2, PAY_ACCOUNT_ESCROW, 0, 0);
    struct pay_transfer transfer = transfer_of(1, 2, 0);
    struct pay_posting sides[2];

    (void)state;
    assert_int_equal(pay_capture(&wallet, &escrow, 500, &transfer, sides), PAY_OK);
    assert_int_equal(pay_available(&wallet), 1000);
    assert_int_equal(wallet.version, 0);
}

static void test_escrow_gives_only_what_it_has(void **state)
{
    struct pay_escrow escrow = {.captured = 1000};

    (void)state;
    assert_int_equal(pay_escrow_refund(&escrow, -1), PAY_BAD_AMOUNT);
    assert_int_equal(pay_escrow_refund(&escrow, 1001), PAY_INSUFFICIENT);
    assert_int_equal(pay_escrow_refund(&escrow, 300), PAY_OK);
    assert_int_equal(pay_escrow_pay_out(&escrow, 701), PAY_INSUFFICIENT);
    assert_int_equal(pay_escrow_pay_out(&escrow, 700), PAY_OK);
    assert_int_equal(pay_escrow_left(&escrow), 0);
    assert_int_equal(pay_escrow_pay_out(&escrow, 1), PAY_INSUFFICIENT);
    assert_int_equal(pay_escrow_refund(&escrow, 1), PAY_INSUFFICIENT);
    assert_int_equal(pay_escrow_refund(&escrow, 0), PAY_OK);
}

/* Every bit of an entry is under its hash. */
static void test_hash_covers_everything(void **state)
{
    struct pay_posting posting = {.account = id_of(1),
                                  .transfer = id_of(2),
                                  .kind = PAY_ENTRY_REFUND,
                                  .version = 7,
                                  .amount = -5,
                                  .balance = 95,
                                  .deal = id_of(3),
                                  .share = id_of(4),
                                  .at = 1700000000000};
    uint8_t bytes[PAY_POSTING_BYTES], changed[PAY_POSTING_BYTES], hash[GG_SHA256], other[GG_SHA256];
    struct pay_posting forged[] = {posting, posting, posting, posting, posting,
                                   posting, posting, posting, posting, posting};

    (void)state;
    pay_posting_bytes(&posting, bytes);
    pay_posting_hash(&posting, hash);
    forged[0].account = id_of(9);
    forged[1].transfer = id_of(9);
    forged[2].kind = PAY_ENTRY_PAYOUT;
    forged[3].version = 8;
    forged[4].amount = 5;
    forged[5].balance = 96;
    forged[6].deal = id_of(9);
    forged[7].share = id_of(9);
    forged[8].at++;
    forged[9].previous[31] = 1;
    for (size_t i = 0; i < GG_LEN(forged); i++) {
        pay_posting_bytes(&forged[i], changed);
        assert_int_not_equal(memcmp(bytes, changed, sizeof(bytes)), 0);
        pay_posting_hash(&forged[i], other);
        assert_int_not_equal(memcmp(hash, other, sizeof(hash)), 0);
    }
}

/* The form is fixed for ever. The expected value comes from Python's hashlib and struct, not from this program. */
static void test_hash_vector(void **state)
{
    static const char expected[] = "4aca5dbb8cff898000aff97a4666d9e9bd7cda367a3511006a0a159f706959c5";
    struct gg_arena *arena = gg_arena_create();
    struct pay_posting posting = {.account = id_of(1),
                                  .transfer = id_of(2),
                                  .kind = PAY_ENTRY_CAPTURE,
                                  .version = 1,
                                  .amount = -300,
                                  .balance = 600,
                                  .deal = id_of(3),
                                  .share = id_of(4),
                                  .at = 1700000000000};
    uint8_t hash[GG_SHA256];

    (void)state;
    pay_posting_hash(&posting, hash);
    assert_string_equal(gg_hex(arena, hash, sizeof(hash)), expected);
    gg_arena_destroy(arena);
}

/* A hold ends once: no row leads out of an end. */
static void test_hold_ends_once(void **state)
{
    const int ends[] = {PAY_HOLD_STATE_CAPTURED, PAY_HOLD_STATE_VOIDED, PAY_HOLD_STATE_REFUSED, PAY_HOLD_STATE_EXPIRED};

    (void)state;
    for (size_t i = 0; i < GG_LEN(ends); i++)
        for (int act = PAY_HOLD_DO_CAPTURE; act <= PAY_HOLD_DO_EXPIRE; act++)
            assert_int_equal(gg_fsm_next(&pay_hold_fsm, ends[i], act), -1);
    assert_int_equal(gg_fsm_next(&pay_hold_fsm, PAY_HOLD_STATE_PENDING, PAY_HOLD_DO_CAPTURE), PAY_HOLD_STATE_CAPTURED);
    assert_int_equal(gg_fsm_next(&pay_hold_fsm, PAY_HOLD_STATE_PENDING, PAY_HOLD_DO_VOID), PAY_HOLD_STATE_VOIDED);
    assert_int_equal(gg_fsm_next(&pay_hold_fsm, PAY_HOLD_STATE_PENDING, PAY_HOLD_DO_EXPIRE), PAY_HOLD_STATE_EXPIRED);
}

static void test_charge_counts_once(void **state)
{
    (void)state;
    assert_int_equal(gg_fsm_next(&pay_charge_fsm, PAY_CHARGE_STATE_DONE, PAY_CHARGE_DO_FINISH), -1);
    assert_int_equal(gg_fsm_next(&pay_charge_fsm, PAY_CHARGE_STATE_DONE, PAY_CHARGE_DO_FAIL), -1);
    assert_int_equal(gg_fsm_next(&pay_charge_fsm, PAY_CHARGE_FAILED, PAY_CHARGE_DO_FAIL), -1);
    assert_int_equal(gg_fsm_next(&pay_charge_fsm, PAY_CHARGE_FAILED, PAY_CHARGE_DO_FINISH), PAY_CHARGE_STATE_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hold_counts_against_available),
        cmocka_unit_test(test_hold_refuses_bad_amounts),
        cmocka_unit_test(test_post_moves_and_chains),
        cmocka_unit_test(test_post_refusals_change_nothing),
        cmocka_unit_test(test_post_refuses_overflow),
        cmocka_unit_test(test_provider_may_go_below_zero),
        cmocka_unit_test(test_capture_takes_part_and_frees_the_rest),
        cmocka_unit_test(test_capture_is_never_above_the_hold),
        cmocka_unit_test(test_capture_of_nothing_only_frees),
        cmocka_unit_test(test_escrow_gives_only_what_it_has),
        cmocka_unit_test(test_hash_covers_everything),
        cmocka_unit_test(test_hash_vector),
        cmocka_unit_test(test_hold_ends_once),
        cmocka_unit_test(test_charge_counts_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
