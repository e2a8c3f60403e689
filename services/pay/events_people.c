/* services/pay/events_people.c
 * What pay keeps of people and deals that others own: names, blocks, titles. */
#include "proto/auth.h"
#include "proto/deal.h"
#include "rooms.h"
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

const struct gg_consumes pay_people_consumes[] = {
    {&AUTH_USER_CHANGED, pay_on_user_changed},
    {&DEAL_OPENED_EVENT, deal_opened},
};
const size_t pay_people_consumes_n = GG_LEN(pay_people_consumes);
