/* services/chat/events.c
 * What other services' events do to the rooms: members come and go, cards tell of the deal's steps. */
#include "chat.h"
#include "hub.h"
#include "room.h"

#include "libcommon/clock.h"
#include "libcommon/session.h"
#include "proto/auth.h"
#include "proto/deal.h"
#include "proto/push.h"

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

static enum gg_status append(struct gg_event *event, struct chat_room_row *room, enum chat_entry_type type,
                             struct gg_id person, int card, int64_t amount_won)
{
    struct chat_entry_row entry = {.type = (int)type, .sender = person, .card = card, .amount_won = amount_won};

    return chat_append(event->db, event->arena, event->redis, room, &entry);
}

static enum gg_status join(struct gg_event *event, struct chat_room_row *room, struct gg_id user)
{
    GG_TRY(append(event, room, CHAT_ENTRY_JOINED, user, -1, GG_NONE));
    return chat_member_join(event->db, room->id, user, room->last_seq, gg_now());
}

static enum gg_status on_deal_opened(struct gg_event *event)
{
    const struct deal_opened *data = event->data;
    struct chat_room_row room = {.id = data->deal, .host = data->host, .title = data->title, .open = true};

    GG_TRY(chat_room_insert(event->db, &room, gg_now()));
    GG_TRY(append(event, &room, CHAT_ENTRY_CARD, GG_ID_ZERO, CHAT_CARD_OPENED, GG_NONE));
    return join(event, &room, data->host);
}

static enum gg_status on_share_held(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;
    struct chat_room_row room;

    GG_TRY(chat_room_lock(event->db, event->arena, data->deal, &room));
    return join(event, &room, data->user);
}

/* Takes a member out at the seq of the line that says so. Whoever never was in leaves no line. */
static enum gg_status leave(struct gg_event *event, struct chat_room_row *room, struct gg_id user)
{
    struct chat_member_row member;
    enum gg_status status = chat_member_get(event->db, event->arena, room->id, user, &member);

    if (status == GG_NOT_FOUND || (status == GG_OK && member.left_seq != GG_NONE))
        return GG_OK;
    GG_TRY(status);
    GG_TRY(append(event, room, CHAT_ENTRY_LEFT, user, -1, GG_NONE));
    return chat_member_leave(event->db, room->id, user, room->last_seq, gg_now());
}

static enum gg_status on_share_ended(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;
    struct chat_room_row room;

    GG_TRY(chat_room_lock(event->db, event->arena, data->deal, &room));
    return leave(event, &room, data->user);
}

/* Rooms stay open whatever becomes of the deal: people still have things to say to each other. */
static enum gg_status card(struct gg_event *event, struct gg_id deal, enum chat_card which, int64_t amount_won)
{
    struct chat_room_row room;

    GG_TRY(chat_room_lock(event->db, event->arena, deal, &room));
    return append(event, &room, CHAT_ENTRY_CARD, GG_ID_ZERO, (int)which, amount_won);
}

static enum gg_status on_closing(struct gg_event *event)
{
    const struct deal_outcome *data = event->data;

    return card(event, data->deal, CHAT_CARD_CLOSING, GG_NONE);
}

static enum gg_status on_confirmed(struct gg_event *event)
{
    const struct deal_outcome *data = event->data;

    return card(event, data->deal, CHAT_CARD_CONFIRMED, data->total_won);
}

static enum gg_status on_failed(struct gg_event *event)
{
    const struct deal_outcome *data = event->data;

    return card(event, data->deal, CHAT_CARD_FAILED, GG_NONE);
}

static enum gg_status on_cancelled(struct gg_event *event)
{
    const struct deal_outcome *data = event->data;

    return card(event, data->deal, CHAT_CARD_CANCELLED, GG_NONE);
}

static enum gg_status on_purchased(struct gg_event *event)
{
    const struct deal_outcome *data = event->data;

    return card(event, data->deal, CHAT_CARD_PURCHASED, data->total_won);
}

static enum gg_status on_arrived(struct gg_event *event)
{
    const struct deal_outcome *data = event->data;

    return card(event, data->deal, CHAT_CARD_ARRIVED, GG_NONE);
}

static enum gg_status on_handed_over(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;

    return card(event, data->deal, CHAT_CARD_HANDED_OVER, GG_NONE);
}

static enum gg_status on_done(struct gg_event *event)
{
    const struct deal_outcome *data = event->data;

    return card(event, data->deal, CHAT_CARD_DONE, GG_NONE);
}

/* The socket carries the inbox count too, so that a client needs one socket. */
static enum gg_status on_inbox_changed(struct gg_event *event)
{
    const struct push_inbox_changed *data = event->data;

    chat_hub_inbox_after_commit(event->db, event->arena, event->redis, data->user, data->unread);
    return GG_OK;
}

const struct gg_consumes chat_consumes[] = {
    {&AUTH_USER_REGISTERED, on_user},
    {&AUTH_USER_CHANGED, on_user},
    {&AUTH_SESSION_ENDED, on_session_ended},
    {&DEAL_OPENED_EVENT, on_deal_opened},
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
    {&PUSH_INBOX_CHANGED, on_inbox_changed},
};
const size_t chat_consumes_n = GG_LEN(chat_consumes);
