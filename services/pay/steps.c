/* services/pay/steps.c
 * Holds: placed, changed in size, let go. */
#include "steps.h"

#include "libcommon/clock.h"
#include "libcommon/due.h"
#include "libcommon/log.h"
#include "work.h"

/* Tells how it ended: the first step of each. */
static enum gg_status tell_placed(struct gg_db *db, struct gg_arena *arena, const struct pay_share *shares,
                                  const struct gg_event *events, size_t n)
{
    struct gg_emission *told = GG_NEW_ARRAY(arena, struct gg_emission, n);
    struct pay_share_event *steps = GG_NEW_ARRAY(arena, struct pay_share_event, n);

    for (size_t i = 0; i < n; i++) {
        bool held = shares[i].state == PAY_HOLD_STATE_PENDING;

        steps[i] = pay_step_of(&shares[i], shares[i].held);
        if (!held)
            steps[i].reason = shares[i].refusal;
        told[i] = (struct gg_emission){held ? &PAY_HOLD_PLACED : &PAY_HOLD_REFUSED, shares[i].share, shares[i].step,
                                       &steps[i], events[i].traceparent};
    }
    return gg_emit_all(db, told, n);
}

static enum gg_status set_alarms(struct gg_db *db, struct gg_arena *arena, const struct pay_share *shares, size_t n)
{
    struct gg_due_at *alarms = GG_NEW_ARRAY(arena, struct gg_due_at, n);
    size_t held = 0;

    for (size_t i = 0; i < n; i++)
        if (shares[i].state == PAY_HOLD_STATE_PENDING)
            alarms[held++] = (struct gg_due_at){shares[i].share, shares[i].expires_at};
    return gg_due_set_all(db, arena, PAY_DUE_HOLD_EXPIRE, alarms, held);
}

/* In the order of the events: who came first is held first. */
static enum gg_status place(struct pay_book *book, struct pay_share *share)
{
    enum pay_result result = pay_hold_place(pay_book_account(book, share->user), share->held);

    if (result != PAY_OK && result != PAY_INSUFFICIENT && result != PAY_STOPPED)
        return pay_defect(share, pay_result_name(result), share->held);
    share->state = result == PAY_OK ? PAY_HOLD_STATE_PENDING : PAY_HOLD_STATE_REFUSED;
    share->refusal = result == PAY_STOPPED ? PAY_REFUSED_STOPPED : PAY_REFUSED_FUNDS;
    share->step = 1;
    return GG_OK;
}

static enum gg_status share_of(const struct deal_share_event *reserved, struct pay_share *share)
{
    *share = (struct pay_share){
        .share = reserved->share,
        .deal = reserved->deal,
        .user = reserved->user,
        .held = reserved->amount_won,
        .placed_at = gg_now(),
        .expires_at = reserved->hold_until,
    };
    return share->expires_at == GG_NONE ? pay_defect(share, "reserved without a deadline for the hold", share->held)
                                        : GG_OK;
}

enum gg_status pay_shares_reserve(struct gg_event *events, size_t n)
{
    struct gg_db *db = events->db;
    struct gg_arena *arena = events->arena;
    struct pay_share *shares = GG_NEW_ARRAY(arena, struct pay_share, n);
    struct pay_account_key *keys = GG_NEW_ARRAY(arena, struct pay_account_key, n);
    struct pay_book book;
    enum gg_status status;

    for (size_t i = 0; i < n; i++) {
        GG_TRY(share_of(events[i].data, &shares[i]));
        keys[i] = (struct pay_account_key){shares[i].user, PAY_ACCOUNT_WALLET};
    }
    GG_TRY(pay_book_open(&book, db, arena, keys, n, 0));
    for (size_t i = 0; i < n; i++)
        GG_TRY(place(&book, &shares[i]));
    status = pay_shares_insert(db, arena, shares, n);
    if (status == GG_DUPLICATE && n == 1) /* the same event came before, and was answered */
        return GG_OK;
    GG_TRY(status);
    GG_TRY(pay_book_save(&book));
    GG_TRY(set_alarms(db, arena, shares, n));
    return tell_placed(db, arena, shares, events, n);
}

/* --- change of size --- */

/* True when the hold is what the event asks for; else nothing has changed. */
static bool grow_or_shrink(struct pay_work *work, struct pay_share *share, const struct deal_share_event *resized)
{
    struct pay_account *wallet = pay_book_account(&work->book, share->user);

    return resized->resize > share->resize && share->state == PAY_HOLD_STATE_PENDING &&
           pay_hold_resize(wallet, share->held, resized->amount_won) == PAY_OK;
}

enum gg_status pay_share_resize(struct gg_db *db, struct gg_arena *arena, const struct deal_share_event *resized)
{
    struct pay_work work;
    struct pay_share_event event;
    struct pay_share *share;
    enum gg_status status = pay_work_share(&work, db, arena, resized->share, GG_ID_ZERO);
    int64_t before;

    if (status == GG_NOT_FOUND) {
        gg_error("share_defect", "a share was resized that never had a hold");
        return GG_ERROR;
    }
    GG_TRY(status);
    share = work.shares;
    if (resized->resize == share->resize)
        return GG_OK;
    event = pay_step_of(share, resized->amount_won);
    event.resize = resized->resize;
    before = share->held;
    if (!grow_or_shrink(&work, share, resized)) {
        pay_tell(&work, share, &PAY_HOLD_RESIZE_REFUSED, &event);
        return pay_work_save(&work);
    }
    share->held = resized->amount_won;
    share->resize = resized->resize;
    if (resized->hold_until != GG_NONE && resized->hold_until != share->expires_at) {
        share->expires_at = resized->hold_until;
        GG_TRY(gg_due_set(db, PAY_DUE_HOLD_EXPIRE, share->share, share->expires_at));
    }
    GG_TRY(pay_resize_insert(db, share, before, work.book.now));
    pay_tell(&work, share, &PAY_HOLD_RESIZED, &event);
    return pay_work_save(&work);
}

/* --- letting go --- */

enum gg_status pay_share_void(struct gg_db *db, struct gg_arena *arena, struct gg_id id, enum pay_hold_act act)
{
    struct pay_work work;
    enum gg_status status = pay_work_share(&work, db, arena, id, GG_ID_ZERO);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    if (gg_fsm_next(&pay_hold_fsm, work.shares->state, (int)act) < 0)
        return GG_OK;
    GG_TRY(pay_void(&work, work.shares, act));
    return pay_work_save(&work);
}
