/* services/deal/view.c
 * Rows as the caller may see them. */
#include "view.h"

#include "deal.h"
#include "handover.h"
#include "http_find.h"
#include "plan.h"
#include "unit.h"

#include <string.h>

/* The stored names, as paths. */
struct gg_list deal_photo_paths(struct gg_arena *arena, const char *names)
{
    const char **paths = GG_NEW_ARRAY(arena, const char *, DEAL_PHOTOS_MAX);
    size_t n = 0;

    for (const char *p = names; *p && n < DEAL_PHOTOS_MAX;) {
        size_t length = strcspn(p, ",");
        paths[n++] = gg_sprintf(arena, "/v1/deal/photos/%.*s", (int)length, p);
        p += length + (p[length] == ',');
    }
    return (struct gg_list){paths, n};
}

static const char *receipt_path(struct gg_arena *arena, const char *name)
{
    return name ? gg_sprintf(arena, "/v1/deal/photos/%s", name) : NULL;
}

void deal_share_fill(struct gg_arena *arena, const struct deal_row *deal, const struct deal_share_row *row, bool own,
                     struct deal_share *share)
{
    bool shows = own && deal->state == DEAL_ARRIVED && row->state == DEAL_SHARE_CAPTURED;
    bool asked = own && deal_share_live(row->state) && row->terms < deal->plan.terms;

    *share = (struct deal_share){
        .id = row->id,
        .deal = row->deal,
        .user = {row->user, row->nickname},
        .state = row->state,
        .reason = own ? row->reason : -1, /* that somebody's money was short is his own affair */
        .quantity = row->quantity,
        .tolerance = row->tolerance,
        .allotted = row->allotted,
        .max_won = row->max_won,
        .amount_won = row->amount_won,
        .refunded_won = row->refunded_won,
        .code = shows ? row->code : NULL,
        .qr =
            shows && deal->plan.handover_key.n > 0 ? deal_qr(arena, deal->plan.handover_key, row->id, row->code) : NULL,
        .joined_at = row->joined_at,
        .terms = row->terms,
        .accept_by = asked ? deal->plan.accept_by : GG_NONE,
        .want_quantity = own ? row->want_quantity : GG_NONE,
        .want_tolerance = own ? row->want_tolerance : GG_NONE,
        .window = row->window,
        .received = row->received,
        .because = own ? row->because : NULL,
        .no_show = row->no_show,
    };
}

void deal_wait_fill(const struct deal_wait_row *row, struct deal_wait *wait)
{
    bool offered = row->state == DEAL_OFFERED;

    *wait = (struct deal_wait){
        .id = row->id,
        .deal = row->deal,
        .state = row->state,
        .quantity = row->quantity,
        .tolerance = row->tolerance,
        .ahead = GG_NONE,
        .offered = offered ? row->offered : GG_NONE,
        .offered_until = offered ? row->offered_until : GG_NONE,
    };
}

int64_t deal_unit_price(const struct deal_row *deal, int *measure)
{
    int64_t portion_won = deal->total_won / deal->portions;
    int64_t base = deal->plan.measure == DEAL_PIECE ? 1 : 100, amount = deal->plan.unit_amount;
    enum deal_measure read;

    *measure = deal->plan.measure;
    if (amount != GG_NONE)
        return (2 * portion_won * base + amount) / (2 * amount);
    portion_won = deal_unit_won(deal->unit, portion_won, &read);
    *measure = (int)read;
    return portion_won;
}

static void fill_boxes(const struct deal_row *deal, struct deal_view *view)
{
    struct deal_fill fill = deal_fill_of(deal, 0, 0);

    view->shape = DEAL_BOXES;
    view->boxes_max = deal->plan.boxes_max;
    view->box_won = deal->total_won / deal->plan.boxes_max;
    view->box_portions = deal_box(deal);
    view->fill_minutes = deal->plan.fill_minutes;
    view->boxes_full = fill.boxes;
    view->box_missing = fill.missing;
}

void deal_view_fill(struct gg_arena *arena, const struct deal_row *deal, const struct deal_share_row *own,
                    struct gg_id viewer, bool whole, struct deal_view *view)
{
    bool host = gg_id_equal(deal->host, viewer);

    *view = (struct deal_view){
        .id = deal->id,
        .version = deal->version,
        .state = deal->state,
        .reason = deal->reason,
        .host = {deal->host, deal->host_nickname},
        .title = deal->title,
        .description = whole ? deal->description : NULL,
        .category = deal->category,
        .unit = deal->unit,
        .photos = deal_photo_paths(arena, deal->photos),
        .tags = deal_tags_split(arena, deal->tags),
        .shop_url = deal->shop_url,
        .unit_amount = deal->plan.unit_amount,
        .total_won = deal->total_won,
        .shape = DEAL_LOT,
        .ceiling_won = deal->plan.ceiling_won,
        .max_portions = deal->plan.max_portions,
        .each_max = deal->plan.each_max,
        .box_won = GG_NONE,
        .box_portions = GG_NONE,
        .boxes_max = GG_NONE,
        .boxes_full = GG_NONE,
        .box_missing = GG_NONE,
        .fill_minutes = GG_NONE,
        .delivery_won = deal->plan.delivery_won,
        .delivery_rule = deal->plan.delivery_rule,
        .shortage_rule = deal->plan.shortage_rule,
        .offered = deal->plan.offered,
        .terms = deal->plan.terms,
        .receipt_won = deal->receipt_won,
        .portions = deal->portions,
        .host_portions = deal->host_portions,
        .min_portions = deal->min_portions,
        .taken = deal->taken,
        .left = deal_free(deal),
        .portion_won = deal_max_won(deal, 1),
        .closes_at = deal->closes_at,
        .created_at = deal->created_at,
        .cell_lat = deal->cell_lat,
        .cell_lng = deal->cell_lng,
        .distance_m = deal->distance_m,
        .pickup_from = deal->pickup_from,
        .pickup_until = deal->pickup_until,
        .mine = host,
    };
    view->unit_won = deal_unit_price(deal, &view->measure);
    if (deal->plan.boxes_max != GG_NONE)
        fill_boxes(deal, view);
    if (whole)
        view->windows = deal_windows_of(arena, deal);
    if (host || (own && deal_share_inside(own->state))) {
        view->pickup = GG_NEW(arena, struct deal_pickup);
        *view->pickup =
            (struct deal_pickup){deal->place, deal->note, deal->lat, deal->lng, deal->pickup_from, deal->pickup_until};
        view->receipt = receipt_path(arena, deal->receipt);
    }
    if (own) {
        view->share = GG_NEW(arena, struct deal_share);
        deal_share_fill(arena, deal, own, true, view->share);
    }
}
