/* services/pay/steps.c
 * Holds: placed, changed in size, let go. */
#include "steps.h"

#include "libcommon/clock.h"
#include "libcommon/due.h"
#include "libcommon/log.h"
#include "work.h"

static enum gg_status place(struct gg_db *db, struct gg_arena *arena, struct pay_share *share)
{
    struct pay_account_key key = {share->user, PAY_ACCOUNT_WALLET};
    struct pay_share_event event;
    struct pay_book book;
    enum pay_result result;
    enum gg_status status;

    GG_TRY(pay_book_open(&book, db, arena, &key, 1, 0));
    result = pay_hold_place(pay_book_account(&book, share->user), share->held);
    if (result != PAY_OK && result != PAY_INSUFFICIENT)
        return pay_defect(share, pay_result_name(result), share->held);
    share->state = result == PAY_OK ? PAY_HOLD_STATE_PENDING : PAY_HOLD_STATE_REFUSED;
    share->step = 1;
    status = pay_share_insert(db, share);
    if (status == GG_DUPLICATE) /* the same event came before, and was answered */
        return GG_OK;
    GG_TRY(status);
    GG_TRY(pay_book_save(&book));
    event = pay_step_of(share, share->held);
    if (share->state == PAY_HOLD_STATE_REFUSED) {
        event.reason = PAY_REFUSED_FUNDS;
        return gg_emit(db, &PAY_HOLD_REFUSED, share->share, share->step, &event);
    }
    GG_TRY(gg_due_set(db, PAY_DUE_HOLD_EXPIRE, share->share, share->expires_at));
    return gg_emit(db, &PAY_HOLD_PLACED, share->share, share->step, &event);
}

enum gg_status pay_share_reserve(struct gg_db *db, struct gg_arena *arena, const struct deal_share_event *reserved)
{
    struct pay_share share = {
        .share = reserved->share,
        .deal = reserved->deal,
        .user = reserved->user,
        .held = reserved->amount_won,
        .placed_at = gg_now(),
        .expires_at = reserved->hold_until,
    };

    if (share.expires_at == GG_NONE)
        return pay_defect(&share, "reserved without a deadline for the hold", share.held);
    return place(db, arena, &share);
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
