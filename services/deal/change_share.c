/* services/deal/change_share.c
 * A share that grows, shrinks, or accepts new terms. Its hold grows before it does, and shrinks after. */
#include "change.h"

#include "libcommon/clock.h"

static int64_t above(int64_t want, int64_t have)
{
    return want != GG_NONE && want > have ? want - have : 0;
}

int64_t deal_seats(const struct deal_share_row *share)
{
    return share->quantity + above(share->want_quantity, share->quantity);
}

int64_t deal_seats_extra(const struct deal_share_row *share)
{
    return share->tolerance + above(share->want_tolerance, share->tolerance);
}

static enum gg_status ask_pay(struct deal_work *work, struct deal_share_row *share, int64_t amount_won)
{
    struct deal_share_event event = deal_share_event_of(work, share, amount_won);

    event.resize = ++share->resize;
    event.hold_until = work->deal.closes_at + DEAL_HOLD_EXTRA_MS;
    return deal_emit(work, &DEAL_SHARE_RESIZED_EVENT, &event);
}

static enum gg_status tell_changed(struct deal_work *work, const struct deal_share_row *share, int reason)
{
    struct deal_share_event event = deal_share_event_of(work, share, share->max_won);

    event.reason = reason;
    return deal_emit(work, &DEAL_SHARE_CHANGED_EVENT, &event);
}

/* Moves the deal's counters from what the share kept before to what it keeps now. */
static void count_seats(struct deal_work *work, const struct deal_share_row *before, const struct deal_share_row *now)
{
    work->deal.taken += deal_seats(now) - deal_seats(before);
    work->deal.plan.extras += deal_seats_extra(now) - deal_seats_extra(before);
}

static void want_nothing(struct deal_share_row *share)
{
    share->want_quantity = share->want_tolerance = share->want_won = share->want_terms = GG_NONE;
}

enum gg_status deal_resize(struct deal_work *work, struct deal_share_row *share, int64_t quantity, int64_t tolerance,
                           int64_t terms)
{
    struct deal_share_row before = *share;
    int64_t most = deal_max_won(&work->deal, quantity + tolerance);

    if (most > share->max_won) {
        share->want_quantity = quantity;
        share->want_tolerance = tolerance;
        share->want_won = most;
        share->want_terms = terms;
        share->reserved_until = gg_now() + DEAL_RESERVED_MS;
        work->deal.waiting++;
        count_seats(work, &before, share);
        GG_TRY(ask_pay(work, share, most));
        GG_TRY(gg_due_set(work->db, DEAL_DUE_RESERVATION, share->id, share->reserved_until));
        GG_TRY(deal_share_update(work->db, share));
        return deal_update(work->db, &work->deal);
    }
    share->quantity = quantity;
    share->tolerance = tolerance;
    share->terms = terms;
    share->max_won = most;
    count_seats(work, &before, share);
    /* New terms may close later: the hold has to last as long. */
    if (most != before.max_won || terms != before.terms)
        GG_TRY(ask_pay(work, share, most));
    GG_TRY(tell_changed(work, share, -1));
    GG_TRY(deal_share_update(work->db, share));
    GG_TRY(deal_offer(work));
    return deal_update(work->db, &work->deal);
}

enum gg_status deal_resized(struct deal_work *work, struct deal_share_row *share, int64_t resize, int64_t amount_won)
{
    struct deal_share_row before = *share;

    if (share->state != DEAL_SHARE_HELD || resize != share->resize)
        return GG_OK;
    if (share->want_quantity == GG_NONE) {
        /* It came too late: we have given the change up, and pay is to do so too. */
        if (amount_won == share->max_won)
            return GG_OK;
        GG_TRY(ask_pay(work, share, share->max_won));
        GG_TRY(deal_share_update(work->db, share));
        return deal_update(work->db, &work->deal);
    }
    share->quantity = share->want_quantity;
    share->tolerance = share->want_tolerance;
    share->terms = share->want_terms;
    share->max_won = share->want_won;
    want_nothing(share);
    work->deal.waiting--;
    count_seats(work, &before, share);
    GG_TRY(gg_due_clear(work->db, DEAL_DUE_RESERVATION, share->id));
    GG_TRY(tell_changed(work, share, -1));
    GG_TRY(deal_share_update(work->db, share));
    GG_TRY(deal_offer(work));
    return deal_settle_closing(work);
}

enum gg_status deal_resize_failed(struct deal_work *work, struct deal_share_row *share, enum deal_reason reason)
{
    struct deal_share_row before = *share;
    const struct deal_row *deal = &work->deal;
    bool accepted;

    want_nothing(share);
    work->deal.waiting--;
    count_seats(work, &before, share);
    GG_TRY(gg_due_clear(work->db, DEAL_DUE_RESERVATION, share->id));
    GG_TRY(tell_changed(work, share, (int)reason));
    GG_TRY(deal_share_update(work->db, share));
    GG_TRY(deal_offer(work));
    accepted = share->terms == deal->plan.terms;
    if (!accepted &&
        (deal->state == DEAL_CLOSING || (deal->plan.accept_by != GG_NONE && gg_now() >= deal->plan.accept_by)))
        return deal_drop_share(work, share, SHARE_CALL_OFF, DEAL_REASON_TERMS);
    return deal_settle_closing(work);
}
