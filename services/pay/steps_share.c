/* services/pay/steps_share.c
 * What happens to the money of one share after the purchase: less came, it changed hands, it is disputed. A dispute
 * freezes the share: what deal says of it meanwhile is kept, and done when the dispute has ended. */
#include "steps.h"

#include "libcommon/log.h"
#include "work.h"

/* GG_NOT_FOUND: it has left escrow already, and there is nothing to do. */
static enum gg_status open_share(struct pay_work *work, struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct gg_id host)
{
    enum gg_status status = pay_work_share(work, db, arena, id, host);

    if (status == GG_NOT_FOUND) {
        gg_error("share_defect", "something is said of a share that never had a hold");
        return GG_ERROR;
    }
    GG_TRY(status);
    if (work->shares->closed)
        return GG_NOT_FOUND;
    return work->shares->state == PAY_HOLD_STATE_CAPTURED
               ? GG_OK
               : pay_defect(work->shares, "nothing was captured of it", work->shares->held);
}

#define OPEN_OR_DONE(expression)                                                                                       \
    do {                                                                                                               \
        enum gg_status is_open = (expression);                                                                         \
        if (is_open != GG_OK)                                                                                          \
            return is_open == GG_NOT_FOUND ? GG_OK : is_open;                                                          \
    } while (0)

static int64_t won(int64_t amount)
{
    return amount == GG_NONE ? 0 : amount;
}

/* --- less came --- */

enum gg_status pay_share_adjust(struct gg_db *db, struct gg_arena *arena, struct gg_id event,
                                const struct deal_share_event *adjusted)
{
    int64_t refund = won(adjusted->refund_won);
    struct pay_work work;

    OPEN_OR_DONE(open_share(&work, db, arena, adjusted->share, GG_ID_ZERO));
    if (refund == 0)
        return GG_OK;
    if (work.shares->escrow.frozen) {
        work.shares->owed_refund += refund;
        work.shares->marks |= PAY_MARK_ESCROW;
        return pay_work_save(&work);
    }
    GG_TRY(pay_give_back(&work, work.shares, refund, gg_id_derive(event, "pay.refund"), adjusted->amount_won == 0));
    return pay_work_save(&work);
}

/* --- it changed hands --- */

enum gg_status pay_share_pay_out(struct gg_db *db, struct gg_arena *arena, struct gg_id event,
                                 const struct deal_share_event *handed_over)
{
    int64_t refund = won(handed_over->refund_won);
    struct pay_share *share;
    struct pay_work work;

    OPEN_OR_DONE(open_share(&work, db, arena, handed_over->share, handed_over->host));
    share = work.shares;
    if (share->escrow.frozen) {
        share->owed_refund += refund;
        share->owed_to = handed_over->host;
        share->marks |= PAY_MARK_ESCROW;
        return pay_work_save(&work);
    }
    if (handed_over->amount_won + refund != pay_escrow_left(&share->escrow))
        return pay_defect(share, "handed over for another amount than is left", handed_over->amount_won);
    if (refund > 0)
        GG_TRY(pay_give_back(&work, share, refund, gg_id_derive(event, "pay.refund"), false));
    GG_TRY(pay_host(&work, share, handed_over->host));
    return pay_work_save(&work);
}

/* --- disputes --- */

enum gg_status pay_share_freeze(struct gg_db *db, struct gg_arena *arena, const struct deal_dispute_event *opened)
{
    struct pay_work work;

    OPEN_OR_DONE(open_share(&work, db, arena, opened->share, GG_ID_ZERO));
    work.shares->dispute = opened->dispute;
    work.shares->marks |= PAY_MARK_ESCROW;
    return pay_work_save(&work);
}

enum gg_status pay_share_thaw(struct gg_db *db, struct gg_arena *arena, const struct deal_dispute_event *resolved)
{
    int64_t left, host = won(resolved->amount_won);
    struct pay_share *share;
    struct pay_work work;

    OPEN_OR_DONE(open_share(&work, db, arena, resolved->share, resolved->host));
    share = work.shares;
    left = pay_escrow_left(&share->escrow);
    if (host > left || host + won(resolved->refund_won) + share->owed_refund != left)
        return pay_defect(share, "a dispute ends with other amounts than are left", host);
    share->dispute = GG_ID_ZERO;
    share->escrow.frozen = false;
    share->owed_refund = 0;
    share->marks |= PAY_MARK_ESCROW;
    if (left > host)
        GG_TRY(
            pay_give_back(&work, share, left - host, gg_id_derive(resolved->dispute, "pay.refund.dispute"), host == 0));
    if (host > 0 && !gg_id_is_zero(share->owed_to))
        GG_TRY(pay_host(&work, share, share->owed_to));
    return pay_work_save(&work);
}
