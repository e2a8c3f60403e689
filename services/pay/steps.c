/* services/pay/steps.c
 * The steps of one share's money, from the hold to the host. */
#include "steps.h"

#include "libcommon/clock.h"
#include "libcommon/due.h"
#include "libcommon/log.h"

static struct pay_share_event step_of(const struct pay_share *share, int64_t amount)
{
    return (struct pay_share_event){
        .deal = share->deal,
        .share = share->share,
        .user = share->user,
        .amount_won = amount,
        .restored_won = GG_NONE,
        .reason = -1,
        .resize = GG_NONE,
    };
}

static enum gg_status tell(struct gg_db *db, struct pay_share *share, const struct gg_event_type *type,
                           const struct pay_share_event *event)
{
    share->step++;
    GG_TRY(pay_step_save(db, share));
    return gg_emit(db, type, share->share, share->step, event);
}

static enum gg_status defect(const struct pay_share *share, const char *what, int64_t won)
{
    char id[GG_ID_TEXT];

    gg_id_format(share->share, id);
    gg_error("share_defect", "share %s: %s (%" PRId64 " won; held %" PRId64 ", captured %" PRId64 ", left %" PRId64 ")",
             id, what, won, share->held, share->escrow.captured, pay_escrow_left(&share->escrow));
    return GG_ERROR;
}

/* --- hold --- */

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
        return defect(share, pay_result_name(result), share->held);
    share->state = result == PAY_OK ? PAY_HOLD_STATE_PENDING : PAY_HOLD_STATE_REFUSED;
    GG_TRY(pay_book_save(&book));
    status = pay_share_insert(db, share);
    /* Another consumer was faster with the same event: look again, and find it answered. */
    if (status == GG_DUPLICATE)
        return GG_RETRY;
    GG_TRY(status);
    event = step_of(share, share->held);
    if (share->state == PAY_HOLD_STATE_REFUSED) {
        event.reason = PAY_REFUSED_FUNDS;
        return tell(db, share, &PAY_HOLD_REFUSED, &event);
    }
    GG_TRY(gg_due_set(db, PAY_DUE_HOLD_EXPIRE, share->share, share->expires_at));
    return tell(db, share, &PAY_HOLD_PLACED, &event);
}

enum gg_status pay_share_reserve(struct gg_db *db, struct gg_arena *arena, const struct deal_share_event *reserved)
{
    struct pay_share share;
    enum gg_status status = pay_share_lock(db, arena, reserved->share, &share);

    if (status != GG_NOT_FOUND)
        return status;
    share = (struct pay_share){
        .share = reserved->share,
        .deal = reserved->deal,
        .user = reserved->user,
        .held = reserved->amount_won,
        .placed_at = gg_now(),
        .expires_at = reserved->hold_until,
    };
    if (share.expires_at == GG_NONE)
        return defect(&share, "reserved without a deadline for the hold", share.held);
    return place(db, arena, &share);
}

/* The pending hold has ended as share->state: row, proof, alarm clock. */
static enum gg_status resolve(struct gg_db *db, const struct pay_share *share)
{
    GG_TRY(pay_hold_resolve(db, share, gg_now()));
    return gg_due_clear(db, PAY_DUE_HOLD_EXPIRE, share->share);
}

static enum gg_status void_in_book(struct pay_book *book, struct pay_share *share, enum pay_hold_act act)
{
    struct pay_share_event event;

    if (pay_hold_release(pay_book_account(book, share->user), share->held) != PAY_OK)
        return defect(share, "more is held than the wallet knows of", share->held);
    share->state = gg_fsm_next(&pay_hold_fsm, share->state, (int)act);
    GG_TRY(resolve(book->db, share));
    event = step_of(share, share->held);
    return tell(book->db, share, &PAY_HOLD_VOIDED, &event);
}

enum gg_status pay_share_void(struct gg_db *db, struct gg_arena *arena, struct gg_id id, enum pay_hold_act act)
{
    struct pay_share share;
    enum gg_status status = pay_share_lock(db, arena, id, &share);
    struct pay_account_key key;
    struct pay_book book;

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    if (gg_fsm_next(&pay_hold_fsm, share.state, (int)act) < 0)
        return GG_OK;
    key = (struct pay_account_key){share.user, PAY_ACCOUNT_WALLET};
    GG_TRY(pay_book_open(&book, db, arena, &key, 1, 0));
    GG_TRY(void_in_book(&book, &share, act));
    return pay_book_save(&book);
}

/* --- outcomes of a whole deal --- */

/* Locks the deal's shares, then its escrow and the wallets of all who are in it. */
static enum gg_status open_deal(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct pay_share **shares,
                                size_t *n, struct pay_book *book)
{
    struct pay_account_key *keys;

    GG_TRY(pay_deal_lock(db, arena, deal, shares, n));
    keys = GG_NEW_ARRAY(arena, struct pay_account_key, *n + 1);
    for (size_t i = 0; i < *n; i++)
        keys[i] = (struct pay_account_key){(*shares)[i].user, PAY_ACCOUNT_WALLET};
    keys[*n] = (struct pay_account_key){deal, PAY_ACCOUNT_ESCROW};
    return pay_book_open(book, db, arena, keys, *n + 1, *n);
}

static const struct deal_allotment *allotment_of(const struct deal_outcome *outcome, struct gg_id share)
{
    const struct deal_allotment *allotments = outcome->shares.items;

    for (size_t i = 0; i < outcome->shares.n; i++)
        if (gg_id_equal(allotments[i].share, share))
            return &allotments[i];
    return NULL;
}

static enum gg_status capture(struct pay_book *book, struct pay_share *share, int64_t amount)
{
    struct pay_transfer transfer = {
        .id = gg_id_derive(share->share, "pay.capture"),
        .kind = PAY_ENTRY_CAPTURE,
        .debit = share->user,
        .credit = share->deal,
        .amount = amount,
        .deal = share->deal,
        .share = share->share,
    };
    struct pay_share_event event;

    GG_TRY(pay_book_capture(book, share->held, &transfer));
    share->state = gg_fsm_next(&pay_hold_fsm, share->state, PAY_HOLD_DO_CAPTURE);
    share->escrow.captured = amount;
    GG_TRY(resolve(book->db, share));
    GG_TRY(pay_escrow_insert(book->db, share));
    event = step_of(share, amount);
    event.restored_won = share->held - amount;
    return tell(book->db, share, &PAY_HOLD_CAPTURED, &event);
}

static enum gg_status confirm_share(struct pay_book *book, struct pay_share *share,
                                    const struct deal_allotment *allotment)
{
    bool allotted = allotment && allotment->quantity > 0;

    if (share->state == PAY_HOLD_STATE_PENDING)
        return allotted ? capture(book, share, allotment->amount_won) : void_in_book(book, share, PAY_HOLD_DO_VOID);
    /* Its hold ended before: deal was told then, and the others must not wait for the one. */
    if (allotted && share->state != PAY_HOLD_STATE_CAPTURED)
        (void)defect(share, "confirmed, but its hold has ended without capture", allotment->amount_won);
    return GG_OK;
}

enum gg_status pay_deal_confirm(struct gg_db *db, struct gg_arena *arena, const struct deal_outcome *outcome)
{
    struct pay_share *shares;
    struct pay_book book;
    size_t n;

    GG_TRY(open_deal(db, arena, outcome->deal, &shares, &n, &book));
    if (n < outcome->shares.n)
        gg_error("share_defect", "a deal is confirmed with %zu shares and %zu holds", outcome->shares.n, n);
    for (size_t i = 0; i < n; i++)
        GG_TRY(confirm_share(&book, &shares[i], allotment_of(outcome, shares[i].share)));
    return pay_book_save(&book);
}

/* Gives `amount` of what is left in escrow back; `cause` makes the transfer's id, so one cause refunds once. */
static enum gg_status refund(struct pay_book *book, struct pay_share *share, int64_t amount, const char *cause)
{
    struct pay_transfer transfer = {
        .id = gg_id_derive(share->share, cause),
        .kind = PAY_ENTRY_REFUND,
        .debit = share->deal,
        .credit = share->user,
        .amount = amount,
        .deal = share->deal,
        .share = share->share,
    };
    struct pay_share_event event;

    if (pay_escrow_refund(&share->escrow, amount) != PAY_OK)
        return defect(share, "refund above what is left", amount);
    if (amount > 0)
        GG_TRY(pay_book_move(book, &transfer));
    GG_TRY(pay_escrow_save(book->db, share, book->now));
    event = step_of(share, amount);
    return tell(book->db, share, &PAY_SHARE_REFUNDED, &event);
}

static enum gg_status purchase_share(struct pay_book *book, struct pay_share *share,
                                     const struct deal_allotment *allotment)
{
    bool before;

    if (!allotment || allotment->refund_won == GG_NONE || allotment->refund_won == 0)
        return GG_OK;
    GG_TRY(pay_transfer_exists(book->db, book->arena, gg_id_derive(share->share, "pay.refund.purchase"), &before));
    if (before)
        return GG_OK;
    /* As at confirmation: the one that has nothing in escrow does not stop the others. */
    if (share->state != PAY_HOLD_STATE_CAPTURED || share->closed) {
        (void)defect(share, "refund of a share that has nothing in escrow", allotment->refund_won);
        return GG_OK;
    }
    return refund(book, share, allotment->refund_won, "pay.refund.purchase");
}

enum gg_status pay_deal_purchase(struct gg_db *db, struct gg_arena *arena, const struct deal_outcome *outcome)
{
    struct pay_share *shares;
    struct pay_book book;
    size_t n;

    GG_TRY(open_deal(db, arena, outcome->deal, &shares, &n, &book));
    for (size_t i = 0; i < n; i++)
        GG_TRY(purchase_share(&book, &shares[i], allotment_of(outcome, shares[i].share)));
    return pay_book_save(&book);
}

enum gg_status pay_deal_undo(struct gg_db *db, struct gg_arena *arena, struct gg_id deal)
{
    struct pay_share *shares;
    struct pay_book book;
    size_t n;

    GG_TRY(open_deal(db, arena, deal, &shares, &n, &book));
    for (size_t i = 0; i < n; i++) {
        if (shares[i].state == PAY_HOLD_STATE_PENDING)
            GG_TRY(void_in_book(&book, &shares[i], PAY_HOLD_DO_VOID));
        if (shares[i].state == PAY_HOLD_STATE_CAPTURED && !shares[i].closed) {
            shares[i].closed = true;
            GG_TRY(refund(&book, &shares[i], pay_escrow_left(&shares[i].escrow), "pay.refund.undo"));
        }
    }
    return pay_book_save(&book);
}

/* --- pay-out --- */

static enum gg_status pay_out(struct pay_book *book, struct pay_share *share, struct gg_id host, int64_t amount)
{
    struct pay_transfer transfer = {
        .id = gg_id_derive(share->share, "pay.payout"),
        .kind = PAY_ENTRY_PAYOUT,
        .debit = share->deal,
        .credit = host,
        .amount = amount,
        .deal = share->deal,
        .share = share->share,
    };
    struct pay_share_event event;

    if (pay_escrow_pay_out(&share->escrow, amount) != PAY_OK)
        return defect(share, "pay-out above what is left", amount);
    if (amount > 0)
        GG_TRY(pay_book_move(book, &transfer));
    share->closed = true;
    GG_TRY(pay_escrow_save(book->db, share, book->now));
    GG_TRY(pay_book_save(book));
    event = step_of(share, amount);
    event.user = host;
    return tell(book->db, share, &PAY_SHARE_PAID_OUT, &event);
}

enum gg_status pay_share_pay_out(struct gg_db *db, struct gg_arena *arena, const struct deal_share_event *handed_over)
{
    struct pay_share share;
    struct pay_book book;
    struct pay_account_key keys[2] = {{handed_over->deal, PAY_ACCOUNT_ESCROW}, {handed_over->host, PAY_ACCOUNT_WALLET}};
    enum gg_status status = pay_share_lock(db, arena, handed_over->share, &share);

    if (status == GG_NOT_FOUND) {
        gg_error("share_defect", "a share was handed over that never had a hold");
        return GG_ERROR;
    }
    GG_TRY(status);
    if (share.closed)
        return GG_OK;
    if (share.state != PAY_HOLD_STATE_CAPTURED)
        return defect(&share, "handed over, but nothing was captured", handed_over->amount_won);
    if (handed_over->amount_won != pay_escrow_left(&share.escrow))
        return defect(&share, "handed over for another amount than is left", handed_over->amount_won);
    GG_TRY(pay_book_open(&book, db, arena, keys, 2, 1));
    return pay_out(&book, &share, handed_over->host, handed_over->amount_won);
}
