/* services/pay/store_ledger.c
 * SQL about accounts, transfers and entries. Transfers and entries are only ever inserted. */
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

#define ACCOUNTS_QUERY "SELECT id, kind, posted, pending_debits, version, last_hash, stopped_for FROM account"
#define ACCOUNT_QUERY  ACCOUNTS_QUERY " WHERE id = ?"

static struct pay_account read_account(const struct gg_rows *rows, size_t row)
{
    struct pay_account account = {
        .id = gg_row_id(rows, row, 0),
        .kind = pay_name_index(pay_account_kind_names, gg_row_text(rows, row, 1)),
        .posted = gg_row_int(rows, row, 2),
        .pending = gg_row_int(rows, row, 3),
        .version = gg_row_int(rows, row, 4),
        .stopped = gg_row_text(rows, row, 6) != NULL,
    };

    copy_hash(rows, row, 5, account.hash);
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
    *out = read_account(&rows, 0);
    return GG_OK;
}

enum gg_status pay_account_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct pay_account *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, ACCOUNT_QUERY " FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_account(&rows, 0);
    return GG_OK;
}

#define LOCKED_AT_ONCE 1024

enum gg_status pay_accounts_lock(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n,
                                 struct pay_account *out, size_t *found)
{
    struct gg_val *list = GG_NEW_ARRAY(arena, struct gg_val, n);

    *found = 0;
    for (size_t i = 0; i < n; i++)
        list[i] = gg_v_id(&ids[i]);
    for (size_t done = 0; done < n; done += LOCKED_AT_ONCE) {
        size_t some = n - done < LOCKED_AT_ONCE ? n - done : LOCKED_AT_ONCE;
        struct gg_rows rows;

        GG_TRY(gg_db_query_in(db, arena, ACCOUNTS_QUERY " WHERE id IN ", list + done, 1, some,
                              " ORDER BY id FOR UPDATE", &rows));
        for (size_t i = 0; i < rows.n; i++)
            out[(*found)++] = read_account(&rows, i);
    }
    return GG_OK;
}

enum gg_status pay_accounts_save(struct gg_db *db, struct gg_arena *arena, const struct pay_account *const *accounts,
                                 size_t n, int64_t now)
{
    enum { COLUMNS = 7 };
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, n * COLUMNS);

    for (size_t i = 0; i < n; i++) {
        struct gg_val *row = &args[i * COLUMNS];

        row[0] = gg_v_id(&accounts[i]->id);
        row[1] = gg_v_text(pay_account_kind_names[accounts[i]->kind]);
        row[2] = gg_v_int(accounts[i]->posted);
        row[3] = gg_v_int(accounts[i]->pending);
        row[4] = gg_v_int(accounts[i]->version);
        row[5] = gg_v_bytes(accounts[i]->hash, GG_SHA256);
        row[6] = gg_v_time(now);
    }
    return gg_db_upsert_rows(
        db, "INSERT INTO account (id, kind, posted, pending_debits, version, last_hash, created_at) VALUES ", args,
        COLUMNS, n,
        " ON DUPLICATE KEY UPDATE posted = VALUES(posted), pending_debits = VALUES(pending_debits),"
        " version = VALUES(version), last_hash = VALUES(last_hash)");
}

/* --- transfers and entries --- */

enum gg_status pay_transfers_insert(struct gg_db *db, struct gg_arena *arena, const struct pay_transfer *transfers,
                                    size_t n)
{
    enum { COLUMNS = 8 };
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, n * COLUMNS);

    for (size_t i = 0; i < n; i++) {
        const struct pay_transfer *transfer = &transfers[i];
        struct gg_val *row = &args[i * COLUMNS];

        row[0] = gg_v_id(&transfer->id);
        row[1] = gg_v_text(pay_entry_kind_names[transfer->kind]);
        row[2] = gg_v_id(&transfer->debit);
        row[3] = gg_v_id(&transfer->credit);
        row[4] = gg_v_int(transfer->amount);
        row[5] = gg_v_id(&transfer->deal);
        row[6] = gg_v_id(&transfer->share);
        row[7] = gg_v_time(transfer->at);
    }
    return gg_db_insert_rows(
        db,
        "INSERT INTO transfer (id, kind, debit_account, credit_account, amount, deal_id, share_id, made_at) VALUES ",
        args, COLUMNS, n);
}

enum gg_status pay_transfer_exists(struct gg_db *db, struct gg_arena *arena, struct gg_id id, bool *yes)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT 1 FROM transfer WHERE id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *yes = rows.n > 0;
    return GG_OK;
}

enum gg_status pay_postings_insert(struct gg_db *db, struct gg_arena *arena, const struct pay_posting *postings,
                                   size_t n)
{
    enum { COLUMNS = 11 };
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, n * COLUMNS);

    for (size_t i = 0; i < n; i++) {
        const struct pay_posting *posting = &postings[i];
        struct gg_val *row = &args[i * COLUMNS];

        row[0] = gg_v_id(&posting->account);
        row[1] = gg_v_int(posting->version);
        row[2] = gg_v_id(&posting->transfer);
        row[3] = gg_v_text(pay_entry_kind_names[posting->kind]);
        row[4] = gg_v_int(posting->amount);
        row[5] = gg_v_int(posting->balance);
        row[6] = gg_v_id(&posting->deal);
        row[7] = gg_v_id(&posting->share);
        row[8] = gg_v_time(posting->at);
        row[9] = gg_v_bytes(posting->previous, GG_SHA256);
        row[10] = gg_v_bytes(posting->hash, GG_SHA256);
    }
    return gg_db_insert_rows(
        db,
        "INSERT INTO entry (account_id, version, transfer_id, kind, amount, balance, deal_id, share_id, made_at,"
        " previous_hash, hash) VALUES ",
        args, COLUMNS, n);
}

#define POSTING_COLUMNS                                                                                                \
    "account_id, version, transfer_id, kind, amount, balance, deal_id, share_id, made_at, previous_hash, hash"

static void read_postings(struct gg_arena *arena, const struct gg_rows *rows, struct pay_posting **postings, size_t *n)
{
    *n = rows->n;
    *postings = GG_NEW_ARRAY(arena, struct pay_posting, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        struct pay_posting *posting = &(*postings)[i];

        *posting = (struct pay_posting){
            .account = gg_row_id(rows, i, 0),
            .version = gg_row_int(rows, i, 1),
            .transfer = gg_row_id(rows, i, 2),
            .kind = pay_name_index(pay_entry_kind_names, gg_row_text(rows, i, 3)),
            .amount = gg_row_int(rows, i, 4),
            .balance = gg_row_int(rows, i, 5),
            .deal = gg_row_id(rows, i, 6),
            .share = gg_row_id(rows, i, 7),
            .at = gg_row_time(rows, i, 8),
        };
        copy_hash(rows, i, 9, posting->previous);
        copy_hash(rows, i, 10, posting->hash);
    }
}

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
    read_postings(arena, &rows, postings, n);
    return GG_OK;
}

enum gg_status pay_postings_after(struct gg_db *db, struct gg_arena *arena, struct gg_id account, int64_t after,
                                  int64_t upto, int64_t limit, struct pay_posting **postings, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " POSTING_COLUMNS " FROM entry WHERE account_id = ? AND version > ? AND version <= ?"
                       " ORDER BY version LIMIT ?",
                       GG_ARGS(gg_v_id(&account), gg_v_int(after), gg_v_int(upto), gg_v_int(limit)), &rows));
    read_postings(arena, &rows, postings, n);
    return GG_OK;
}

enum gg_status pay_posting_read(struct gg_db *db, struct gg_arena *arena, struct gg_id transfer, struct gg_id account,
                                struct pay_posting **posting)
{
    struct gg_rows rows;
    size_t n;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " POSTING_COLUMNS " FROM entry WHERE transfer_id = ? AND account_id = ?",
                           GG_ARGS(gg_v_id(&transfer), gg_v_id(&account)), &rows));
    read_postings(arena, &rows, posting, &n);
    return GG_OK;
}
