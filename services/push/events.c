/* services/push/events.c
 * Who is told of what: one function per event. Nobody is told of his own act. */
#include "inbox.h"

#include "libcommon/session.h"
#include "proto/auth.h"
#include "proto/deal.h"
#include "proto/pay.h"

static enum gg_status on_user(struct gg_event *event)
{
    const struct auth_user_event *data = event->data;

    return push_person_put(event->db, data->user, data->nickname);
}

static enum gg_status on_session_opened(struct gg_event *event)
{
    const struct auth_session_opened *data = event->data;

    if (!data->new_device)
        return GG_OK;
    return push_tell(event, data->user, PUSH_NEW_DEVICE, GG_ID_ZERO, data->device, NULL, GG_NONE);
}

static enum gg_status on_session_ended(struct gg_event *event)
{
    const struct auth_session_ended *data = event->data;

    return gg_session_end(event->db, data->user, data->session, data->version);
}

static enum gg_status on_share_reserved(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;

    return push_share_put(event->db, data->share, data->deal, data->host, data->user, data->title);
}

static enum gg_status on_share_held(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;
    const char *who;

    GG_TRY(push_person_nickname(event->db, event->arena, data->user, &who));
    return push_tell(event, data->host, PUSH_JOINED, data->deal, data->title, who, GG_NONE);
}

static enum gg_status on_share_rejected(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;

    return push_tell(event, data->user, PUSH_REFUSED, data->deal, data->title, NULL, data->amount_won);
}

static enum gg_status on_share_released(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;
    const char *who;

    if (data->reason != DEAL_REASON_LEFT)
        return GG_OK;
    GG_TRY(push_person_nickname(event->db, event->arena, data->user, &who));
    return push_tell(event, data->host, PUSH_LEFT, data->deal, data->title, who, GG_NONE);
}

static enum gg_status on_share_handed_over(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;

    return push_tell(event, data->user, PUSH_HANDED_OVER, data->deal, data->title, NULL, data->amount_won);
}

/* Tells everybody with a share, and the host unless it was his own act. */
static enum gg_status tell_all(struct gg_event *event, enum push_kind kind)
{
    const struct deal_outcome *data = event->data;
    const struct deal_allotment *shares = data->shares.items;
    int64_t of_neighbours = 0;

    for (size_t i = 0; i < data->shares.n; i++) {
        int64_t won = kind == PUSH_PURCHASED ? shares[i].refund_won : shares[i].amount_won;
        if (won != GG_NONE)
            of_neighbours += won;
        GG_TRY(push_tell(event, shares[i].user, kind, data->deal, data->title, NULL, won));
    }
    if (gg_id_equal(data->actor, data->host))
        return GG_OK;
    return push_tell(event, data->host, kind, data->deal, data->title, NULL, data->total_won - of_neighbours);
}

static enum gg_status on_confirmed(struct gg_event *event)
{
    return tell_all(event, PUSH_CONFIRMED);
}

static enum gg_status on_failed(struct gg_event *event)
{
    return tell_all(event, PUSH_FAILED);
}

static enum gg_status on_cancelled(struct gg_event *event)
{
    return tell_all(event, PUSH_CANCELLED);
}

static enum gg_status on_purchased(struct gg_event *event)
{
    return tell_all(event, PUSH_PURCHASED);
}

static enum gg_status on_arrived(struct gg_event *event)
{
    return tell_all(event, PUSH_ARRIVED);
}

/* The payout names the share only; title and member came with an event of another topic. No order holds between topics:
 * should that one still be on its way, the host is told with fewer words rather than late. */
static enum gg_status on_paid_out(struct gg_event *event)
{
    const struct pay_share_event *data = event->data;
    struct gg_id member;
    const char *title = "공구", *who = NULL;
    enum gg_status status = push_share_get(event->db, event->arena, data->share, &member, &title);

    if (status == GG_OK)
        status = push_person_nickname(event->db, event->arena, member, &who);
    if (status != GG_NOT_FOUND)
        GG_TRY(status);
    return push_tell(event, data->user, PUSH_PAID_OUT, data->deal, title, who, data->amount_won);
}

static enum gg_status on_charged(struct gg_event *event)
{
    const struct pay_charge_event *data = event->data;

    return push_tell(event, data->user, PUSH_CHARGED, GG_ID_ZERO, "", NULL, data->amount_won);
}

const struct gg_consumes push_consumes[] = {
    {&AUTH_USER_REGISTERED, on_user},
    {&AUTH_USER_CHANGED, on_user},
    {&AUTH_SESSION_OPENED, on_session_opened},
    {&AUTH_SESSION_ENDED, on_session_ended},
    {&DEAL_SHARE_RESERVED_EVENT, on_share_reserved},
    {&DEAL_SHARE_HELD_EVENT, on_share_held},
    {&DEAL_SHARE_REJECTED_EVENT, on_share_rejected},
    {&DEAL_SHARE_RELEASED_EVENT, on_share_released},
    {&DEAL_SHARE_HANDED_OVER_EVENT, on_share_handed_over},
    {&DEAL_CONFIRMED_EVENT, on_confirmed},
    {&DEAL_FAILED_EVENT, on_failed},
    {&DEAL_CANCELLED_EVENT, on_cancelled},
    {&DEAL_PURCHASED_EVENT, on_purchased},
    {&DEAL_ARRIVED_EVENT, on_arrived},
    {&PAY_SHARE_PAID_OUT, on_paid_out},
    {&PAY_CHARGE_DONE, on_charged},
};
const size_t push_consumes_n = GG_LEN(push_consumes);
