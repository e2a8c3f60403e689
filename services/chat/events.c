/* services/chat/events.c
 * What other services' events do to the rooms: members come and go, cards tell of the deal's steps. */
#include "cards.h"
#include "chat.h"
#include "people.h"
#include "room.h"

#include "libcommon/clock.h"
#include "libcommon/due.h"
#include "libcommon/session.h"
#include "news.h"
#include "proto/auth_trust.h"
#include "proto/deal_flow.h"
#include "proto/pay_request.h"
#include "proto/push.h"

#define CLOSES_AFTER (14 * GG_DAY) /* the deal is over, and people still have things to say to each other */

/* --- people --- */

static enum gg_status on_user(struct gg_event *event)
{
    const struct auth_user_event *data = event->data;

    return chat_person_put(event->db, data->user, data->nickname);
}

static enum gg_status on_session_ended(struct gg_event *event)
{
    const struct auth_session_ended *data = event->data;

    return gg_session_end(event->db, data->user, data->session, data->version);
}

static enum gg_status on_block(struct gg_event *event)
{
    const struct auth_block_event *data = event->data;

    return chat_block(event->db, event->arena, data->user, data->blocked, event->type == &AUTH_BLOCK_ADDED);
}

static enum gg_status on_purged(struct gg_event *event)
{
    const struct auth_closing_event *data = event->data;

    return chat_purge(event->db, event->arena, data->user, data->closing);
}

/* --- how deals stand, for those who watch --- */

static enum gg_status progress(struct gg_event *event, struct gg_id deal, const char *state, int64_t taken,
                               int64_t portions)
{
    const struct chat_progress change = {deal, state, taken, portions};
    struct chat_progress whole;
    struct chat_news news;

    GG_TRY(chat_progress_put(event->db, event->arena, &change, gg_now(), &whole));
    news = chat_news_of_progress(event->arena, &whole);
    chat_news_after_commit(event->db, &news);
    return GG_OK;
}

static enum gg_status share_progress(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;

    return progress(event, data->deal, NULL, data->taken, data->portions);
}

/* --- steps of the deal --- */

static enum gg_status on_deal_opened(struct gg_event *event)
{
    const struct deal_opened *data = event->data;
    struct chat_room_row room;

    room = (struct chat_room_row){.id = data->deal, .host = data->host, .title = data->title, .kind = CHAT_ROOM_DEAL};
    GG_TRY(chat_room_insert(event->db, &room, gg_now()));
    GG_TRY(progress(event, data->deal, "recruiting", 0, data->portions));
    GG_TRY(chat_room_lock(event->db, event->arena, data->deal, &room));
    GG_TRY(chat_tell(event, &room, CHAT_TOLD(CHAT_CARD_OPENED)));
    return chat_let_in(event->db, event->arena, &room, data->host);
}

static enum gg_status on_deal_changed(struct gg_event *event)
{
    const struct deal_changed *data = event->data;
    struct chat_room_row room;
    struct chat_told card = CHAT_TOLD(CHAT_CARD_TERMS);

    GG_TRY(chat_room_lock(event->db, event->arena, data->deal, &room));
    GG_TRY(chat_room_rename(event->db, data->deal, data->title));
    if (data->accept_by == GG_NONE)
        return GG_OK;
    card.action = CHAT_ACTION_ACCEPT_TERMS;
    return chat_tell(event, &room, card);
}

static enum gg_status on_share_held(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;
    struct chat_room_row room;

    GG_TRY(share_progress(event));
    GG_TRY(chat_room_lock(event->db, event->arena, data->deal, &room));
    return chat_let_in(event->db, event->arena, &room, data->user);
}

static enum gg_status on_share_ended(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;
    struct chat_room_row room;

    GG_TRY(share_progress(event));
    GG_TRY(chat_room_lock(event->db, event->arena, data->deal, &room));
    return chat_let_out(event->db, event->arena, &room, data->user);
}

static enum gg_status step(struct gg_event *event, const char *state, struct chat_told card)
{
    const struct deal_outcome *data = event->data;
    struct chat_room_row room;

    GG_TRY(progress(event, data->deal, state, GG_NONE, GG_NONE));
    GG_TRY(chat_room_lock(event->db, event->arena, data->deal, &room));
    return chat_tell(event, &room, card);
}

static enum gg_status on_closing(struct gg_event *event)
{
    return step(event, "closing", CHAT_TOLD(CHAT_CARD_CLOSING));
}

/* The money of every share is captured: told once, whichever of the two topics is ahead. */
static enum gg_status paid_in_full(struct gg_event *event, struct chat_room_row *room)
{
    struct chat_told card = CHAT_TOLD(CHAT_CARD_PAID);

    if (room->expected == 0 || room->paid != room->expected)
        return GG_OK;
    card.done = room->paid;
    card.of = room->expected;
    return chat_tell(event, room, card);
}

static enum gg_status on_confirmed(struct gg_event *event)
{
    const struct deal_outcome *data = event->data;
    struct chat_told card = CHAT_TOLD(CHAT_CARD_CONFIRMED);
    struct chat_room_row room;
    int64_t captured;

    card.amount_won = data->total_won;
    GG_TRY(progress(event, data->deal, "confirmed", GG_NONE, GG_NONE));
    GG_TRY(chat_captured_add(event->db, event->arena, data->deal, 0, &captured));
    GG_TRY(chat_room_lock(event->db, event->arena, data->deal, &room));
    room.expected = (int64_t)data->shares.n;
    room.paid = captured;
    GG_TRY(chat_tell(event, &room, card));
    return paid_in_full(event, &room);
}

static enum gg_status on_captured(struct gg_event *event)
{
    const struct pay_share_event *data = event->data;
    struct chat_room_row room;
    enum gg_status status;
    int64_t captured;

    GG_TRY(chat_captured_add(event->db, event->arena, data->deal, 1, &captured));
    status = chat_room_lock(event->db, event->arena, data->deal, &room);
    if (status == GG_NOT_FOUND)
        return GG_OK; /* deal's topic is behind: on_confirmed will count */
    GG_TRY(status);
    room.paid = captured;
    GG_TRY(chat_room_update(event->db, &room, gg_now()));
    return paid_in_full(event, &room);
}

/* The deal is over: the room stays for a while. */
static enum gg_status last_step(struct gg_event *event, const char *state, enum chat_card card)
{
    const struct deal_outcome *data = event->data;

    GG_TRY(step(event, state, CHAT_TOLD(card)));
    return gg_due_set(event->db, "chat.close", data->deal, gg_now() + CLOSES_AFTER);
}

static enum gg_status on_failed(struct gg_event *event)
{
    return last_step(event, "failed", CHAT_CARD_FAILED);
}

static enum gg_status on_cancelled(struct gg_event *event)
{
    return last_step(event, "cancelled", CHAT_CARD_CANCELLED);
}

/* The receipt is lower than planned: everybody gets a part back, told in one card. */
static enum gg_status refunded(struct gg_event *event)
{
    const struct deal_outcome *data = event->data;
    const struct deal_allotment *shares = data->shares.items;
    struct chat_told card = CHAT_TOLD(CHAT_CARD_REFUNDED);
    struct chat_room_row room;

    card.amount_won = card.of = 0;
    for (size_t i = 0; i < data->shares.n; i++)
        if (shares[i].refund_won > 0) {
            card.amount_won += shares[i].refund_won;
            card.of++;
        }
    if (card.of == 0)
        return GG_OK;
    GG_TRY(chat_room_lock(event->db, event->arena, data->deal, &room));
    return chat_tell(event, &room, card);
}

static enum gg_status on_purchased(struct gg_event *event)
{
    const struct deal_outcome *data = event->data;
    struct chat_told card = CHAT_TOLD(CHAT_CARD_PURCHASED);

    card.amount_won = data->total_won;
    card.action = CHAT_ACTION_SEE_RECEIPT;
    GG_TRY(step(event, "purchased", card));
    return refunded(event);
}

static enum gg_status on_arrived(struct gg_event *event)
{
    struct chat_told card = CHAT_TOLD(CHAT_CARD_ARRIVED);

    card.action = CHAT_ACTION_SHOW_CODE;
    return step(event, "arrived", card);
}

static enum gg_status on_handed_over(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;
    struct chat_room_row room;

    GG_TRY(chat_room_lock(event->db, event->arena, data->deal, &room));
    return chat_tell(event, &room, CHAT_TOLD(CHAT_CARD_HANDED_OVER));
}

static enum gg_status on_done(struct gg_event *event)
{
    return last_step(event, "done", CHAT_CARD_DONE);
}

/* The socket carries the inbox count too, so that a client needs one socket. */
static enum gg_status on_inboxes_changed(struct gg_event *events, size_t n)
{
    struct chat_inbox_row *inboxes = GG_NEW_ARRAY(events->arena, struct chat_inbox_row, n);
    size_t users = 0;

    for (size_t i = 0; i < n; i++) { /* of each user what was told last */
        const struct push_inbox_changed *data = events[i].data;
        size_t k = 0;

        while (k < users && !gg_id_equal(inboxes[k].user, data->user))
            k++;
        inboxes[k] = (struct chat_inbox_row){data->user, data->unread};
        users += k == users;
    }
    GG_TRY(chat_inboxes_put(events->db, events->arena, inboxes, users, gg_now()));
    for (size_t i = 0; i < users; i++) {
        const struct chat_news news = chat_news_of_inbox(events->arena, inboxes[i].user, inboxes[i].unread);
        chat_news_after_commit(events->db, &news);
    }
    return GG_OK;
}

const struct gg_consumes chat_consumes[] = {
    {&AUTH_USER_REGISTERED, on_user},
    {&AUTH_USER_CHANGED, on_user},
    {&AUTH_SESSION_ENDED, on_session_ended},
    {&AUTH_BLOCK_ADDED, on_block},
    {&AUTH_BLOCK_REMOVED, on_block},
    {&AUTH_USER_PURGED, on_purged},
    {&DEAL_OPENED_EVENT, on_deal_opened},
    {&DEAL_CHANGED_EVENT, on_deal_changed},
    {&DEAL_SHARE_RESERVED_EVENT, share_progress},
    {&DEAL_SHARE_HELD_EVENT, on_share_held},
    {&DEAL_SHARE_RELEASED_EVENT, on_share_ended},
    {&DEAL_SHARE_REJECTED_EVENT, on_share_ended},
    {&DEAL_CLOSING_EVENT, on_closing},
    {&DEAL_CONFIRMED_EVENT, on_confirmed},
    {&DEAL_FAILED_EVENT, on_failed},
    {&DEAL_CANCELLED_EVENT, on_cancelled},
    {&DEAL_PURCHASED_EVENT, on_purchased},
    {&DEAL_ARRIVED_EVENT, on_arrived},
    {&DEAL_SHARE_HANDED_OVER_EVENT, on_handed_over},
    {&DEAL_DONE_EVENT, on_done},
    {&DEAL_SHARE_ADJUSTED_EVENT, chat_on_adjusted},
    {&DEAL_DISPUTE_OPENED_EVENT, chat_on_dispute},
    {&DEAL_DISPUTE_ANSWERED_EVENT, chat_on_dispute},
    {&DEAL_DISPUTE_RESOLVED_EVENT, chat_on_dispute},
    {&PAY_REQUEST_OPENED, chat_on_request},
    {&PAY_REQUEST_DONE_EVENT, chat_on_request},
    {&PAY_REQUEST_CANCELLED_EVENT, chat_on_request},
    {&PAY_HOLD_CAPTURED, on_captured},
    {&PUSH_INBOX_CHANGED, .handle_all = on_inboxes_changed},
};
const size_t chat_consumes_n = GG_LEN(chat_consumes);
