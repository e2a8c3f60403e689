/* services/pay/store_share.c
 * SQL about shares: holds, how they end, what escrow has of them. Any number of shares is written with few statements.
 */
#include "steps.h"

#define SHARE_COLUMNS                                                                                                  \
    "h.share_id, h.deal_id, h.user_id, h.amount, h.state, h.step, h.placed_at, h.expires_at, COALESCE(e.captured, 0)," \
    " COALESCE(e.refunded, 0), COALESCE(e.paid_out, 0), e.closed_at, h.resize, e.dispute_id,"                          \
    " COALESCE(e.owed_refund, 0), e.owed_to, e.exit_at"
#define SHARE_TABLES "hold h LEFT JOIN escrow_share e ON e.share_id = h.share_id"

static struct pay_share read_share(const struct gg_rows *rows, size_t row)
{
    struct gg_id dispute = gg_row_id(rows, row, 13);

    return (struct pay_share){
        .share = gg_row_id(rows, row, 0),
        .deal = gg_row_id(rows, row, 1),
        .user = gg_row_id(rows, row, 2),
        .held = gg_row_int(rows, row, 3),
        .state = pay_name_index(pay_hold_state_names, gg_row_text(rows, row, 4)),
        .step = gg_row_int(rows, row, 5),
        .placed_at = gg_row_time(rows, row, 6),
        .expires_at = gg_row_time(rows, row, 7),
        .escrow = {.captured = gg_row_int(rows, row, 8),
                   .refunded = gg_row_int(rows, row, 9),
                   .paid_out = gg_row_int(rows, row, 10),
                   .frozen = !gg_id_is_zero(dispute)},
        .closed = gg_row_time(rows, row, 11) != GG_NONE,
        .resize = gg_row_int(rows, row, 12),
        .dispute = dispute,
        .owed_refund = gg_row_int(rows, row, 14),
        .owed_to = gg_row_id(rows, row, 15),
        .exit_at = gg_row_time(rows, row, 16),
    };
}

static void read_shares(struct gg_arena *arena, const struct gg_rows *rows, struct pay_share **shares, size_t *n)
{
    *n = rows->n;
    *shares = GG_NEW_ARRAY(arena, struct pay_share, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        (*shares)[i] = read_share(rows, i);
}

enum gg_status pay_share_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id share, struct pay_share *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " SHARE_COLUMNS " FROM " SHARE_TABLES " WHERE h.share_id = ? FOR UPDATE",
                           GG_ARGS(gg_v_id(&share)), &rows));
    *out = read_share(&rows, 0);
    return GG_OK;
}

enum gg_status pay_deal_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct pay_share **shares,
                             size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena, "SELECT " SHARE_COLUMNS " FROM " SHARE_TABLES " WHERE h.deal_id = ? ORDER BY h.share_id FOR UPDATE",
        GG_ARGS(gg_v_id(&deal)), &rows));
    read_shares(arena, &rows, shares, n);
    return GG_OK;
}

#define HOLD_COLUMNS 9

static void hold_args(const struct pay_share *share, struct gg_val row[HOLD_COLUMNS])
{
    row[0] = gg_v_id(&share->share);
    row[1] = gg_v_id(&share->deal);
    row[2] = gg_v_id(&share->user);
    row[3] = gg_v_int(share->held);
    row[4] = gg_v_text(pay_hold_state_names[share->state]);
    row[5] = gg_v_int(share->step);
    row[6] = gg_v_time(share->placed_at);
    row[7] = gg_v_time(share->expires_at);
    row[8] = gg_v_int(share->resize);
}

#define HOLD_INSERT                                                                                                    \
    "INSERT INTO hold (share_id, deal_id, user_id, amount, state, step, placed_at, expires_at, resize) VALUES "

enum gg_status pay_shares_insert(struct gg_db *db, struct gg_arena *arena, const struct pay_share *shares, size_t n)
{
    struct gg_val *rows = GG_NEW_ARRAY(arena, struct gg_val, n * HOLD_COLUMNS);

    for (size_t i = 0; i < n; i++)
        hold_args(&shares[i], &rows[i * HOLD_COLUMNS]);
    return gg_db_insert_rows(db, HOLD_INSERT, rows, HOLD_COLUMNS, n);
}

/* The shares with these marks, as one list; `mark` 0: all. */
static const struct pay_share **marked(struct gg_arena *arena, const struct pay_share *shares, size_t n, unsigned marks,
                                       size_t *found)
{
    const struct pay_share **list = GG_NEW_ARRAY(arena, const struct pay_share *, n);

    *found = 0;
    for (size_t i = 0; i < n; i++)
        if (shares[i].marks & marks)
            list[(*found)++] = &shares[i];
    return list;
}

static enum gg_status save_holds(struct gg_db *db, struct gg_arena *arena, const struct pay_share *shares, size_t n)
{
    const struct pay_share **list = marked(arena, shares, n, PAY_MARK_HOLD, &n);
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, n * HOLD_COLUMNS);

    for (size_t i = 0; i < n; i++)
        hold_args(list[i], &args[i * HOLD_COLUMNS]);
    return gg_db_upsert_rows(
        db, HOLD_INSERT, args, HOLD_COLUMNS, n,
        " ON DUPLICATE KEY UPDATE amount = VALUES(amount), state = VALUES(state), step = VALUES(step),"
        " expires_at = VALUES(expires_at), resize = VALUES(resize)");
}

/* A second ending of one hold stops here, whatever was decided above: the key is the share. */
static enum gg_status save_endings(struct gg_db *db, struct gg_arena *arena, const struct pay_share *shares, size_t n,
                                   int64_t now)
{
    enum { COLUMNS = 4 };
    const struct pay_share **list = marked(arena, shares, n, PAY_MARK_ENDED, &n);
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, n * COLUMNS);

    for (size_t i = 0; i < n; i++) {
        struct gg_val *row = &args[i * COLUMNS];

        row[0] = gg_v_id(&list[i]->share);
        row[1] = gg_v_text(pay_hold_state_names[list[i]->state]);
        row[2] = gg_v_int(list[i]->escrow.captured);
        row[3] = gg_v_time(now);
    }
    return gg_db_insert_rows(db, "INSERT INTO hold_resolution (share_id, state, captured, made_at) VALUES ", args,
                             COLUMNS, n);
}

static enum gg_status save_escrow(struct gg_db *db, struct gg_arena *arena, const struct pay_share *shares, size_t n,
                                  int64_t now)
{
    enum { COLUMNS = 10 };
    const struct pay_share **list = marked(arena, shares, n, PAY_MARK_ESCROW, &n);
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, n * COLUMNS);

    for (size_t i = 0; i < n; i++) {
        const struct pay_share *share = list[i];
        struct gg_val *row = &args[i * COLUMNS];

        row[0] = gg_v_id(&share->share);
        row[1] = gg_v_id(&share->deal);
        row[2] = gg_v_int(share->escrow.captured);
        row[3] = gg_v_int(share->escrow.refunded);
        row[4] = gg_v_int(share->escrow.paid_out);
        row[5] = gg_v_time(share->closed ? now : GG_NONE);
        row[6] = gg_v_id(&share->dispute);
        row[7] = gg_v_int(share->owed_refund);
        row[8] = gg_v_id(&share->owed_to);
        row[9] = gg_v_time(share->exit_at);
    }
    return gg_db_upsert_rows(
        db,
        "INSERT INTO escrow_share (share_id, deal_id, captured, refunded, paid_out, closed_at, dispute_id, owed_refund,"
        " owed_to, exit_at) VALUES ",
        args, COLUMNS, n,
        " ON DUPLICATE KEY UPDATE refunded = VALUES(refunded), paid_out = VALUES(paid_out),"
        " closed_at = VALUES(closed_at), dispute_id = VALUES(dispute_id), owed_refund = VALUES(owed_refund),"
        " owed_to = VALUES(owed_to)");
}

static enum gg_status clear_alarms(struct gg_db *db, struct gg_arena *arena, const struct pay_share *shares, size_t n)
{
    const struct pay_share **list = marked(arena, shares, n, PAY_MARK_ENDED, &n);
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, n);

    for (size_t i = 0; i < n; i++)
        args[i] = gg_v_id(&list[i]->share);
    return gg_db_exec_in(db, arena, "DELETE FROM due WHERE kind = '" PAY_DUE_HOLD_EXPIRE "' AND subject IN ", args, 1,
                         n);
}

enum gg_status pay_shares_save(struct gg_db *db, struct gg_arena *arena, const struct pay_share *shares, size_t n,
                               int64_t now)
{
    GG_TRY(save_holds(db, arena, shares, n));
    GG_TRY(save_endings(db, arena, shares, n, now));
    GG_TRY(save_escrow(db, arena, shares, n, now));
    return clear_alarms(db, arena, shares, n);
}

enum gg_status pay_resize_insert(struct gg_db *db, const struct pay_share *share, int64_t before, int64_t now)
{
    return gg_db_exec(
        db, "INSERT INTO hold_resize (share_id, number, before_won, after_won, made_at) VALUES (?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&share->share), gg_v_int(share->resize), gg_v_int(before), gg_v_int(share->held),
                gg_v_time(now)),
        NULL);
}

enum gg_status pay_holds_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before_at,
                            struct gg_id before, int64_t limit, struct pay_share **shares, size_t *n)
{
    struct gg_rows rows;

    if (before_at == GG_NONE)
        GG_TRY(gg_db_query(db, arena,
                           "SELECT " SHARE_COLUMNS " FROM " SHARE_TABLES
                           " WHERE h.user_id = ? ORDER BY h.placed_at DESC, h.share_id DESC LIMIT ?",
                           GG_ARGS(gg_v_id(&user), gg_v_int(limit + 1)), &rows));
    else
        GG_TRY(gg_db_query(
            db, arena,
            "SELECT " SHARE_COLUMNS " FROM " SHARE_TABLES
            " WHERE h.user_id = ? AND (h.placed_at < ? OR (h.placed_at = ? AND h.share_id < ?))"
            " ORDER BY h.placed_at DESC, h.share_id DESC LIMIT ?",
            GG_ARGS(gg_v_id(&user), gg_v_time(before_at), gg_v_time(before_at), gg_v_id(&before), gg_v_int(limit + 1)),
            &rows));
    read_shares(arena, &rows, shares, n);
    return GG_OK;
}
