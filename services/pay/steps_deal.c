/* services/pay/steps_deal.c
 * What happens to the money of a whole deal at once: it takes place, is bought for less, is undone, or outlives its
 * time in escrow. */
#include "steps.h"

#include "libcommon/due.h"
#include "libcommon/log.h"
#include "work.h"

#include <stdlib.h>

/* --- confirmation --- */

static int compare_share(const void *a, const void *b)
{
    const struct deal_allotment *const *left = a, *const *right = b;

    return gg_id_compare((*left)->share, (*right)->share);
}

/* The allotments of an outcome in the order of their shares' ids. */
static const struct deal_allotment **sorted(struct gg_arena *arena, const struct deal_outcome *outcome)
{
    const struct deal_allotment **list = GG_NEW_ARRAY(arena, const struct deal_allotment *, outcome->shares.n + 1);
    const struct deal_allotment *items = outcome->shares.items;

    for (size_t i = 0; i < outcome->shares.n; i++)
        list[i] = &items[i];
    qsort(list, outcome->shares.n, sizeof(*list), compare_share);
    return list;
}

/* Shares and allotments both ascend: `next` walks along. NULL: the outcome does not name the share. */
static const struct deal_allotment *allotment_of(const struct deal_allotment *const *list, size_t n, size_t *next,
                                                 struct gg_id share)
{
    while (*next < n && gg_id_compare(list[*next]->share, share) < 0)
        (*next)++;
    return *next < n && gg_id_equal(list[*next]->share, share) ? list[*next] : NULL;
}

static enum gg_status confirm_share(struct pay_work *work, struct pay_share *share,
                                    const struct deal_allotment *allotment)
{
    bool allotted = allotment && allotment->quantity > 0;

    if (share->state == PAY_HOLD_STATE_PENDING)
        return allotted ? pay_take(work, share, allotment->amount_won) : pay_void(work, share, PAY_HOLD_DO_VOID);
    /* Its hold ended before: deal was told then, and the others must not wait for the one. */
    if (allotted && share->state != PAY_HOLD_STATE_CAPTURED)
        (void)pay_defect(share, "confirmed, but its hold has ended without capture", allotment->amount_won);
    return GG_OK;
}

/* The alarm clock of what is in escrow: one for the deal, at the last share's instant. */
static enum gg_status set_exit(const struct pay_work *work, struct gg_id deal)
{
    int64_t at = GG_NONE;

    for (size_t i = 0; i < work->n; i++)
        if (work->shares[i].state == PAY_HOLD_STATE_CAPTURED && (at == GG_NONE || work->shares[i].exit_at > at))
            at = work->shares[i].exit_at;
    return at == GG_NONE ? GG_OK : gg_due_set(work->book.db, PAY_DUE_ESCROW_EXIT, deal, at);
}

enum gg_status pay_deal_confirm(struct gg_db *db, struct gg_arena *arena, const struct deal_outcome *outcome)
{
    const struct deal_allotment **list = sorted(arena, outcome);
    struct pay_work work;
    size_t next = 0;

    GG_TRY(pay_work_deal(&work, db, arena, outcome->deal));
    if (work.n < outcome->shares.n)
        gg_error("share_defect", "a deal is confirmed with %zu shares and %zu holds", outcome->shares.n, work.n);
    for (size_t i = 0; i < work.n; i++)
        GG_TRY(
            confirm_share(&work, &work.shares[i], allotment_of(list, outcome->shares.n, &next, work.shares[i].share)));
    GG_TRY(set_exit(&work, outcome->deal));
    return pay_work_save(&work);
}

/* --- purchase --- */

static enum gg_status purchase_share(struct pay_work *work, struct pay_share *share,
                                     const struct deal_allotment *allotment)
{
    struct gg_id id = gg_id_derive(share->share, "pay.refund.purchase");
    bool before;

    if (!allotment || allotment->refund_won == GG_NONE || allotment->refund_won == 0)
        return GG_OK;
    GG_TRY(pay_transfer_exists(work->book.db, work->book.arena, id, &before));
    if (before)
        return GG_OK;
    /* As at confirmation: the one that has nothing in escrow does not stop the others. */
    if (share->state != PAY_HOLD_STATE_CAPTURED || share->closed) {
        (void)pay_defect(share, "refund of a share that has nothing in escrow", allotment->refund_won);
        return GG_OK;
    }
    return pay_give_back(work, share, allotment->refund_won, id, false);
}

enum gg_status pay_deal_purchase(struct gg_db *db, struct gg_arena *arena, const struct deal_outcome *outcome)
{
    const struct deal_allotment **list = sorted(arena, outcome);
    struct pay_work work;
    size_t next = 0;

    GG_TRY(pay_work_deal(&work, db, arena, outcome->deal));
    for (size_t i = 0; i < work.n; i++)
        GG_TRY(
            purchase_share(&work, &work.shares[i], allotment_of(list, outcome->shares.n, &next, work.shares[i].share)));
    return pay_work_save(&work);
}

/* --- everything back --- */

/* All that is left goes back, also out of a dispute. */
static enum gg_status empty(struct pay_work *work, struct pay_share *share, const char *cause)
{
    int64_t left = pay_escrow_left(&share->escrow);

    share->escrow.frozen = false;
    share->dispute = GG_ID_ZERO;
    share->owed_refund = 0;
    share->owed_to = GG_ID_ZERO;
    return pay_give_back(work, share, left, gg_id_derive(share->share, cause), true);
}

enum gg_status pay_deal_undo(struct gg_db *db, struct gg_arena *arena, struct gg_id deal)
{
    struct pay_work work;

    GG_TRY(pay_work_deal(&work, db, arena, deal));
    for (size_t i = 0; i < work.n; i++) {
        struct pay_share *share = &work.shares[i];

        if (share->state == PAY_HOLD_STATE_PENDING)
            GG_TRY(pay_void(&work, share, PAY_HOLD_DO_VOID));
        else if (share->state == PAY_HOLD_STATE_CAPTURED && !share->closed)
            GG_TRY(empty(&work, share, "pay.refund.undo"));
    }
    GG_TRY(gg_due_clear(db, PAY_DUE_ESCROW_EXIT, deal));
    return pay_work_save(&work);
}

enum gg_status pay_deal_exit(struct gg_db *db, struct gg_arena *arena, struct gg_id deal)
{
    struct pay_work work;

    GG_TRY(pay_work_deal(&work, db, arena, deal));
    for (size_t i = 0; i < work.n; i++) {
        struct pay_share *share = &work.shares[i];

        if (share->state != PAY_HOLD_STATE_CAPTURED || share->closed)
            continue;
        (void)pay_defect(share, "nobody said in time what becomes of it; it goes back",
                         pay_escrow_left(&share->escrow));
        GG_TRY(empty(&work, share, "pay.refund.exit"));
    }
    return pay_work_save(&work);
}
