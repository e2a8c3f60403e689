/* services/deal/change_terms.c
 * What the host edits. Terms are kept by version; who is in accepts the new ones in time or is released. */
#include "change.h"

#include "libcommon/clock.h"

#define TERMS_TEXT_MAX (32 * 1024)

struct deal_create *deal_terms_of(struct gg_arena *arena, const struct deal_row *deal)
{
    struct deal_create *terms = GG_NEW(arena, struct deal_create);
    int64_t times = deal->plan.boxes_max == GG_NONE ? 1 : deal->plan.boxes_max;

    gg_msg_init(&deal_edit_msg, terms);
    terms->title = deal->title;
    terms->category = deal->category;
    terms->unit = deal->unit;
    terms->unit_amount = deal->plan.unit_amount;
    terms->measure = deal->plan.measure;
    terms->shape = times == 1 && deal->plan.boxes_max == GG_NONE ? DEAL_LOT : DEAL_BOXES;
    terms->total_won = deal->total_won / times;
    terms->ceiling_won = deal->plan.ceiling_won == GG_NONE ? GG_NONE : deal->plan.ceiling_won / times;
    terms->portions = deal->portions / times;
    terms->boxes_max = deal->plan.boxes_max;
    terms->fill_minutes = deal->plan.fill_minutes;
    terms->host_portions = deal->host_portions;
    terms->min_portions = deal->min_portions;
    terms->max_portions = deal->plan.max_portions;
    terms->each_max = deal->plan.each_max;
    terms->delivery_won = deal->plan.delivery_won;
    terms->delivery_rule = deal->plan.delivery_rule;
    terms->shortage_rule = deal->plan.shortage_rule;
    terms->closes_at = deal->closes_at;
    terms->pickup = GG_NEW(arena, struct deal_pickup);
    *terms->pickup =
        (struct deal_pickup){deal->place, deal->note, deal->lat, deal->lng, deal->pickup_from, deal->pickup_until};
    if (deal->plan.windows)
        terms->windows = deal_windows_of(arena, deal);
    return terms;
}

enum gg_status deal_keep_terms(struct deal_work *work)
{
    struct gg_buf text;
    enum gg_status status;

    gg_buf_init(&text, TERMS_TEXT_MAX);
    gg_json_encode(&text, &deal_edit_msg, deal_terms_of(work->arena, &work->deal));
    status = deal_terms_put(work->db, work->deal.id, work->deal.plan.terms, text.p, gg_now());
    gg_buf_free(&text);
    return status;
}

static enum gg_status tell(struct deal_work *work, const struct gg_list *fields, bool new_terms)
{
    struct deal_row *deal = &work->deal;
    struct deal_share_row *shares;
    struct deal_allotment *list;
    size_t n = 0;

    GG_TRY(deal_live_shares(work, &shares, &n));
    list = GG_NEW_ARRAY(work->arena, struct deal_allotment, n);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct deal_allotment){shares[i].id, shares[i].user, shares[i].quantity,
                                          deal_max_won(deal, shares[i].quantity + shares[i].tolerance), GG_NONE};
    return deal_emit(work, &DEAL_CHANGED_EVENT,
                     &(struct deal_changed){
                         .deal = deal->id,
                         .host = deal->host,
                         .title = deal->title,
                         .terms = deal->plan.terms,
                         .accept_by = new_terms && n > 0 ? deal->plan.accept_by : GG_NONE,
                         .fields = *fields,
                         .shares = {list, new_terms ? n : 0},
                         .closes_at = deal->closes_at,
                     });
}

enum gg_status deal_edit(struct deal_work *work, const struct deal_row *after, const struct gg_list *fields,
                         bool new_terms)
{
    int64_t now = gg_now();
    struct deal_row *deal = &work->deal;

    *deal = *after;
    if (new_terms) {
        deal->plan.terms++;
        deal->plan.accept_by = now + DEAL_ACCEPT_MS < deal->closes_at ? now + DEAL_ACCEPT_MS : deal->closes_at;
        GG_TRY(deal_keep_terms(work));
        GG_TRY(gg_due_set(work->db, DEAL_DUE_TERMS, deal->id, deal->plan.accept_by));
        GG_TRY(gg_due_set(work->db, DEAL_DUE_CLOSE, deal->id, deal->closes_at));
        GG_TRY(gg_due_set(work->db, DEAL_DUE_WINDOW, deal->id, deal->pickup_until + DEAL_GRACE_MS));
    }
    GG_TRY(deal_rewrite(work->db, deal));
    GG_TRY(tell(work, fields, new_terms));
    GG_TRY(deal_offer(work));
    return deal_update(work->db, deal);
}

enum gg_status deal_release_unaccepted(struct deal_work *work)
{
    struct deal_share_row *shares;
    size_t n;

    if (work->deal.plan.terms == 1)
        return GG_OK;
    GG_TRY(deal_live_shares(work, &shares, &n));
    for (size_t i = 0; i < n; i++)
        if (shares[i].terms < work->deal.plan.terms && shares[i].want_terms != work->deal.plan.terms)
            GG_TRY(deal_drop_share(work, &shares[i], SHARE_CALL_OFF, DEAL_REASON_TERMS));
    return GG_OK;
}
