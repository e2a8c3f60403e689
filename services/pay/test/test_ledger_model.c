/* services/pay/test/test_ledger_model.c
 * Random work on the ledger beside a model that keeps no balances at all: it remembers what was agreed and adds it up
 * anew each time. A failing seed is printed; GONGGU_TEST_SEED repeats it. */
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define USERS  5
#define DEALS  3
#define SHARES 64
#define STEPS  4000
#define ROUNDS 25

/* What was agreed about one share. */
struct fact {
    bool exists, pending;
    int user, deal;
    int64_t held, captured, refunded, paid_out;
};

struct world {
    struct pay_account provider, wallets[USERS], escrows[DEALS];
    struct pay_posting last[1 + USERS + DEALS]; /* end of each chain */
    int hold_states[SHARES];
    struct pay_escrow shares[SHARES];
    /* the model */
    struct fact facts[SHARES];
    int64_t charged[USERS];
    uint64_t random;
    uint64_t transfers;
};

static uint64_t draw(struct world *w, uint64_t below)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 7;
    w->random ^= w->random << 17;
    return w->random % below;
}

/* Mostly sensible amounts, sometimes the ones that broke other ledgers. */
static int64_t draw_amount(struct world *w, int64_t up_to)
{
    switch (draw(w, 12)) {
    case 0:
        return 0;
    case 1:
        return -(int64_t)draw(w, 1000) - 1;
    case 2:
        return INT64_MAX - (int64_t)draw(w, 3);
    case 3:
        return up_to + 1;
    case 4:
        return up_to;
    default:
        return (int64_t)draw(w, (uint64_t)up_to + 1);
    }
}

static struct pay_posting *last_of(struct world *w, const struct pay_account *account)
{
    if (account == &w->provider)
        return &w->last[0];
    if (account >= w->wallets && account < w->wallets + USERS)
        return &w->last[1 + (account - w->wallets)];
    return &w->last[1 + USERS + (account - w->escrows)];
}

static void chain_on(struct world *w, const struct pay_account *account, const struct pay_posting *side)
{
    struct pay_posting *last = last_of(w, account);

    assert_true(pay_chain_holds(last->version == 0 ? NULL : last, side));
    *last = *side;
}

static struct pay_transfer new_transfer(struct world *w, int kind, const struct pay_account *debit,
                                        const struct pay_account *credit, int64_t amount)
{
    struct pay_transfer transfer = {
        .kind = kind, .debit = debit->id, .credit = credit->id, .amount = amount, .at = (int64_t)w->transfers};

    w->transfers++;
    memcpy(transfer.id.b, &w->transfers, sizeof(w->transfers));
    return transfer;
}

/* True when the ledger moved the money. */
static bool move(struct world *w, int kind, struct pay_account *debit, struct pay_account *credit, int64_t amount)
{
    struct pay_transfer transfer = new_transfer(w, kind, debit, credit, amount);
    struct pay_posting sides[2];

    if (pay_post(debit, credit, &transfer, sides) != PAY_OK)
        return false;
    chain_on(w, debit, &sides[0]);
    chain_on(w, credit, &sides[1]);
    return true;
}

static int64_t model_wallet(const struct world *w, int user)
{
    int64_t sum = w->charged[user];

    for (int i = 0; i < SHARES; i++) {
        const struct fact *fact = &w->facts[i];

        if (fact->exists && fact->user == user)
            sum += fact->refunded - fact->captured;
        /* the host of deal d is user d */
        if (fact->exists && fact->deal == user)
            sum += fact->paid_out;
    }
    return sum;
}

static int64_t model_pending(const struct world *w, int user)
{
    int64_t sum = 0;

    for (int i = 0; i < SHARES; i++)
        if (w->facts[i].exists && w->facts[i].pending && w->facts[i].user == user)
            sum += w->facts[i].held;
    return sum;
}

static void do_charge(struct world *w)
{
    int user = (int)draw(w, USERS);
    int64_t amount = draw_amount(w, 50000);
    bool sensible = amount > 0 && amount <= GG_WIRE_MAX;

    assert_int_equal(move(w, PAY_ENTRY_CHARGE, &w->provider, &w->wallets[user], amount), sensible);
    if (sensible)
        w->charged[user] += amount;
}

static void do_hold(struct world *w, int share)
{
    struct fact *fact = &w->facts[share];
    int user = (int)draw(w, USERS);
    int64_t available = model_wallet(w, user) - model_pending(w, user);
    int64_t amount = draw_amount(w, available);
    bool sensible = amount >= 0 && amount <= available;

    if (fact->exists)
        return;
    assert_int_equal(pay_hold_place(&w->wallets[user], amount) == PAY_OK, sensible);
    if (!sensible)
        return;
    *fact = (struct fact){true, true, user, (int)draw(w, DEALS), amount, 0, 0, 0};
    w->hold_states[share] = PAY_HOLD_STATE_PENDING;
}

static void do_capture(struct world *w, int share)
{
    struct fact *fact = &w->facts[share];
    struct pay_account *wallet = &w->wallets[fact->user], *escrow = &w->escrows[fact->deal];
    int64_t amount = draw_amount(w, fact->held);
    struct pay_transfer transfer = new_transfer(w, PAY_ENTRY_CAPTURE, wallet, escrow, amount);
    struct pay_posting sides[2];
    bool sensible = amount >= 0 && amount <= fact->held;
    int next = gg_fsm_next(&pay_hold_fsm, w->hold_states[share], PAY_HOLD_DO_CAPTURE);

    if (!fact->exists)
        return;
    assert_int_equal(next >= 0, fact->pending);
    if (next < 0)
        return;
    assert_int_equal(pay_capture(wallet, escrow, fact->held, &transfer, sides) == PAY_OK, sensible);
    if (!sensible)
        return;
    if (amount > 0) {
        chain_on(w, wallet, &sides[0]);
        chain_on(w, escrow, &sides[1]);
    }
    w->hold_states[share] = next;
    w->shares[share] = (struct pay_escrow){.captured = amount};
    fact->pending = false;
    fact->captured = amount;
}

static void do_void(struct world *w, int share)
{
    struct fact *fact = &w->facts[share];
    int next = gg_fsm_next(&pay_hold_fsm, w->hold_states[share], draw(w, 2) ? PAY_HOLD_DO_VOID : PAY_HOLD_DO_EXPIRE);

    if (!fact->exists)
        return;
    assert_int_equal(next >= 0, fact->pending);
    if (next < 0)
        return;
    assert_int_equal(pay_hold_release(&w->wallets[fact->user], fact->held), PAY_OK);
    w->hold_states[share] = next;
    fact->pending = false;
}

static void do_leave_escrow(struct world *w, int share, bool refund)
{
    struct fact *fact = &w->facts[share];
    int64_t left = fact->captured - fact->refunded - fact->paid_out;
    int64_t amount = draw_amount(w, left);
    bool sensible = amount >= 0 && amount <= left;
    struct pay_account *to = &w->wallets[refund ? fact->user : fact->deal];
    enum pay_result result;

    if (!fact->exists)
        return;
    result = refund ? pay_escrow_refund(&w->shares[share], amount) : pay_escrow_pay_out(&w->shares[share], amount);
    assert_int_equal(result == PAY_OK, sensible);
    if (!sensible || amount == 0)
        return;
    assert_true(move(w, refund ? PAY_ENTRY_REFUND : PAY_ENTRY_PAYOUT, &w->escrows[fact->deal], to, amount));
    *(refund ? &fact->refunded : &fact->paid_out) += amount;
}

static void check_world(const struct world *w)
{
    int64_t sum = w->provider.posted;

    for (int user = 0; user < USERS; user++) {
        assert_int_equal(w->wallets[user].posted, model_wallet(w, user));
        assert_int_equal(w->wallets[user].pending, model_pending(w, user));
        assert_true(w->wallets[user].pending >= 0 && pay_available(&w->wallets[user]) >= 0);
        sum += w->wallets[user].posted;
    }
    for (int deal = 0; deal < DEALS; deal++) {
        int64_t left = 0;

        for (int share = 0; share < SHARES; share++)
            if (w->facts[share].exists && w->facts[share].deal == deal)
                left += pay_escrow_left(&w->shares[share]);
        assert_int_equal(w->escrows[deal].posted, left);
        sum += w->escrows[deal].posted;
    }
    assert_int_equal(sum, 0);
}

static void start_world(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof(*w));
    w->random = seed * 2654435761u + 88172645463325252u;
    w->provider.kind = PAY_ACCOUNT_PROVIDER;
    w->provider.id.b[0] = 1;
    for (int i = 0; i < USERS; i++) {
        w->wallets[i].kind = PAY_ACCOUNT_WALLET;
        w->wallets[i].id.b[0] = (uint8_t)(10 + i);
    }
    for (int i = 0; i < DEALS; i++) {
        w->escrows[i].kind = PAY_ACCOUNT_ESCROW;
        w->escrows[i].id.b[0] = (uint8_t)(100 + i);
    }
}

static void test_random_work_agrees_with_the_model(void **state)
{
    static struct world w;
    const char *only = getenv("GONGGU_TEST_SEED");

    (void)state;
    for (uint64_t seed = only ? strtoull(only, NULL, 10) : 1, n = only ? 1 : ROUNDS; n > 0; seed++, n--) {
        int captured = 0, ended = 0;

        print_message("seed %" PRIu64 "\n", seed);
        start_world(&w, seed);
        for (int i = 0; i < STEPS; i++) {
            int share = (int)draw(&w, SHARES);

            switch (draw(&w, 7)) {
            case 0:
                do_charge(&w);
                break;
            case 1:
            case 2:
                do_hold(&w, share);
                break;
            case 3:
                do_capture(&w, share);
                break;
            case 4:
                if (draw(&w, 4) == 0)
                    do_void(&w, share);
                break;
            case 5:
                do_leave_escrow(&w, share, true);
                break;
            default:
                do_leave_escrow(&w, share, false);
                break;
            }
            check_world(&w);
        }
        for (int i = 0; i < SHARES; i++) {
            captured += w.facts[i].captured > 0;
            ended += w.facts[i].paid_out > 0;
        }
        /* The work must have reached the deep states, or this proves nothing. */
        assert_true(captured > SHARES / 4 && ended > SHARES / 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_work_agrees_with_the_model)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
