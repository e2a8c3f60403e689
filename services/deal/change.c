/* services/deal/change.c
 * Every change of a deal or a share. */
#include "change.h"

#include "http_find.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/log.h"

#include <string.h>

enum gg_status deal_begin(struct deal_work *work, struct gg_db *db, struct gg_arena *arena, struct gg_id deal,
                          struct gg_id actor)
{
    *work = (struct deal_work){.db = db, .arena = arena, .actor = actor};
    return deal_lock(db, arena, deal, &work->deal);
}

/* --- steps along the tables --- */

enum gg_status deal_step(struct deal_work *work, enum deal_event event)
{
    int next = gg_fsm_next(&deal_fsm, work->deal.state, (int)event);

    if (next < 0) {
        gg_error("deal_step", "a deal in state %s cannot %s", deal_state_names[work->deal.state],
                 deal_fsm.events[event]);
        return GG_ERROR;
    }
    work->deal.state = next;
    return GG_OK;
}

enum gg_status deal_step_share(struct deal_share_row *share, enum deal_share_step step)
{
    int next = gg_fsm_next(&deal_share_fsm, share->state, (int)step);

    if (next < 0) {
        gg_error("share_step", "a share in state %s cannot %s", deal_share_state_names[share->state],
                 deal_share_fsm.events[step]);
        return GG_ERROR;
    }
    share->state = next;
    return GG_OK;
}

/* --- events: each is one more version of the deal --- */

enum gg_status deal_emit(struct deal_work *work, const struct gg_event_type *type, const void *data)
{
    work->deal.version++;
    return gg_emit(work->db, type, work->deal.id, work->deal.version, data);
}

struct deal_share_event deal_share_event_of(const struct deal_work *work, const struct deal_share_row *share,
                                            int64_t amount_won)
{
    const struct deal_row *deal = &work->deal;
    bool reserved = share->state == DEAL_SHARE_RESERVED;

    return (struct deal_share_event){
        .deal = deal->id,
        .share = share->id,
        .user = share->user,
        .host = deal->host,
        .title = deal->title,
        .quantity = share->quantity,
        .tolerance = share->tolerance,
        .amount_won = amount_won,
        .refund_won = GG_NONE,
        .resize = GG_NONE,
        .terms = share->terms,
        .hold_until = reserved ? deal->closes_at + DEAL_HOLD_EXTRA_MS : GG_NONE,
        .reserved_until = reserved ? share->reserved_until : GG_NONE,
        .reason = share->reason,
        .taken = deal->taken,
        .portions = deal->portions,
        .capacity = deal_capacity(deal),
    };
}

static enum gg_status emit_share(struct deal_work *work, const struct gg_event_type *type,
                                 const struct deal_share_row *share, int64_t amount_won)
{
    struct deal_share_event event = deal_share_event_of(work, share, amount_won);

    return deal_emit(work, type, &event);
}

/* An outcome carries every share in `shares`; what each costs now, and what it gets back when `refunds`. */
enum gg_status deal_emit_outcome(struct deal_work *work, const struct gg_event_type *type,
                                 const struct deal_share_row *shares, size_t n, const int64_t *refunds)
{
    const struct deal_row *deal = &work->deal;
    struct deal_allotment *list = GG_NEW_ARRAY(work->arena, struct deal_allotment, n);

    for (size_t i = 0; i < n; i++)
        list[i] = (struct deal_allotment){
            .share = shares[i].id,
            .user = shares[i].user,
            .quantity = shares[i].allotted == GG_NONE ? shares[i].quantity : shares[i].allotted,
            .amount_won = shares[i].amount_won == GG_NONE ? shares[i].max_won : shares[i].amount_won,
            .refund_won = refunds ? refunds[i] : GG_NONE,
        };
    return deal_emit(work, type,
                     &(struct deal_outcome){
                         .deal = deal->id,
                         .host = deal->host,
                         .actor = work->actor,
                         .title = deal->title,
                         .reason = deal->reason,
                         .total_won = deal->receipt_won == GG_NONE ? deal->total_won : deal->receipt_won,
                         .shares = {list, n},
                         .pickup_place = deal->place,
                         .pickup_from = deal->pickup_from,
                         .pickup_until = deal->pickup_until,
                     });
}

enum gg_status deal_live_shares(struct deal_work *work, struct deal_share_row **shares, size_t *n)
{
    return deal_shares(work->db, work->arena, work->deal.id, true, 0, DEAL_PORTIONS_MAX, shares, n);
}

/* --- opening and joining --- */

enum gg_status deal_open(struct deal_work *work)
{
    struct deal_row *deal = &work->deal;

    GG_TRY(deal_insert(work->db, deal));
    GG_TRY(deal_keep_terms(work));
    GG_TRY(gg_due_set(work->db, DEAL_DUE_CLOSE, deal->id, deal->closes_at));
    GG_TRY(gg_due_set(work->db, DEAL_DUE_WINDOW, deal->id, deal->pickup_until + DEAL_GRACE_MS));
    GG_TRY(deal_emit(work, &DEAL_OPENED_EVENT,
                     &(struct deal_opened){.deal = deal->id,
                                           .host = deal->host,
                                           .title = deal->title,
                                           .total_won = deal->total_won,
                                           .portions = deal->portions,
                                           .min_portions = deal->min_portions,
                                           .closes_at = deal->closes_at,
                                           .cell_lat = deal->cell_lat,
                                           .cell_lng = deal->cell_lng,
                                           .category = deal->category,
                                           .tags = deal_tags_split(work->arena, deal->tags)}));
    return deal_update(work->db, deal);
}

/* Six digits each that no other share of the deal has. The deal's lock keeps others from taking them meanwhile. */
static enum gg_status free_codes(struct deal_work *work, struct deal_share_row *shares, size_t n)
{
    const char **codes = GG_NEW_ARRAY(work->arena, const char *, n);
    bool *taken = GG_NEW_ARRAY(work->arena, bool, n), again = true;

    for (size_t i = 0; i < n; i++)
        codes[i] = NULL;
    while (again) {
        again = false;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++)
                if (!codes[i] || (j < i && strcmp(codes[i], codes[j]) == 0)) {
                    codes[i] = gg_sprintf(work->arena, "%06u", gg_random_below(1000000));
                    j = (size_t)-1; /* compares the new one with all before it */
                }
        GG_TRY(deal_codes_taken(work->db, work->arena, work->deal.id, codes, n, taken));
        for (size_t i = 0; i < n; i++)
            if (taken[i]) {
                codes[i] = NULL;
                again = true;
            }
    }
    for (size_t i = 0; i < n; i++)
        shares[i].code = codes[i];
    return GG_OK;
}

void deal_seat(struct deal_work *work, struct deal_share_row *share)
{
    struct deal_row *deal = &work->deal;

    share->id = gg_id_new();
    share->deal = deal->id;
    share->position = ++deal->joined;
    share->state = DEAL_SHARE_RESERVED;
    share->reason = -1;
    share->allotted = share->amount_won = share->captured_won = GG_NONE;
    share->want_quantity = share->want_tolerance = share->want_won = share->want_terms = GG_NONE;
    share->window = share->received = share->handed_at = GG_NONE;
    share->refunded_won = 0;
    share->terms = deal->plan.terms;
    share->max_won = deal_max_won(deal, share->quantity + share->tolerance);
    share->joined_at = gg_now();
    share->reserved_until = share->joined_at + DEAL_RESERVED_MS;
    deal->taken += share->quantity;
    deal->plan.extras += share->tolerance;
    deal->waiting++;
}

enum gg_status deal_reserve(struct deal_work *work, struct deal_share_row *shares, size_t n)
{
    struct deal_row *deal = &work->deal;
    struct gg_emission *emissions = GG_NEW_ARRAY(work->arena, struct gg_emission, n);
    struct deal_share_event *events = GG_NEW_ARRAY(work->arena, struct deal_share_event, n);
    struct gg_due_at *lapses = GG_NEW_ARRAY(work->arena, struct gg_due_at, n);

    GG_TRY(free_codes(work, shares, n));
    for (size_t i = 0; i < n; i++) {
        lapses[i] = (struct gg_due_at){shares[i].id, shares[i].reserved_until};
        events[i] = deal_share_event_of(work, &shares[i], shares[i].max_won);
        emissions[i] = (struct gg_emission){&DEAL_SHARE_RESERVED_EVENT, deal->id, ++deal->version, &events[i],
                                            shares[i].traceparent};
    }
    GG_TRY(deal_shares_insert(work->db, work->arena, shares, n));
    GG_TRY(gg_due_set_all(work->db, work->arena, DEAL_DUE_RESERVATION, lapses, n));
    GG_TRY(gg_emit_all(work->db, emissions, n));
    return deal_update(work->db, deal);
}

enum gg_status deal_hold_share(struct deal_work *work, struct deal_share_row *share)
{
    GG_TRY(deal_step_share(share, SHARE_HOLD_PLACED));
    work->deal.waiting--;
    GG_TRY(deal_share_update(work->db, share));
    GG_TRY(gg_due_clear(work->db, DEAL_DUE_RESERVATION, share->id));
    GG_TRY(emit_share(work, &DEAL_SHARE_HELD_EVENT, share, share->max_won));
    return deal_settle_closing(work);
}

enum gg_status deal_drop_share(struct deal_work *work, struct deal_share_row *share, enum deal_share_step step,
                               enum deal_reason reason)
{
    struct deal_row *deal = &work->deal;
    bool waits = share->state == DEAL_SHARE_RESERVED || share->want_quantity != GG_NONE;

    deal->waiting -= waits;
    deal->taken -= deal_seats(share);
    deal->plan.extras -= deal_seats_extra(share);
    if (deal->plan.host_won != GG_NONE && share->amount_won != GG_NONE)
        deal->plan.host_won += share->amount_won;
    GG_TRY(deal_step_share(share, step));
    share->reason = (int)reason;
    share->want_quantity = share->want_tolerance = share->want_won = share->want_terms = GG_NONE;
    GG_TRY(deal_undo_carry(work, share));
    GG_TRY(deal_share_update(work->db, share));
    GG_TRY(gg_due_clear(work->db, DEAL_DUE_RESERVATION, share->id));
    GG_TRY(emit_share(work,
                      share->state == DEAL_SHARE_REJECTED ? &DEAL_SHARE_REJECTED_EVENT : &DEAL_SHARE_RELEASED_EVENT,
                      share, share->max_won));
    GG_TRY(deal_offer(work));
    return deal_settle_closing(work);
}

enum gg_status deal_lose_share(struct deal_work *work, struct deal_share_row *share)
{
    struct deal_share_row *shares;
    int64_t sold = 0;
    size_t n;

    GG_TRY(deal_drop_share(work, share, SHARE_HOLD_ENDED, DEAL_REASON_NO_MONEY));
    if (work->deal.state != DEAL_CONFIRMED)
        return GG_OK;
    GG_TRY(deal_live_shares(work, &shares, &n));
    for (size_t i = 0; i < n; i++)
        sold += shares[i].allotted;
    return sold < work->deal.min_portions ? deal_call_off(work, DEAL_LAPSE, DEAL_REASON_MINIMUM) : GG_OK;
}
