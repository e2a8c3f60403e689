/* services/pay/store_ledger.c
 * SQL about accounts, transfers and entries, and the questions of the auditor. Transfers and entries are only ever
 * inserted. */
#include "libcommon/log.h"
#include "store.h"

#include <string.h>

static void copy_hash(const struct gg_rows *rows, size_t row, size_t column, uint8_t out[GG_SHA256])
{
    struct gg_str bytes = gg_row_bytes(rows, row, column);

    if (bytes.n != GG_SHA256)
        gg_fatal("broken_data", "a hash of %zu bytes", bytes.n);
    memcpy(out, bytes.p, GG_SHA256);
}

/* --- accounts --- */

#define ACCOUNT_QUERY "SELECT id, kind, posted, pending_debits, version, last_hash FROM account WHERE id = ?"

static struct pay_account read_account(const struct gg_rows *rows)
{
    struct pay_account account = {
        .id = gg_row_id(rows, 0, 0),
        .kind = pay_name_index(pay_account_kind_names, gg_row_text(rows, 0, 1)),
        .posted = gg_row_int(rows, 0, 2),
        .pending = gg_row_int(rows, 0, 3),
        .version = gg_row_int(rows, 0, 4),
    };

    copy_hash(rows, 0, 5, account.hash);
    return account;
}

enum gg_status pay_account_make(struct gg_db *db, struct gg_id id, int kind, int64_t now)
{
    static const uint8_t genesis[GG_SHA256];

    return gg_db_exec(
        db,
        "INSERT INTO account (id, kind, last_hash, created_at) VALUES (?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE id = VALUES(id)",
        GG_ARGS(gg_v_id(&id), gg_v_text(pay_account_kind_names[kind]), gg_v_bytes(genesis, GG_SHA256), gg_v_time(now)),
        NULL);
}

enum gg_status pay_account_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct pay_account *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, ACCOUNT_QUERY, GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_account(&rows);
    return GG_OK;
}

enum gg_status pay_account_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct pay_account *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, ACCOUNT_QUERY " FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_account(&rows);
    return GG_OK;
}

enum gg_status pay_account_save(struct gg_db *db, const struct pay_account *account, int64_t version)
{
    return gg_db_exec_one(db,
                          "UPDATE account SET posted = ?, pending_debits = ?, version = ?, last_hash = ?"
                          " WHERE id = ? AND version = ?",
                          GG_ARGS(gg_v_int(account->posted), gg_v_int(account->pending), gg_v_int(account->version),
                                  gg_v_bytes(account->hash, GG_SHA256), gg_v_id(&account->id), gg_v_int(version)));
}

/* --- transfers and entries --- */

enum gg_status pay_transfer_insert(struct gg_db *db, const struct pay_transfer *transfer)
{
    return gg_db_exec(
        db,
        "INSERT INTO transfer (id, kind, debit_account, credit_account, amount, deal_id, share_id, made_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&transfer->id), gg_v_text(pay_entry_kind_names[transfer->kind]), gg_v_id(&transfer->debit),
                gg_v_id(&transfer->credit), gg_v_int(transfer->amount), gg_v_id(&transfer->deal),
                gg_v_id(&transfer->share), gg_v_time(transfer->at)),
        NULL);
}

enum gg_status pay_transfer_exists(struct gg_db *db, struct gg_arena *arena, struct gg_id id, bool *yes)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT 1 FROM transfer WHERE id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *yes = rows.n > 0;
    return GG_OK;
}

enum gg_status pay_posting_insert(struct gg_db *db, const struct pay_posting *posting)
{
    return gg_db_exec(db,
                      "INSERT INTO entry (account_id, version, transfer_id, kind, amount, balance, deal_id, share_id,"
                      " made_at, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&posting->account), gg_v_int(posting->version), gg_v_id(&posting->transfer),
                              gg_v_text(pay_entry_kind_names[posting->kind]), gg_v_int(posting->amount),
                              gg_v_int(posting->balance), gg_v_id(&posting->deal), gg_v_id(&posting->share),
                              gg_v_time(posting->at), gg_v_bytes(posting->previous, GG_SHA256),
                              gg_v_bytes(posting->hash, GG_SHA256)),
                      NULL);
}

#define POSTING_COLUMNS                                                                                                \
    "account_id, version, transfer_id, kind, amount, balance, deal_id, share_id, made_at, previous_hash, hash"

enum gg_status pay_postings_of(struct gg_db *db, struct gg_arena *arena, struct gg_id account, struct gg_id deal,
                               int64_t below, int64_t limit, struct pay_posting **postings, size_t *n)
{
    int64_t bound = below == GG_NONE ? INT64_MAX : below;
    struct gg_rows rows;

    if (gg_id_is_zero(deal))
        GG_TRY(gg_db_query(db, arena,
                           "SELECT " POSTING_COLUMNS " FROM entry WHERE account_id = ? AND version < ?"
                           " ORDER BY version DESC LIMIT ?",
                           GG_ARGS(gg_v_id(&account), gg_v_int(bound), gg_v_int(limit)), &rows));
    else
        GG_TRY(gg_db_query(db, arena,
                           "SELECT " POSTING_COLUMNS " FROM entry WHERE account_id = ? AND deal_id = ? AND version < ?"
                           " ORDER BY version DESC LIMIT ?",
                           GG_ARGS(gg_v_id(&account), gg_v_id(&deal), gg_v_int(bound), gg_v_int(limit)), &rows));
    *n = rows.n;
    *postings = GG_NEW_ARRAY(arena, struct pay_posting, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        struct pay_posting *posting = &(*postings)[i];

        *posting = (struct pay_posting){
            .account = gg_row_id(&rows, i, 0),
            .version = gg_row_int(&rows, i, 1),
            .transfer = gg_row_id(&rows, i, 2),
            .kind = pay_name_index(pay_entry_kind_names, gg_row_text(&rows, i, 3)),
            .amount = gg_row_int(&rows, i, 4),
            .balance = gg_row_int(&rows, i, 5),
            .deal = gg_row_id(&rows, i, 6),
            .share = gg_row_id(&rows, i, 7),
            .at = gg_row_time(&rows, i, 8),
        };
        copy_hash(&rows, i, 9, posting->previous);
        copy_hash(&rows, i, 10, posting->hash);
    }
    return GG_OK;
}

/* --- questions of the auditor --- */

enum gg_status pay_audit_sums(struct gg_db *db, struct gg_arena *arena, int64_t *posted, int64_t *pending)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT COALESCE(SUM(posted), 0),"
                           " COALESCE(SUM(pending_debits), 0) - (SELECT COALESCE(SUM(amount), 0) FROM hold"
                           " WHERE state = 'pending') - (SELECT COALESCE(SUM(amount), 0) FROM withdrawal"
                           " WHERE state IN ('pending', 'review')) FROM account",
                           GG_NO_ARGS, &rows));
    *posted = gg_row_int(&rows, 0, 0);
    *pending = gg_row_int(&rows, 0, 1);
    return GG_OK;
}

enum gg_status pay_audit_accounts(struct gg_db *db, struct gg_arena *arena, struct gg_id after, int64_t limit,
                                  struct pay_audit_account **accounts, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT a.id, a.kind, a.posted, a.pending_debits, a.version,"
                       " CASE WHEN a.version = 0 THEN 0 ELSE"
                       " (SELECT e.balance FROM entry e WHERE e.account_id = a.id AND e.version = a.version) END,"
                       " (SELECT COALESCE(SUM(h.amount), 0) FROM hold h"
                       " WHERE h.user_id = a.id AND h.state = 'pending')"
                       " + (SELECT COALESCE(SUM(w.amount), 0) FROM withdrawal w"
                       " WHERE w.user_id = a.id AND w.state IN ('pending', 'review')),"
                       " (SELECT COALESCE(SUM(s.captured - s.refunded - s.paid_out), 0) FROM escrow_share s"
                       " WHERE s.deal_id = a.id)"
                       " FROM account a WHERE a.id > ? ORDER BY a.id LIMIT ?",
                       GG_ARGS(gg_v_bytes(after.b, sizeof(after.b)), gg_v_int(limit)), &rows));
    *n = rows.n;
    *accounts = GG_NEW_ARRAY(arena, struct pay_audit_account, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*accounts)[i] = (struct pay_audit_account){
            .id = gg_row_id(&rows, i, 0),
            .kind = pay_name_index(pay_account_kind_names, gg_row_text(&rows, i, 1)),
            .posted = gg_row_int(&rows, i, 2),
            .pending = gg_row_int(&rows, i, 3),
            .version = gg_row_int(&rows, i, 4),
            .last_balance = gg_row_int(&rows, i, 5),
            .holds = gg_row_int(&rows, i, 6),
            .escrow = gg_row_int(&rows, i, 7),
        };
    return GG_OK;
}

enum gg_status pay_audit_transfers(struct gg_db *db, struct gg_arena *arena, struct gg_id account, int64_t limit,
                                   int64_t *bad)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT COUNT(*) FROM (SELECT o.transfer_id FROM"
                           " (SELECT transfer_id FROM entry WHERE account_id = ? ORDER BY version DESC LIMIT ?) r"
                           " JOIN entry o ON o.transfer_id = r.transfer_id JOIN transfer t ON t.id = o.transfer_id"
                           " GROUP BY o.transfer_id HAVING SUM(o.amount) <> 0 OR COUNT(*) <> 2"
                           " OR MAX(o.amount) <> MAX(t.amount)) b",
                           GG_ARGS(gg_v_id(&account), gg_v_int(limit)), &rows));
    *bad = gg_row_int(&rows, 0, 0);
    return GG_OK;
}
