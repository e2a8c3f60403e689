/* services/pay/events_people.c
 * What pay keeps of people and deals that others own: names, blocks, titles. */
#include "proto/auth.h"
#include "proto/deal.h"
#include "rooms.h"
#include "store_history.h"
#include "store_people.h"

enum gg_status pay_on_user_changed(struct gg_event *event)
{
    const struct auth_user_event *user = event->data;

    return pay_person_save(event->db, user->user, user->nickname);
}

static enum gg_status deal_opened(struct gg_event *event)
{
    const struct deal_opened *deal = event->data;

    return pay_deal_copy_save(event->db, deal->deal, deal->host, deal->title);
}

static enum gg_status share_known(struct gg_event *event)
{
    const struct deal_share_event *share = event->data;

    return pay_share_copy_save(event->db, share->share, share->deal, share->user, share->terms);
}

static enum gg_status share_settled(struct gg_event *event)
{
    const struct deal_share_event *share = event->data;

    GG_TRY(share_known(event));
    return pay_share_copy_settled(event->db, share->share, event->time);
}

enum gg_status pay_on_deal_purchased(struct gg_event *event)
{
    const struct deal_outcome *outcome = event->data;

    return pay_deal_copy_bought(event->db, outcome->deal, outcome->total_won);
}

const struct gg_consumes pay_people_consumes[] = {
    {&AUTH_USER_CHANGED, pay_on_user_changed},  {&DEAL_OPENED_EVENT, deal_opened},
    {&DEAL_SHARE_HELD_EVENT, share_known},      {&DEAL_SHARE_CHANGED_EVENT, share_known},
    {&DEAL_SHARE_SETTLED_EVENT, share_settled},
};
const size_t pay_people_consumes_n = GG_LEN(pay_people_consumes);
