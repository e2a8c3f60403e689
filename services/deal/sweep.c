/* services/deal/sweep.c
 * What falls due: closings, reservations nobody answered, pick-up windows long over. Each looks at the row again: it
 * may have moved on. */
#include "change.h"

#include "libcommon/clock.h"

#define AGAIN_MS INT64_C(600000)

static enum gg_status close_deal(struct gg_due *due)
{
    struct deal_work work;

    GG_TRY(deal_begin(&work, due->db, due->arena, due->subject, GG_ID_ZERO));
    return work.deal.state == DEAL_RECRUITING ? deal_close(&work) : GG_OK;
}

static enum gg_status lapse_reservation(struct gg_due *due)
{
    struct deal_share_row share;
    struct deal_work work;

    GG_TRY(deal_share_get(due->db, due->arena, due->subject, &share));
    GG_TRY(deal_begin(&work, due->db, due->arena, share.deal, GG_ID_ZERO));
    GG_TRY(deal_share_get(due->db, due->arena, due->subject, &share)); /* again, under the lock */
    if (share.state == DEAL_SHARE_HELD && share.want_quantity != GG_NONE)
        return deal_resize_failed(&work, &share, DEAL_REASON_NO_ANSWER);
    if (share.state != DEAL_SHARE_RESERVED)
        return GG_OK;
    return deal_drop_share(&work, &share, SHARE_LAPSE, DEAL_REASON_NO_ANSWER);
}

/* Three days after the window: what is here counts as handed over, what never came is given back. */
static enum gg_status end_window(struct gg_due *due)
{
    struct deal_share_row *shares;
    struct deal_work work;
    size_t n;

    GG_TRY(deal_begin(&work, due->db, due->arena, due->subject, GG_ID_ZERO));
    if (work.deal.state == DEAL_CONFIRMED || work.deal.state == DEAL_PURCHASED)
        return deal_call_off(&work, DEAL_LAPSE, DEAL_REASON_HOST);
    /* Everything stood still for days: the closing comes first, and must not escape this look. */
    if (work.deal.state == DEAL_RECRUITING || work.deal.state == DEAL_CLOSING)
        return gg_due_set(due->db, DEAL_DUE_WINDOW, due->subject, gg_now() + AGAIN_MS);
    if (work.deal.state != DEAL_ARRIVED)
        return GG_OK;
    GG_TRY(deal_shares(due->db, due->arena, due->subject, true, 0, DEAL_PORTIONS_MAX, &shares, &n));
    for (size_t i = 0; i < n; i++)
        if (shares[i].state == DEAL_SHARE_CAPTURED)
            GG_TRY(deal_hand_over(&work, &shares[i], DEAL_PORTIONS_MAX, due->at));
    return GG_OK;
}

static enum gg_status end_acceptance(struct gg_due *due)
{
    struct deal_work work;

    GG_TRY(deal_begin(&work, due->db, due->arena, due->subject, GG_ID_ZERO));
    return work.deal.state == DEAL_RECRUITING ? deal_release_unaccepted(&work) : GG_OK;
}

static enum gg_status lapse_offer(struct gg_due *due)
{
    struct deal_wait_row wait;
    struct deal_work work;

    GG_TRY(deal_wait_get(due->db, due->arena, due->subject, &wait));
    GG_TRY(deal_begin(&work, due->db, due->arena, wait.deal, GG_ID_ZERO));
    GG_TRY(deal_wait_get(due->db, due->arena, due->subject, &wait)); /* again, under the lock */
    if (wait.state != DEAL_OFFERED)
        return GG_OK;
    GG_TRY(deal_wait_finish(&work, &wait, DEAL_WAIT_LAPSED));
    GG_TRY(deal_offer(&work));
    return deal_update(due->db, &work.deal);
}

/* Nobody moved: a host who did not answer gives back what was asked for; an offer that was not taken up stands. */
static enum gg_status lapse_dispute(struct gg_due *due)
{
    struct deal_dispute_row dispute;
    struct deal_share_row share;
    struct deal_work work;

    GG_TRY(deal_dispute_get(due->db, due->arena, due->subject, &dispute));
    GG_TRY(deal_begin(&work, due->db, due->arena, dispute.deal, GG_ID_ZERO));
    GG_TRY(deal_dispute_get(due->db, due->arena, due->subject, &dispute)); /* again, under the lock */
    if (dispute.ended_at != GG_NONE)
        return GG_OK;
    GG_TRY(deal_share_get(due->db, due->arena, dispute.share, &share));
    return deal_dispute_end(&work, &share, &dispute, DEAL_DISPUTE_STATE_LAPSED,
                            dispute.state == DEAL_DISPUTE_STATE_OPEN ? dispute.asked_won : dispute.offered_won);
}

const struct gg_due_kind deal_due_kinds[] = {
    {DEAL_DUE_CLOSE, false, false, close_deal, "the closing instant of a deal"},
    {DEAL_DUE_RESERVATION, true, false, lapse_reservation, "a seat whose hold was not answered within two minutes"},
    {DEAL_DUE_WINDOW, true, false, end_window, "three days after the pick-up window money finds its way by itself"},
    {DEAL_DUE_TERMS, false, false, end_acceptance, "new terms that were not accepted in time"},
    {DEAL_DUE_OFFER, false, false, lapse_offer, "an offer of the waiting list that was not taken in time"},
    {DEAL_DUE_DISPUTE, false, false, lapse_dispute, "a dispute nobody answered or decided in time"},
};
const size_t deal_due_kinds_n = GG_LEN(deal_due_kinds);
