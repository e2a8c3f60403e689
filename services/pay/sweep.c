/* services/pay/sweep.c
 * Work that falls due: holds that outlive their deadline, charges that hang at the provider. */
#include "libcommon/clock.h"
#include "provider.h"
#include "rooms.h"
#include "steps.h"

/* Runs only when every event up to the deadline has been applied: nothing said capture or void in time. */
static enum gg_status hold_expire(struct gg_due *due)
{
    return pay_share_void(due->db, due->arena, due->subject, PAY_HOLD_DO_EXPIRE);
}

static enum gg_status escrow_exit(struct gg_due *due)
{
    return pay_deal_exit(due->db, due->arena, due->subject);
}

/* --- hanging charges --- */

struct charge_end {
    struct gg_arena *arena;
    const struct pay_charge_row *charge;
    struct pay_payment payment;
};

static enum gg_status settle(struct gg_db *db, void *arg)
{
    const struct charge_end *end = arg;
    const struct pay_order order = {end->charge->id, end->charge->amount, end->charge->payment_key};
    bool held;

    return pay_charge_apply(db, end->arena, &order, end->charge->user, &end->payment, &held);
}

static enum gg_status give_up(struct gg_db *db, void *arg)
{
    const struct charge_end *end = arg;

    return pay_charge_fail(db, end->arena, end->charge->id);
}

static enum gg_status charge_check(struct gg_due *due)
{
    struct pay_charge_row charge;
    struct charge_end end = {.arena = due->arena, .charge = &charge};
    enum pay_verdict verdict = PAY_VERDICT_WAIT;
    enum gg_status status;
    int64_t next;

    GG_TRY(pay_charge_read(due->db, due->arena, due->subject, &charge));
    if (charge.state != PAY_CHARGE_CREATED)
        return GG_OK;
    status = pay_provider_look_up(due->arena, charge.id, &end.payment);
    if (status == GG_OK) {
        const struct pay_order order = {charge.id, charge.amount, charge.payment_key};

        verdict = pay_charge_judge(&order, &end.payment);
        if (verdict != PAY_VERDICT_WAIT)
            GG_TRY(gg_db_tx(due->db, settle, &end));
    } else if (status != GG_NOT_FOUND)
        return status;
    if (verdict == PAY_VERDICT_FINISH || verdict == PAY_VERDICT_FAIL)
        return GG_OK;
    next = pay_charge_next_check(charge.created_at, gg_now());
    if (next != GG_NONE)
        return gg_due_set(due->db, PAY_DUE_CHARGE_CHECK, charge.id, next);
    return verdict == PAY_VERDICT_WAIT ? gg_db_tx(due->db, give_up, &end) : GG_OK;
}

const struct gg_due_kind pay_due_kinds[] = {
    {.kind = PAY_DUE_HOLD_EXPIRE,
     .after_catch_up = true,
     .handle = hold_expire,
     .doc = "a pending hold passes its own deadline: the money is free again"},
    {.kind = PAY_DUE_ESCROW_EXIT,
     .after_catch_up = true,
     .handle = escrow_exit,
     .doc = "money stays in escrow for too long: it goes back"},
    {.kind = PAY_DUE_CHARGE_CHECK,
     .outbound = true,
     .handle = charge_check,
     .doc = "a charge hangs: the provider is asked where the payment stands"},
};
const size_t pay_due_kinds_n = GG_LEN(pay_due_kinds);
