/* services/pay/steps_reverse.c
 * What the provider takes back of a charge: out of the wallet when it is there, else held for review. */
#include "book.h"
#include "libcommon/bus.h"
#include "proto/pay_wallet.h"
#include "steps.h"
#include "store_bank.h"

static enum gg_status take_back(struct pay_book *book, const struct pay_charge_row *charge, int64_t amount,
                                int64_t cancelled)
{
    struct pay_transfer transfer = {
        .id = gg_id_derive(charge->id, gg_sprintf(book->arena, "pay.reversal:%" PRId64, cancelled)),
        .kind = PAY_ENTRY_REVERSAL,
        .debit = charge->user,
        .credit = pay_provider_account(),
        .amount = amount,
    };
    struct pay_money_moved event = {
        .transfer = transfer.id, .kind = PAY_ENTRY_REVERSAL, .from = charge->user, .amount_won = amount};

    GG_TRY(pay_book_move(book, &transfer));
    GG_TRY(pay_book_save(book));
    GG_TRY(pay_charge_reversed(book->db, charge->id, cancelled));
    return gg_emit(book->db, &PAY_MONEY_MOVED, transfer.id, 1, &event);
}

enum gg_status pay_charge_follow(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 const struct pay_payment *payment, bool *held)
{
    struct pay_account_key keys[2] = {{.kind = PAY_ACCOUNT_WALLET}, {pay_provider_account(), PAY_ACCOUNT_PROVIDER}};
    struct pay_charge_row charge;
    struct pay_book book;
    int64_t amount;

    *held = false;
    GG_TRY(pay_charge_lock(db, arena, id, &charge));
    if (charge.state != PAY_CHARGE_STATE_DONE)
        return GG_OK;
    if (payment->date)
        GG_TRY(pay_charge_dated(db, id, payment->date));
    amount = payment->cancelled - charge.reversed;
    if (amount <= 0)
        return GG_OK;
    keys[0].id = charge.user;
    GG_TRY(pay_book_open(&book, db, arena, keys, 2, 1));
    if (pay_available(pay_book_account(&book, charge.user)) >= amount)
        return take_back(&book, &charge, amount, payment->cancelled);
    *held = true;
    return pay_review_open(db, "reversal", id, charge.user, amount,
                           "the provider took a charge back, and the wallet does not hold it any more");
}

enum gg_status pay_charge_apply(struct gg_db *db, struct gg_arena *arena, const struct pay_order *order,
                                struct gg_id user, const struct pay_payment *payment, bool *held)
{
    enum pay_verdict verdict = pay_charge_judge(order, payment);
    struct pay_charge_row charge;

    *held = verdict == PAY_VERDICT_REVIEW;
    if (verdict == PAY_VERDICT_WAIT)
        return GG_OK;
    if (verdict == PAY_VERDICT_REVIEW)
        return pay_review_open(db, "charge", order->id, user, order->amount,
                               "the provider tells of another amount, order or state than was asked for");
    if (verdict == PAY_VERDICT_FINISH)
        GG_TRY(pay_charge_finish(db, arena, order->id, &charge));
    else
        GG_TRY(pay_charge_fail(db, arena, order->id)); /* one that is done stays done */
    return pay_charge_follow(db, arena, order->id, payment, held);
}
