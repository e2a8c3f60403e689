/* services/auth/store_order.c
 * SQL of order among neighbours. */
#include "store_order.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"

#include <string.h>

/* Sorts behind every id: the start of a list that goes backwards. */
static const struct gg_id last_id = {{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}};

/* An id as a bound of a list: never NULL, which would compare with nothing. */
static struct gg_val bound(const struct gg_id *id)
{
    return gg_v_bytes(id->b, sizeof(id->b));
}

/* --- roles and suspension --- */

enum gg_status auth_order_write(struct gg_db *db, const struct auth_account *account)
{
    return gg_db_exec_one(
        db, "UPDATE users SET admin = ?, suspended_at = ?, suspended_until = ?, suspended_for = ? WHERE id = ?",
        GG_ARGS(gg_v_int(account->admin), gg_v_time(account->suspended_at), gg_v_time(account->suspended_until),
                gg_v_text(account->suspended_for), gg_v_id(&account->id)));
}

enum gg_status auth_admins_lock(struct gg_db *db, struct gg_arena *arena, int64_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT id FROM users WHERE admin = 1 ORDER BY id FOR UPDATE", GG_NO_ARGS, &rows));
    *n = (int64_t)rows.n;
    return GG_OK;
}

enum gg_status auth_account_find(struct gg_db *db, struct gg_arena *arena, const struct auth_admin_user_query *by,
                                 struct auth_account *account)
{
    struct gg_rows rows;

    if (!gg_id_is_zero(by->id))
        return auth_account_by_id(db, arena, by->id, account);
    if (by->login_id)
        return auth_account_by_login(db, arena, by->login_id, account);
    GG_TRY(
        gg_db_query_one(db, arena, "SELECT id FROM users WHERE nickname = ?", GG_ARGS(gg_v_text(by->nickname)), &rows));
    return auth_account_by_id(db, arena, gg_row_id(&rows, 0, 0), account);
}

enum gg_status auth_reports_open(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT COUNT(*) FROM report WHERE user_id = ? AND state = ?",
                           GG_ARGS(gg_v_id(&user), gg_v_int(AUTH_REPORT_OPEN)), &rows));
    *n = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

enum gg_status auth_sessions_close_all(struct gg_db *db, struct gg_id user, struct gg_id except, int reason,
                                       int64_t now)
{
    return gg_db_exec(db,
                      "UPDATE sessions SET ended_at = ?, end_reason = ?"
                      " WHERE user_id = ? AND ended_at IS NULL AND id <> ?",
                      GG_ARGS(gg_v_time(now), gg_v_int(reason), gg_v_id(&user), bound(&except)), NULL);
}

/* --- blocks --- */

enum gg_status auth_block_insert(struct gg_db *db, struct gg_id user, struct gg_id blocked, int64_t now)
{
    return gg_db_exec(db, "INSERT INTO block (user_id, blocked_id, blocked_at) VALUES (?, ?, ?)",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&blocked), gg_v_time(now)), NULL);
}

enum gg_status auth_block_delete(struct gg_db *db, struct gg_id user, struct gg_id blocked)
{
    return gg_db_exec_one(db, "DELETE FROM block WHERE user_id = ? AND blocked_id = ?",
                          GG_ARGS(gg_v_id(&user), gg_v_id(&blocked)));
}

enum gg_status auth_block_count(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT COUNT(*) FROM block WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    *n = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

#define BLOCKS                                                                                                         \
    "SELECT b.blocked_id, u.nickname, b.blocked_at FROM block b JOIN users u ON u.id = b.blocked_id WHERE b.user_id "  \
    "= ?"

enum gg_status auth_blocks(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                           struct gg_id before_id, int64_t limit, struct auth_block **blocks, size_t *n)
{
    struct gg_rows rows;

    if (before == GG_NONE)
        GG_TRY(gg_db_query(db, arena, BLOCKS " ORDER BY b.blocked_at DESC, b.blocked_id DESC LIMIT ?",
                           GG_ARGS(gg_v_id(&user), gg_v_int(limit)), &rows));
    else
        GG_TRY(gg_db_query(
            db, arena,
            BLOCKS " AND (b.blocked_at < ? OR (b.blocked_at = ? AND b.blocked_id < ?))"
                   " ORDER BY b.blocked_at DESC, b.blocked_id DESC LIMIT ?",
            GG_ARGS(gg_v_id(&user), gg_v_time(before), gg_v_time(before), bound(&before_id), gg_v_int(limit)), &rows));
    *blocks = GG_NEW_ARRAY(arena, struct auth_block, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*blocks)[i] = (struct auth_block){gg_row_id(&rows, i, 0), gg_row_text(&rows, i, 1), gg_row_time(&rows, i, 2)};
    *n = rows.n;
    return GG_OK;
}

/* --- reports --- */

#define REPORTS                                                                                                        \
    "SELECT r.id, r.reporter_id, r.user_id, u.nickname, r.reason, r.detail, r.context, r.context_id, r.context_seq,"   \
    " r.state, r.reported_at, r.decided_at, r.decision FROM report r JOIN users u ON u.id = r.user_id WHERE "

static void read_report(const struct gg_rows *rows, size_t row, struct auth_report *report)
{
    *report = (struct auth_report){
        .id = gg_row_id(rows, row, 0),
        .reporter = gg_row_id(rows, row, 1),
        .user = gg_row_id(rows, row, 2),
        .nickname = gg_row_text(rows, row, 3),
        .reason = (int)gg_row_int(rows, row, 4),
        .detail = gg_row_text(rows, row, 5),
        .context = (int)gg_row_int(rows, row, 6),
        .context_id = gg_row_id(rows, row, 7),
        .context_seq = gg_row_int(rows, row, 8),
        .state = (int)gg_row_int(rows, row, 9),
        .reported_at = gg_row_time(rows, row, 10),
        .decided_at = gg_row_time(rows, row, 11),
        .decision = gg_row_text(rows, row, 12),
    };
}

static void read_reports(struct gg_arena *arena, const struct gg_rows *rows, struct auth_report **reports, size_t *n)
{
    *reports = GG_NEW_ARRAY(arena, struct auth_report, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        read_report(rows, i, &(*reports)[i]);
    *n = rows->n;
}

enum gg_status auth_report_insert(struct gg_db *db, const struct auth_report *report)
{
    return gg_db_exec(db,
                      "INSERT INTO report (id, reporter_id, user_id, reason, detail, context, context_id, context_seq,"
                      " reported_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&report->id), gg_v_id(&report->reporter), gg_v_id(&report->user),
                              gg_v_int(report->reason), gg_v_text(report->detail), gg_v_int(report->context),
                              gg_v_id(&report->context_id), gg_v_int(report->context_seq),
                              gg_v_time(report->reported_at)),
                      NULL);
}

enum gg_status auth_report_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct auth_report *report)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT id FROM report WHERE id = ? FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    GG_TRY(gg_db_query_one(db, arena, REPORTS "r.id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    read_report(&rows, 0, report);
    return GG_OK;
}

enum gg_status auth_report_decide(struct gg_db *db, const struct auth_report *report)
{
    return gg_db_exec_one(db, "UPDATE report SET state = ?, decided_at = ?, decision = ? WHERE id = ?",
                          GG_ARGS(gg_v_int(report->state), gg_v_time(report->decided_at), gg_v_text(report->decision),
                                  gg_v_id(&report->id)));
}

enum gg_status auth_reports_by(struct gg_db *db, struct gg_arena *arena, struct gg_id reporter, struct gg_id before,
                               int64_t limit, struct auth_report **reports, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, REPORTS "r.reporter_id = ? AND r.id < ? ORDER BY r.id DESC LIMIT ?",
                       GG_ARGS(gg_v_id(&reporter), bound(gg_id_is_zero(before) ? &last_id : &before), gg_v_int(limit)),
                       &rows));
    read_reports(arena, &rows, reports, n);
    return GG_OK;
}

enum gg_status auth_reports_in(struct gg_db *db, struct gg_arena *arena, int state, struct gg_id after, int64_t limit,
                               struct auth_report **reports, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, REPORTS "r.state = ? AND r.id > ? ORDER BY r.id LIMIT ?",
                       GG_ARGS(gg_v_int(state), bound(&after), gg_v_int(limit)), &rows));
    read_reports(arena, &rows, reports, n);
    return GG_OK;
}

/* --- the admin log --- */

/* What the hash of an entry covers besides the hash before it; tests/invariants reads it the same way. */
static char *entry_text(struct gg_arena *arena, const struct auth_admin_entry *entry)
{
    char admin[GG_ID_TEXT] = "", user[GG_ID_TEXT], report[GG_ID_TEXT] = "", at[GG_TIME_TEXT], until[GG_TIME_TEXT] = "";

    gg_id_format(entry->user, user);
    gg_time_format(entry->at, at);
    if (!gg_id_is_zero(entry->admin))
        gg_id_format(entry->admin, admin);
    if (!gg_id_is_zero(entry->report))
        gg_id_format(entry->report, report);
    if (entry->until != GG_NONE)
        gg_time_format(entry->until, until);
    return gg_sprintf(arena, "%" PRId64 "|%s|%s|%s|%s|%s|%s|%s", entry->number, at, admin,
                      auth_admin_action_names[entry->action], user, report, until, entry->reason);
}

enum gg_status auth_admin_note(struct gg_db *db, struct gg_arena *arena, const struct auth_admin_entry *given)
{
    struct auth_admin_entry entry = *given;
    struct gg_rows rows;
    uint8_t hash[GG_SHA256] = {0};
    char *text, *chained;
    enum gg_status status;

    GG_TRY(gg_db_query(db, arena, "SELECT number, hash FROM admin_log ORDER BY number DESC LIMIT 1 FOR UPDATE",
                       GG_NO_ARGS, &rows));
    entry.number = rows.n ? gg_row_int(&rows, 0, 0) + 1 : 1;
    if (rows.n)
        memcpy(hash, gg_row_bytes(&rows, 0, 1).p, sizeof(hash));
    text = entry_text(arena, &entry);
    chained = gg_sprintf(arena, "%s|%s", gg_hex(arena, hash, sizeof(hash)), text);
    gg_sha256((struct gg_str){chained, strlen(chained)}, hash);
    status = gg_db_exec(db,
                        "INSERT INTO admin_log (number, at, admin_id, action, user_id, report_id, until, reason, hash)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        GG_ARGS(gg_v_int(entry.number), gg_v_time(entry.at), gg_v_id(&entry.admin),
                                gg_v_int(entry.action), gg_v_id(&entry.user), gg_v_id(&entry.report),
                                gg_v_time(entry.until), gg_v_text(entry.reason), gg_v_bytes(hash, sizeof(hash))),
                        NULL);
    return status == GG_DUPLICATE ? GG_RETRY : status;
}

enum gg_status auth_admin_log_read(struct gg_db *db, struct gg_arena *arena, int64_t before, int64_t limit,
                                   struct auth_admin_entry **entries, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT number, at, admin_id, action, user_id, report_id, until, reason, hash FROM admin_log"
                       " WHERE number < ? ORDER BY number DESC LIMIT ?",
                       GG_ARGS(gg_v_int(before == GG_NONE ? INT64_MAX : before), gg_v_int(limit)), &rows));
    *entries = GG_NEW_ARRAY(arena, struct auth_admin_entry, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*entries)[i] = (struct auth_admin_entry){
            .number = gg_row_int(&rows, i, 0),
            .at = gg_row_time(&rows, i, 1),
            .admin = gg_row_id(&rows, i, 2),
            .action = (int)gg_row_int(&rows, i, 3),
            .user = gg_row_id(&rows, i, 4),
            .report = gg_row_id(&rows, i, 5),
            .until = gg_row_time(&rows, i, 6),
            .reason = gg_row_text(&rows, i, 7),
            .hash = gg_hex(arena, gg_row_bytes(&rows, i, 8).p, GG_SHA256),
        };
    *n = rows.n;
    return GG_OK;
}

/* --- the security log --- */

enum gg_status auth_security_note(struct gg_db *db, struct gg_id user, enum auth_security_kind kind, const char *device,
                                  const char *address, const char *note)
{
    struct gg_id id = gg_id_new();

    return gg_db_exec(
        db, "INSERT INTO security_log (user_id, id, at, kind, device, address, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&user), gg_v_id(&id), gg_v_time(gg_now()), gg_v_int(kind), gg_v_text(device),
                gg_v_text(address), gg_v_text(note)),
        NULL);
}

enum gg_status auth_security_read(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id before,
                                  int64_t limit, struct auth_security_entry **entries, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT id, at, kind, device, address, note FROM security_log WHERE user_id = ? AND id < ?"
                       " ORDER BY id DESC LIMIT ?",
                       GG_ARGS(gg_v_id(&user), bound(gg_id_is_zero(before) ? &last_id : &before), gg_v_int(limit)),
                       &rows));
    *entries = GG_NEW_ARRAY(arena, struct auth_security_entry, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*entries)[i] = (struct auth_security_entry){
            .id = gg_row_id(&rows, i, 0),
            .at = gg_row_time(&rows, i, 1),
            .kind = (int)gg_row_int(&rows, i, 2),
            .device = gg_row_text(&rows, i, 3),
            .address = gg_row_text(&rows, i, 4),
            .note = gg_row_text(&rows, i, 5),
        };
    *n = rows.n;
    return GG_OK;
}

enum gg_status auth_security_delete_before(struct gg_db *db, int64_t at)
{
    return gg_db_exec(db, "DELETE FROM security_log WHERE at < ? LIMIT 1000", GG_ARGS(gg_v_time(at)), NULL);
}
