/* services/pay/store_bank.c
 * SQL about bank accounts, withdrawals and reviews. */
#include "store_bank.h"

#include "libcommon/clock.h"
#include "proto/pay_wallet.h"
#include "store.h"

/* --- bank accounts --- */

enum gg_status pay_bank_account_insert(struct gg_db *db, const struct pay_bank_account_row *row)
{
    return gg_db_exec(db,
                      "INSERT INTO bank_account (id, user_id, bank, bank_name, number, holder, added_at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&row->id), gg_v_id(&row->user), gg_v_text(row->bank), gg_v_text(row->bank_name),
                              gg_v_text(row->number), gg_v_text(row->holder), gg_v_time(row->added_at)),
                      NULL);
}

#define ACCOUNT_QUERY "SELECT id, user_id, bank, bank_name, number, holder, added_at, removed_at FROM bank_account"

static struct pay_bank_account_row read_account(const struct gg_rows *rows, size_t i)
{
    return (struct pay_bank_account_row){
        .id = gg_row_id(rows, i, 0),
        .user = gg_row_id(rows, i, 1),
        .bank = gg_row_text(rows, i, 2),
        .bank_name = gg_row_text(rows, i, 3),
        .number = gg_row_text(rows, i, 4),
        .holder = gg_row_text(rows, i, 5),
        .added_at = gg_row_time(rows, i, 6),
        .removed = gg_row_time(rows, i, 7) != GG_NONE,
    };
}

enum gg_status pay_bank_account_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                     struct pay_bank_account_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, ACCOUNT_QUERY " WHERE id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_account(&rows, 0);
    return GG_OK;
}

enum gg_status pay_bank_accounts_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                    struct pay_bank_account_row **out, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, ACCOUNT_QUERY " WHERE user_id = ? AND removed_at IS NULL ORDER BY id",
                       GG_ARGS(gg_v_id(&user)), &rows));
    *n = rows.n;
    *out = GG_NEW_ARRAY(arena, struct pay_bank_account_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = read_account(&rows, i);
    return GG_OK;
}

enum gg_status pay_bank_account_remove(struct gg_db *db, struct gg_id id, struct gg_id user, int64_t now)
{
    return gg_db_exec_one(db,
                          "UPDATE bank_account SET removed_at = ? WHERE id = ? AND user_id = ? AND removed_at IS NULL",
                          GG_ARGS(gg_v_time(now), gg_v_id(&id), gg_v_id(&user)));
}

enum gg_status pay_bank_accounts_purge(struct gg_db *db, struct gg_id user, int64_t now, int64_t *rows)
{
    return gg_db_exec(db,
                      "UPDATE bank_account SET number = '00000000', holder = '-',"
                      " removed_at = COALESCE(removed_at, ?) WHERE user_id = ?",
                      GG_ARGS(gg_v_time(now), gg_v_id(&user)), rows);
}

/* --- withdrawals --- */

enum gg_status pay_withdrawal_insert(struct gg_db *db, const struct pay_withdrawal_row *row)
{
    return gg_db_exec(db,
                      "INSERT INTO withdrawal (id, user_id, bank_account_id, amount, state, day, created_at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&row->id), gg_v_id(&row->user), gg_v_id(&row->bank_account),
                              gg_v_int(row->amount), gg_v_text(pay_withdrawal_state_names[row->state]),
                              gg_v_int(row->day), gg_v_time(row->created_at)),
                      NULL);
}

#define WITHDRAWAL_QUERY                                                                                               \
    "SELECT w.id, w.user_id, w.bank_account_id, w.amount, w.state, w.day, w.asked_at, w.bank_transfer, w.bank_date,"   \
    " w.reason, w.created_at, w.ended_at, b.bank, b.number, b.holder FROM withdrawal w"                                \
    " JOIN bank_account b ON b.id = w.bank_account_id"

static struct pay_withdrawal_row read_withdrawal(const struct gg_rows *rows, size_t i)
{
    return (struct pay_withdrawal_row){
        .id = gg_row_id(rows, i, 0),
        .user = gg_row_id(rows, i, 1),
        .bank_account = gg_row_id(rows, i, 2),
        .amount = gg_row_int(rows, i, 3),
        .state = pay_name_index(pay_withdrawal_state_names, gg_row_text(rows, i, 4)),
        .day = gg_row_int(rows, i, 5),
        .asked_at = gg_row_time(rows, i, 6),
        .transfer = gg_row_text(rows, i, 7),
        .date = gg_row_text(rows, i, 8),
        .reason = gg_row_text(rows, i, 9),
        .created_at = gg_row_time(rows, i, 10),
        .ended_at = gg_row_time(rows, i, 11),
        .bank = gg_row_text(rows, i, 12),
        .number = gg_row_text(rows, i, 13),
        .holder = gg_row_text(rows, i, 14),
    };
}

enum gg_status pay_withdrawal_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                   struct pay_withdrawal_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, WITHDRAWAL_QUERY " WHERE w.id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_withdrawal(&rows, 0);
    return GG_OK;
}

enum gg_status pay_withdrawal_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                   struct pay_withdrawal_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, WITHDRAWAL_QUERY " WHERE w.id = ? FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_withdrawal(&rows, 0);
    return GG_OK;
}

enum gg_status pay_withdrawal_save(struct gg_db *db, const struct pay_withdrawal_row *row)
{
    return gg_db_exec_one(db,
                          "UPDATE withdrawal SET state = ?, asked_at = ?, bank_transfer = ?, bank_date = ?, reason = ?,"
                          " ended_at = ? WHERE id = ? AND state IN ('pending', 'review')",
                          GG_ARGS(gg_v_text(pay_withdrawal_state_names[row->state]), gg_v_time(row->asked_at),
                                  gg_v_text(row->transfer), gg_v_text(row->date), gg_v_text(row->reason),
                                  gg_v_time(row->ended_at), gg_v_id(&row->id)));
}

enum gg_status pay_withdrawal_asked(struct gg_db *db, struct gg_id id, int64_t now)
{
    return gg_db_exec_one(db, "UPDATE withdrawal SET asked_at = ? WHERE id = ? AND state = 'pending'",
                          GG_ARGS(gg_v_time(now), gg_v_id(&id)));
}

enum gg_status pay_withdrawals_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before_at,
                                  struct gg_id before, int64_t limit, struct pay_withdrawal_row **out, size_t *n)
{
    struct gg_rows rows;

    if (before_at == GG_NONE)
        GG_TRY(gg_db_query(db, arena,
                           WITHDRAWAL_QUERY " WHERE w.user_id = ? ORDER BY w.created_at DESC, w.id DESC LIMIT ?",
                           GG_ARGS(gg_v_id(&user), gg_v_int(limit)), &rows));
    else
        GG_TRY(gg_db_query(
            db, arena,
            WITHDRAWAL_QUERY " WHERE w.user_id = ? AND (w.created_at < ? OR (w.created_at = ?"
                             " AND w.id < ?)) ORDER BY w.created_at DESC, w.id DESC LIMIT ?",
            GG_ARGS(gg_v_id(&user), gg_v_time(before_at), gg_v_time(before_at), gg_v_id(&before), gg_v_int(limit)),
            &rows));
    *n = rows.n;
    *out = GG_NEW_ARRAY(arena, struct pay_withdrawal_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = read_withdrawal(&rows, i);
    return GG_OK;
}

/* --- held for review --- */

enum gg_status pay_review_open(struct gg_db *db, const char *kind, struct gg_id subject, struct gg_id user,
                               int64_t amount, const char *detail)
{
    struct gg_id id = gg_id_new();

    return gg_db_exec(db,
                      "INSERT INTO review (id, kind, subject, user_id, amount, detail, opened_at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE"
                      " state = IF(amount = VALUES(amount), state, 'open'),"
                      " proposal = IF(amount = VALUES(amount), proposal, NULL),"
                      " decided_by = IF(amount = VALUES(amount), decided_by, NULL),"
                      " decided_at = IF(amount = VALUES(amount), decided_at, NULL), amount = VALUES(amount)",
                      GG_ARGS(gg_v_id(&id), gg_v_text(kind), gg_v_id(&subject), gg_v_id(&user), gg_v_int(amount),
                              gg_v_text(detail), gg_v_time(gg_now())),
                      NULL);
}

enum gg_status pay_review_decided(struct gg_db *db, struct gg_arena *arena, const char *kind, struct gg_id subject,
                                  bool *decided)
{
    struct gg_rows rows;
    enum gg_status status =
        gg_db_query_one(db, arena, "SELECT state = 'decided' FROM review WHERE kind = ? AND subject = ?",
                        GG_ARGS(gg_v_text(kind), gg_v_id(&subject)), &rows);

    *decided = status == GG_OK && gg_row_int(&rows, 0, 0);
    return status == GG_NOT_FOUND ? GG_OK : status;
}

#define REVIEW_QUERY                                                                                                   \
    "SELECT id, kind, subject, user_id, amount, detail, state, opened_at, proposal, reason, proposed_by, decided_by,"  \
    " proposed_at, decided_at FROM review"

static struct pay_review_row read_review(const struct gg_rows *rows, size_t i)
{
    return (struct pay_review_row){
        .id = gg_row_id(rows, i, 0),
        .kind = gg_row_text(rows, i, 1),
        .subject = gg_row_id(rows, i, 2),
        .user = gg_row_id(rows, i, 3),
        .amount = gg_row_int(rows, i, 4),
        .detail = gg_row_text(rows, i, 5),
        .state = gg_row_text(rows, i, 6),
        .opened_at = gg_row_time(rows, i, 7),
        .proposal = gg_row_text(rows, i, 8),
        .reason = gg_row_text(rows, i, 9),
        .proposed_by = gg_row_id(rows, i, 10),
        .decided_by = gg_row_id(rows, i, 11),
        .proposed_at = gg_row_time(rows, i, 12),
        .decided_at = gg_row_time(rows, i, 13),
    };
}

enum gg_status pay_review_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct pay_review_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, REVIEW_QUERY " WHERE id = ? FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_review(&rows, 0);
    return GG_OK;
}

enum gg_status pay_review_save(struct gg_db *db, const struct pay_review_row *row)
{
    return gg_db_exec_one(db,
                          "UPDATE review SET state = ?, proposal = ?, reason = ?, proposed_by = ?, proposed_at = ?,"
                          " decided_by = ?, decided_at = ? WHERE id = ? AND state <> 'decided'",
                          GG_ARGS(gg_v_text(row->state), gg_v_text(row->proposal), gg_v_text(row->reason),
                                  gg_v_id(&row->proposed_by), gg_v_time(row->proposed_at), gg_v_id(&row->decided_by),
                                  gg_v_time(row->decided_at), gg_v_id(&row->id)));
}

enum gg_status pay_reviews(struct gg_db *db, struct gg_arena *arena, bool decided, int64_t after_at, struct gg_id after,
                           int64_t limit, struct pay_review_row **out, size_t *n)
{
    int64_t from = after_at == GG_NONE ? 0 : after_at;
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena,
        REVIEW_QUERY " WHERE (state = 'decided') = ? AND (opened_at > ? OR (opened_at = ? AND id > ?))"
                     " ORDER BY opened_at, id LIMIT ?",
        GG_ARGS(gg_v_int(decided), gg_v_time(from), gg_v_time(from), gg_v_bytes(after.b, 16), gg_v_int(limit)), &rows));
    *n = rows.n;
    *out = GG_NEW_ARRAY(arena, struct pay_review_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = read_review(&rows, i);
    return GG_OK;
}
