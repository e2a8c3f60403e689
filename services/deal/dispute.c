/* services/deal/dispute.c
 * Something is wrong with a share: its money stands still until both agree, an admin decides, or time runs out. */
#include "change.h"

#include "libcommon/clock.h"

static enum gg_status tell(struct deal_work *work, const struct gg_event_type *type,
                           const struct deal_dispute_row *dispute, const struct deal_share_row *share,
                           int64_t refund_won, int64_t amount_won)
{
    return deal_emit(work, type,
                     &(struct deal_dispute_event){
                         .deal = work->deal.id,
                         .share = share->id,
                         .dispute = dispute->id,
                         .user = share->user,
                         .host = work->deal.host,
                         .actor = work->actor,
                         .title = work->deal.title,
                         .state = dispute->state,
                         .refund_won = refund_won,
                         .amount_won = amount_won,
                     });
}

enum gg_status deal_dispute_begin(struct deal_work *work, struct deal_share_row *share,
                                  struct deal_dispute_row *dispute)
{
    GG_TRY(deal_step_share(share, SHARE_DISPUTE));
    dispute->id = gg_id_new();
    dispute->deal = work->deal.id;
    dispute->share = share->id;
    dispute->state = DEAL_DISPUTE_STATE_OPEN;
    dispute->amount_won = share->amount_won;
    dispute->opened_at = gg_now();
    dispute->due_at = dispute->opened_at + DEAL_ANSWER_MS;
    GG_TRY(deal_share_update(work->db, share));
    GG_TRY(deal_dispute_insert(work->db, dispute));
    GG_TRY(gg_due_set(work->db, DEAL_DUE_DISPUTE, dispute->id, dispute->due_at));
    GG_TRY(tell(work, &DEAL_DISPUTE_OPENED_EVENT, dispute, share, dispute->asked_won, GG_NONE));
    return deal_update(work->db, &work->deal);
}

enum gg_status deal_dispute_answered(struct deal_work *work, struct deal_share_row *share,
                                     struct deal_dispute_row *dispute)
{
    dispute->state = DEAL_DISPUTE_STATE_ANSWERED;
    dispute->answered_at = gg_now();
    dispute->due_at = dispute->answered_at + DEAL_DECIDE_MS;
    GG_TRY(deal_dispute_update(work->db, dispute));
    GG_TRY(gg_due_set(work->db, DEAL_DUE_DISPUTE, dispute->id, dispute->due_at));
    GG_TRY(tell(work, &DEAL_DISPUTE_ANSWERED_EVENT, dispute, share, dispute->offered_won, GG_NONE));
    return deal_update(work->db, &work->deal);
}

enum gg_status deal_dispute_end(struct deal_work *work, struct deal_share_row *share, struct deal_dispute_row *dispute,
                                enum deal_dispute_state state, int64_t refund_won)
{
    struct deal_share_event event;
    bool arrived = work->deal.state == DEAL_ARRIVED;
    int64_t left;

    /* What did not come has been given back already: there may be less than was asked for. */
    if (refund_won > share->amount_won)
        refund_won = share->amount_won;
    left = share->amount_won - refund_won;
    dispute->state = (int)state;
    dispute->refund_won = refund_won;
    dispute->ended_at = gg_now();
    GG_TRY(deal_dispute_update(work->db, dispute));
    GG_TRY(gg_due_clear(work->db, DEAL_DUE_DISPUTE, dispute->id));
    GG_TRY(tell(work, &DEAL_DISPUTE_RESOLVED_EVENT, dispute, share, refund_won, left));
    GG_TRY(deal_step_share(share, left == 0 ? SHARE_GIVE_BACK : arrived ? SHARE_RESOLVE : SHARE_RESUME));
    share->amount_won = left;
    if (work->deal.plan.settled_won != GG_NONE)
        work->deal.plan.settled_won -= refund_won;
    if (left > 0 && !arrived) {
        GG_TRY(deal_share_update(work->db, share));
    } else if (left > 0) {
        share->handed_at = dispute->ended_at;
        GG_TRY(deal_share_update(work->db, share));
        event = deal_share_event_of(work, share, left);
        event.reason = DEAL_REASON_DISPUTE;
        GG_TRY(deal_emit(work, &DEAL_SHARE_HANDED_OVER_EVENT, &event));
    } else {
        share->reason = DEAL_REASON_DISPUTE;
        work->deal.taken -= share->quantity;
        work->deal.plan.extras -= share->tolerance;
        GG_TRY(deal_share_update(work->db, share));
        GG_TRY(deal_finish(work));
    }
    return deal_update(work->db, &work->deal);
}
