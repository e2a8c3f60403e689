/* services/auth/store_leave.c
 * SQL of leaving. */
#include "store_leave.h"

enum gg_status auth_closing_insert(struct gg_db *db, const struct auth_closing_row *closing)
{
    return gg_db_exec(
        db, "INSERT INTO closing (id, user_id, state, asked_at) VALUES (?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&closing->id), gg_v_id(&closing->user), gg_v_int(closing->state), gg_v_time(closing->asked_at)),
        NULL);
}

#define CLOSING                                                                                                        \
    "SELECT id, user_id, state, asked_at, closed_at, purge_at, deal_answered, pay_answered FROM closing WHERE id = ?"

static void read_closing(const struct gg_rows *rows, struct auth_closing_row *closing)
{
    *closing = (struct auth_closing_row){
        .id = gg_row_id(rows, 0, 0),
        .user = gg_row_id(rows, 0, 1),
        .state = (int)gg_row_int(rows, 0, 2),
        .asked_at = gg_row_time(rows, 0, 3),
        .closed_at = gg_row_time(rows, 0, 4),
        .purge_at = gg_row_time(rows, 0, 5),
        .deal_answered = gg_row_int(rows, 0, 6) != 0,
        .pay_answered = gg_row_int(rows, 0, 7) != 0,
    };
}

enum gg_status auth_closing_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct auth_closing_row *closing)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, CLOSING, GG_ARGS(gg_v_id(&id)), &rows));
    read_closing(&rows, closing);
    return GG_OK;
}

enum gg_status auth_closing_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct auth_closing_row *closing)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, CLOSING " FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    read_closing(&rows, closing);
    return GG_OK;
}

enum gg_status auth_closing_write(struct gg_db *db, const struct auth_closing_row *closing)
{
    return gg_db_exec_one(
        db,
        "UPDATE closing SET state = ?, closed_at = ?, purge_at = ?, deal_answered = ?, pay_answered = ? WHERE id = ?",
        GG_ARGS(gg_v_int(closing->state), gg_v_time(closing->closed_at), gg_v_time(closing->purge_at),
                gg_v_int(closing->deal_answered), gg_v_int(closing->pay_answered), gg_v_id(&closing->id)));
}

enum gg_status auth_account_closing_write(struct gg_db *db, const struct auth_account *account)
{
    return gg_db_exec_one(db, "UPDATE users SET closing_id = ?, closed_at = ? WHERE id = ?",
                          GG_ARGS(gg_v_id(&account->closing), gg_v_time(account->closed_at), gg_v_id(&account->id)));
}

enum gg_status auth_closing_items_insert(struct gg_db *db, struct gg_id closing, const char *service,
                                         const struct auth_in_flight *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        GG_TRY(gg_db_exec(db,
                          "INSERT INTO closing_item (closing_id, service, no, kind, item_id, title, amount_won)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?)",
                          GG_ARGS(gg_v_id(&closing), gg_v_text(service), gg_v_int((int64_t)i), gg_v_int(items[i].kind),
                                  gg_v_id(&items[i].id), gg_v_text(items[i].title), gg_v_int(items[i].amount_won)),
                          NULL));
    return GG_OK;
}

enum gg_status auth_closing_items(struct gg_db *db, struct gg_arena *arena, struct gg_id closing,
                                  struct auth_in_flight **items, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT kind, item_id, title, amount_won FROM closing_item WHERE closing_id = ?"
                       " ORDER BY service, no",
                       GG_ARGS(gg_v_id(&closing)), &rows));
    *items = GG_NEW_ARRAY(arena, struct auth_in_flight, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*items)[i] = (struct auth_in_flight){(int)gg_row_int(&rows, i, 0), gg_row_id(&rows, i, 1),
                                              gg_row_text(&rows, i, 2), gg_row_int(&rows, i, 3)};
    *n = rows.n;
    return GG_OK;
}

enum gg_status auth_receipt_insert(struct gg_db *db, struct gg_id closing, const char *service, int64_t count,
                                   int64_t now)
{
    return gg_db_exec(db, "INSERT INTO purge_receipt (closing_id, service, row_count, received_at) VALUES (?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&closing), gg_v_text(service), gg_v_int(count), gg_v_time(now)), NULL);
}

enum gg_status auth_receipts(struct gg_db *db, struct gg_arena *arena, struct gg_id closing,
                             struct auth_receipt **receipts, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena, "SELECT service, row_count, received_at FROM purge_receipt WHERE closing_id = ? ORDER BY service",
        GG_ARGS(gg_v_id(&closing)), &rows));
    *receipts = GG_NEW_ARRAY(arena, struct auth_receipt, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*receipts)[i] =
            (struct auth_receipt){gg_row_text(&rows, i, 0), gg_row_int(&rows, i, 1), gg_row_time(&rows, i, 2)};
    *n = rows.n;
    return GG_OK;
}

/* Every statement takes the user's id once. Rows that others refer to lose what is personal; the rest goes. The admin
 * log stays: it speaks of an id. */
static const char *const purges[] = {
    "DELETE FROM sessions WHERE user_id = ?",
    "DELETE FROM passkey WHERE user_id = ?",
    "DELETE FROM passkey_challenge WHERE user_id = ?",
    "DELETE FROM pin WHERE user_id = ?",
    "DELETE FROM avatar WHERE user_id = ?",
    "DELETE FROM social_link WHERE user_id = ?",
    "DELETE FROM social_attempt WHERE user_id = ?",
    "DELETE FROM neighbourhood WHERE user_id = ?",
    "DELETE FROM block WHERE user_id = ?",
    "DELETE FROM block WHERE blocked_id = ?",
    "DELETE FROM security_log WHERE user_id = ?",
    "DELETE FROM recovery WHERE user_id = ?",
    "DELETE FROM idempotency WHERE user_id = ?",
    "DELETE FROM ended_session WHERE user_id = ?",
    "UPDATE report SET detail = NULL WHERE reporter_id = ? AND detail IS NOT NULL",
    "UPDATE report SET detail = NULL WHERE user_id = ? AND detail IS NOT NULL",
    "DELETE FROM closing_item WHERE closing_id IN (SELECT id FROM closing WHERE user_id = ?)",
};

enum gg_status auth_account_purge(struct gg_db *db, struct gg_id user, int64_t now, int64_t *count)
{
    int64_t n;

    *count = 0;
    for (size_t i = 0; i < GG_LEN(purges); i++) {
        GG_TRY(gg_db_exec(db, purges[i], GG_ARGS(gg_v_id(&user)), &n));
        *count += n;
    }
    GG_TRY(gg_db_exec_one(db,
                          "UPDATE users SET login_id = NULL, nickname = NULL, phone = NULL, password = NULL,"
                          " areas = NULL, introduction = NULL, picture = NULL, suspended_at = NULL, suspended_until = "
                          "NULL, suspended_for = NULL,"
                          " purged_at = ? WHERE id = ?",
                          GG_ARGS(gg_v_time(now), gg_v_id(&user))));
    ++*count;
    return GG_OK;
}
