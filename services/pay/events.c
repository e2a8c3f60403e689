/* services/pay/events.c
 * What pay does when other services tell it something. Every handler decides by the state it finds, so that a second
 * delivery changes nothing even without the inbox. */
#include "libcommon/clock.h"
#include "libcommon/session.h"
#include "proto/auth.h"
#include "rooms.h"
#include "steps.h"

static enum gg_status user_registered(struct gg_event *event)
{
    const struct auth_user_event *user = event->data;

    GG_TRY(pay_on_user_changed(event));
    return pay_account_make(event->db, user->user, PAY_ACCOUNT_WALLET, gg_now());
}

static enum gg_status share_let_go(struct gg_event *event)
{
    const struct deal_share_event *share = event->data;

    return pay_share_void(event->db, event->arena, share->share, PAY_HOLD_DO_VOID);
}

static enum gg_status share_handed_over(struct gg_event *event)
{
    return pay_share_pay_out(event->db, event->arena, event->id, event->data);
}

static enum gg_status share_resized(struct gg_event *event)
{
    return pay_share_resize(event->db, event->arena, event->data);
}

static enum gg_status share_adjusted(struct gg_event *event)
{
    return pay_share_adjust(event->db, event->arena, event->id, event->data);
}

static enum gg_status dispute_opened(struct gg_event *event)
{
    return pay_share_freeze(event->db, event->arena, event->data);
}

static enum gg_status dispute_resolved(struct gg_event *event)
{
    return pay_share_thaw(event->db, event->arena, event->data);
}

static enum gg_status deal_confirmed(struct gg_event *event)
{
    return pay_deal_confirm(event->db, event->arena, event->data);
}

static enum gg_status deal_purchased(struct gg_event *event)
{
    GG_TRY(pay_on_deal_purchased(event));
    return pay_deal_purchase(event->db, event->arena, event->data);
}

static enum gg_status deal_undone(struct gg_event *event)
{
    const struct deal_outcome *outcome = event->data;

    return pay_deal_undo(event->db, event->arena, outcome->deal);
}

static enum gg_status on_session_ended(struct gg_event *event)
{
    const struct auth_session_ended *data = event->data;

    return gg_session_end(event->db, data->user, data->session, data->version);
}

const struct gg_consumes pay_consumes[] = {
    {&AUTH_USER_REGISTERED, user_registered},
    {&AUTH_SESSION_ENDED, on_session_ended},
    {&DEAL_SHARE_RESERVED_EVENT, .handle_all = pay_shares_reserve},
    {&DEAL_SHARE_REJECTED_EVENT, share_let_go},
    {&DEAL_SHARE_RELEASED_EVENT, share_let_go},
    {&DEAL_CONFIRMED_EVENT, deal_confirmed},
    {&DEAL_FAILED_EVENT, deal_undone},
    {&DEAL_CANCELLED_EVENT, deal_undone},
    {&DEAL_PURCHASED_EVENT, deal_purchased},
    {&DEAL_SHARE_HANDED_OVER_EVENT, share_handed_over},
    {&DEAL_SHARE_RESIZED_EVENT, share_resized},
    {&DEAL_SHARE_ADJUSTED_EVENT, share_adjusted},
    {&DEAL_DISPUTE_OPENED_EVENT, dispute_opened},
    {&DEAL_DISPUTE_RESOLVED_EVENT, dispute_resolved},
};
const size_t pay_consumes_n = GG_LEN(pay_consumes);
