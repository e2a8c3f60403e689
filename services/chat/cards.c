/* services/chat/cards.c
 * Cards of the rooms. */
#include "cards.h"

#include "libcommon/clock.h"
#include "people.h"
#include "proto/deal_flow.h"
#include "proto/pay_request.h"
#include "room.h"

enum gg_status chat_tell(struct gg_event *event, struct chat_room_row *room, struct chat_told card)
{
    struct chat_entry_row entry = chat_entry_of(CHAT_ENTRY_CARD, GG_ID_ZERO);
    struct chat_entry view;

    gg_msg_init(&chat_extra_msg, &view);
    view.action = card.action;
    view.about = card.about;
    view.done = card.done;
    view.of = card.of;
    entry.card = (int)card.card;
    entry.amount_won = card.amount_won;
    entry.extra = chat_extra_encode(event->arena, &view);
    return chat_append(event->db, event->arena, room, &entry);
}

/* One share costs less than was captured: some of its money goes back. */
enum gg_status chat_on_adjusted(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;
    struct chat_told card = CHAT_TOLD(CHAT_CARD_REFUNDED);
    struct chat_room_row room;

    if (data->refund_won <= 0)
        return GG_OK;
    card.amount_won = data->refund_won;
    GG_TRY(chat_room_lock(event->db, event->arena, data->deal, &room));
    return chat_tell(event, &room, card);
}

/* What two have to settle is nobody else's: it is told in their own room. */
enum gg_status chat_on_dispute(struct gg_event *event)
{
    const struct deal_dispute_event *data = event->data;
    struct chat_told card = CHAT_TOLD(CHAT_CARD_DISPUTE);
    struct chat_room_row room;

    if (event->type == &DEAL_DISPUTE_ANSWERED_EVENT)
        card.card = CHAT_CARD_DISPUTE_ANSWERED;
    else if (event->type == &DEAL_DISPUTE_RESOLVED_EVENT)
        card.card = CHAT_CARD_DISPUTE_RESOLVED;
    card.action = CHAT_ACTION_SEE_DISPUTE;
    card.about = data->deal;
    card.amount_won = data->refund_won;
    GG_TRY(chat_direct_make(event->db, event->arena, data->user, data->host, &room));
    return chat_tell(event, &room, card);
}

/* Pay cannot know who is in which room: a request of a stranger is not told. */
enum gg_status chat_on_request(struct gg_event *event)
{
    const struct pay_request_event *data = event->data;
    const struct pay_request_person *people = data->people.items;
    struct chat_told card = CHAT_TOLD(CHAT_CARD_REQUEST);
    struct gg_id where = gg_id_is_zero(data->room) ? data->deal : data->room;
    struct chat_member_row member;
    struct chat_room_row room;
    enum gg_status status;

    if (gg_id_is_zero(where))
        return GG_OK;
    status = chat_room_lock(event->db, event->arena, where, &room);
    if (status == GG_OK)
        status = chat_member_get(event->db, event->arena, where, data->creator, &member);
    if (status == GG_NOT_FOUND || (status == GG_OK && (member.left_seq != GG_NONE || !room.open)))
        return GG_OK;
    GG_TRY(status);
    card.about = data->request;
    if (event->type == &PAY_REQUEST_OPENED) {
        card.action = CHAT_ACTION_PAY;
        card.amount_won = 0;
        card.of = (int64_t)data->people.n;
        for (size_t i = 0; i < data->people.n; i++)
            card.amount_won += people[i].amount_won;
    } else {
        card.card = event->type == &PAY_REQUEST_DONE_EVENT ? CHAT_CARD_REQUEST_DONE : CHAT_CARD_REQUEST_CANCELLED;
    }
    return chat_tell(event, &room, card);
}
