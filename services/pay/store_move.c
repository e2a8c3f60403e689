/* services/pay/store_move.c
 * SQL about neighbours' own moves. */
#include "store_move.h"

#include "libcommon/clock.h"

enum gg_status pay_remit_insert(struct gg_db *db, const struct pay_remit_row *row)
{
    return gg_db_exec(db,
                      "INSERT INTO remittance (id, sender_id, recipient_id, amount, memo, deal_id, room_id, request_id,"
                      " made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&row->id), gg_v_id(&row->sender), gg_v_id(&row->recipient), gg_v_int(row->amount),
                              gg_v_text(row->memo), gg_v_id(&row->deal), gg_v_id(&row->room), gg_v_id(&row->request),
                              gg_v_time(row->at)),
                      NULL);
}

enum gg_status pay_spent_read(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t day, int64_t *amount)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT amount FROM spent WHERE user_id = ? AND day = ?",
                       GG_ARGS(gg_v_id(&user), gg_v_int(day)), &rows));
    *amount = rows.n > 0 ? gg_row_int(&rows, 0, 0) : 0;
    return GG_OK;
}

enum gg_status pay_spent_add(struct gg_db *db, struct gg_id user, int64_t day, int64_t amount)
{
    /* What is given back never makes room for more than the day's limit. */
    if (amount < 0)
        return gg_db_exec(db, "UPDATE spent SET amount = GREATEST(0, amount + ?) WHERE user_id = ? AND day = ?",
                          GG_ARGS(gg_v_int(amount), gg_v_id(&user), gg_v_int(day)), NULL);
    return gg_db_exec(db,
                      "INSERT INTO spent (user_id, day, amount) VALUES (?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)",
                      GG_ARGS(gg_v_id(&user), gg_v_int(day), gg_v_int(amount)), NULL);
}

enum gg_status pay_proof_use(struct gg_db *db, struct gg_id proof, struct gg_id user, int64_t now)
{
    return gg_db_exec(db, "INSERT INTO used_proof (proof_id, user_id, used_at) VALUES (?, ?, ?)",
                      GG_ARGS(gg_v_id(&proof), gg_v_id(&user), gg_v_time(now)), NULL);
}

enum gg_status pay_webhook_seen(struct gg_db *db, struct gg_arena *arena, const uint8_t digest[GG_SHA256], bool *yes)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT 1 FROM seen_webhook WHERE digest = ?", GG_ARGS(gg_v_bytes(digest, GG_SHA256)),
                       &rows));
    *yes = rows.n > 0;
    return GG_OK;
}

enum gg_status pay_webhook_remember(struct gg_db *db, const uint8_t digest[GG_SHA256], int64_t now)
{
    GG_TRY(gg_db_exec(db, "DELETE FROM seen_webhook WHERE seen_at < ? LIMIT 100", GG_ARGS(gg_v_time(now - 7 * GG_DAY)),
                      NULL));
    return gg_db_exec(db,
                      "INSERT INTO seen_webhook (digest, seen_at) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE digest = VALUES(digest)",
                      GG_ARGS(gg_v_bytes(digest, GG_SHA256), gg_v_time(now)), NULL);
}
