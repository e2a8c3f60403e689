/* services/deal/change_close.c
 * The closing, decided once, and the calling off. */
#include "change.h"

#include "arrival.h"

/* --- carries --- */

enum gg_status deal_note_carries(struct deal_work *work, struct deal_share_row *shares, size_t n, const int64_t *deltas)
{
    struct gg_id *users = GG_NEW_ARRAY(work->arena, struct gg_id, n);
    int64_t *more = GG_NEW_ARRAY(work->arena, int64_t, n);

    for (size_t i = 0; i < n; i++) {
        users[i] = shares[i].user;
        more[i] = deltas[i] - shares[i].carry_delta;
        shares[i].carry_delta = deltas[i];
    }
    return deal_carries_add(work->db, work->arena, users, n, more);
}

enum gg_status deal_undo_carry(struct deal_work *work, struct deal_share_row *share)
{
    static const int64_t nothing = 0;

    return share->carry_delta == 0 ? GG_OK : deal_note_carries(work, share, 1, &nothing);
}

/* --- the decision at closing --- */

static struct deal_part *parts_of(const struct deal_work *work, const struct deal_share_row *shares, size_t n)
{
    struct deal_part *parts = GG_NEW_ARRAY(work->arena, struct deal_part, n);

    for (size_t i = 0; i < n; i++)
        parts[i] = (struct deal_part){.quantity = shares[i].quantity, .tolerance = shares[i].tolerance};
    return parts;
}

enum gg_status deal_sold(struct deal_work *work, int64_t *sold)
{
    struct deal_share_row *shares;
    struct deal_lot lot;
    size_t n, held = 0;

    GG_TRY(deal_live_shares(work, &shares, &n));
    for (size_t i = 0; i < n; i++)
        if (shares[i].state == DEAL_SHARE_HELD && shares[i].terms == work->deal.plan.terms)
            shares[held++] = shares[i];
    *sold = deal_decide_allotments(&work->deal, parts_of(work, shares, held), held, &lot);
    return GG_OK;
}

static const char *explain(struct deal_work *work, const struct deal_part *part)
{
    char text[DEAL_BECAUSE];

    deal_explain(&(struct deal_because){.asked = part->quantity,
                                        .allotted = part->allotted,
                                        .got = GG_NONE,
                                        .boxes = work->deal.plan.boxes_max != GG_NONE},
                 text);
    return *text ? gg_strdup(work->arena, text) : NULL;
}

/* Those for whom no whole box had room go before the others are confirmed: their holds end. */
static enum gg_status release_unserved(struct deal_work *work, struct deal_share_row *shares, struct deal_part *parts,
                                       size_t *n)
{
    size_t kept = 0;

    for (size_t i = 0; i < *n; i++) {
        struct deal_share_row *share = &shares[i];
        struct deal_share_event event;
        if (parts[i].allotted > 0) {
            parts[kept] = parts[i];
            shares[kept++] = *share;
            continue;
        }
        GG_TRY(deal_step_share(share, SHARE_CALL_OFF));
        share->reason = DEAL_REASON_NO_BOX;
        share->because = explain(work, &parts[i]);
        work->deal.taken -= share->quantity;
        work->deal.plan.extras -= share->tolerance;
        GG_TRY(deal_share_update(work->db, share));
        event = deal_share_event_of(work, share, share->max_won);
        GG_TRY(deal_emit(work, &DEAL_SHARE_RELEASED_EVENT, &event));
    }
    *n = kept;
    return GG_OK;
}

/* Enough is sold: everybody gets his portions and his exact price. */
static enum gg_status confirm(struct deal_work *work, struct deal_share_row *shares, size_t n, struct deal_part *parts,
                              const struct deal_lot *lot)
{
    struct deal_plan *plan = &work->deal.plan;
    struct gg_id *users = GG_NEW_ARRAY(work->arena, struct gg_id, n);
    int64_t *carries = GG_NEW_ARRAY(work->arena, int64_t, n);

    GG_TRY(deal_step(work, DEAL_CONFIRM));
    GG_TRY(release_unserved(work, shares, parts, &n));
    for (size_t i = 0; i < n; i++)
        users[i] = shares[i].user;
    GG_TRY(deal_carries(work->db, work->arena, users, n, carries));
    for (size_t i = 0; i < n; i++)
        parts[i].carry = carries[i];
    plan->host_won = deal_split(parts, n, lot);
    plan->settled_won = lot->total_won + lot->delivery_won;
    plan->sold_portions = lot->portions;
    for (size_t i = 0; i < n; i++)
        carries[i] = parts[i].carry_delta;
    GG_TRY(deal_note_carries(work, shares, n, carries));
    for (size_t i = 0; i < n; i++) {
        shares[i].allotted = parts[i].allotted;
        shares[i].amount_won = parts[i].amount_won;
        shares[i].because = explain(work, &parts[i]);
        GG_TRY(deal_share_update(work->db, &shares[i]));
    }
    GG_TRY(deal_emit_outcome(work, &DEAL_CONFIRMED_EVENT, shares, n, NULL));
    return deal_update(work->db, &work->deal);
}

/* Runs once: the state moves on under the lock. */
enum gg_status deal_settle_closing(struct deal_work *work)
{
    struct deal_row *deal = &work->deal;
    struct deal_share_row *shares;
    struct deal_part *parts;
    struct deal_lot lot;
    size_t n;

    if (deal->state != DEAL_CLOSING || deal->waiting > 0)
        return deal_update(work->db, deal);
    GG_TRY(deal_live_shares(work, &shares, &n));
    parts = parts_of(work, shares, n);
    if (deal_decide_allotments(deal, parts, n, &lot) >= deal->min_portions)
        return confirm(work, shares, n, parts, &lot);
    work->actor = GG_ID_ZERO;
    return deal_call_off(work, DEAL_FAIL, DEAL_REASON_MINIMUM);
}

enum gg_status deal_close(struct deal_work *work)
{
    struct deal_share_row *shares;
    size_t n;

    GG_TRY(deal_wait_over(work));
    GG_TRY(deal_release_unaccepted(work));
    GG_TRY(deal_step(work, DEAL_CLOSE));
    GG_TRY(gg_due_clear(work->db, DEAL_DUE_CLOSE, work->deal.id));
    GG_TRY(deal_live_shares(work, &shares, &n));
    GG_TRY(deal_emit_outcome(work, &DEAL_CLOSING_EVENT, shares, n, NULL));
    return deal_settle_closing(work);
}

/* A share in dispute gets everything back like the others. */
static enum gg_status end_dispute(struct deal_work *work, struct deal_share_row *share)
{
    struct deal_dispute_row dispute;

    GG_TRY(deal_dispute_of(work->db, work->arena, share->id, &dispute));
    return deal_dispute_end(work, share, &dispute, DEAL_DISPUTE_STATE_LAPSED, share->amount_won);
}

enum gg_status deal_call_off(struct deal_work *work, enum deal_event event, enum deal_reason reason)
{
    struct deal_row *deal = &work->deal;
    struct deal_share_row *shares;
    size_t n;

    GG_TRY(deal_live_shares(work, &shares, &n));
    for (size_t i = 0; i < n; i++)
        if (shares[i].state == DEAL_SHARE_DISPUTED)
            GG_TRY(end_dispute(work, &shares[i]));
    GG_TRY(deal_step(work, event));
    GG_TRY(deal_wait_over(work));
    deal->reason = (int)reason;
    deal->waiting = deal->taken = deal->plan.extras = 0;
    deal->plan.host_won = deal->plan.settled_won = GG_NONE;
    GG_TRY(deal_live_shares(work, &shares, &n));
    for (size_t i = 0; i < n; i++) {
        GG_TRY(gg_due_clear(work->db, DEAL_DUE_RESERVATION, shares[i].id));
        GG_TRY(deal_step_share(&shares[i], SHARE_CALL_OFF));
        shares[i].reason = (int)reason;
        shares[i].want_quantity = shares[i].want_tolerance = shares[i].want_won = shares[i].want_terms = GG_NONE;
        GG_TRY(deal_undo_carry(work, &shares[i]));
        GG_TRY(deal_share_update(work->db, &shares[i]));
    }
    GG_TRY(gg_due_clear(work->db, DEAL_DUE_CLOSE, deal->id));
    GG_TRY(gg_due_clear(work->db, DEAL_DUE_WINDOW, deal->id));
    GG_TRY(deal_emit_outcome(work, event == DEAL_FAIL ? &DEAL_FAILED_EVENT : &DEAL_CANCELLED_EVENT, shares, n, NULL));
    return deal_update(work->db, deal);
}
