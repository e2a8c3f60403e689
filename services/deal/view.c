/* services/deal/view.c
 * Rows as the caller may see them. */
#include "view.h"

#include "deal.h"
#include "http_find.h"
#include "split.h"

#include <string.h>

/* The stored names, as paths. */
static struct gg_list photo_paths(struct gg_arena *arena, const char *names)
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

void deal_share_fill(const struct deal_share_row *row, bool own, int deal_state, struct deal_share *share)
{
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
        .code = own && deal_state == DEAL_ARRIVED && row->state == DEAL_SHARE_CAPTURED ? row->code : NULL,
        .joined_at = row->joined_at,
        .terms = GG_NONE,
        .accept_by = GG_NONE,
        .want_quantity = GG_NONE,
        .want_tolerance = GG_NONE,
        .window = GG_NONE,
        .received = GG_NONE,
    };
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
        .photos = photo_paths(arena, deal->photos),
        .tags = deal_tags_split(arena, deal->tags),
        .shop_url = deal->shop_url,
        .unit_amount = GG_NONE,
        .measure = -1,
        .unit_won = GG_NONE,
        .total_won = deal->total_won,
        .ceiling_won = GG_NONE,
        .max_portions = GG_NONE,
        .each_max = GG_NONE,
        .box_won = GG_NONE,
        .box_portions = GG_NONE,
        .boxes_max = GG_NONE,
        .boxes_full = GG_NONE,
        .box_missing = GG_NONE,
        .fill_minutes = GG_NONE,
        .delivery_won = GG_NONE,
        .delivery_rule = -1,
        .shortage_rule = -1,
        .terms = GG_NONE,
        .receipt_won = GG_NONE,
        .portions = deal->portions,
        .host_portions = deal->host_portions,
        .min_portions = deal->min_portions,
        .taken = deal->taken,
        .left = deal->portions - deal->host_portions - deal->taken,
        .portion_won = deal_cost_max(deal->total_won, deal->portions, 1),
        .closes_at = deal->closes_at,
        .created_at = deal->created_at,
        .cell_lat = deal->cell_lat,
        .cell_lng = deal->cell_lng,
        .distance_m = deal->distance_m,
        .pickup_from = deal->pickup_from,
        .pickup_until = deal->pickup_until,
        .mine = host,
    };
    if (host || (own && deal_share_inside(own->state))) {
        view->pickup = GG_NEW(arena, struct deal_pickup);
        *view->pickup =
            (struct deal_pickup){deal->place, deal->note, deal->lat, deal->lng, deal->pickup_from, deal->pickup_until};
    }
    if (own) {
        view->share = GG_NEW(arena, struct deal_share);
        deal_share_fill(own, true, deal->state, view->share);
    }
}
