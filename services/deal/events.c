/* services/deal/events.c
 * What auth and pay tell. A share's state decides; what comes for a share that has moved on changes nothing, because
 * the event that moved it tells pay what to do with the money. */
#include "change.h"

#include "libcommon/session.h"
#include "proto/auth.h"
#include "proto/pay.h"

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
    struct deal_work work;
    struct deal_share_row share;

    GG_TRY(begin(event, &work, &share));
    if (share.state != DEAL_SHARE_RESERVED)
        return GG_OK;
    return deal_drop_share(&work, &share, SHARE_HOLD_REFUSED, DEAL_REASON_NO_MONEY);
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
    return deal_share_update(event->db, &share);
}

static enum gg_status on_paid_out(struct gg_event *event)
{
    struct deal_work work;
    struct deal_share_row share;

    GG_TRY(begin(event, &work, &share));
    return share.state == DEAL_SHARE_HANDED_OVER ? deal_settle(&work, &share) : GG_OK;
}

const struct gg_consumes deal_consumes[] = {
    {&AUTH_USER_REGISTERED, on_user},        {&AUTH_USER_CHANGED, on_user},
    {&AUTH_SESSION_ENDED, on_session_ended}, {&PAY_HOLD_PLACED, on_hold_placed},
    {&PAY_HOLD_REFUSED, on_hold_refused},    {&PAY_HOLD_VOIDED, on_hold_voided},
    {&PAY_HOLD_CAPTURED, on_hold_captured},  {&PAY_SHARE_REFUNDED, on_refunded},
    {&PAY_SHARE_PAID_OUT, on_paid_out},
};
const size_t deal_consumes_n = GG_LEN(deal_consumes);
