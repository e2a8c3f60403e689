/* services/deal/store_plan.c
 * The plan of a deal in its row; what an edit writes; versions of the terms. */
#include "store_plan.h"

const struct deal_plan deal_plan_plain = {
    .unit_amount = GG_NONE,
    .measure = -1,
    .boxes_max = GG_NONE,
    .ceiling_won = GG_NONE,
    .max_portions = GG_NONE,
    .each_max = GG_NONE,
    .delivery_rule = DEAL_DELIVERY_BY_QUANTITY,
    .terms = 1,
    .accept_by = GG_NONE,
    .sold_portions = GG_NONE,
    .settled_won = GG_NONE,
    .host_won = GG_NONE,
    .came_portions = GG_NONE,
};

struct deal_plan deal_plan_read(const struct gg_rows *rows, size_t r, size_t c)
{
    int64_t measure = gg_row_int(rows, r, c + 1);

    return (struct deal_plan){
        .unit_amount = gg_row_int(rows, r, c),
        .measure = measure == GG_NONE ? -1 : (int)measure,
        .boxes_max = gg_row_int(rows, r, c + 2),
        .fill_minutes = gg_row_int(rows, r, c + 3),
        .ceiling_won = gg_row_int(rows, r, c + 4),
        .max_portions = gg_row_int(rows, r, c + 5),
        .each_max = gg_row_int(rows, r, c + 6),
        .delivery_won = gg_row_int(rows, r, c + 7),
        .delivery_rule = (int)gg_row_int(rows, r, c + 8),
        .shortage_rule = (int)gg_row_int(rows, r, c + 9),
        .windows = gg_row_text(rows, r, c + 10),
        .terms = gg_row_int(rows, r, c + 11),
        .accept_by = gg_row_time(rows, r, c + 12),
        .extras = gg_row_int(rows, r, c + 13),
        .offered = gg_row_int(rows, r, c + 14),
        .queued = gg_row_int(rows, r, c + 15),
        .queue = gg_row_int(rows, r, c + 16),
        .sold_portions = gg_row_int(rows, r, c + 17),
        .settled_won = gg_row_int(rows, r, c + 18),
        .host_won = gg_row_int(rows, r, c + 19),
        .came_portions = gg_row_int(rows, r, c + 20),
        .handover_key = gg_row_bytes(rows, r, c + 21),
    };
}

enum gg_status deal_plan_put(struct gg_db *db, const struct deal_row *deal)
{
    const struct deal_plan *p = &deal->plan;

    return gg_db_exec_one(
        db,
        "UPDATE deal SET unit_amount = ?, measure = ?, boxes_max = ?, fill_minutes = ?, ceiling_won = ?,"
        " max_portions = ?, each_max = ?, delivery_won = ?, delivery_rule = ?, shortage_rule = ?, windows = ?,"
        " handover_key = ? WHERE id = ?",
        GG_ARGS(
            gg_v_int(p->unit_amount), p->measure < 0 ? gg_v_null() : gg_v_int(p->measure), gg_v_int(p->boxes_max),
            gg_v_int(p->fill_minutes), gg_v_int(p->ceiling_won), gg_v_int(p->max_portions), gg_v_int(p->each_max),
            gg_v_int(p->delivery_won), gg_v_int(p->delivery_rule), gg_v_int(p->shortage_rule), gg_v_text(p->windows),
            p->handover_key.n ? gg_v_bytes(p->handover_key.p, p->handover_key.n) : gg_v_null(), gg_v_id(&deal->id)));
}

enum gg_status deal_rewrite(struct gg_db *db, const struct deal_row *d)
{
    GG_TRY(gg_db_exec_one(
        db,
        "UPDATE deal SET title = ?, description = ?, category = ?, unit = ?, photos = ?, total_won = ?, portions = ?,"
        " host_portions = ?, min_portions = ?, closes_at = ?, place = ?, note = ?, lat = ?, lng = ?, cell_lat = ?,"
        " cell_lng = ?, pickup_from = ?, pickup_until = ?, tags = ?, shop_url = ? WHERE id = ?",
        GG_ARGS(gg_v_text(d->title), gg_v_text(d->description), gg_v_int(d->category), gg_v_text(d->unit),
                gg_v_text(d->photos), gg_v_int(d->total_won), gg_v_int(d->portions), gg_v_int(d->host_portions),
                gg_v_int(d->min_portions), gg_v_time(d->closes_at), gg_v_text(d->place), gg_v_text(d->note),
                gg_v_int(d->lat), gg_v_int(d->lng), gg_v_int(d->cell_lat), gg_v_int(d->cell_lng),
                gg_v_time(d->pickup_from), gg_v_time(d->pickup_until), gg_v_text(d->tags ? d->tags : ""),
                gg_v_text(d->shop_url), gg_v_id(&d->id))));
    return deal_plan_put(db, d);
}
