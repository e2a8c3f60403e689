/* services/deal/http_wish.c
 * The request board. A place is a grid cell here as everywhere. */
#include "http_wish.h"

#include "libcommon/clock.h"
#include "proto/deal_market.h"
#include "store.h"
#include "store_wish.h"

#define OPEN_MAX 10
#define RADIUS_M 3000

static void fill(const struct gg_call *call, const struct deal_wish_row *row, struct deal_wish *out)
{
    int64_t lat, lng;

    deal_cell_centre(row->cell, &lat, &lng);
    *out = (struct deal_wish){
        .id = row->id,
        .user = {row->user, row->nickname},
        .title = row->title,
        .text = row->text,
        .category = row->category,
        .cell_lat = lat,
        .cell_lng = lng,
        .distance_m = GG_NONE,
        .votes = row->votes,
        .voted = row->voted,
        .mine = gg_id_equal(row->user, call->user.id),
        .deal = row->deal,
        .created_at = row->created_at,
    };
}

/* The request of the address; false when the call is answered or *status is not GG_OK. */
static bool find(struct gg_call *call, struct deal_wish_row *wish, enum gg_status *status)
{
    struct gg_id id;

    *status = GG_OK;
    if (!gg_param_id(call, 0, &id))
        return false;
    *status = deal_wish_get(call->db, call->arena, id, call->user.id, wish);
    if (*status == GG_NOT_FOUND)
        *status = gg_fail(call, &GG_P_NOT_FOUND, "there is no such request");
    return *status == GG_OK && !gg_failed(call);
}

/* Who asks for it would join: his vote is the first. */
enum gg_status deal_wish_write(struct gg_call *call)
{
    const struct deal_wish_write *in = call->in;
    struct deal_wish_row wish = {.id = gg_id_new(),
                                 .user = call->user.id,
                                 .title = in->title,
                                 .text = in->text ? in->text : "",
                                 .category = in->category,
                                 .cell = deal_cell_of(in->lat, in->lng),
                                 .created_at = gg_now()};
    int64_t open;

    GG_TRY(deal_wishes_open(call->db, call->arena, call->user.id, &open));
    if (open >= OPEN_MAX)
        return gg_fail(call, &DEAL_WISHES_FULL, "%" PRId64 " of your requests are open", open);
    GG_TRY(deal_wish_insert(call->db, &wish));
    GG_TRY(deal_wish_vote(call->db, wish.id, call->user.id, true));
    GG_TRY(deal_wish_get(call->db, call->arena, wish.id, call->user.id, &wish));
    fill(call, &wish, call->out);
    return GG_OK;
}

enum gg_status deal_wish_list(struct gg_call *call)
{
    const struct deal_wish_query *query = call->query;
    int64_t votes = GG_NONE, limit = gg_page_limit(&query->page);
    struct deal_wish_list *out = call->out;
    struct deal_cell_range *ranges;
    struct deal_wish_row *rows = NULL;
    struct gg_id after = GG_ID_ZERO;
    struct deal_wish *items;
    const char *next = NULL;
    size_t n, n_ranges;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &votes, 1, &after))
        return GG_OK;
    deal_cells_around(call->arena, query->lat, query->lng, query->radius_m == GG_NONE ? RADIUS_M : query->radius_m,
                      &ranges, &n_ranges);
    GG_TRY(deal_wishes(call->db, call->arena, ranges, n_ranges, query->sort <= 0, call->user.id, votes, after,
                       limit + 1, &rows, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        next = gg_cursor_encode(call->arena, &rows[n - 1].votes, 1, rows[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct deal_wish, n);
    for (size_t i = 0; i < n; i++) {
        fill(call, &rows[i], &items[i]);
        items[i].distance_m = deal_metres(query->lat, query->lng, items[i].cell_lat, items[i].cell_lng);
    }
    *out = (struct deal_wish_list){{items, n}, next};
    return GG_OK;
}

enum gg_status deal_wish_show(struct gg_call *call)
{
    struct deal_wish_row wish;
    enum gg_status status;

    if (find(call, &wish, &status))
        fill(call, &wish, call->out);
    return status;
}

enum gg_status deal_wish_remove(struct gg_call *call)
{
    struct deal_wish_row wish;
    enum gg_status status;

    if (!find(call, &wish, &status))
        return status;
    if (!gg_id_equal(wish.user, call->user.id) && !call->user.admin)
        return gg_fail(call, &GG_P_FORBIDDEN, "this is not your request");
    return deal_wish_delete(call->db, wish.id);
}

static enum gg_status vote(struct gg_call *call, bool on)
{
    enum gg_status status;
    struct gg_id id;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = deal_wish_vote(call->db, id, call->user.id, on);
    return status == GG_NOT_FOUND ? gg_fail(call, &GG_P_NOT_FOUND, "there is no such request") : status;
}

enum gg_status deal_wish_for(struct gg_call *call)
{
    return vote(call, true);
}

enum gg_status deal_wish_unfor(struct gg_call *call)
{
    return vote(call, false);
}

enum gg_status deal_wish_opened(struct gg_call *call)
{
    const struct deal_wish_answer *in = call->in;
    struct deal_wish_row wish;
    struct deal_row deal;
    enum gg_status status;

    if (!find(call, &wish, &status))
        return status;
    status = deal_get(call->db, call->arena, in->deal, &deal);
    if (status == GG_NOT_FOUND || (status == GG_OK && !gg_id_equal(deal.host, call->user.id)))
        return gg_fail_field(call, "/deal", "unknown", "this is no deal of yours");
    GG_TRY(status);
    GG_TRY(deal_wish_fulfil(call->db, wish.id, deal.id));
    wish.deal = deal.id;
    fill(call, &wish, call->out);
    return GG_OK;
}
