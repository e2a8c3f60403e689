/* services/pay/work.c
 * A unit of work on shares, and the moves a share's money can make. */
#include "work.h"

#include "config.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"

/* --- opening and writing --- */

static void expect(struct pay_work *work, struct gg_arena *arena, size_t events)
{
    work->told = GG_NEW_ARRAY(arena, struct gg_emission, events);
    work->n_told = 0;
    work->max_told = events;
}

enum gg_status pay_work_share(struct pay_work *work, struct gg_db *db, struct gg_arena *arena, struct gg_id share,
                              struct gg_id host)
{
    struct pay_account_key keys[4];
    size_t n = 0;

    work->shares = GG_NEW(arena, struct pay_share);
    work->n = 1;
    expect(work, arena, 3); /* refund, pay-out, change of size */
    GG_TRY(pay_share_lock(db, arena, share, work->shares));
    keys[n++] = (struct pay_account_key){work->shares->user, PAY_ACCOUNT_WALLET};
    if (work->shares->state == PAY_HOLD_STATE_CAPTURED)
        keys[n++] = (struct pay_account_key){work->shares->deal, PAY_ACCOUNT_ESCROW};
    if (!gg_id_is_zero(host))
        keys[n++] = (struct pay_account_key){host, PAY_ACCOUNT_WALLET};
    if (!gg_id_is_zero(host) && pay_config.fee_rate > 0)
        keys[n++] = (struct pay_account_key){pay_fees_account(), PAY_ACCOUNT_FEES};
    return pay_book_open(&work->book, db, arena, keys, n, 3); /* refund, pay-out, fee */
}

enum gg_status pay_work_deal(struct pay_work *work, struct gg_db *db, struct gg_arena *arena, struct gg_id deal)
{
    struct pay_account_key *keys;

    GG_TRY(pay_deal_lock(db, arena, deal, &work->shares, &work->n));
    expect(work, arena, work->n);
    keys = GG_NEW_ARRAY(arena, struct pay_account_key, work->n + 1);
    for (size_t i = 0; i < work->n; i++)
        keys[i] = (struct pay_account_key){work->shares[i].user, PAY_ACCOUNT_WALLET};
    keys[work->n] = (struct pay_account_key){deal, PAY_ACCOUNT_ESCROW};
    return pay_book_open(&work->book, db, arena, keys, work->n + 1, work->n);
}

enum gg_status pay_work_save(struct pay_work *work)
{
    GG_TRY(pay_shares_save(work->book.db, work->book.arena, work->shares, work->n, work->book.now));
    GG_TRY(pay_book_save(&work->book));
    return gg_emit_all(work->book.db, work->told, work->n_told);
}

/* --- telling --- */

struct pay_share_event pay_step_of(const struct pay_share *share, int64_t amount)
{
    return (struct pay_share_event){
        .deal = share->deal,
        .share = share->share,
        .user = share->user,
        .amount_won = amount,
        .restored_won = GG_NONE,
        .fee_won = GG_NONE,
        .reason = -1,
        .resize = GG_NONE,
    };
}

void pay_tell(struct pay_work *work, struct pay_share *share, const struct gg_event_type *type,
              const struct pay_share_event *event)
{
    struct pay_share_event *kept = GG_NEW(work->book.arena, struct pay_share_event);

    if (work->n_told == work->max_told)
        gg_fatal("work_full", "more events than this unit of work was opened for");
    *kept = *event;
    share->step++;
    share->marks |= PAY_MARK_HOLD;
    work->told[work->n_told++] =
        (struct gg_emission){.type = type, .aggregate = share->share, .sequence = share->step, .data = kept};
}

enum gg_status pay_defect(const struct pay_share *share, const char *what, int64_t won)
{
    char id[GG_ID_TEXT];

    gg_id_format(share->share, id);
    gg_error("share_defect", "share %s: %s (%" PRId64 " won; held %" PRId64 ", captured %" PRId64 ", left %" PRId64 ")",
             id, what, won, share->held, share->escrow.captured, pay_escrow_left(&share->escrow));
    return GG_ERROR;
}

/* --- moves --- */

static struct pay_transfer transfer_of(const struct pay_share *share, struct gg_id id, int kind, struct gg_id from,
                                       struct gg_id to, int64_t amount)
{
    return (struct pay_transfer){.id = id,
                                 .kind = kind,
                                 .debit = from,
                                 .credit = to,
                                 .amount = amount,
                                 .deal = share->deal,
                                 .share = share->share};
}

static void ended(struct pay_share *share, enum pay_hold_act act)
{
    share->state = gg_fsm_next(&pay_hold_fsm, share->state, (int)act);
    share->marks |= PAY_MARK_HOLD | PAY_MARK_ENDED;
}

enum gg_status pay_void(struct pay_work *work, struct pay_share *share, enum pay_hold_act act)
{
    struct pay_share_event event = pay_step_of(share, share->held);

    if (pay_hold_release(pay_book_account(&work->book, share->user), share->held) != PAY_OK)
        return pay_defect(share, "more is held than the wallet knows of", share->held);
    ended(share, act);
    pay_tell(work, share, &PAY_HOLD_VOIDED, &event);
    return GG_OK;
}

enum gg_status pay_take(struct pay_work *work, struct pay_share *share, int64_t amount)
{
    struct pay_transfer transfer = transfer_of(share, gg_id_derive(share->share, "pay.capture"), PAY_ENTRY_CAPTURE,
                                               share->user, share->deal, amount);
    struct pay_share_event event = pay_step_of(share, amount);

    event.restored_won = share->held - amount;
    GG_TRY(pay_book_capture(&work->book, share->held, &transfer));
    share->escrow.captured = amount;
    share->exit_at = work->book.now + pay_config.escrow_days * GG_DAY;
    share->marks |= PAY_MARK_ESCROW;
    ended(share, PAY_HOLD_DO_CAPTURE);
    pay_tell(work, share, &PAY_HOLD_CAPTURED, &event);
    return GG_OK;
}

enum gg_status pay_give_back(struct pay_work *work, struct pay_share *share, int64_t amount, struct gg_id id,
                             bool close)
{
    struct pay_transfer transfer = transfer_of(share, id, PAY_ENTRY_REFUND, share->deal, share->user, amount);
    struct pay_share_event event = pay_step_of(share, amount);

    if (pay_escrow_refund(&share->escrow, amount) != PAY_OK)
        return pay_defect(share, "refund above what is left, or frozen", amount);
    if (amount > 0)
        GG_TRY(pay_book_move(&work->book, &transfer));
    share->closed = close && pay_escrow_left(&share->escrow) == 0;
    share->marks |= PAY_MARK_ESCROW;
    pay_tell(work, share, &PAY_SHARE_REFUNDED, &event);
    return GG_OK;
}

/* The house's part is a line of its own in the host's history. */
static enum gg_status keep_fee(struct pay_work *work, const struct pay_share *share, struct gg_id host, int64_t fee)
{
    struct pay_transfer transfer =
        transfer_of(share, gg_id_derive(share->share, "pay.fee"), PAY_ENTRY_FEE, host, pay_fees_account(), fee);

    return fee > 0 ? pay_book_move(&work->book, &transfer) : GG_OK;
}

enum gg_status pay_host(struct pay_work *work, struct pay_share *share, struct gg_id host)
{
    int64_t amount = pay_escrow_left(&share->escrow), fee = pay_fee(amount, pay_config.fee_rate);
    struct pay_transfer transfer =
        transfer_of(share, gg_id_derive(share->share, "pay.payout"), PAY_ENTRY_PAYOUT, share->deal, host, amount);
    struct pay_share_event event = pay_step_of(share, amount);

    if (pay_escrow_pay_out(&share->escrow, amount) != PAY_OK)
        return pay_defect(share, "pay-out of a frozen share", amount);
    if (amount > 0)
        GG_TRY(pay_book_move(&work->book, &transfer));
    GG_TRY(keep_fee(work, share, host, fee));
    share->closed = true;
    share->marks |= PAY_MARK_ESCROW;
    event.user = host;
    event.fee_won = fee > 0 ? fee : GG_NONE;
    pay_tell(work, share, &PAY_SHARE_PAID_OUT, &event);
    return GG_OK;
}
