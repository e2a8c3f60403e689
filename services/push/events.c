/* services/push/events.c
 * Who is told of what that deals say: one function per event. Nobody is told of his own act. People, money and chat:
 * events_people.c. */
#include "events.h"

#include "keyword.h"
#include "proto/deal_flow.h"
#include "proto/deal_market.h"

/* --- shares --- */

static enum gg_status keep_share(struct gg_event *event, int state)
{
    const struct deal_share_event *data = event->data;

    return push_share_put(event->db, &(struct push_share_row){data->share, data->deal, data->host, data->user,
                                                              data->title, state, data->terms});
}

static enum gg_status tell_host(struct gg_event *event, enum push_kind kind)
{
    const struct deal_share_event *data = event->data;
    struct push_news news = push_news_of(event, kind, data->deal, data->title);

    news.from = data->user;
    GG_TRY(push_person_nickname(event->db, event->arena, data->user, &news.who));
    return push_tell_one(event->db, event->arena, &news, data->host, GG_NONE);
}

static enum gg_status tell_member(struct gg_event *event, enum push_kind kind, int64_t won)
{
    const struct deal_share_event *data = event->data;
    struct push_news news = push_news_of(event, kind, data->deal, data->title);

    return push_tell_one(event->db, event->arena, &news, data->user, won);
}

enum gg_status push_on_share_reserved(struct gg_event *event)
{
    return keep_share(event, DEAL_SHARE_RESERVED);
}

/* Each of the two is said once in the life of a deal; a derived id, as the event itself says "joined". */
static enum gg_status tell_how_full(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;
    int64_t seats = data->capacity == GG_NONE ? data->portions : data->capacity;
    bool full = data->taken >= seats, nearly = data->taken * 5 >= seats * 4;
    struct push_news news = push_news_of(event, full ? PUSH_FULL : PUSH_NEARLY_FULL, data->deal, data->title);
    struct push_addressee *to;
    struct gg_id *users;
    size_t n;
    enum gg_status status;

    if (data->taken == GG_NONE || seats == GG_NONE || !nearly)
        return GG_OK;
    status = push_deal_told_full(event->db, data->deal, full ? 2 : 1);
    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    news.event = gg_id_derive(data->deal, push_kind_names[news.kind]);
    news.number = seats - data->taken;
    if (!full)
        return push_tell_one(event->db, event->arena, &news, data->host, GG_NONE);
    GG_TRY(push_deal_people(event->db, event->arena, data->deal, &users, &n));
    to = GG_NEW_ARRAY(event->arena, struct push_addressee, n);
    for (size_t i = 0; i < n; i++) /* who took the last portions knows */
        if (!gg_id_equal(users[i], data->user))
            to[i] = (struct push_addressee){.user = users[i], .amount_won = GG_NONE};
    return push_tell(event->db, event->arena, &news, to, n);
}

enum gg_status push_on_share_held(struct gg_event *event)
{
    GG_TRY(keep_share(event, DEAL_SHARE_HELD));
    GG_TRY(tell_host(event, PUSH_JOINED));
    return tell_how_full(event);
}

enum gg_status push_on_share_changed(struct gg_event *event)
{
    return keep_share(event, DEAL_SHARE_HELD);
}

enum gg_status push_on_share_rejected(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;

    GG_TRY(keep_share(event, DEAL_SHARE_REJECTED));
    return tell_member(event, PUSH_REFUSED, data->amount_won);
}

enum gg_status push_on_share_released(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;

    GG_TRY(keep_share(event, DEAL_SHARE_RELEASED));
    if (data->reason == DEAL_REASON_LEFT)
        return tell_host(event, PUSH_LEFT);
    return tell_member(event, PUSH_RELEASED, GG_NONE);
}

enum gg_status push_on_share_handed_over(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;

    GG_TRY(keep_share(event, DEAL_SHARE_HANDED_OVER));
    return tell_member(event, PUSH_HANDED_OVER, data->amount_won);
}

enum gg_status push_on_share_settled(struct gg_event *event)
{
    return keep_share(event, DEAL_SHARE_SETTLED);
}

enum gg_status push_on_share_adjusted(struct gg_event *event)
{
    const struct deal_share_event *data = event->data;

    return tell_member(event, PUSH_ADJUSTED, data->refund_won);
}

enum gg_status push_on_share_no_show(struct gg_event *event)
{
    return tell_member(event, PUSH_NO_SHOW, GG_NONE);
}

/* --- the deal --- */

enum gg_status push_on_deal_opened(struct gg_event *event)
{
    const struct deal_opened *data = event->data;
    const char *const *tags = data->tags.items;
    const char *folded = NULL;
    const struct push_deal_row deal = {.deal = data->deal,
                                       .host = data->host,
                                       .title = data->title,
                                       .state = DEAL_RECRUITING,
                                       .terms = 1,
                                       .closes_at = data->closes_at,
                                       .pickup_from = GG_NONE,
                                       .pickup_until = GG_NONE};

    GG_TRY(push_deal_put(event->db, &deal));
    GG_TRY(push_remind_deal(event->db, event->arena, &deal));
    for (size_t i = 0; i < data->tags.n; i++)
        folded = gg_sprintf(event->arena, "%s %s", folded ? folded : "", push_fold(event->arena, tags[i]));
    return push_fan_out(event->db, &(struct push_fanout){.id = gg_id_derive(data->deal, "keywords"),
                                                         .audience = PUSH_TO_KEYWORDS,
                                                         .event = event->id,
                                                         .at = event->time,
                                                         .kind = PUSH_KEYWORD,
                                                         .deal = data->deal,
                                                         .from = data->host,
                                                         .title = data->title,
                                                         .tags = folded,
                                                         .lat = data->cell_lat,
                                                         .lng = data->cell_lng});
}

enum gg_status push_on_deal_changed(struct gg_event *event)
{
    const struct deal_changed *data = event->data;
    const struct deal_allotment *shares = data->shares.items;
    struct push_addressee *to = GG_NEW_ARRAY(event->arena, struct push_addressee, data->shares.n);
    struct push_news news = push_news_of(event, PUSH_TERMS, data->deal, data->title);
    struct push_deal_row deal = {.deal = data->deal,
                                 .host = data->host,
                                 .title = data->title,
                                 .state = -1,
                                 .terms = data->terms,
                                 .closes_at = data->closes_at,
                                 .pickup_from = GG_NONE,
                                 .pickup_until = GG_NONE};

    GG_TRY(push_deal_put(event->db, &deal));
    deal.state = DEAL_RECRUITING; /* only for what it is set for: a reminder asks again when it is due */
    GG_TRY(push_remind_deal(event->db, event->arena, &deal));
    if (data->accept_by == GG_NONE)
        return GG_OK;
    news.until = data->accept_by;
    news.from = data->host;
    for (size_t i = 0; i < data->shares.n; i++)
        to[i] = (struct push_addressee){.user = shares[i].user, .amount_won = shares[i].amount_won};
    return push_tell(event->db, event->arena, &news, to, data->shares.n);
}

static enum gg_status keep_outcome(struct gg_event *event, int state, int share_state)
{
    const struct deal_outcome *data = event->data;
    const struct deal_allotment *shares = data->shares.items;
    struct gg_id *ids = GG_NEW_ARRAY(event->arena, struct gg_id, data->shares.n);
    const struct push_deal_row deal = {.deal = data->deal,
                                       .host = data->host,
                                       .title = data->title,
                                       .state = state,
                                       .terms = GG_NONE,
                                       .closes_at = GG_NONE,
                                       .pickup_from = data->pickup_from,
                                       .pickup_until = data->pickup_until};

    GG_TRY(push_deal_put(event->db, &deal));
    for (size_t i = 0; i < data->shares.n; i++)
        ids[i] = shares[i].share;
    if (share_state >= 0)
        GG_TRY(push_shares_state(event->db, ids, data->shares.n, share_state));
    return state == DEAL_PURCHASED || state == DEAL_ARRIVED || state == DEAL_CONFIRMED
               ? push_remind_deal(event->db, event->arena, &deal)
               : GG_OK;
}

/* Tells everybody with a share, and the host unless it was his own act. */
static enum gg_status tell_all(struct gg_event *event, enum push_kind kind)
{
    const struct deal_outcome *data = event->data;
    const struct deal_allotment *shares = data->shares.items;
    struct push_addressee *to = GG_NEW_ARRAY(event->arena, struct push_addressee, data->shares.n + 1);
    struct push_news news = push_news_of(event, kind, data->deal, data->title);
    int64_t of_neighbours = 0;

    for (size_t i = 0; i < data->shares.n; i++) {
        int64_t won = kind == PUSH_PURCHASED ? shares[i].refund_won : shares[i].amount_won;
        if (won != GG_NONE)
            of_neighbours += won;
        to[i] = (struct push_addressee){.user = shares[i].user, .amount_won = won};
    }
    news.until = data->pickup_until;
    if (!gg_id_equal(data->actor, data->host))
        to[data->shares.n] = (struct push_addressee){
            .user = data->host, .amount_won = data->total_won == GG_NONE ? GG_NONE : data->total_won - of_neighbours};
    /* Whose act it was is not told; who keeps apart from the host and is in his deal all the same must know. */
    return push_tell(event->db, event->arena, &news, to, data->shares.n + 1);
}

enum gg_status push_on_deal_closing(struct gg_event *event)
{
    return keep_outcome(event, DEAL_CLOSING, -1);
}

enum gg_status push_on_deal_confirmed(struct gg_event *event)
{
    GG_TRY(keep_outcome(event, DEAL_CONFIRMED, DEAL_SHARE_CAPTURED));
    return tell_all(event, PUSH_CONFIRMED);
}

enum gg_status push_on_deal_failed(struct gg_event *event)
{
    GG_TRY(keep_outcome(event, DEAL_FAILED, DEAL_SHARE_RELEASED));
    return tell_all(event, PUSH_FAILED);
}

enum gg_status push_on_deal_cancelled(struct gg_event *event)
{
    GG_TRY(keep_outcome(event, DEAL_CANCELLED, DEAL_SHARE_RELEASED));
    return tell_all(event, PUSH_CANCELLED);
}

enum gg_status push_on_deal_purchased(struct gg_event *event)
{
    GG_TRY(keep_outcome(event, DEAL_PURCHASED, DEAL_SHARE_CAPTURED));
    return tell_all(event, PUSH_PURCHASED);
}

enum gg_status push_on_deal_arrived(struct gg_event *event)
{
    GG_TRY(keep_outcome(event, DEAL_ARRIVED, -1));
    return tell_all(event, PUSH_ARRIVED);
}

enum gg_status push_on_deal_done(struct gg_event *event)
{
    return keep_outcome(event, DEAL_DONE, -1);
}

/* --- waiting list, disputes, comments, reviews --- */

static enum gg_status tell_waiting(struct gg_event *event, enum push_kind kind)
{
    const struct deal_wait_event *data = event->data;
    struct push_news news = push_news_of(event, kind, data->deal, data->title);

    news.until = data->offered_until;
    news.number = data->offered;
    return push_tell_one(event->db, event->arena, &news, data->user, GG_NONE);
}

enum gg_status push_on_wait_offered(struct gg_event *event)
{
    return tell_waiting(event, PUSH_WAIT_OFFERED);
}

enum gg_status push_on_wait_lapsed(struct gg_event *event)
{
    return tell_waiting(event, PUSH_WAIT_LAPSED);
}

enum gg_status push_on_wait_ended(struct gg_event *event)
{
    const struct deal_wait_ended *data = event->data;
    const struct deal_waiter *waiters = data->waiters.items;
    struct push_news news = push_news_of(event, PUSH_WAIT_ENDED, data->deal, data->title);
    struct push_addressee *to = GG_NEW_ARRAY(event->arena, struct push_addressee, data->waiters.n);

    for (size_t i = 0; i < data->waiters.n; i++)
        to[i] = (struct push_addressee){.user = waiters[i].user, .amount_won = GG_NONE};
    return push_tell(event->db, event->arena, &news, to, data->waiters.n);
}

static enum gg_status tell_dispute(struct gg_event *event, enum push_kind kind, bool host, bool user)
{
    const struct deal_dispute_event *data = event->data;
    struct push_news news = push_news_of(event, kind, data->deal, data->title);
    const struct push_addressee to[] = {{.user = host ? data->host : GG_ID_ZERO, .amount_won = data->refund_won},
                                        {.user = user ? data->user : GG_ID_ZERO, .amount_won = data->refund_won}};

    return push_tell(event->db, event->arena, &news, to, GG_LEN(to));
}

enum gg_status push_on_dispute_opened(struct gg_event *event)
{
    return tell_dispute(event, PUSH_DISPUTE_OPENED, true, false);
}

enum gg_status push_on_dispute_answered(struct gg_event *event)
{
    return tell_dispute(event, PUSH_DISPUTE_ANSWERED, false, true);
}

enum gg_status push_on_dispute_resolved(struct gg_event *event)
{
    const struct deal_dispute_event *data = event->data;

    return tell_dispute(event, PUSH_DISPUTE_RESOLVED, !gg_id_equal(data->actor, data->host),
                        !gg_id_equal(data->actor, data->user));
}

enum gg_status push_on_comment_added(struct gg_event *event)
{
    const struct deal_comment_event *data = event->data;
    bool reply = !gg_id_is_zero(data->reply_to);
    struct push_news news = push_news_of(event, PUSH_COMMENT, data->deal, data->title);

    news.from = data->author;
    news.who = data->nickname;
    news.text = data->preview;
    news.target = data->comment;
    /* The host whose comment was answered hears of it once, as a reply. */
    if (reply) {
        news.kind = PUSH_REPLY;
        GG_TRY(push_tell_one(event->db, event->arena, &news, data->reply_to, GG_NONE));
        news.kind = PUSH_COMMENT;
    }
    return push_tell_one(event->db, event->arena, &news, data->host, GG_NONE);
}

enum gg_status push_on_review_asked(struct gg_event *event)
{
    const struct deal_review_event *data = event->data;
    struct push_news news = push_news_of(event, PUSH_REVIEW, data->deal, data->title);

    GG_TRY(push_tell_one(event->db, event->arena, &news, data->user, GG_NONE));
    /* The host is asked once for the deal, not for each neighbour. */
    news.event = gg_id_derive(data->deal, push_kind_names[PUSH_REVIEW]);
    return push_tell_one(event->db, event->arena, &news, data->host, GG_NONE);
}
