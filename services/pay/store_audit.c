/* services/pay/store_audit.c
 * SQL of the auditor. */
#include "store_audit.h"

#include "libcommon/log.h"

#include <string.h>

enum gg_status pay_audit_lock(struct gg_db *db, struct gg_arena *arena, bool *mine)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT GET_LOCK(CONCAT('gonggu.audit.', DATABASE()), 0)", GG_NO_ARGS, &rows));
    *mine = gg_row_int(&rows, 0, 0) == 1;
    return GG_OK;
}

void pay_audit_unlock(struct gg_db *db, struct gg_arena *arena)
{
    struct gg_rows rows;

    if (gg_db_query(db, arena, "SELECT RELEASE_LOCK(CONCAT('gonggu.audit.', DATABASE()))", GG_NO_ARGS, &rows) != GG_OK)
        gg_debug("audit", "the lock ends with the connection");
}

enum gg_status pay_audit_sums(struct gg_db *db, struct gg_arena *arena, int64_t *posted, int64_t *pending,
                              int64_t *promised)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT COALESCE(SUM(posted), 0), COALESCE(SUM(pending_debits), 0),"
                           " (SELECT COALESCE(SUM(amount), 0) FROM hold WHERE state = 'pending')"
                           " + (SELECT COALESCE(SUM(amount), 0) FROM withdrawal WHERE state IN ('pending', 'review'))"
                           " FROM account",
                           GG_NO_ARGS, &rows));
    *posted = gg_row_int(&rows, 0, 0);
    *pending = gg_row_int(&rows, 0, 1);
    *promised = gg_row_int(&rows, 0, 2);
    return GG_OK;
}

static void read_hash(const struct gg_rows *rows, size_t row, size_t column, uint8_t out[GG_SHA256])
{
    struct gg_str bytes = gg_row_bytes(rows, row, column);

    if (bytes.p && bytes.n == GG_SHA256)
        memcpy(out, bytes.p, GG_SHA256);
}

enum gg_status pay_audit_accounts(struct gg_db *db, struct gg_arena *arena, struct gg_id after, int64_t limit,
                                  struct pay_audit_account **accounts, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT a.id, a.kind, a.posted, a.pending_debits, a.version, a.last_hash, a.stopped_for,"
                       " (SELECT COALESCE(SUM(h.amount), 0) FROM hold h"
                       " WHERE h.user_id = a.id AND h.state = 'pending')"
                       " + (SELECT COALESCE(SUM(w.amount), 0) FROM withdrawal w"
                       " WHERE w.user_id = a.id AND w.state IN ('pending', 'review')),"
                       " (SELECT COALESCE(SUM(s.captured - s.refunded - s.paid_out), 0) FROM escrow_share s"
                       " WHERE s.deal_id = a.id), COALESCE(m.version, 0), COALESCE(m.balance, 0), m.hash"
                       " FROM account a LEFT JOIN audit_mark m ON m.account_id = a.id"
                       " WHERE a.id > ? ORDER BY a.id LIMIT ?",
                       GG_ARGS(gg_v_bytes(after.b, sizeof(after.b)), gg_v_int(limit)), &rows));
    *n = rows.n;
    *accounts = GG_NEW_ARRAY(arena, struct pay_audit_account, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        struct pay_audit_account *out = &(*accounts)[i];

        out->account = (struct pay_account){
            .id = gg_row_id(&rows, i, 0),
            .kind = pay_name_index(pay_account_kind_names, gg_row_text(&rows, i, 1)),
            .posted = gg_row_int(&rows, i, 2),
            .pending = gg_row_int(&rows, i, 3),
            .version = gg_row_int(&rows, i, 4),
            .stopped = gg_row_text(&rows, i, 6) != NULL,
        };
        read_hash(&rows, i, 5, out->account.hash);
        out->holds = gg_row_int(&rows, i, 7);
        out->escrow = gg_row_int(&rows, i, 8);
        out->last = (struct pay_posting){
            .account = out->account.id, .version = gg_row_int(&rows, i, 9), .balance = gg_row_int(&rows, i, 10)};
        read_hash(&rows, i, 11, out->last.hash);
    }
    return GG_OK;
}

enum gg_status pay_audit_transfers(struct gg_db *db, struct gg_arena *arena, struct gg_id account, int64_t from,
                                   int64_t to, int64_t *bad)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT COUNT(*) FROM (SELECT r.transfer_id FROM entry r"
                           " LEFT JOIN entry o ON o.transfer_id = r.transfer_id"
                           " LEFT JOIN transfer t ON t.id = r.transfer_id"
                           " WHERE r.account_id = ? AND r.version BETWEEN ? AND ?"
                           " GROUP BY r.transfer_id HAVING SUM(o.amount) <> 0 OR COUNT(*) <> 2"
                           " OR MAX(t.amount) IS NULL OR MAX(o.amount) <> MAX(t.amount)"
                           " OR SUM(o.account_id = t.debit_account AND o.amount < 0) <> 1"
                           " OR SUM(o.account_id = t.credit_account AND o.amount > 0) <> 1) b",
                           GG_ARGS(gg_v_id(&account), gg_v_int(from), gg_v_int(to)), &rows));
    *bad = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

enum gg_status pay_audit_mark(struct gg_db *db, const struct pay_posting *last)
{
    return gg_db_exec(db,
                      "INSERT INTO audit_mark (account_id, version, balance, hash) VALUES (?, ?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE version = VALUES(version), balance = VALUES(balance),"
                      " hash = VALUES(hash)",
                      GG_ARGS(gg_v_id(&last->account), gg_v_int(last->version), gg_v_int(last->balance),
                              gg_v_bytes(last->hash, GG_SHA256)),
                      NULL);
}

enum gg_status pay_account_stop(struct gg_db *db, struct gg_id account, const char *why)
{
    return gg_db_exec(db, "UPDATE account SET stopped_for = ? WHERE id = ? AND stopped_for IS NULL",
                      GG_ARGS(gg_v_text(why), gg_v_id(&account)), NULL);
}

enum gg_status pay_account_release(struct gg_db *db, struct gg_id account)
{
    return gg_db_exec_one(db, "UPDATE account SET stopped_for = NULL WHERE id = ? AND stopped_for IS NOT NULL",
                          GG_ARGS(gg_v_id(&account)));
}

enum gg_status pay_accounts_stopped(struct gg_db *db, struct gg_arena *arena, int64_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT COUNT(*) FROM account WHERE stopped_for IS NOT NULL", GG_NO_ARGS, &rows));
    *n = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

enum gg_status pay_orphans(struct gg_db *db, struct gg_arena *arena, int64_t limit, struct pay_orphan **orphans,
                           size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT what, id, account_id, won, reason FROM orphan_won LIMIT ?",
                       GG_ARGS(gg_v_int(limit)), &rows));
    *n = rows.n;
    *orphans = GG_NEW_ARRAY(arena, struct pay_orphan, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*orphans)[i] = (struct pay_orphan){
            .what = gg_row_text(&rows, i, 0),
            .id = gg_row_id(&rows, i, 1),
            .account = gg_row_id(&rows, i, 2),
            .won = gg_row_int(&rows, i, 3),
            .reason = gg_row_text(&rows, i, 4),
        };
    return GG_OK;
}
