/* services/deal/http_host.c
 * What the host does: closing, receipt, arrival, hand-over. */
#include "http_common.h"

#include "handover.h"
#include "libcommon/clock.h"
#include "store_photo.h"

#include <string.h>

/* Only money that is held counts: a seat whose hold is refused later must not make a deal fail that had time left. */
enum gg_status deal_http_close(struct gg_call *call)
{
    struct deal_work work;
    enum gg_status status;
    int64_t sold;

    if (!deal_call_begin_step(call, &work, DEAL_CLOSE, &status))
        return status;
    GG_TRY(deal_sold(&work, &sold));
    if (sold < work.deal.min_portions) {
        gg_fail(call, &DEAL_MINIMUM_NOT_MET, "%" PRId64 " of %" PRId64 " portions are sold", sold,
                work.deal.min_portions);
        gg_fail_param(call, "missing", work.deal.min_portions - sold);
        return GG_OK;
    }
    GG_TRY(deal_close(&work));
    return deal_answer(call, &work.deal);
}

enum gg_status deal_http_cancel(struct gg_call *call)
{
    struct deal_work work;
    enum gg_status status;

    if (!deal_call_begin_step(call, &work, DEAL_CANCEL, &status))
        return status;
    GG_TRY(deal_call_off(&work, DEAL_CANCEL, DEAL_REASON_HOST));
    return deal_answer(call, &work.deal);
}

/* The money must be in escrow before the host spends his own. */
static enum gg_status all_captured(struct gg_call *call, struct deal_work *work)
{
    struct deal_share_row *shares;
    size_t n;

    GG_TRY(deal_live_shares(work, &shares, &n));
    for (size_t i = 0; i < n; i++)
        if (shares[i].state != DEAL_SHARE_CAPTURED)
            return gg_fail(call, &DEAL_COLLECTING, "try again in a moment");
    return GG_OK;
}

/* What neighbours accepted for as many boxes as are bought, or for the lot. */
static int64_t accepted(const struct deal_row *deal)
{
    if (deal->plan.boxes_max == GG_NONE)
        return deal_ceiling(deal);
    return deal_ceiling(deal) / deal->plan.boxes_max * (deal->plan.sold_portions / deal_box(deal));
}

enum gg_status deal_http_purchase(struct gg_call *call)
{
    const struct deal_purchase *in = call->in;
    struct deal_work work;
    enum gg_status status;
    int64_t delivery;

    if (!deal_call_begin_step(call, &work, DEAL_PURCHASE, &status))
        return status;
    if (in->total_won > accepted(&work.deal)) {
        gg_fail(call, &DEAL_RECEIPT_TOO_HIGH, "%" PRId64 " won were accepted", accepted(&work.deal));
        gg_fail_param(call, "accepted_won", accepted(&work.deal));
        return GG_OK;
    }
    delivery = in->delivery_won == GG_NONE ? work.deal.plan.delivery_won : in->delivery_won;
    if (delivery > work.deal.plan.delivery_won) {
        gg_fail(call, &DEAL_RECEIPT_TOO_HIGH, "%" PRId64 " won were accepted for delivery",
                work.deal.plan.delivery_won);
        gg_fail_param(call, "accepted_delivery_won", work.deal.plan.delivery_won);
        return GG_OK;
    }
    status = deal_photo_owned(call->db, call->arena, in->receipt, call->user.id);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &DEAL_UNKNOWN_PHOTO, "upload the receipt first");
    GG_TRY(status);
    GG_TRY(all_captured(call, &work));
    if (gg_failed(call))
        return GG_OK;
    GG_TRY(deal_purchase_goods(&work, in->total_won, delivery, in->receipt));
    return deal_answer(call, &work.deal);
}

enum gg_status deal_http_arrive(struct gg_call *call)
{
    const struct deal_arrive *in = call->in;
    struct deal_work work;
    enum gg_status status;

    if (!deal_call_begin_step(call, &work, DEAL_ARRIVE, &status))
        return status;
    GG_TRY(deal_arrive_goods(&work, !in || in->portions == GG_NONE ? work.deal.plan.sold_portions : in->portions));
    return deal_answer(call, &work.deal);
}

/* --- hand-over --- */

/* Six digits can be guessed, so wrong ones are counted; the count outlives the refusal. */
static enum gg_status count_wrong_code(struct gg_call *call)
{
    const struct gg_id *deal = gg_call_kept(call);

    return deal_count_wrong_code(call->db, *deal, gg_now(), DEAL_CODE_WINDOW_MS);
}

static bool tries_used_up(const struct deal_row *deal)
{
    return deal->wrong_codes >= DEAL_CODE_TRIES_MAX && gg_now() - deal->wrong_codes_since <= DEAL_CODE_WINDOW_MS;
}

/* Is this the same hand-over as the one that was done? */
static bool done_before(const struct deal_share_row *share)
{
    return (share->state == DEAL_SHARE_HANDED_OVER || share->state == DEAL_SHARE_SETTLED);
}

/* The share that the code or the picture names. GG_NOT_FOUND. */
static enum gg_status find_share(struct gg_call *call, const struct deal_row *deal, const struct deal_handover *in,
                                 struct deal_share_row *share)
{
    const char *code = in->code;
    struct gg_id id = GG_ID_ZERO;

    if (in->qr && !deal_qr_read(call->arena, deal->plan.handover_key, in->qr, &id, &code))
        return GG_NOT_FOUND;
    if (!code)
        return GG_NOT_FOUND;
    GG_TRY(deal_share_by_code(call->db, call->arena, deal->id, code, share));
    return in->qr && !gg_id_equal(share->id, id) ? GG_NOT_FOUND : GG_OK;
}

/* Hands one share over; `problem` says why not. A share that is handed over already stays as it is. */
static enum gg_status hand_over(struct gg_call *call, struct deal_work *work, const struct deal_handover *in,
                                struct deal_share_row *share, const struct gg_problem **problem)
{
    int64_t now = gg_now(), there, quantity;
    enum gg_status status = find_share(call, &work->deal, in, share);

    *problem = NULL;
    if (status == GG_NOT_FOUND || (status == GG_OK && !deal_share_inside(share->state))) {
        *problem = &DEAL_BAD_CODE;
        return GG_OK;
    }
    GG_TRY(status);
    if (done_before(share))
        return GG_OK;
    if (share->state == DEAL_SHARE_DISPUTED) {
        *problem = &DEAL_DISPUTE_OPEN;
        return GG_OK;
    }
    if (share->state != DEAL_SHARE_CAPTURED) {
        *problem = &DEAL_WRONG_STATE;
        return GG_OK;
    }
    there = share->received == GG_NONE ? share->allotted : share->received;
    quantity = in->quantity == GG_NONE || in->quantity > there ? there : in->quantity;
    return deal_hand_over(work, share, quantity,
                          in->scanned_at == GG_NONE || in->scanned_at > now ? now : in->scanned_at);
}

/* The deal of the address, when goods can change hands and guessing has not been overdone. */
static bool begin_hand_over(struct gg_call *call, struct deal_work *work, enum gg_status *status)
{
    if (!deal_call_begin_host(call, work, status))
        return false;
    if (work->deal.state != DEAL_ARRIVED && work->deal.state != DEAL_DONE)
        gg_fail(call, &DEAL_WRONG_STATE, "the deal is %s", deal_state_names[work->deal.state]);
    else if (tries_used_up(&work->deal)) {
        gg_header(call, "Retry-After", "600");
        gg_fail(call, &DEAL_CODE_TRIES, "wait ten minutes");
    }
    return !gg_failed(call);
}

enum gg_status deal_http_hand_over(struct gg_call *call)
{
    const struct deal_handover *in = call->in;
    const struct gg_problem *problem;
    struct deal_share_row share;
    struct deal_work work;
    enum gg_status status;

    if (!begin_hand_over(call, &work, &status))
        return status;
    if (!in->code == !in->qr)
        return gg_fail_field(call, "/code", "required", "either the code or the picture's text");
    GG_TRY(hand_over(call, &work, in, &share, &problem));
    if (problem == &DEAL_BAD_CODE) {
        gg_call_keep(call, gg_memdup(call->arena, &work.deal.id, sizeof(work.deal.id)));
        gg_fail(call, problem, "ask the neighbour for the six digits");
        return gg_after_refusal(call, count_wrong_code);
    }
    if (problem)
        return gg_fail(call, problem, "%s", problem->title);
    return deal_answer_share(call, &work.deal, &share);
}

/* Each for itself: what cannot be does not keep the others from being handed over. Wrong codes count as elsewhere. */
enum gg_status deal_http_sync(struct gg_call *call)
{
    const struct deal_handover_sync *in = call->in;
    const struct deal_handover *items = in->items.items;
    struct deal_handover_results *out = call->out;
    struct deal_handover_result *results = GG_NEW_ARRAY(call->arena, struct deal_handover_result, in->items.n);
    struct deal_work work;
    enum gg_status status;
    int64_t wrong;

    if (!begin_hand_over(call, &work, &status))
        return status;
    wrong = gg_now() - work.deal.wrong_codes_since <= DEAL_CODE_WINDOW_MS ? work.deal.wrong_codes : 0;
    for (size_t i = 0; i < in->items.n; i++) {
        const struct gg_problem *problem;
        struct deal_share_row share = {0};
        if (wrong >= DEAL_CODE_TRIES_MAX) {
            results[i].code = DEAL_CODE_TRIES.code;
            continue;
        }
        GG_TRY(hand_over(call, &work, &items[i], &share, &problem));
        results[i].code = problem ? problem->code : NULL;
        if (problem != &DEAL_BAD_CODE)
            results[i].share = share.id;
        else if (!items[i].qr) {
            wrong++;
            GG_TRY(deal_count_wrong_code(call->db, work.deal.id, gg_now(), DEAL_CODE_WINDOW_MS));
        }
    }
    out->items = (struct gg_list){results, in->items.n};
    return GG_OK;
}

enum gg_status deal_http_no_show(struct gg_call *call)
{
    struct deal_share_row share;
    struct deal_work work;
    struct gg_id id;
    enum gg_status status;

    if (!deal_call_begin_host(call, &work, &status) || !gg_param_id(call, 1, &id))
        return status;
    status = deal_share_get(call->db, call->arena, id, &share);
    if (status == GG_NOT_FOUND || (status == GG_OK && !gg_id_equal(share.deal, work.deal.id)))
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such share");
    GG_TRY(status);
    if (work.deal.state != DEAL_ARRIVED || share.state != DEAL_SHARE_CAPTURED || gg_now() < work.deal.pickup_until)
        return gg_fail(call, &DEAL_WRONG_STATE, "not before the last window has ended without him");
    if (!share.no_show)
        GG_TRY(deal_no_show(&work, &share));
    return deal_answer_share(call, &work.deal, &share);
}
