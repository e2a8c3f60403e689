/* services/pay/store_leave.c
 * SQL about somebody who leaves. */
#include "store_leave.h"

enum gg_status pay_in_flight(struct gg_db *db, struct gg_arena *arena, struct gg_id user, size_t max,
                             struct auth_in_flight **items, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena,
        "SELECT * FROM (SELECT 'balance' AS kind, NULL AS id, NULL AS title, posted - pending_debits AS won FROM "
        "account"
        " WHERE id = ? AND posted - pending_debits > 0"
        " UNION ALL SELECT 'hold', h.share_id, d.title, h.amount FROM hold h LEFT JOIN deal_copy d"
        " ON d.deal_id = h.deal_id WHERE h.user_id = ? AND h.state = 'pending'"
        " UNION ALL SELECT 'hold', e.share_id, d.title, e.captured - e.refunded - e.paid_out FROM escrow_share e"
        " JOIN hold h ON h.share_id = e.share_id LEFT JOIN deal_copy d ON d.deal_id = e.deal_id"
        " WHERE h.user_id = ? AND e.closed_at IS NULL"
        " UNION ALL SELECT 'hold', e.share_id, d.title, e.captured - e.refunded - e.paid_out FROM deal_copy d"
        " JOIN escrow_share e ON e.deal_id = d.deal_id WHERE d.host_id = ? AND e.closed_at IS NULL"
        " UNION ALL SELECT 'request', id, title, NULL FROM money_request WHERE creator_id = ? AND state = 'open'"
        " UNION ALL SELECT 'move', id, NULL, amount FROM withdrawal WHERE user_id = ? AND state IN ('pending', "
        "'review')"
        " UNION ALL SELECT 'move', id, NULL, amount FROM charge WHERE user_id = ? AND state = 'created') f LIMIT ?",
        GG_ARGS(gg_v_id(&user), gg_v_id(&user), gg_v_id(&user), gg_v_id(&user), gg_v_id(&user), gg_v_id(&user),
                gg_v_id(&user), gg_v_int((int64_t)max)),
        &rows));
    *n = rows.n;
    *items = GG_NEW_ARRAY(arena, struct auth_in_flight, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        const char *kind = gg_row_text(&rows, i, 0);
        struct auth_in_flight *item = &(*items)[i];

        *item = (struct auth_in_flight){
            .kind = kind[0] == 'b'   ? AUTH_IN_FLIGHT_BALANCE
                    : kind[0] == 'h' ? AUTH_IN_FLIGHT_HOLD
                    : kind[0] == 'r' ? AUTH_IN_FLIGHT_REQUEST
                                     : AUTH_IN_FLIGHT_MOVE,
            .id = gg_row_id(&rows, i, 1),
            .title = gg_row_text(&rows, i, 2),
            .amount_won = gg_row_int(&rows, i, 3),
        };
    }
    return GG_OK;
}

enum gg_status pay_person_step(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *step)
{
    struct gg_rows rows;

    GG_TRY(gg_db_exec(db, "UPDATE person SET step = step + 1 WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), NULL));
    GG_TRY(gg_db_query_one(db, arena, "SELECT step FROM person WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    *step = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

enum gg_status pay_requests_around(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id **ids,
                                   size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT id FROM money_request WHERE creator_id = ? AND state = 'open' UNION"
                       " SELECT p.request_id FROM request_part p JOIN money_request q ON q.id = p.request_id"
                       " WHERE p.user_id = ? AND p.state = 'open' AND q.state = 'open' ORDER BY 1",
                       GG_ARGS(gg_v_id(&user), gg_v_id(&user)), &rows));
    *n = rows.n;
    *ids = GG_NEW_ARRAY(arena, struct gg_id, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*ids)[i] = gg_row_id(&rows, i, 0);
    return GG_OK;
}

enum gg_status pay_blocks_purge(struct gg_db *db, struct gg_id user, int64_t *rows)
{
    return gg_db_exec(db, "DELETE FROM block WHERE user_id = ? OR blocked_id = ?",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&user)), rows);
}
