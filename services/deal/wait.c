/* services/deal/wait.c
 * The waiting list: first come, first offered. */
#include "change.h"

#include "libcommon/clock.h"

static enum gg_status tell(struct deal_work *work, const struct gg_event_type *type, const struct deal_wait_row *wait)
{
    return deal_emit(work, type,
                     &(struct deal_wait_event){
                         .deal = work->deal.id,
                         .wait = wait->id,
                         .user = wait->user,
                         .title = work->deal.title,
                         .offered = wait->offered,
                         .offered_until = wait->offered_until,
                     });
}

enum gg_status deal_wait_join(struct deal_work *work, struct deal_wait_row *wait)
{
    struct deal_plan *plan = &work->deal.plan;

    wait->id = gg_id_new();
    wait->deal = work->deal.id;
    wait->state = DEAL_WAITING;
    wait->position = ++plan->queued;
    wait->offered = 0;
    wait->offered_until = GG_NONE;
    wait->created_at = gg_now();
    plan->queue++;
    GG_TRY(deal_wait_insert(work->db, wait));
    GG_TRY(deal_offer(work));
    return deal_update(work->db, &work->deal);
}

enum gg_status deal_offer(struct deal_work *work)
{
    struct deal_row *deal = &work->deal;
    int64_t now = gg_now();

    while (deal->plan.queue > 0 && deal->state == DEAL_RECRUITING && now < deal->closes_at && deal_free(deal) > 0) {
        struct deal_wait_row first;
        GG_TRY(deal_wait_first(work->db, work->arena, deal->id, &first));
        first.state = DEAL_OFFERED;
        first.offered = first.quantity < deal_free(deal) ? first.quantity : deal_free(deal);
        first.offered_until = now + DEAL_OFFER_MS < deal->closes_at ? now + DEAL_OFFER_MS : deal->closes_at;
        deal->plan.queue--;
        deal->plan.offered += first.offered;
        GG_TRY(deal_wait_update(work->db, &first));
        GG_TRY(gg_due_set(work->db, DEAL_DUE_OFFER, first.id, first.offered_until));
        GG_TRY(tell(work, &DEAL_WAIT_OFFERED_EVENT, &first));
    }
    return GG_OK;
}

enum gg_status deal_wait_finish(struct deal_work *work, struct deal_wait_row *wait, enum deal_wait_state state)
{
    struct deal_plan *plan = &work->deal.plan;

    if (wait->state == DEAL_OFFERED) {
        plan->offered -= wait->offered;
        GG_TRY(gg_due_clear(work->db, DEAL_DUE_OFFER, wait->id));
    } else {
        plan->queue--;
    }
    wait->state = state;
    if (state == DEAL_WAIT_LAPSED)
        GG_TRY(tell(work, &DEAL_WAIT_LAPSED_EVENT, wait));
    wait->offered = 0;
    return deal_wait_update(work->db, wait);
}

enum gg_status deal_wait_over(struct deal_work *work)
{
    struct deal_row *deal = &work->deal;
    struct deal_waiter *waiters;
    size_t n;

    deal->plan.queue = deal->plan.offered = 0;
    if (deal->plan.queued == 0)
        return GG_OK;
    GG_TRY(deal_wait_end(work->db, work->arena, deal->id, &waiters, &n));
    for (size_t i = 0; i < n; i++)
        GG_TRY(gg_due_clear(work->db, DEAL_DUE_OFFER, waiters[i].wait));
    if (n == 0)
        return GG_OK;
    return deal_emit(work, &DEAL_WAIT_ENDED_EVENT,
                     &(struct deal_wait_ended){.deal = deal->id, .title = deal->title, .waiters = {waiters, n}});
}
