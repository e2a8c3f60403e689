/* services/deal/store.c
 * SQL of deals and people. */
#include "store.h"

#include "market.h"
#include "store_plan.h"

#define DEAL_COLUMNS                                                                                                   \
    "d.id, d.version, d.host_id, d.state, d.reason, d.title, d.description, d.category, d.unit, d.photos, "            \
    "d.total_won,"                                                                                                     \
    " d.portions, d.host_portions, d.min_portions, d.taken, d.waiting, d.joined, d.receipt_won, d.receipt, "           \
    "d.closes_at,"                                                                                                     \
    " d.created_at, d.place, d.note, d.lat, d.lng, d.cell_lat, d.cell_lng, d.pickup_from, d.pickup_until,"             \
    " d.wrong_codes, d.wrong_codes_since, p.nickname, d.tags, d.shop_url" DEAL_PLAN_COLUMNS
#define DEAL_FROM " FROM deal d LEFT JOIN person p ON p.user_id = d.host_id"
enum gg_status deal_person_put(struct gg_db *db, struct gg_id user, const char *nickname)
{
    return gg_db_exec(db,
                      "INSERT INTO person (user_id, nickname) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE nickname = VALUES(nickname)",
                      GG_ARGS(gg_v_id(&user), gg_v_text(nickname)), NULL);
}

enum gg_status deal_insert(struct gg_db *db, const struct deal_row *d)
{
    GG_TRY(gg_db_exec(
        db,
        "INSERT INTO deal (id, version, host_id, state, title, description, category, unit, photos, total_won, "
        "portions,"
        " host_portions, min_portions, closes_at, place, note, lat, lng, cell_lat, cell_lng, pickup_from, pickup_until,"
        " created_at, tags, shop_url) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?)",
        GG_ARGS(gg_v_id(&d->id), gg_v_int(d->version), gg_v_id(&d->host), gg_v_int(d->state), gg_v_text(d->title),
                gg_v_text(d->description), gg_v_int(d->category), gg_v_text(d->unit), gg_v_text(d->photos),
                gg_v_int(d->total_won), gg_v_int(d->portions), gg_v_int(d->host_portions), gg_v_int(d->min_portions),
                gg_v_time(d->closes_at), gg_v_text(d->place), gg_v_text(d->note), gg_v_int(d->lat), gg_v_int(d->lng),
                gg_v_int(d->cell_lat), gg_v_int(d->cell_lng), gg_v_time(d->pickup_from), gg_v_time(d->pickup_until),
                gg_v_time(d->created_at), gg_v_text(d->tags ? d->tags : ""), gg_v_text(d->shop_url)),
        NULL));
    return deal_plan_put(db, d);
}

static int small_or_none(int64_t value)
{
    return value == GG_NONE ? -1 : (int)value;
}

static struct deal_row read_deal(const struct gg_rows *rows, size_t r)
{
    return (struct deal_row){
        .id = gg_row_id(rows, r, 0),
        .version = gg_row_int(rows, r, 1),
        .host = gg_row_id(rows, r, 2),
        .state = (int)gg_row_int(rows, r, 3),
        .reason = small_or_none(gg_row_int(rows, r, 4)),
        .title = gg_row_text(rows, r, 5),
        .description = gg_row_text(rows, r, 6),
        .category = (int)gg_row_int(rows, r, 7),
        .unit = gg_row_text(rows, r, 8),
        .photos = gg_row_text(rows, r, 9),
        .total_won = gg_row_int(rows, r, 10),
        .portions = gg_row_int(rows, r, 11),
        .host_portions = gg_row_int(rows, r, 12),
        .min_portions = gg_row_int(rows, r, 13),
        .taken = gg_row_int(rows, r, 14),
        .waiting = gg_row_int(rows, r, 15),
        .joined = gg_row_int(rows, r, 16),
        .receipt_won = gg_row_int(rows, r, 17),
        .receipt = gg_row_text(rows, r, 18),
        .closes_at = gg_row_time(rows, r, 19),
        .created_at = gg_row_time(rows, r, 20),
        .place = gg_row_text(rows, r, 21),
        .note = gg_row_text(rows, r, 22),
        .lat = gg_row_int(rows, r, 23),
        .lng = gg_row_int(rows, r, 24),
        .cell_lat = gg_row_int(rows, r, 25),
        .cell_lng = gg_row_int(rows, r, 26),
        .pickup_from = gg_row_time(rows, r, 27),
        .pickup_until = gg_row_time(rows, r, 28),
        .wrong_codes = gg_row_int(rows, r, 29),
        .wrong_codes_since = gg_row_time(rows, r, 30),
        .host_nickname = gg_row_text(rows, r, 31),
        .tags = gg_row_text(rows, r, 32),
        .shop_url = gg_row_text(rows, r, 33),
        .plan = deal_plan_read(rows, r, 34),
        .distance_m = GG_NONE,
    };
}

static void read_deals(struct gg_arena *arena, const struct gg_rows *rows, struct deal_row **deals, size_t *n)
{
    *deals = GG_NEW_ARRAY(arena, struct deal_row, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        (*deals)[i] = read_deal(rows, i);
    *n = rows->n;
}

enum gg_status deal_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct deal_row *deal)
{
    struct gg_rows rows;

    GG_TRY(
        gg_db_query_one(db, arena, "SELECT " DEAL_COLUMNS DEAL_FROM " WHERE d.id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *deal = read_deal(&rows, 0);
    return GG_OK;
}

enum gg_status deal_get_many(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n_ids,
                             struct deal_row **deals, size_t *n)
{
    struct gg_val *list = GG_NEW_ARRAY(arena, struct gg_val, n_ids);
    struct deal_row *found;
    struct gg_rows rows;
    size_t n_found;

    *n = 0;
    *deals = GG_NEW_ARRAY(arena, struct deal_row, n_ids);
    if (n_ids == 0)
        return GG_OK;
    for (size_t i = 0; i < n_ids; i++)
        list[i] = gg_v_id(&ids[i]);
    GG_TRY(gg_db_query_in(db, arena, "SELECT " DEAL_COLUMNS DEAL_FROM " WHERE d.id IN ", list, 1, n_ids, "", &rows));
    read_deals(arena, &rows, &found, &n_found);
    for (size_t i = 0; i < n_ids; i++)
        for (size_t k = 0; k < n_found; k++)
            if (gg_id_equal(found[k].id, ids[i]))
                (*deals)[(*n)++] = found[k];
    return GG_OK;
}

enum gg_status deal_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct deal_row *deal)
{
    struct gg_rows rows;

    /* The nickname is read without a lock, or every change of a deal would lock its host's row. */
    GG_TRY(gg_db_query_one(db, arena, "SELECT id FROM deal WHERE id = ? FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    return deal_get(db, arena, id, deal);
}

enum gg_status deal_update(struct gg_db *db, const struct deal_row *d)
{
    GG_TRY(deal_market_follow(db, d));
    return gg_db_exec_one(
        db,
        "UPDATE deal SET version = ?, state = ?, reason = ?, taken = ?, waiting = ?, joined = ?, receipt_won = ?,"
        " receipt = ?, terms = ?, accept_by = ?, extras = ?, offered = ?, queued = ?, queue = ?, sold_portions = ?,"
        " settled_won = ?, host_won = ?, came_portions = ? WHERE id = ?",
        GG_ARGS(gg_v_int(d->version), gg_v_int(d->state), d->reason < 0 ? gg_v_null() : gg_v_int(d->reason),
                gg_v_int(d->taken), gg_v_int(d->waiting), gg_v_int(d->joined), gg_v_int(d->receipt_won),
                gg_v_text(d->receipt), gg_v_int(d->plan.terms), gg_v_time(d->plan.accept_by), gg_v_int(d->plan.extras),
                gg_v_int(d->plan.offered), gg_v_int(d->plan.queued), gg_v_int(d->plan.queue),
                gg_v_int(d->plan.sold_portions), gg_v_int(d->plan.settled_won), gg_v_int(d->plan.host_won),
                gg_v_int(d->plan.came_portions), gg_v_id(&d->id)));
}

enum gg_status deal_count_wrong_code(struct gg_db *db, struct gg_id id, int64_t now, int64_t window_ms)
{
    int64_t stale = now - window_ms;

    /* Assignments run from left to right: the second looks at the old instant too. */
    return gg_db_exec_one(
        db,
        "UPDATE deal SET wrong_codes = IF(wrong_codes_since IS NULL OR wrong_codes_since < ?, 1, wrong_codes + 1),"
        " wrong_codes_since = IF(wrong_codes_since IS NULL OR wrong_codes_since < ?, ?, wrong_codes_since)"
        " WHERE id = ?",
        GG_ARGS(gg_v_time(stale), gg_v_time(stale), gg_v_time(now), gg_v_id(&id)));
}

/* A keyset of descending (created_at, id) needs a start: the end of time. */
static int64_t from_top(int64_t before)
{
    return before == GG_NONE ? INT64_C(253402300799000) : before;
}

enum gg_status deal_list_mine(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                              struct gg_id before_id, int64_t limit, struct deal_row **deals, size_t *n)
{
    int64_t top = from_top(before);
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " DEAL_COLUMNS DEAL_FROM
                       " JOIN (SELECT id FROM deal WHERE host_id = ? UNION SELECT deal_id FROM share WHERE user_id = ?)"
                       " mine ON mine.id = d.id WHERE (d.created_at < ? OR (d.created_at = ? AND d.id < ?))"
                       " ORDER BY d.created_at DESC, d.id DESC LIMIT ?",
                       GG_ARGS(gg_v_id(&user), gg_v_id(&user), gg_v_time(top), gg_v_time(top),
                               gg_v_bytes(before_id.b, 16), gg_v_int(limit)),
                       &rows));
    read_deals(arena, &rows, deals, n);
    return GG_OK;
}
