/* services/deal/change_after.c
 * After the decision: receipt, arrival, hand-over, the end. */
#include "change.h"

#include "arrival.h"
#include "libcommon/clock.h"

enum gg_status deal_purchase_goods(struct deal_work *work, int64_t receipt_won, int64_t delivery_won,
                                   const char *receipt)
{
    struct deal_row *deal = &work->deal;
    struct deal_lot lot = {.portions = deal->plan.sold_portions,
                           .total_won = receipt_won,
                           .delivery_won = delivery_won,
                           .delivery_equal = deal->plan.delivery_rule == DEAL_DELIVERY_EQUAL};
    struct deal_share_row *shares;
    struct deal_part *parts;
    int64_t *refunds, *carries;
    struct gg_id *users;
    size_t n;

    GG_TRY(deal_step(work, DEAL_PURCHASE));
    deal->receipt_won = receipt_won;
    deal->receipt = receipt;
    GG_TRY(deal_live_shares(work, &shares, &n));
    parts = GG_NEW_ARRAY(work->arena, struct deal_part, n);
    refunds = GG_NEW_ARRAY(work->arena, int64_t, n);
    carries = GG_NEW_ARRAY(work->arena, int64_t, n);
    users = GG_NEW_ARRAY(work->arena, struct gg_id, n);
    for (size_t i = 0; i < n; i++)
        users[i] = shares[i].user;
    GG_TRY(deal_carries(work->db, work->arena, users, n, carries));
    for (size_t i = 0; i < n; i++)
        parts[i] = (struct deal_part){.allotted = shares[i].allotted,
                                      .paid_won = shares[i].amount_won,
                                      .carry = carries[i] - shares[i].carry_delta};
    deal->plan.host_won = deal_true_up(parts, n, &lot);
    deal->plan.settled_won = receipt_won + delivery_won;
    for (size_t i = 0; i < n; i++)
        carries[i] = parts[i].carry_delta;
    GG_TRY(deal_note_carries(work, shares, n, carries));
    for (size_t i = 0; i < n; i++) {
        refunds[i] = shares[i].amount_won - parts[i].amount_won;
        shares[i].amount_won = parts[i].amount_won;
        GG_TRY(deal_share_update(work->db, &shares[i]));
    }
    GG_TRY(deal_emit_outcome(work, &DEAL_PURCHASED_EVENT, shares, n, refunds));
    return deal_update(work->db, deal);
}

/* --- arrival --- */

/* What did not come is not paid. A share for which nothing came ends here. */
static enum gg_status adjust(struct deal_work *work, struct deal_share_row *share, const struct deal_part *part,
                             int64_t bought)
{
    int64_t amount = deal_cost_of(share->amount_won, part->got, share->allotted), refund = share->amount_won - amount;
    struct deal_share_event event;
    char because[DEAL_BECAUSE];

    deal_explain(&(struct deal_because){.asked = share->quantity,
                                        .allotted = share->allotted,
                                        .got = part->got,
                                        .bought = bought,
                                        .came = work->deal.plan.came_portions,
                                        .refund_won = refund,
                                        .pro_rata = work->deal.plan.shortage_rule == DEAL_PRO_RATA},
                 because);
    if (*because)
        share->because = gg_strdup(work->arena, because);
    share->received = part->got;
    share->amount_won = amount;
    work->deal.plan.settled_won -= refund;
    if (part->got == 0 && share->state == DEAL_SHARE_CAPTURED) {
        GG_TRY(deal_step_share(share, SHARE_GIVE_BACK));
        share->reason = DEAL_REASON_SHORTAGE;
        work->deal.taken -= share->quantity;
        work->deal.plan.extras -= share->tolerance;
    }
    GG_TRY(deal_share_update(work->db, share));
    if (refund == 0)
        return GG_OK;
    event = deal_share_event_of(work, share, amount);
    event.refund_won = refund;
    event.reason = DEAL_REASON_SHORTAGE;
    return deal_emit(work, &DEAL_SHARE_ADJUSTED_EVENT, &event);
}

enum gg_status deal_arrive_goods(struct deal_work *work, int64_t came)
{
    struct deal_plan *plan = &work->deal.plan;
    int64_t host = plan->sold_portions;
    struct deal_share_row *shares;
    struct deal_part *parts;
    size_t n, still = 0;

    GG_TRY(deal_step(work, DEAL_ARRIVE));
    plan->came_portions = came;
    GG_TRY(deal_live_shares(work, &shares, &n));
    parts = GG_NEW_ARRAY(work->arena, struct deal_part, n);
    for (size_t i = 0; i < n; i++) {
        parts[i] = (struct deal_part){
            .quantity = shares[i].quantity, .tolerance = shares[i].tolerance, .allotted = shares[i].allotted};
        host -= shares[i].allotted;
    }
    (void)deal_arrived(parts, n, host, came, plan->shortage_rule == DEAL_PRO_RATA);
    for (size_t i = 0; came != plan->sold_portions && i < n; i++)
        GG_TRY(adjust(work, &shares[i], &parts[i], plan->sold_portions));
    for (size_t i = 0; i < n; i++)
        if (deal_share_live(shares[i].state))
            shares[still++] = shares[i];
    GG_TRY(deal_emit_outcome(work, &DEAL_ARRIVED_EVENT, shares, still, NULL));
    GG_TRY(deal_finish(work));
    return deal_update(work->db, &work->deal);
}

/* --- hand-over --- */

enum gg_status deal_hand_over(struct deal_work *work, struct deal_share_row *share, int64_t quantity, int64_t when)
{
    int64_t there = share->received == GG_NONE ? share->allotted : share->received;
    /* More may be there than was bought; that costs nothing, and is no part of the price. */
    int64_t amount = deal_cost_of(share->amount_won, quantity, there < share->allotted ? there : share->allotted);
    int64_t refund = share->amount_won - amount;
    struct deal_share_event event;

    GG_TRY(deal_step_share(share, SHARE_HAND_OVER));
    share->handed_at = when;
    share->amount_won = amount;
    share->received = quantity < there ? quantity : there;
    work->deal.plan.settled_won -= refund;
    GG_TRY(deal_share_update(work->db, share));
    event = deal_share_event_of(work, share, amount);
    if (refund > 0) {
        event.refund_won = refund;
        event.reason = DEAL_REASON_PARTIAL;
    }
    GG_TRY(deal_emit(work, &DEAL_SHARE_HANDED_OVER_EVENT, &event));
    return deal_update(work->db, &work->deal);
}

enum gg_status deal_no_show(struct deal_work *work, struct deal_share_row *share)
{
    struct deal_share_event event;

    share->no_show = true;
    GG_TRY(deal_share_update(work->db, share));
    event = deal_share_event_of(work, share, share->amount_won);
    GG_TRY(deal_emit(work, &DEAL_SHARE_NO_SHOW_EVENT, &event));
    return deal_update(work->db, &work->deal);
}

enum gg_status deal_finish(struct deal_work *work)
{
    struct deal_share_row *shares;
    size_t n;

    if (work->deal.state != DEAL_ARRIVED)
        return GG_OK;
    GG_TRY(deal_live_shares(work, &shares, &n));
    for (size_t i = 0; i < n; i++)
        if (shares[i].state != DEAL_SHARE_SETTLED)
            return GG_OK;
    GG_TRY(deal_step(work, DEAL_FINISH));
    GG_TRY(gg_due_clear(work->db, DEAL_DUE_WINDOW, work->deal.id));
    return deal_emit_outcome(work, &DEAL_DONE_EVENT, shares, n, NULL);
}

enum gg_status deal_settle(struct deal_work *work, struct deal_share_row *share)
{
    struct deal_share_event event;

    GG_TRY(deal_step_share(share, SHARE_SETTLE));
    GG_TRY(deal_share_update(work->db, share));
    event = deal_share_event_of(work, share, share->amount_won);
    GG_TRY(deal_emit(work, &DEAL_SHARE_SETTLED_EVENT, &event));
    GG_TRY(deal_finish(work));
    return deal_update(work->db, &work->deal);
}

enum gg_status deal_take_back(struct deal_work *work, struct deal_share_row *share)
{
    GG_TRY(deal_step_share(share, SHARE_GIVE_BACK));
    share->reason = DEAL_REASON_NO_ANSWER;
    work->deal.taken -= share->quantity;
    work->deal.plan.extras -= share->tolerance;
    if (work->deal.plan.settled_won != GG_NONE)
        work->deal.plan.settled_won -= share->amount_won;
    share->amount_won = 0;
    GG_TRY(deal_share_update(work->db, share));
    GG_TRY(deal_finish(work));
    return deal_update(work->db, &work->deal);
}
