/* services/deal/events.c
 * What auth and pay tell. A share's state decides; what comes for a share that has moved on changes nothing, because
 * the event that moved it tells pay what to do with the money. */
#include "change.h"

#include "libcommon/session.h"
#include "proto/auth.h"
#include "proto/auth_trust.h"
#include "proto/pay.h"
#include "store_own.h"

static enum gg_status on_user(struct gg_event *event)
{
    const struct auth_user_event *data = event->data;

    return deal_person_put(event->db, data->user, data->nickname);
}

static enum gg_status on_session_ended(struct gg_event *event)
{
    const struct auth_session_ended *data = event->data;

    return gg_session_end(event->db, data->user, data->session, data->version);
}

/* Locks the deal, then reads the share: in this order everywhere. */
static enum gg_status begin(struct gg_event *event, struct deal_work *work, struct deal_share_row *share)
{
    const struct pay_share_event *data = event->data;

    GG_TRY(deal_begin(work, event->db, event->arena, data->deal, GG_ID_ZERO));
    return deal_share_get(event->db, event->arena, data->share, share);
}

static enum gg_status on_hold_placed(struct gg_event *event)
{
    struct deal_work work;
    struct deal_share_row share;

    GG_TRY(begin(event, &work, &share));
    return share.state == DEAL_SHARE_RESERVED ? deal_hold_share(&work, &share) : GG_OK;
}

static enum gg_status on_hold_refused(struct gg_event *event)
{
    const struct pay_share_event *refused = event->data;
    struct deal_work work;
    struct deal_share_row share;

    GG_TRY(begin(event, &work, &share));
    if (share.state != DEAL_SHARE_RESERVED)
        return GG_OK;
    return deal_drop_share(&work, &share, SHARE_HOLD_REFUSED,
                           refused->reason == PAY_REFUSED_STOPPED ? DEAL_REASON_STOPPED : DEAL_REASON_NO_MONEY);
}

/* Also told after every release of ours, which has moved the share on already. */
static enum gg_status on_hold_voided(struct gg_event *event)
{
    struct deal_work work;
    struct deal_share_row share;

    GG_TRY(begin(event, &work, &share));
    return share.state == DEAL_SHARE_HELD ? deal_lose_share(&work, &share) : GG_OK;
}

static enum gg_status on_hold_captured(struct gg_event *event)
{
    const struct pay_share_event *data = event->data;
    struct deal_work work;
    struct deal_share_row share;

    GG_TRY(begin(event, &work, &share));
    share.captured_won = data->amount_won;
    if (share.state == DEAL_SHARE_HELD)
        share.state = gg_fsm_next(&deal_share_fsm, share.state, SHARE_CAPTURE);
    return deal_share_update(event->db, &share);
}

static enum gg_status on_refunded(struct gg_event *event)
{
    const struct pay_share_event *data = event->data;
    struct deal_work work;
    struct deal_share_row share;

    GG_TRY(begin(event, &work, &share));
    share.refunded_won += data->amount_won;
    /* Its time in escrow was over: what deal asked for itself has changed amount_won, or the state, before. */
    if ((share.state == DEAL_SHARE_CAPTURED || share.state == DEAL_SHARE_HANDED_OVER) && share.amount_won > 0 &&
        share.refunded_won == share.captured_won)
        return deal_take_back(&work, &share);
    return deal_share_update(event->db, &share);
}

static enum gg_status on_resized(struct gg_event *event)
{
    const struct pay_share_event *data = event->data;
    struct deal_work work;
    struct deal_share_row share;

    GG_TRY(begin(event, &work, &share));
    return deal_resized(&work, &share, data->resize, data->amount_won);
}

static enum gg_status on_resize_refused(struct gg_event *event)
{
    const struct pay_share_event *data = event->data;
    struct deal_work work;
    struct deal_share_row share;

    GG_TRY(begin(event, &work, &share));
    if (share.state != DEAL_SHARE_HELD || share.want_quantity == GG_NONE || share.resize != data->resize)
        return GG_OK;
    return deal_resize_failed(&work, &share, DEAL_REASON_NO_MONEY);
}

static enum gg_status on_paid_out(struct gg_event *event)
{
    struct deal_work work;
    struct deal_share_row share;

    GG_TRY(begin(event, &work, &share));
    return share.state == DEAL_SHARE_HANDED_OVER ? deal_settle(&work, &share) : GG_OK;
}

/* --- people --- */

static enum gg_status on_block_added(struct gg_event *event)
{
    const struct auth_block_event *data = event->data;

    return deal_block_put(event->db, data->user, data->blocked, true);
}

static enum gg_status on_block_removed(struct gg_event *event)
{
    const struct auth_block_event *data = event->data;

    return deal_block_put(event->db, data->user, data->blocked, false);
}

/* Nothing new from now on; what is there already is told. */
static enum gg_status on_closing_asked(struct gg_event *event)
{
    const struct auth_closing_event *data = event->data;
    struct auth_closing_answer answer = {.user = data->user, .closing = data->closing};
    int64_t version;

    GG_TRY(deal_account_closing(event->db, data->user, true));
    GG_TRY(deal_in_flight(event->db, event->arena, data->user, &answer.items));
    GG_TRY(deal_account_version(event->db, event->arena, data->user, &version));
    return gg_emit(event->db, &DEAL_CLOSING_ANSWERED_EVENT, data->user, version, &answer);
}

static enum gg_status on_closing_undone(struct gg_event *event)
{
    const struct auth_closing_event *data = event->data;

    return deal_account_closing(event->db, data->user, false);
}

/* Nobody is kept waiting by a place in line that has no owner. */
static enum gg_status leave_lines(struct gg_event *event, struct gg_id user)
{
    struct gg_id *deals;
    size_t n;

    GG_TRY(deal_waits_of(event->db, event->arena, user, &deals, &n));
    for (size_t i = 0; i < n; i++) {
        struct deal_wait_row wait;
        struct deal_work work;
        enum gg_status status;
        GG_TRY(deal_begin(&work, event->db, event->arena, deals[i], GG_ID_ZERO));
        status = deal_wait_of(event->db, event->arena, deals[i], user, &wait);
        if (status == GG_NOT_FOUND)
            continue;
        GG_TRY(status);
        GG_TRY(deal_wait_finish(&work, &wait, DEAL_WAIT_LEFT));
        GG_TRY(deal_offer(&work));
        GG_TRY(deal_update(event->db, &work.deal));
    }
    return GG_OK;
}

static enum gg_status on_purged(struct gg_event *event)
{
    const struct auth_closing_event *data = event->data;
    struct auth_purge_receipt receipt = {.user = data->user, .closing = data->closing};
    int64_t version;

    GG_TRY(leave_lines(event, data->user));
    GG_TRY(deal_forget(event->db, data->user, &receipt.rows));
    GG_TRY(deal_market_forget(event->db, data->user, &receipt.rows));
    GG_TRY(deal_account_version(event->db, event->arena, data->user, &version));
    return gg_emit(event->db, &DEAL_USER_PURGED_EVENT, data->user, version, &receipt);
}

const struct gg_consumes deal_consumes[] = {
    {&AUTH_USER_REGISTERED, on_user},
    {&AUTH_USER_CHANGED, on_user},
    {&AUTH_SESSION_ENDED, on_session_ended},
    {&PAY_HOLD_PLACED, on_hold_placed},
    {&PAY_HOLD_REFUSED, on_hold_refused},
    {&PAY_HOLD_VOIDED, on_hold_voided},
    {&PAY_HOLD_CAPTURED, on_hold_captured},
    {&PAY_SHARE_REFUNDED, on_refunded},
    {&PAY_SHARE_PAID_OUT, on_paid_out},
    {&PAY_HOLD_RESIZED, on_resized},
    {&PAY_HOLD_RESIZE_REFUSED, on_resize_refused},
    {&AUTH_BLOCK_ADDED, on_block_added},
    {&AUTH_BLOCK_REMOVED, on_block_removed},
    {&AUTH_CLOSING_ASKED, on_closing_asked},
    {&AUTH_CLOSING_CANCELLED, on_closing_undone},
    {&AUTH_USER_RESTORED, on_closing_undone},
    {&AUTH_USER_PURGED, on_purged},
};
const size_t deal_consumes_n = GG_LEN(deal_consumes);
