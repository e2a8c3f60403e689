/* services/deal/http_join.c
 * Joining, changing, leaving, waiting, choosing a window. */
#include "http_common.h"

#include "join.h"
#include "libcommon/clock.h"
#include "merge.h"

#include <string.h>

/* --- refusing --- */

static enum gg_status read_terms(struct gg_call *call, const struct deal_terms_row *row, struct deal_create *terms)
{
    struct gg_field_errors errors = {.arena = call->arena};

    return gg_json_decode(call->arena, &deal_edit_msg, (struct gg_str){row->body, strlen(row->body)}, terms, &errors) ==
                   GG_DECODED
               ? GG_OK
               : GG_ERROR;
}

static void tell_number(struct gg_call *call, const char *name, int64_t was, int64_t is)
{
    if (was == is)
        return;
    if (is != GG_NONE)
        gg_fail_param(call, name, is);
    if (was != GG_NONE)
        gg_fail_param(call, gg_sprintf(call->arena, "was_%s", name), was);
}

/* What is different since the version the neighbour has seen: the names of what changed, and the numbers. */
static enum gg_status refuse_terms(struct gg_call *call, const struct deal_row *deal, int64_t seen)
{
    const char *names[24], *list = "";
    struct deal_terms_row *rows;
    struct deal_create was, *is = deal_terms_of(call->arena, deal);
    size_t n, differ;

    GG_TRY(deal_terms_list(call->db, call->arena, deal->id, seen + 1, 1, &rows, &n));
    if (n == 0 || rows[0].version != seen) {
        gg_fail(call, &DEAL_TERMS_CHANGED, "there is no version %" PRId64, seen);
        gg_fail_param(call, "terms", deal->plan.terms);
        return GG_OK;
    }
    GG_TRY(read_terms(call, &rows[0], &was));
    differ = deal_differences(&deal_edit_msg, &was, is, names, GG_LEN(names));
    for (size_t i = 0; i < differ; i++)
        list = gg_sprintf(call->arena, "%s%s%s", list, i ? ", " : "", names[i]);
    gg_fail(call, &DEAL_TERMS_CHANGED, "changed since version %" PRId64 ": %s", seen, list);
    gg_fail_param(call, "terms", deal->plan.terms);
    tell_number(call, "total_won", was.total_won, is->total_won);
    tell_number(call, "portions", was.portions, is->portions);
    tell_number(call, "closes_at", was.closes_at, is->closes_at);
    return GG_OK;
}

static enum gg_status refuse(struct gg_call *call, const struct deal_row *deal, const struct deal_ask *ask,
                             const struct deal_answer *answer)
{
    if (answer->problem == &DEAL_TERMS_CHANGED)
        return refuse_terms(call, deal, ask->terms);
    if (answer->problem == &DEAL_FULL)
        gg_fail(call, answer->problem, "%" PRId64 " portions are left", answer->value);
    else if (answer->problem == &DEAL_QUANTITY_OVER_LIMIT)
        gg_fail(call, answer->problem, "%" PRId64 " portions are the most", answer->value);
    else
        gg_fail(call, answer->problem, "%s", answer->problem->title);
    if (answer->member)
        gg_fail_param(call, answer->member, answer->value);
    return GG_OK;
}

/* What the store knows of the asker. */
static enum gg_status know(struct gg_call *call, const struct deal_row *deal, struct deal_ask *ask)
{
    ask->host = gg_id_equal(deal->host, call->user.id);
    GG_TRY(deal_blocked(call->db, call->arena, deal->host, call->user.id, &ask->blocked));
    return deal_are_closing(call->db, call->arena, &call->user.id, 1, &ask->closing);
}

/* Answers the call when it may not be. */
static enum gg_status check(struct gg_call *call, const struct deal_row *deal, struct deal_ask *ask)
{
    struct deal_answer answer;

    GG_TRY(know(call, deal, ask));
    answer = deal_decide(deal, ask, gg_now());
    return answer.problem ? refuse(call, deal, ask, &answer) : GG_OK;
}

/* --- joining --- */

/* The caller's offer, or NULL. */
static enum gg_status own_offer(struct gg_call *call, const struct deal_row *deal, struct deal_wait_row **wait)
{
    struct deal_wait_row *row = GG_NEW(call->arena, struct deal_wait_row);
    enum gg_status status;

    *wait = NULL;
    if (deal->plan.queued == 0)
        return GG_OK;
    status = deal_wait_of(call->db, call->arena, deal->id, call->user.id, row);
    if (status == GG_OK)
        *wait = row;
    return status == GG_NOT_FOUND ? GG_OK : status;
}

/* What a batch of joins has in common. */
struct joins {
    struct gg_call **calls;
    size_t n;
    struct gg_id *users;
    bool *have, *blocked, *closing;
    struct deal_share_row *seated;
    size_t n_seated;
};

static enum gg_status know_all(struct joins *b, const struct deal_work *work)
{
    b->users = GG_NEW_ARRAY(work->arena, struct gg_id, b->n);
    b->have = GG_NEW_ARRAY(work->arena, bool, b->n);
    b->blocked = GG_NEW_ARRAY(work->arena, bool, b->n);
    b->closing = GG_NEW_ARRAY(work->arena, bool, b->n);
    b->seated = GG_NEW_ARRAY(work->arena, struct deal_share_row, b->n);
    for (size_t i = 0; i < b->n; i++)
        b->users[i] = b->calls[i]->user.id;
    GG_TRY(deal_shares_have(work->db, work->arena, work->deal.id, b->users, b->n, b->have));
    GG_TRY(deal_blocked_of(work->db, work->arena, work->deal.host, b->users, b->n, b->blocked));
    return deal_are_closing(work->db, work->arena, b->users, b->n, b->closing);
}

static bool seated_in_batch(const struct joins *b, struct gg_id user)
{
    for (size_t i = 0; i < b->n_seated; i++)
        if (gg_id_equal(b->seated[i].user, user))
            return true;
    return false;
}

/* Decides one of the batch; who gets a seat is added to `seated`. */
static enum gg_status join_one(struct joins *b, size_t i, struct deal_work *work)
{
    struct gg_call *call = b->calls[i];
    const struct deal_join *in = call->in;
    struct deal_ask ask = {.host = gg_id_equal(work->deal.host, call->user.id),
                           .blocked = b->blocked[i],
                           .closing = b->closing[i],
                           .quantity = in->quantity,
                           .tolerance = in->tolerance == GG_NONE ? 0 : in->tolerance,
                           .terms = in->terms};
    struct deal_share_row *share = &b->seated[b->n_seated];
    struct deal_wait_row *wait;
    struct deal_answer answer;

    if (b->have[i] || seated_in_batch(b, call->user.id))
        return gg_fail(call, &DEAL_ALREADY_JOINED, "one share for each neighbour");
    GG_TRY(own_offer(call, &work->deal, &wait));
    if (wait && wait->state == DEAL_OFFERED && gg_now() < wait->offered_until)
        ask.offered = wait->offered;
    answer = deal_decide(&work->deal, &ask, gg_now());
    if (answer.problem)
        return refuse(call, &work->deal, &ask, &answer);
    if (wait)
        GG_TRY(deal_wait_finish(work, wait, DEAL_WAIT_TAKEN));
    *share = (struct deal_share_row){
        .traceparent = call->traceparent, .user = call->user.id, .quantity = ask.quantity, .tolerance = ask.tolerance};
    deal_seat(work, share);
    b->n_seated++;
    deal_share_fill(call->arena, &work->deal, share, true, call->out);
    return GG_OK;
}

enum gg_status deal_http_join(struct gg_call **calls, size_t n)
{
    struct joins batch = {.calls = calls, .n = n};
    struct deal_work work;
    struct gg_id id = GG_ID_ZERO;
    enum gg_status status;
    bool named = true;

    /* All have the same address: what it does not name is missing for each. */
    for (size_t i = 0; i < n; i++)
        named = gg_param_id(calls[i], 0, &id);
    if (!named)
        return GG_OK;
    status = deal_begin(&work, calls[0]->db, calls[0]->arena, id, GG_ID_ZERO);
    for (size_t i = 0; status == GG_NOT_FOUND && i < n; i++)
        GG_TRY(deal_call_none(calls[i]));
    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    GG_TRY(know_all(&batch, &work));
    for (size_t i = 0; i < n; i++)
        GG_TRY(join_one(&batch, i, &work));
    if (batch.n_seated == 0)
        return GG_OK;
    GG_TRY(deal_reserve(&work, batch.seated, batch.n_seated));
    if (work.deal.plan.queue == 0 || deal_free(&work.deal) == 0)
        return GG_OK;
    GG_TRY(deal_offer(&work)); /* what was left of an offer goes on to the next */
    return deal_update(work.db, &work.deal);
}

/* --- changing --- */

/* The caller's live share, or the call is answered. */
static enum gg_status live_share(struct gg_call *call, const struct deal_row *deal, struct deal_share_row **own)
{
    GG_TRY(deal_call_own(call, deal->id, own));
    if (!*own || !deal_share_live((*own)->state))
        return gg_fail(call, &DEAL_NOT_JOINED, "you have no share here");
    return GG_OK;
}

/* A share changes one thing after the other, and not before its first hold. */
static enum gg_status settled_share(struct gg_call *call, const struct deal_share_row *own)
{
    if (own->state != DEAL_SHARE_RESERVED && own->want_quantity == GG_NONE)
        return GG_OK;
    gg_header(call, "Retry-After", "1");
    return gg_fail(call, &DEAL_CHANGING, "its money is being held");
}

static enum gg_status change(struct gg_call *call, struct deal_work *work, struct deal_share_row *own,
                             struct deal_ask *ask)
{
    ask->had_quantity = own->quantity;
    ask->had_tolerance = own->tolerance;
    GG_TRY(settled_share(call, own));
    if (gg_failed(call))
        return GG_OK;
    GG_TRY(check(call, &work->deal, ask));
    if (gg_failed(call))
        return GG_OK;
    GG_TRY(deal_resize(work, own, ask->quantity, ask->tolerance, work->deal.plan.terms));
    if (own->want_quantity != GG_NONE)
        gg_reply_status(call, 202);
    return deal_answer_share(call, &work->deal, own);
}

enum gg_status deal_http_quantity(struct gg_call *call)
{
    const struct deal_join *in = call->in;
    struct deal_ask ask = {.quantity = in->quantity, .tolerance = in->tolerance == GG_NONE ? 0 : in->tolerance};
    struct deal_share_row *own;
    struct deal_work work;
    enum gg_status status;

    if (!deal_call_begin(call, &work, &status))
        return status;
    GG_TRY(live_share(call, &work.deal, &own));
    if (gg_failed(call))
        return GG_OK;
    /* Who does not say which terms he has seen means those he has accepted. */
    ask.terms = in->terms == GG_NONE ? own->terms : in->terms;
    return change(call, &work, own, &ask);
}

enum gg_status deal_http_accept(struct gg_call *call)
{
    const struct deal_accept *in = call->in;
    struct deal_share_row *own;
    struct deal_work work;
    enum gg_status status;

    if (!deal_call_begin(call, &work, &status))
        return status;
    GG_TRY(live_share(call, &work.deal, &own));
    if (gg_failed(call))
        return GG_OK;
    if (own->terms == in->terms && own->terms == work.deal.plan.terms)
        return deal_answer_share(call, &work.deal, own);
    return change(call, &work, own,
                  &(struct deal_ask){.quantity = own->quantity, .tolerance = own->tolerance, .terms = in->terms});
}

enum gg_status deal_http_leave(struct gg_call *call)
{
    struct deal_ask ask = {.terms = GG_NONE};
    struct deal_share_row *own;
    struct deal_work work;
    enum gg_status status;

    if (!deal_call_begin(call, &work, &status))
        return status;
    GG_TRY(live_share(call, &work.deal, &own));
    if (gg_failed(call))
        return GG_OK;
    ask.had_quantity = own->quantity;
    ask.had_tolerance = own->tolerance;
    /* Nobody is kept to terms he has not accepted: he may break a box. */
    if (own->terms == work.deal.plan.terms || work.deal.state != DEAL_RECRUITING || gg_now() >= work.deal.closes_at)
        GG_TRY(check(call, &work.deal, &ask));
    if (gg_failed(call))
        return GG_OK;
    GG_TRY(deal_drop_share(&work, own, SHARE_LEAVE, DEAL_REASON_LEFT));
    return deal_answer_share(call, &work.deal, own);
}

/* --- the waiting list --- */

enum gg_status deal_http_wait(struct gg_call *call)
{
    const struct deal_join *in = call->in;
    struct deal_wait_row wait = {
        .user = call->user.id, .quantity = in->quantity, .tolerance = in->tolerance == GG_NONE ? 0 : in->tolerance};
    struct deal_ask ask = {.quantity = wait.quantity, .tolerance = wait.tolerance, .terms = in->terms};
    struct deal_wait_row *before;
    struct deal_share_row *own;
    struct deal_answer answer;
    struct deal_work work;
    enum gg_status status;

    if (!deal_call_begin(call, &work, &status))
        return status;
    GG_TRY(deal_call_own(call, work.deal.id, &own));
    if (own && deal_share_live(own->state))
        return gg_fail(call, &DEAL_ALREADY_JOINED, "you are in");
    GG_TRY(own_offer(call, &work.deal, &before));
    if (before)
        return gg_fail(call, &DEAL_ALREADY_WAITING, "one place for each neighbour");
    GG_TRY(know(call, &work.deal, &ask));
    answer = deal_decide(&work.deal, &ask, gg_now());
    if (!answer.problem)
        return gg_fail(call, &DEAL_SEATS_FREE, "join at once");
    if (answer.problem != &DEAL_FULL)
        return refuse(call, &work.deal, &ask, &answer);
    if (work.deal.plan.queue >= DEAL_WAITERS_MAX)
        return gg_fail(call, &DEAL_WAITLIST_FULL, "%d wait", DEAL_WAITERS_MAX);
    GG_TRY(deal_wait_join(&work, &wait));
    GG_TRY(deal_wait_get(call->db, call->arena, wait.id, &wait));
    deal_wait_fill(&wait, call->out);
    if (wait.state == DEAL_WAITING)
        GG_TRY(deal_wait_ahead(call->db, call->arena, work.deal.id, wait.position,
                               &((struct deal_wait *)call->out)->ahead));
    return GG_OK;
}

enum gg_status deal_http_wait_leave(struct gg_call *call)
{
    struct deal_wait_row *wait;
    struct deal_work work;
    enum gg_status status;

    if (!deal_call_begin(call, &work, &status))
        return status;
    GG_TRY(own_offer(call, &work.deal, &wait));
    if (!wait)
        return gg_fail(call, &DEAL_NOT_WAITING, "you do not wait here");
    GG_TRY(deal_wait_finish(&work, wait, DEAL_WAIT_LEFT));
    GG_TRY(deal_offer(&work));
    GG_TRY(deal_update(call->db, &work.deal));
    deal_wait_fill(wait, call->out);
    return GG_OK;
}

/* --- one's share --- */

enum gg_status deal_http_window(struct gg_call *call)
{
    const struct deal_choose_window *in = call->in;
    struct deal_share_row *own;
    struct deal_work work;
    enum gg_status status;

    if (!deal_call_begin(call, &work, &status))
        return status;
    GG_TRY(live_share(call, &work.deal, &own));
    if (gg_failed(call))
        return GG_OK;
    if (!deal_share_inside(own->state) || own->state == DEAL_SHARE_HANDED_OVER || own->state == DEAL_SHARE_SETTLED)
        return gg_fail(call, &DEAL_WRONG_STATE, "the share is %s", deal_share_state_names[own->state]);
    if (in->window >= (int64_t)deal_windows_of(call->arena, &work.deal).n)
        return gg_fail_field(call, "/window", "range", "there is no such window");
    own->window = in->window;
    GG_TRY(deal_share_update(call->db, own));
    return deal_answer_share(call, &work.deal, own);
}

enum gg_status deal_http_share(struct gg_call *call)
{
    struct deal_share_row *own;
    struct deal_row deal;
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = deal_get(call->db, call->arena, id, &deal);
    if (status != GG_NOT_FOUND) {
        GG_TRY(status);
        GG_TRY(deal_call_own(call, id, &own));
        if (own)
            return deal_answer_share(call, &deal, own);
    }
    return gg_fail(call, &DEAL_NOT_JOINED, "you have no share here");
}

/* Who came and went, and why, is no business of the other neighbours: they see who is in. */
enum gg_status deal_http_shares(struct gg_call *call)
{
    const struct deal_mine_query *query = call->query;
    struct deal_share_list *out = call->out;
    int64_t after = 0, limit = gg_page_limit(&query->page);
    struct deal_share_row *shares, *own;
    struct deal_share *items;
    struct deal_row deal;
    struct gg_id unused;
    enum gg_status status;
    bool host;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &after, 1, &unused))
        return GG_OK;
    if (!deal_call_read(call, &deal, &status))
        return status;
    GG_TRY(deal_call_own(call, deal.id, &own));
    host = gg_id_equal(deal.host, call->user.id);
    if (!host && !(own && deal_share_inside(own->state)))
        return gg_fail(call, &GG_P_FORBIDDEN, "the list is for those who take part");
    GG_TRY(deal_shares(call->db, call->arena, deal.id, !host, after, limit + 1, &shares, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &shares[n - 1].position, 1, shares[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct deal_share, n);
    for (size_t i = 0; i < n; i++)
        deal_share_fill(call->arena, &deal, &shares[i], false, &items[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}
