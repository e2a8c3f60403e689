/* services/auth/store.c
 * SQL of the auth service. */
#include "store.h"

#include "libcommon/crypto.h"

#include <string.h>

#define ACCOUNT_COLUMNS                                                                                                \
    "id, version, session_version, login_id, nickname, phone, password, created_at, admin,"                            \
    " suspended_at, suspended_until, suspended_for, areas, closing_id, closed_at, introduction, picture"
#define SESSION_COLUMNS "id, user_id, salt, generation, rotated_at, opened_at, device, address, ended_at"
#define SESSION_PLACE   ", (SELECT area.name FROM area WHERE area.code = sessions.area_code), area_at"

static void read_account(const struct gg_rows *rows, struct auth_account *account)
{
    *account = (struct auth_account){
        .id = gg_row_id(rows, 0, 0),
        .version = gg_row_int(rows, 0, 1),
        .session_version = gg_row_int(rows, 0, 2),
        .login_id = gg_row_text(rows, 0, 3),
        .nickname = gg_row_text(rows, 0, 4),
        .phone = gg_row_text(rows, 0, 5),
        .password = gg_row_text(rows, 0, 6),
        .created_at = gg_row_time(rows, 0, 7),
        .admin = gg_row_int(rows, 0, 8) != 0,
        .suspended_at = gg_row_time(rows, 0, 9),
        .suspended_until = gg_row_time(rows, 0, 10),
        .suspended_for = gg_row_text(rows, 0, 11),
        .areas = gg_row_text(rows, 0, 12),
        .introduction = gg_row_text(rows, 0, 15),
        .picture = gg_row_text(rows, 0, 16),
        .closing = gg_row_id(rows, 0, 13),
        .closed_at = gg_row_time(rows, 0, 14),
    };
}

enum gg_status auth_account_by_login(struct gg_db *db, struct gg_arena *arena, const char *login_id,
                                     struct auth_account *account)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " ACCOUNT_COLUMNS " FROM users WHERE login_id = ?",
                           GG_ARGS(gg_v_text(login_id)), &rows));
    read_account(&rows, account);
    return GG_OK;
}

enum gg_status auth_account_by_id(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                  struct auth_account *account)
{
    struct gg_rows rows;

    GG_TRY(
        gg_db_query_one(db, arena, "SELECT " ACCOUNT_COLUMNS " FROM users WHERE id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    read_account(&rows, account);
    return GG_OK;
}

enum gg_status auth_account_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct auth_account *account)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " ACCOUNT_COLUMNS " FROM users WHERE id = ? FOR UPDATE",
                           GG_ARGS(gg_v_id(&id)), &rows));
    read_account(&rows, account);
    return GG_OK;
}

enum gg_status auth_account_insert(struct gg_db *db, const struct auth_account *account)
{
    return gg_db_exec(
        db,
        "INSERT INTO users (id, version, session_version, login_id, nickname, phone, password, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&account->id), gg_v_int(account->version), gg_v_int(account->session_version),
                gg_v_text(account->login_id), gg_v_text(account->nickname), gg_v_text(account->phone),
                gg_v_text(account->password), gg_v_time(account->created_at)),
        NULL);
}

enum gg_status auth_account_touch(struct gg_db *db, const struct auth_account *account)
{
    return gg_db_exec_one(
        db, "UPDATE users SET version = ?, session_version = ? WHERE id = ?",
        GG_ARGS(gg_v_int(account->version), gg_v_int(account->session_version), gg_v_id(&account->id)));
}

enum gg_status auth_names_free(struct gg_db *db, struct gg_arena *arena, const char *login_id, const char *nickname,
                               bool *login_id_free, bool *nickname_free)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT EXISTS (SELECT 1 FROM users WHERE login_id = ?),"
                           " EXISTS (SELECT 1 FROM users WHERE nickname = ?)",
                           GG_ARGS(gg_v_text(login_id), gg_v_text(nickname)), &rows));
    *login_id_free = gg_row_int(&rows, 0, 0) == 0;
    *nickname_free = gg_row_int(&rows, 0, 1) == 0;
    return GG_OK;
}

enum gg_status auth_code_insert(struct gg_db *db, struct gg_id id, const char *phone, const uint8_t hash[32],
                                int64_t expires_at)
{
    return gg_db_exec(db, "INSERT INTO phone_code (id, phone, code_hash, expires_at) VALUES (?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&id), gg_v_text(phone), gg_v_bytes(hash, 32), gg_v_time(expires_at)), NULL);
}

enum gg_status auth_code_try(struct gg_db *db, struct gg_arena *arena, struct gg_id id, int64_t now, int64_t max_tries,
                             const char **phone, const uint8_t **hash)
{
    struct gg_rows rows;

    GG_TRY(gg_db_exec_one(db,
                          "UPDATE phone_code SET tries = tries + 1"
                          " WHERE id = ? AND tries < ? AND used_at IS NULL AND expires_at > ?",
                          GG_ARGS(gg_v_id(&id), gg_v_int(max_tries), gg_v_time(now))));
    GG_TRY(gg_db_query_one(db, arena, "SELECT phone, code_hash FROM phone_code WHERE id = ?", GG_ARGS(gg_v_id(&id)),
                           &rows));
    *phone = gg_row_text(&rows, 0, 0);
    *hash = (const uint8_t *)gg_row_bytes(&rows, 0, 1).p;
    return GG_OK;
}

enum gg_status auth_code_use(struct gg_db *db, struct gg_id id, int64_t now)
{
    return gg_db_exec_one(db, "UPDATE phone_code SET used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ?",
                          GG_ARGS(gg_v_time(now), gg_v_id(&id), gg_v_time(now)));
}

enum gg_status auth_codes_redeemed(struct gg_db *db, struct gg_arena *arena, int64_t from, int64_t until, int64_t last,
                                   int64_t *sent, int64_t *redeemed)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT COUNT(*), COUNT(used_at) FROM (SELECT used_at FROM phone_code"
                           " WHERE expires_at > ? AND expires_at <= ? ORDER BY expires_at DESC LIMIT ?) AS newest",
                           GG_ARGS(gg_v_time(from), gg_v_time(until), gg_v_int(last)), &rows));
    *sent = gg_row_int(&rows, 0, 0);
    *redeemed = gg_row_int(&rows, 0, 1);
    return GG_OK;
}

enum gg_status auth_code_delete(struct gg_db *db, struct gg_id id)
{
    return gg_db_exec(db, "DELETE FROM phone_code WHERE id = ?", GG_ARGS(gg_v_id(&id)), NULL);
}

enum gg_status auth_session_insert(struct gg_db *db, const struct auth_session_row *session)
{
    return gg_db_exec(db,
                      "INSERT INTO sessions (id, user_id, salt, generation, rotated_at, opened_at, device, address)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&session->id), gg_v_id(&session->user), gg_v_bytes(session->salt, 16),
                              gg_v_int(session->generation), gg_v_time(session->rotated_at),
                              gg_v_time(session->opened_at), gg_v_text(session->device), gg_v_text(session->address)),
                      NULL);
}

static void read_session(const struct gg_rows *rows, size_t row, struct auth_session_row *session)
{
    *session = (struct auth_session_row){
        .id = gg_row_id(rows, row, 0),
        .user = gg_row_id(rows, row, 1),
        .generation = gg_row_int(rows, row, 3),
        .rotated_at = gg_row_time(rows, row, 4),
        .opened_at = gg_row_time(rows, row, 5),
        .device = gg_row_text(rows, row, 6),
        .address = gg_row_text(rows, row, 7),
        .ended = gg_row_time(rows, row, 8) != GG_NONE,
    };
    memcpy(session->salt, gg_row_bytes(rows, row, 2).p, 16);
}

enum gg_status auth_session_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct auth_session_row *session)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " SESSION_COLUMNS " FROM sessions WHERE id = ? FOR UPDATE",
                           GG_ARGS(gg_v_id(&id)), &rows));
    read_session(&rows, 0, session);
    return GG_OK;
}

enum gg_status auth_session_rotate(struct gg_db *db, const struct auth_session_row *session)
{
    return gg_db_exec_one(db, "UPDATE sessions SET generation = ?, rotated_at = ?, address = ? WHERE id = ?",
                          GG_ARGS(gg_v_int(session->generation), gg_v_time(session->rotated_at),
                                  gg_v_text(session->address), gg_v_id(&session->id)));
}

enum gg_status auth_session_place(struct gg_db *db, struct gg_id id, int64_t code, int64_t now)
{
    return gg_db_exec(db, "UPDATE sessions SET area_code = ?, area_at = ? WHERE id = ?",
                      GG_ARGS(gg_v_int(code), gg_v_time(now), gg_v_id(&id)), NULL);
}

enum gg_status auth_sessions_forget_place(struct gg_db *db, struct gg_id user, int64_t code)
{
    return gg_db_exec(db, "UPDATE sessions SET area_code = NULL, area_at = NULL WHERE user_id = ? AND area_code = ?",
                      GG_ARGS(gg_v_id(&user), gg_v_int(code)), NULL);
}

enum gg_status auth_session_close(struct gg_db *db, struct gg_id id, int reason, int64_t now)
{
    return gg_db_exec_one(db, "UPDATE sessions SET ended_at = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL",
                          GG_ARGS(gg_v_time(now), gg_v_int(reason), gg_v_id(&id)));
}

enum gg_status auth_sessions_open(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                                  struct gg_id before_id, int64_t limit, struct auth_session_row **sessions, size_t *n)
{
    struct gg_rows rows;

    if (before == GG_NONE)
        GG_TRY(gg_db_query(db, arena,
                           "SELECT " SESSION_COLUMNS SESSION_PLACE
                           " FROM sessions WHERE user_id = ? AND ended_at IS NULL"
                           " ORDER BY opened_at DESC, id DESC LIMIT ?",
                           GG_ARGS(gg_v_id(&user), gg_v_int(limit)), &rows));
    else
        GG_TRY(gg_db_query(
            db, arena,
            "SELECT " SESSION_COLUMNS SESSION_PLACE " FROM sessions WHERE user_id = ? AND ended_at IS NULL"
            " AND (opened_at < ? OR (opened_at = ? AND id < ?))"
            " ORDER BY opened_at DESC, id DESC LIMIT ?",
            GG_ARGS(gg_v_id(&user), gg_v_time(before), gg_v_time(before), gg_v_id(&before_id), gg_v_int(limit)),
            &rows));
    *sessions = GG_NEW_ARRAY(arena, struct auth_session_row, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        read_session(&rows, i, &(*sessions)[i]);
        (*sessions)[i].place = gg_row_text(&rows, i, 9);
        (*sessions)[i].place_at = gg_row_time(&rows, i, 10);
    }
    *n = rows.n;
    return GG_OK;
}

enum gg_status auth_sessions_any(struct gg_db *db, struct gg_arena *arena, struct gg_id user, bool *any)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT EXISTS (SELECT 1 FROM sessions WHERE user_id = ?)",
                           GG_ARGS(gg_v_id(&user)), &rows));
    *any = gg_row_int(&rows, 0, 0) != 0;
    return GG_OK;
}

/* Budgets are keyed by a hash, so that no phone number or address stands in the table. */
static void budget_key(struct gg_arena *arena, const char *scope, const char *key, uint8_t out[GG_SHA256])
{
    char *text = gg_sprintf(arena, "%s|%s", scope, key);

    gg_sha256((struct gg_str){text, strlen(text)}, out);
}

enum gg_status auth_budget_take(struct gg_db *db, struct gg_arena *arena, const char *scope, const char *key,
                                int64_t window_ms, int64_t now, int64_t *used)
{
    uint8_t hash[GG_SHA256];
    int64_t window = now / window_ms;

    budget_key(arena, scope, key, hash);
    GG_TRY(gg_db_exec(db,
                      "INSERT INTO budget (budget_key, window_no, used, expires_at) VALUES (?, ?, 1, ?)"
                      " ON DUPLICATE KEY UPDATE used = used + 1",
                      GG_ARGS(gg_v_bytes(hash, sizeof(hash)), gg_v_int(window), gg_v_time((window + 1) * window_ms)),
                      NULL));
    return auth_budget_used(db, arena, scope, key, window_ms, now, used);
}

enum gg_status auth_budget_used(struct gg_db *db, struct gg_arena *arena, const char *scope, const char *key,
                                int64_t window_ms, int64_t now, int64_t *used)
{
    struct gg_rows rows;
    uint8_t hash[GG_SHA256];

    budget_key(arena, scope, key, hash);
    GG_TRY(gg_db_query(db, arena, "SELECT used FROM budget WHERE budget_key = ? AND window_no = ?",
                       GG_ARGS(gg_v_bytes(hash, sizeof(hash)), gg_v_int(now / window_ms)), &rows));
    *used = rows.n ? gg_row_int(&rows, 0, 0) : 0;
    return GG_OK;
}

enum gg_status auth_budgets_delete_expired(struct gg_db *db, int64_t now)
{
    return gg_db_exec(db, "DELETE FROM budget WHERE expires_at < ? LIMIT 1000", GG_ARGS(gg_v_time(now)), NULL);
}
