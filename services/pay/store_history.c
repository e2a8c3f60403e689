/* services/pay/store_history.c
 * SQL about the history of a wallet. The page is taken from an index first; only its lines are joined with what
 * explains them. */
#include "store_history.h"

#include "libcommon/crypto.h"
#include "store.h"

/* Which of the indexes answers: the most telling filter decides. All parameters are there in each form, so that one
 * list of arguments fits. */
#define PAGE_COLUMNS                                                                                                   \
    "SELECT account_id, version, transfer_id, kind, amount, balance, deal_id, share_id, made_at, hash FROM entry"
#define PLACE                                                                                                          \
    " AND made_at >= ? AND made_at < ? AND (made_at < ? OR (made_at = ? AND version < ?))"                             \
    " ORDER BY made_at DESC, version DESC LIMIT ?"
#define EXPLAINED(page)                                                                                                \
    "SELECT e.transfer_id, e.deal_id, e.share_id, e.kind, e.amount, e.balance, e.version, e.made_at, e.hash,"          \
    " CASE WHEN e.kind = 'remit' THEN IF(t.debit_account = e.account_id, t.credit_account, t.debit_account)"           \
    " WHEN e.kind = 'payout' THEN h.user_id WHEN d.host_id = e.account_id THEN h.user_id ELSE d.host_id END AS other," \
    " d.title, d.receipt_won, r.memo, r.room_id, r.request_id, b.bank, b.number, s.terms, s.settled_at, c.reason"      \
    " FROM (" page ") e JOIN transfer t ON t.id = e.transfer_id"                                                       \
    " LEFT JOIN deal_copy d ON d.deal_id = e.deal_id LEFT JOIN hold h ON h.share_id = e.share_id"                      \
    " LEFT JOIN share_copy s ON s.share_id = e.share_id LEFT JOIN remittance r ON r.id = e.transfer_id"                \
    " LEFT JOIN withdrawal w ON w.id = e.transfer_id LEFT JOIN bank_account b ON b.id = w.bank_account_id"             \
    " LEFT JOIN correction c ON c.transfer_id = e.transfer_id ORDER BY e.made_at DESC, e.version DESC"

static const char all_lines[] = EXPLAINED(PAGE_COLUMNS " FORCE INDEX (ix_entry_at) WHERE account_id = ?" PLACE);
static const char lines_of_kind[] =
    EXPLAINED(PAGE_COLUMNS " FORCE INDEX (ix_entry_kind) WHERE account_id = ? AND kind = ?" PLACE);
static const char lines_of_deal[] =
    EXPLAINED(PAGE_COLUMNS " FORCE INDEX (ix_entry_deal_at) WHERE account_id = ? AND deal_id = ?" PLACE);
static const char lines_of_both[] =
    EXPLAINED(PAGE_COLUMNS " FORCE INDEX (ix_entry_deal_at) WHERE account_id = ? AND deal_id = ? AND kind = ?" PLACE);

static struct pay_history_row read_line(struct gg_arena *arena, const struct gg_rows *rows, size_t i)
{
    struct gg_str hash = gg_row_bytes(rows, i, 8);
    struct pay_history_row row = {
        .transfer = gg_row_id(rows, i, 0),
        .deal = gg_row_id(rows, i, 1),
        .share = gg_row_id(rows, i, 2),
        .kind = pay_name_index(pay_entry_kind_names, gg_row_text(rows, i, 3)),
        .amount = gg_row_int(rows, i, 4),
        .balance = gg_row_int(rows, i, 5),
        .version = gg_row_int(rows, i, 6),
        .at = gg_row_time(rows, i, 7),
        .hash = gg_hex(arena, hash.p, hash.n),
        .counterpart = gg_row_id(rows, i, 9),
        .title = gg_row_text(rows, i, 10),
        .receipt_won = gg_row_int(rows, i, 11),
        .memo = gg_row_text(rows, i, 12),
        .room = gg_row_id(rows, i, 13),
        .request = gg_row_id(rows, i, 14),
        .bank = gg_row_text(rows, i, 15),
        .number = gg_row_text(rows, i, 16),
        .terms = gg_row_int(rows, i, 17),
        .settled_at = gg_row_time(rows, i, 18),
    };

    if (!row.memo) /* the owner of a corrected wallet reads why */
        row.memo = gg_row_text(rows, i, 19);
    return row;
}

#define NAMES_AT_ONCE 256

/* Names of the counterparts of up to NAMES_AT_ONCE lines, in one look-up by primary key. */
static enum gg_status name_some(struct gg_db *db, struct gg_arena *arena, struct pay_history_row *lines, size_t n)
{
    struct gg_val ids[NAMES_AT_ONCE];
    struct gg_rows rows;
    size_t n_ids = 0;

    for (size_t i = 0; i < n; i++)
        if (!gg_id_is_zero(lines[i].counterpart))
            ids[n_ids++] = gg_v_id(&lines[i].counterpart);
    if (n_ids == 0)
        return GG_OK;
    GG_TRY(
        gg_db_query_in(db, arena, "SELECT user_id, nickname FROM person WHERE user_id IN ", ids, 1, n_ids, "", &rows));
    for (size_t i = 0; i < n; i++)
        for (size_t row = 0; row < rows.n; row++)
            if (gg_id_equal(gg_row_id(&rows, row, 0), lines[i].counterpart))
                lines[i].nickname = gg_row_text(&rows, row, 1);
    return GG_OK;
}

static enum gg_status add_names(struct gg_db *db, struct gg_arena *arena, struct pay_history_row *lines, size_t n)
{
    for (size_t i = 0; i < n; i += NAMES_AT_ONCE)
        GG_TRY(name_some(db, arena, lines + i, n - i < NAMES_AT_ONCE ? n - i : NAMES_AT_ONCE));
    return GG_OK;
}

enum gg_status pay_history(struct gg_db *db, struct gg_arena *arena, const struct pay_history_filter *filter,
                           int64_t limit, struct pay_history_row **lines, size_t *n)
{
    int64_t farthest = INT64_C(253370764800000); /* the year 9999 */
    int64_t from = filter->from == GG_NONE ? 0 : filter->from;
    int64_t until = filter->until == GG_NONE || filter->until > farthest ? farthest : filter->until;
    int64_t before = filter->before == GG_NONE ? farthest : filter->before;
    bool deal = !gg_id_is_zero(filter->deal), kind = filter->kind >= 0;
    struct gg_val args[10];
    struct gg_rows rows;
    size_t k = 0;

    args[k++] = gg_v_id(&filter->account);
    if (deal)
        args[k++] = gg_v_id(&filter->deal);
    if (kind)
        args[k++] = gg_v_text(pay_entry_kind_names[filter->kind]);
    args[k++] = gg_v_time(from);
    args[k++] = gg_v_time(until);
    args[k++] = gg_v_time(before);
    args[k++] = gg_v_time(before);
    args[k++] = gg_v_int(filter->version == GG_NONE ? INT64_MAX : filter->version);
    args[k++] = gg_v_int(limit);
    GG_TRY(gg_db_query(db, arena,
                       deal && kind ? lines_of_both
                       : deal       ? lines_of_deal
                       : kind       ? lines_of_kind
                                    : all_lines,
                       args, k, &rows));
    *n = rows.n;
    *lines = GG_NEW_ARRAY(arena, struct pay_history_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*lines)[i] = read_line(arena, &rows, i);
    return add_names(db, arena, *lines, *n);
}

enum gg_status pay_balance_at(struct gg_db *db, struct gg_arena *arena, struct gg_id account, int64_t at,
                              int64_t *balance, int64_t *version)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT balance, version FROM entry FORCE INDEX (ix_entry_at) WHERE account_id = ?"
                       " AND made_at <= ? ORDER BY made_at DESC, version DESC LIMIT 1",
                       GG_ARGS(gg_v_id(&account), gg_v_time(at)), &rows));
    *balance = rows.n > 0 ? gg_row_int(&rows, 0, 0) : 0;
    *version = rows.n > 0 ? gg_row_int(&rows, 0, 1) : 0;
    return GG_OK;
}

enum gg_status pay_share_copy_save(struct gg_db *db, struct gg_id share, struct gg_id deal, struct gg_id user,
                                   int64_t terms)
{
    return gg_db_exec(db,
                      "INSERT INTO share_copy (share_id, deal_id, user_id, terms) VALUES (?, ?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE terms = COALESCE(VALUES(terms), terms)",
                      GG_ARGS(gg_v_id(&share), gg_v_id(&deal), gg_v_id(&user), gg_v_int(terms)), NULL);
}

enum gg_status pay_share_copy_settled(struct gg_db *db, struct gg_id share, int64_t at)
{
    return gg_db_exec(db, "UPDATE share_copy SET settled_at = ? WHERE share_id = ?",
                      GG_ARGS(gg_v_time(at), gg_v_id(&share)), NULL);
}

enum gg_status pay_deal_copy_bought(struct gg_db *db, struct gg_id deal, int64_t receipt_won)
{
    return gg_db_exec(db, "UPDATE deal_copy SET receipt_won = ? WHERE deal_id = ?",
                      GG_ARGS(gg_v_int(receipt_won), gg_v_id(&deal)), NULL);
}
