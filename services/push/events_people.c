/* services/push/events_people.c
 * What accounts, wallets and rooms say: one function per event. */
#include "events.h"

#include "libcommon/clock.h"
#include "libcommon/session.h"
#include "proto/auth_account.h"
#include "proto/auth_trust.h"
#include "proto/chat.h"
#include "proto/pay_request.h"

/* --- accounts --- */

enum gg_status push_on_user(struct gg_event *event)
{
    const struct auth_user_event *data = event->data;

    return push_person_put(event->db, data->user, data->nickname);
}

static enum gg_status tell_account(struct gg_event *event, enum push_kind kind, struct gg_id user, const char *text)
{
    struct push_news news = push_news_of(event, kind, GG_ID_ZERO, "");

    news.text = text;
    return push_tell_one(event->db, event->arena, &news, user, GG_NONE);
}

enum gg_status push_on_session_opened(struct gg_event *event)
{
    const struct auth_session_opened *data = event->data;
    struct push_news news = push_news_of(event, PUSH_NEW_DEVICE, GG_ID_ZERO, data->device);

    return data->new_device ? push_tell_one(event->db, event->arena, &news, data->user, GG_NONE) : GG_OK;
}

enum gg_status push_on_session_ended(struct gg_event *event)
{
    const struct auth_session_ended *data = event->data;

    if (data->reason == AUTH_END_REUSE)
        GG_TRY(tell_account(event, PUSH_TOKEN_REUSED, data->user, NULL));
    else if (data->reason == AUTH_END_PASSWORD && gg_id_is_zero(data->session)) /* from outside any session */
        GG_TRY(tell_account(event, PUSH_PASSWORD, data->user, NULL));
    return gg_session_end(event->db, data->user, data->session, data->version);
}

enum gg_status push_on_recovery_asked(struct gg_event *event)
{
    const struct auth_recovery_event *data = event->data;

    return tell_account(event, PUSH_RECOVERY, data->user, NULL);
}

enum gg_status push_on_block_added(struct gg_event *event)
{
    const struct auth_block_event *data = event->data;

    return push_block_put(event->db, data->user, data->blocked);
}

enum gg_status push_on_block_removed(struct gg_event *event)
{
    const struct auth_block_event *data = event->data;

    return push_block_delete(event->db, data->user, data->blocked);
}

enum gg_status push_on_suspended(struct gg_event *event)
{
    const struct auth_suspension_event *data = event->data;

    return tell_account(event, PUSH_SUSPENDED, data->user, data->reason);
}

enum gg_status push_on_unsuspended(struct gg_event *event)
{
    const struct auth_suspension_event *data = event->data;

    return tell_account(event, PUSH_UNSUSPENDED, data->user, NULL);
}

enum gg_status push_on_closing_asked(struct gg_event *event)
{
    const struct auth_closing_event *data = event->data;

    return tell_account(event, PUSH_CLOSING_ACCOUNT, data->user, NULL);
}

/* The inbox's row stays, empty: its version is what the events of this person are numbered by. */
enum gg_status push_on_purged(struct gg_event *event)
{
    const struct auth_closing_event *data = event->data;
    struct auth_purge_receipt receipt = {.user = data->user, .closing = data->closing};
    struct push_inbox_row inbox;

    GG_TRY(push_inbox_lock(event->db, event->arena, data->user, &inbox));
    GG_TRY(push_person_purge(event->db, data->user, &receipt.rows));
    inbox.version++;
    inbox.unread = 0;
    GG_TRY(push_inbox_put(event->db, &inbox));
    return gg_emit(event->db, &PUSH_USER_PURGED, data->user, inbox.version, &receipt);
}

/* --- money --- */

/* The payout names the share only; title and member came with an event of another topic. No order holds between topics:
 * should that one still be on its way, the host is told with fewer words rather than late. */
enum gg_status push_on_paid_out(struct gg_event *event)
{
    const struct pay_share_event *data = event->data;
    struct gg_id member;
    const char *title = "공구", *who = NULL;
    enum gg_status status = push_share_get(event->db, event->arena, data->share, &member, &title);

    if (status == GG_OK)
        status = push_person_nickname(event->db, event->arena, member, &who);
    if (status != GG_NOT_FOUND)
        GG_TRY(status);
    struct push_news news = push_news_of(event, PUSH_PAID_OUT, data->deal, title);
    news.who = who;
    return push_tell_one(event->db, event->arena, &news, data->user, data->amount_won);
}

enum gg_status push_on_charged(struct gg_event *event)
{
    const struct pay_charge_event *data = event->data;
    struct push_news news = push_news_of(event, PUSH_CHARGED, GG_ID_ZERO, "");

    return push_tell_one(event->db, event->arena, &news, data->user, data->amount_won);
}

enum gg_status push_on_money_moved(struct gg_event *event)
{
    const struct pay_money_moved *data = event->data;
    struct push_news news = push_news_of(event, PUSH_MONEY, data->deal, "");

    if (data->kind != PAY_ENTRY_REMIT)
        return GG_OK;
    news.from = data->from;
    news.who = data->from_nickname;
    news.text = data->memo;
    news.target = data->transfer;
    return push_tell_one(event->db, event->arena, &news, data->to, data->amount_won);
}

enum gg_status push_on_withdrawal_failed(struct gg_event *event)
{
    const struct pay_withdrawal_failed *data = event->data;
    struct push_news news = push_news_of(event, PUSH_WITHDRAWAL_FAILED, GG_ID_ZERO, "");

    return push_tell_one(event->db, event->arena, &news, data->user, data->amount_won);
}

static struct push_news request_news(const struct gg_event *event, enum push_kind kind)
{
    const struct pay_request_event *data = event->data;
    struct push_news news = push_news_of(event, kind, data->deal, data->title);

    news.target = data->request;
    return news;
}

static enum gg_status ask_to_pay(struct gg_event *event, enum push_kind kind)
{
    const struct pay_request_event *data = event->data;
    const struct pay_request_person *people = data->people.items;
    struct push_addressee *to = GG_NEW_ARRAY(event->arena, struct push_addressee, data->people.n);
    struct push_news news = request_news(event, kind);

    news.from = data->creator;
    news.who = data->creator_nickname;
    for (size_t i = 0; i < data->people.n; i++)
        to[i] = (struct push_addressee){.user = people[i].user, .amount_won = people[i].amount_won};
    return push_tell(event->db, event->arena, &news, to, data->people.n);
}

enum gg_status push_on_request_opened(struct gg_event *event)
{
    return ask_to_pay(event, PUSH_REQUEST);
}

enum gg_status push_on_request_reminded(struct gg_event *event)
{
    return ask_to_pay(event, PUSH_REQUEST_AGAIN);
}

static enum gg_status tell_creator(struct gg_event *event, enum push_kind kind)
{
    const struct pay_request_event *data = event->data;
    struct push_news news = request_news(event, kind);

    news.from = data->user;
    news.who = data->nickname;
    news.text = data->reason;
    return push_tell_one(event->db, event->arena, &news, data->creator, data->amount_won);
}

enum gg_status push_on_request_paid(struct gg_event *event)
{
    return tell_creator(event, PUSH_REQUEST_PAID);
}

enum gg_status push_on_request_declined(struct gg_event *event)
{
    return tell_creator(event, PUSH_REQUEST_DECLINED);
}

/* --- chat: whoever reads the room at that moment is not in the list --- */

enum gg_status push_on_chat_noticed(struct gg_event *event)
{
    const struct chat_noticed *data = event->data;
    const struct chat_noticed_user *users = data->users.items;
    struct push_addressee *to = GG_NEW_ARRAY(event->arena, struct push_addressee, data->users.n);
    struct push_news news =
        push_news_of(event, data->mention ? PUSH_MENTION : PUSH_CHAT, data->deal, data->title ? data->title : "채팅");

    news.target = data->room;
    news.from = data->sender;
    news.who = data->nickname;
    news.text = data->preview ? data->preview : "";
    for (size_t i = 0; i < data->users.n; i++)
        to[i] = (struct push_addressee){.user = users[i].id, .amount_won = GG_NONE};
    return push_tell(event->db, event->arena, &news, to, data->users.n);
}
