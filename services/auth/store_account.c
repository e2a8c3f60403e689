/* services/auth/store_account.c
 * SQL of what changes in an account. */
#include "store_account.h"

enum gg_status auth_account_by_phone(struct gg_db *db, struct gg_arena *arena, const char *phone,
                                     struct auth_account *account)
{
    struct gg_rows rows;
    struct gg_id id;

    GG_TRY(gg_db_query_one(db, arena, "SELECT id FROM users WHERE phone = ?", GG_ARGS(gg_v_text(phone)), &rows));
    id = gg_row_id(&rows, 0, 0);
    return auth_account_by_id(db, arena, id, account);
}

enum gg_status auth_account_set_password(struct gg_db *db, struct gg_id user, const char *phc, const char *login_id)
{
    return gg_db_exec_one(db, "UPDATE users SET password = ?, login_id = COALESCE(?, login_id) WHERE id = ?",
                          GG_ARGS(gg_v_text(phc), gg_v_text(login_id), gg_v_id(&user)));
}

enum gg_status auth_account_rehash(struct gg_db *db, struct gg_id user, const char *old, const char *phc)
{
    return gg_db_exec(db, "UPDATE users SET password = ? WHERE id = ? AND password = ?",
                      GG_ARGS(gg_v_text(phc), gg_v_id(&user), gg_v_text(old)), NULL);
}

enum gg_status auth_account_set_phone(struct gg_db *db, struct gg_id user, const char *phone)
{
    return gg_db_exec_one(db, "UPDATE users SET phone = ? WHERE id = ?", GG_ARGS(gg_v_text(phone), gg_v_id(&user)));
}

enum gg_status auth_account_set_profile(struct gg_db *db, struct gg_id user, const char *nickname,
                                        const char *introduction)
{
    return gg_db_exec_one(db,
                          "UPDATE users SET nickname = COALESCE(?, nickname),"
                          " introduction = NULLIF(COALESCE(?, introduction), '') WHERE id = ?",
                          GG_ARGS(gg_v_text(nickname), gg_v_text(introduction), gg_v_id(&user)));
}

enum gg_status auth_picture_put(struct gg_db *db, struct gg_id user, const char *hash, struct gg_str bytes)
{
    GG_TRY(gg_db_exec_one(db, "UPDATE users SET picture = ? WHERE id = ?", GG_ARGS(gg_v_text(hash), gg_v_id(&user))));
    if (!hash)
        return gg_db_exec(db, "DELETE FROM avatar WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), NULL);
    return gg_db_exec(db, "REPLACE INTO avatar (user_id, bytes) VALUES (?, ?)",
                      GG_ARGS(gg_v_id(&user), gg_v_bytes(bytes.p, bytes.n)), NULL);
}

enum gg_status auth_picture_read(struct gg_db *db, struct gg_arena *arena, struct gg_id user, const char *hash,
                                 struct gg_str *bytes)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT a.bytes FROM users u JOIN avatar a ON a.user_id = u.id"
                           " WHERE u.id = ? AND u.picture = ? AND u.closed_at IS NULL",
                           GG_ARGS(gg_v_id(&user), gg_v_text(hash)), &rows));
    *bytes = gg_row_bytes(&rows, 0, 0);
    return GG_OK;
}

enum gg_status auth_account_guarded(struct gg_db *db, struct gg_arena *arena, struct gg_id user, bool *yes)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT EXISTS (SELECT 1 FROM passkey WHERE user_id = ?)"
                           " OR EXISTS (SELECT 1 FROM pin WHERE user_id = ?)",
                           GG_ARGS(gg_v_id(&user), gg_v_id(&user)), &rows));
    *yes = gg_row_int(&rows, 0, 0) != 0;
    return GG_OK;
}

enum gg_status auth_recovery_put(struct gg_db *db, struct gg_id user, const struct auth_recovery_row *row)
{
    return gg_db_exec(
        db,
        "INSERT INTO recovery (user_id, asked_at, ready_at, until_at) VALUES (?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE asked_at = VALUES(asked_at), ready_at = VALUES(ready_at),"
        " until_at = VALUES(until_at)",
        GG_ARGS(gg_v_id(&user), gg_v_time(row->asked_at), gg_v_time(row->ready_at), gg_v_time(row->until)), NULL);
}

enum gg_status auth_recovery_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                 struct auth_recovery_row *row)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT asked_at, ready_at, until_at FROM recovery WHERE user_id = ?",
                           GG_ARGS(gg_v_id(&user)), &rows));
    *row = (struct auth_recovery_row){gg_row_time(&rows, 0, 0), gg_row_time(&rows, 0, 1), gg_row_time(&rows, 0, 2)};
    return GG_OK;
}

enum gg_status auth_recovery_delete(struct gg_db *db, struct gg_id user)
{
    return gg_db_exec_one(db, "DELETE FROM recovery WHERE user_id = ?", GG_ARGS(gg_v_id(&user)));
}
