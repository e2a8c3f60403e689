/* services/pay/steps_charge.c
 * How a charge ends: exactly once, whether the neighbour, the provider's webhook or our own question comes first. */
#include "libcommon/clock.h"
#include "libcommon/due.h"
#include "steps.h"

static enum gg_status bring_in(struct gg_db *db, struct gg_arena *arena, const struct pay_charge_row *charge)
{
    struct pay_account_key keys[2] = {{pay_provider_account(), PAY_ACCOUNT_PROVIDER},
                                      {charge->user, PAY_ACCOUNT_WALLET}};
    struct pay_transfer transfer = {
        .id = gg_id_derive(charge->id, "pay.charge"),
        .kind = PAY_ENTRY_CHARGE,
        .debit = pay_provider_account(),
        .credit = charge->user,
        .amount = charge->amount,
    };
    struct pay_book book;

    GG_TRY(pay_book_open(&book, db, arena, keys, 2, 1));
    GG_TRY(pay_book_move(&book, &transfer));
    return pay_book_save(&book);
}

enum gg_status pay_charge_finish(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct pay_charge_row *charge)
{
    struct pay_charge_event event;
    int next;

    GG_TRY(pay_charge_lock(db, arena, id, charge));
    next = gg_fsm_next(&pay_charge_fsm, charge->state, PAY_CHARGE_DO_FINISH);
    if (next < 0)
        return GG_OK;
    GG_TRY(bring_in(db, arena, charge));
    GG_TRY(pay_charge_end(db, id, charge->state, next, gg_now()));
    GG_TRY(gg_due_clear(db, PAY_DUE_CHARGE_CHECK, id));
    charge->state = next;
    event = (struct pay_charge_event){.charge = id, .user = charge->user, .amount_won = charge->amount};
    return gg_emit(db, &PAY_CHARGE_DONE, id, 1, &event);
}

enum gg_status pay_charge_fail(struct gg_db *db, struct gg_arena *arena, struct gg_id id)
{
    struct pay_charge_row charge;
    int next;

    GG_TRY(pay_charge_lock(db, arena, id, &charge));
    next = gg_fsm_next(&pay_charge_fsm, charge.state, PAY_CHARGE_DO_FAIL);
    if (next < 0)
        return GG_OK;
    GG_TRY(gg_due_clear(db, PAY_DUE_CHARGE_CHECK, id));
    return pay_charge_end(db, id, charge.state, next, gg_now());
}
