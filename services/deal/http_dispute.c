/* services/deal/http_dispute.c
 * Disputes. */
#include "http_common.h"

#include "libcommon/clock.h"

#include <string.h>

static void fill(struct gg_arena *arena, const struct deal_dispute_row *row, struct deal_dispute *out)
{
    *out = (struct deal_dispute){
        .id = row->id,
        .deal = row->deal,
        .share = row->share,
        .user = {row->user, row->user_nickname},
        .host = {row->host, row->host_nickname},
        .title = row->title,
        .state = row->state,
        .message = row->message,
        .answer = row->answer,
        .decision = row->decision,
        .photos = deal_photo_paths(arena, row->photos),
        .amount_won = row->amount_won,
        .asked_won = row->asked_won,
        .offered_won = row->offered_won,
        .refund_won = row->refund_won,
        .opened_at = row->opened_at,
        .answered_at = row->answered_at,
        .ended_at = row->ended_at,
        .due_at = row->ended_at == GG_NONE ? row->due_at : GG_NONE,
    };
}

static enum gg_status answer(struct gg_call *call, struct gg_id id)
{
    struct deal_dispute_row row;

    GG_TRY(deal_dispute_get(call->db, call->arena, id, &row));
    fill(call->arena, &row, call->out);
    return GG_OK;
}

/* The caller's own share, or that of the second parameter when he is the host; else the call is answered. */
static enum gg_status find_share(struct gg_call *call, const struct deal_row *deal, bool host,
                                 struct deal_share_row *share)
{
    struct deal_share_row *own;
    struct gg_id id;
    enum gg_status status;

    if (host) {
        if (!gg_id_equal(deal->host, call->user.id))
            return gg_fail(call, &DEAL_NOT_HOST, "this is not your deal");
        if (!gg_param_id(call, 1, &id))
            return GG_OK;
        status = deal_share_get(call->db, call->arena, id, share);
        if (status == GG_NOT_FOUND || (status == GG_OK && !gg_id_equal(share->deal, deal->id)))
            return gg_fail(call, &GG_P_NOT_FOUND, "there is no such share");
        return status;
    }
    GG_TRY(deal_call_own(call, deal->id, &own));
    if (!own)
        return gg_fail(call, &DEAL_NOT_JOINED, "you have no share here");
    *share = *own;
    return GG_OK;
}

/* Its dispute that is open; else the call is answered. */
static enum gg_status find_open(struct gg_call *call, const struct deal_share_row *share,
                                struct deal_dispute_row *dispute)
{
    if (share->state != DEAL_SHARE_DISPUTED)
        return gg_fail(call, &DEAL_NO_DISPUTE, "the share is %s", deal_share_state_names[share->state]);
    return deal_dispute_of(call->db, call->arena, share->id, dispute);
}

/* The deal, the share and its open dispute; false when the call is answered or *status is not GG_OK. */
static bool begin(struct gg_call *call, bool host, struct deal_work *work, struct deal_share_row *share,
                  struct deal_dispute_row *dispute, enum gg_status *status)
{
    if (!deal_call_begin(call, work, status))
        return false;
    *status = find_share(call, &work->deal, host, share);
    if (*status != GG_OK || gg_failed(call))
        return false;
    *status = find_open(call, share, dispute);
    return *status == GG_OK && !gg_failed(call);
}

enum gg_status deal_http_dispute(struct gg_call *call)
{
    const struct deal_dispute_open *in = call->in;
    struct deal_dispute_row dispute = {.message = in->message};
    struct deal_share_row share;
    struct deal_work work;
    enum gg_status status;

    if (!deal_call_begin(call, &work, &status))
        return status;
    GG_TRY(find_share(call, &work.deal, false, &share));
    if (gg_failed(call))
        return GG_OK;
    if (share.state == DEAL_SHARE_DISPUTED)
        return gg_fail(call, &DEAL_DISPUTE_OPEN, "answer that one first");
    if ((work.deal.state != DEAL_PURCHASED && work.deal.state != DEAL_ARRIVED) ||
        gg_fsm_next(&deal_share_fsm, share.state, SHARE_DISPUTE) < 0)
        return gg_fail(call, &DEAL_WRONG_STATE, "the share is %s in a deal that is %s",
                       deal_share_state_names[share.state], deal_state_names[work.deal.state]);
    if (in->refund_won != GG_NONE && in->refund_won > share.amount_won)
        return gg_fail_field(call, "/refund_won", "max", "%" PRId64 " won are in escrow", share.amount_won);
    dispute.asked_won = in->refund_won == GG_NONE ? share.amount_won : in->refund_won;
    GG_TRY(deal_check_photos(call, &in->photos, &dispute.photos));
    if (gg_failed(call))
        return GG_OK;
    GG_TRY(deal_dispute_begin(&work, &share, &dispute));
    return answer(call, dispute.id);
}

enum gg_status deal_http_dispute_show(struct gg_call *call)
{
    struct deal_share_row share;
    struct deal_dispute_row dispute;
    struct deal_row deal;
    enum gg_status status;

    if (!deal_call_read(call, &deal, &status))
        return status;
    GG_TRY(find_share(call, &deal, call->params[1] != NULL, &share));
    if (gg_failed(call))
        return GG_OK;
    status = deal_dispute_of(call->db, call->arena, share.id, &dispute);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &DEAL_NO_DISPUTE, "there was never one");
    GG_TRY(status);
    fill(call->arena, &dispute, call->out);
    return GG_OK;
}

enum gg_status deal_http_dispute_answer(struct gg_call *call)
{
    const struct deal_dispute_answer *in = call->in;
    struct deal_dispute_row dispute;
    struct deal_share_row share;
    struct deal_work work;
    enum gg_status status;

    if (!begin(call, true, &work, &share, &dispute, &status))
        return status;
    if (in->refund_won > share.amount_won)
        return gg_fail_field(call, "/refund_won", "max", "%" PRId64 " won are in escrow", share.amount_won);
    dispute.answer = in->message;
    dispute.offered_won = in->refund_won;
    if (in->refund_won >= dispute.asked_won || in->refund_won == share.amount_won) {
        dispute.answered_at = gg_now();
        GG_TRY(deal_dispute_end(&work, &share, &dispute, DEAL_DISPUTE_STATE_AGREED, in->refund_won));
    } else {
        GG_TRY(deal_dispute_answered(&work, &share, &dispute));
    }
    return answer(call, dispute.id);
}

enum gg_status deal_http_dispute_accept(struct gg_call *call)
{
    struct deal_dispute_row dispute;
    struct deal_share_row share;
    struct deal_work work;
    enum gg_status status;

    if (!begin(call, false, &work, &share, &dispute, &status))
        return status;
    if (dispute.state != DEAL_DISPUTE_STATE_ANSWERED)
        return gg_fail(call, &DEAL_WRONG_STATE, "the host has not answered yet");
    GG_TRY(deal_dispute_end(&work, &share, &dispute, DEAL_DISPUTE_STATE_AGREED, dispute.offered_won));
    return answer(call, dispute.id);
}

enum gg_status deal_http_dispute_withdraw(struct gg_call *call)
{
    struct deal_dispute_row dispute;
    struct deal_share_row share;
    struct deal_work work;
    enum gg_status status;

    if (!begin(call, false, &work, &share, &dispute, &status))
        return status;
    GG_TRY(deal_dispute_end(&work, &share, &dispute, DEAL_DISPUTE_STATE_AGREED, 0));
    return answer(call, dispute.id);
}

enum gg_status deal_http_dispute_decide(struct gg_call *call)
{
    const struct deal_dispute_decide *in = call->in;
    struct deal_dispute_row dispute;
    struct deal_share_row share;
    struct deal_work work;
    struct gg_id id;
    enum gg_status status;

    if (!call->user.admin)
        return gg_fail(call, &GG_P_FORBIDDEN, "for admins");
    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = deal_dispute_get(call->db, call->arena, id, &dispute);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such dispute");
    GG_TRY(status);
    GG_TRY(deal_begin(&work, call->db, call->arena, dispute.deal, call->user.id));
    GG_TRY(deal_dispute_get(call->db, call->arena, id, &dispute)); /* again, under the lock */
    GG_TRY(deal_share_get(call->db, call->arena, dispute.share, &share));
    if (gg_id_equal(share.user, call->user.id) || gg_id_equal(work.deal.host, call->user.id))
        return gg_fail(call, &GG_P_FORBIDDEN, "nobody decides what is his own");
    if (dispute.ended_at != GG_NONE)
        return gg_fail(call, &DEAL_NO_DISPUTE, "it has ended");
    if (in->refund_won > share.amount_won)
        return gg_fail_field(call, "/refund_won", "max", "%" PRId64 " won are in escrow", share.amount_won);
    dispute.decision = in->message;
    dispute.decided_by = call->user.id;
    GG_TRY(deal_dispute_end(&work, &share, &dispute, DEAL_DISPUTE_STATE_DECIDED, in->refund_won));
    return answer(call, id);
}

enum gg_status deal_http_dispute_list(struct gg_call *call)
{
    const struct deal_mine_query *query = call->query;
    int64_t after = GG_NONE, limit = gg_page_limit(&query->page);
    struct deal_dispute_list *out = call->out;
    struct gg_id id = GG_ID_ZERO;
    struct deal_dispute_row *rows;
    struct deal_dispute *items;
    size_t n;

    if (!call->user.admin)
        return gg_fail(call, &GG_P_FORBIDDEN, "for admins");
    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &after, 1, &id))
        return GG_OK;
    GG_TRY(deal_dispute_list(call->db, call->arena, after, id, limit + 1, &rows, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &rows[n - 1].opened_at, 1, rows[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct deal_dispute, n);
    for (size_t i = 0; i < n; i++)
        fill(call->arena, &rows[i], &items[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}
