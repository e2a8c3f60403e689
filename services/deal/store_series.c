/* services/deal/store_series.c
 * SQL of series and standing orders. */
#include "store_series.h"

#define SERIES                                                                                                         \
    "SELECT s.id, s.host_id, s.first_deal, s.last_deal, s.rule, s.zone, s.made, s.last_day, s.next_at, s.created_at"   \
    " FROM series s"

static struct deal_series_row read_series(const struct gg_rows *rows, size_t r)
{
    return (struct deal_series_row){gg_row_id(rows, r, 0),  gg_row_id(rows, r, 1),   gg_row_id(rows, r, 2),
                                    gg_row_id(rows, r, 3),  gg_row_text(rows, r, 4), gg_row_text(rows, r, 5),
                                    gg_row_int(rows, r, 6), gg_row_int(rows, r, 7),  gg_row_time(rows, r, 8),
                                    gg_row_time(rows, r, 9)};
}

enum gg_status deal_series_insert(struct gg_db *db, const struct deal_series_row *s)
{
    return gg_db_exec(db,
                      "INSERT INTO series (id, host_id, first_deal, last_deal, rule, zone, made, last_day, next_at,"
                      " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&s->id), gg_v_id(&s->host), gg_v_id(&s->first), gg_v_id(&s->last),
                              gg_v_text(s->rule), gg_v_text(s->zone), gg_v_int(s->made), gg_v_int(s->last_day),
                              gg_v_time(s->next_at), gg_v_time(s->created_at)),
                      NULL);
}

enum gg_status deal_series_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, bool lock,
                               struct deal_series_row *series)
{
    struct gg_rows rows;

    if (lock)
        GG_TRY(gg_db_query_one(db, arena, SERIES " WHERE s.id = ? FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    else
        GG_TRY(gg_db_query_one(db, arena, SERIES " WHERE s.id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *series = read_series(&rows, 0);
    return GG_OK;
}

enum gg_status deal_series_update(struct gg_db *db, const struct deal_series_row *s)
{
    return gg_db_exec_one(
        db, "UPDATE series SET last_deal = ?, made = ?, last_day = ?, next_at = ? WHERE id = ?",
        GG_ARGS(gg_v_id(&s->last), gg_v_int(s->made), gg_v_int(s->last_day), gg_v_time(s->next_at), gg_v_id(&s->id)));
}

enum gg_status deal_series_list(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id after,
                                int64_t limit, struct deal_series_row **list, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       SERIES " JOIN (SELECT id FROM series WHERE host_id = ? UNION SELECT series_id FROM series_order"
                              " WHERE user_id = ?) mine ON mine.id = s.id WHERE s.id > ? ORDER BY s.id LIMIT ?",
                       GG_ARGS(gg_v_id(&user), gg_v_id(&user), gg_v_bytes(after.b, 16), gg_v_int(limit)), &rows));
    *n = rows.n;
    *list = GG_NEW_ARRAY(arena, struct deal_series_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*list)[i] = read_series(&rows, i);
    return GG_OK;
}

enum gg_status deal_order_set(struct gg_db *db, struct gg_id series, const struct deal_order_row *o, int64_t now)
{
    if (o->quantity == 0)
        return gg_db_exec(db, "DELETE FROM series_order WHERE series_id = ? AND user_id = ?",
                          GG_ARGS(gg_v_id(&series), gg_v_id(&o->user)), NULL);
    return gg_db_exec(
        db,
        "INSERT INTO series_order (series_id, user_id, quantity, tolerance, created_at)"
        " VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE quantity = VALUES(quantity),"
        " tolerance = VALUES(tolerance)",
        GG_ARGS(gg_v_id(&series), gg_v_id(&o->user), gg_v_int(o->quantity), gg_v_int(o->tolerance), gg_v_time(now)),
        NULL);
}

enum gg_status deal_orders_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id but, int64_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT COUNT(*) FROM series_order o JOIN series s ON s.id = o.series_id"
                           " WHERE o.user_id = ? AND o.series_id <> ? AND s.next_at IS NOT NULL",
                           GG_ARGS(gg_v_id(&user), gg_v_id(&but)), &rows));
    *n = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

enum gg_status deal_orders(struct gg_db *db, struct gg_arena *arena, struct gg_id series, struct deal_order_row **list,
                           size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT user_id, quantity, tolerance FROM series_order WHERE series_id = ?"
                       " ORDER BY created_at, user_id",
                       GG_ARGS(gg_v_id(&series)), &rows));
    *n = rows.n;
    *list = GG_NEW_ARRAY(arena, struct deal_order_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*list)[i] = (struct deal_order_row){gg_row_id(&rows, i, 0), gg_row_int(&rows, i, 1), gg_row_int(&rows, i, 2)};
    return GG_OK;
}
