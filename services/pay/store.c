/* services/pay/store.c
 * SQL about shares (holds and escrow) and charges. */
#include "store.h"

#include "libcommon/log.h"

#include <string.h>

int pay_name_index(const char *const *names, const char *text)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    gg_fatal("broken_data", "no such name: %s", text);
}

#define SHARE_COLUMNS                                                                                                  \
    "h.share_id, h.deal_id, h.user_id, h.amount, h.state, h.step, h.placed_at, h.expires_at, COALESCE(e.captured, 0)," \
    " COALESCE(e.refunded, 0), COALESCE(e.paid_out, 0), e.closed_at"
#define SHARE_TABLES "hold h LEFT JOIN escrow_share e ON e.share_id = h.share_id"

static struct pay_share read_share(const struct gg_rows *rows, size_t row)
{
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
                   .paid_out = gg_row_int(rows, row, 10)},
        .closed = gg_row_time(rows, row, 11) != GG_NONE,
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

enum gg_status pay_share_insert(struct gg_db *db, const struct pay_share *share)
{
    return gg_db_exec(db,
                      "INSERT INTO hold (share_id, deal_id, user_id, amount, state, step, placed_at, expires_at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&share->share), gg_v_id(&share->deal), gg_v_id(&share->user),
                              gg_v_int(share->held), gg_v_text(pay_hold_state_names[share->state]),
                              gg_v_int(share->step), gg_v_time(share->placed_at), gg_v_time(share->expires_at)),
                      NULL);
}

enum gg_status pay_hold_resolve(struct gg_db *db, const struct pay_share *share, int64_t now)
{
    const char *state = pay_hold_state_names[share->state];

    GG_TRY(gg_db_exec_one(db, "UPDATE hold SET state = ? WHERE share_id = ? AND state = 'pending'",
                          GG_ARGS(gg_v_text(state), gg_v_id(&share->share))));
    return gg_db_exec(
        db, "INSERT INTO hold_resolution (share_id, state, captured, made_at) VALUES (?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&share->share), gg_v_text(state), gg_v_int(share->escrow.captured), gg_v_time(now)), NULL);
}

enum gg_status pay_step_save(struct gg_db *db, const struct pay_share *share)
{
    return gg_db_exec_one(db, "UPDATE hold SET step = ? WHERE share_id = ?",
                          GG_ARGS(gg_v_int(share->step), gg_v_id(&share->share)));
}

enum gg_status pay_escrow_insert(struct gg_db *db, const struct pay_share *share)
{
    return gg_db_exec(db, "INSERT INTO escrow_share (share_id, deal_id, captured) VALUES (?, ?, ?)",
                      GG_ARGS(gg_v_id(&share->share), gg_v_id(&share->deal), gg_v_int(share->escrow.captured)), NULL);
}

enum gg_status pay_escrow_save(struct gg_db *db, const struct pay_share *share, int64_t now)
{
    return gg_db_exec_one(db,
                          "UPDATE escrow_share SET refunded = ?, paid_out = ?, closed_at = ?"
                          " WHERE share_id = ? AND closed_at IS NULL",
                          GG_ARGS(gg_v_int(share->escrow.refunded), gg_v_int(share->escrow.paid_out),
                                  gg_v_time(share->closed ? now : GG_NONE), gg_v_id(&share->share)));
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

/* --- charges --- */

enum gg_status pay_charge_insert(struct gg_db *db, const struct pay_charge_row *charge)
{
    return gg_db_exec(db,
                      "INSERT INTO charge (id, user_id, amount, state, payment_key, checkout_url, created_at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&charge->id), gg_v_id(&charge->user), gg_v_int(charge->amount),
                              gg_v_text(pay_charge_state_names[charge->state]), gg_v_text(charge->payment_key),
                              gg_v_text(charge->checkout_url), gg_v_time(charge->created_at)),
                      NULL);
}

static struct pay_charge_row read_charge(const struct gg_rows *rows)
{
    return (struct pay_charge_row){
        .id = gg_row_id(rows, 0, 0),
        .user = gg_row_id(rows, 0, 1),
        .amount = gg_row_int(rows, 0, 2),
        .state = pay_name_index(pay_charge_state_names, gg_row_text(rows, 0, 3)),
        .payment_key = gg_row_text(rows, 0, 4),
        .checkout_url = gg_row_text(rows, 0, 5),
        .created_at = gg_row_time(rows, 0, 6),
    };
}

#define CHARGE_QUERY "SELECT id, user_id, amount, state, payment_key, checkout_url, created_at FROM charge WHERE id = ?"

enum gg_status pay_charge_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct pay_charge_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, CHARGE_QUERY, GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_charge(&rows);
    return GG_OK;
}

enum gg_status pay_charge_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct pay_charge_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, CHARGE_QUERY " FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_charge(&rows);
    return GG_OK;
}

enum gg_status pay_charge_end(struct gg_db *db, struct gg_id id, int from, int to, int64_t now)
{
    return gg_db_exec_one(db, "UPDATE charge SET state = ?, ended_at = ? WHERE id = ? AND state = ?",
                          GG_ARGS(gg_v_text(pay_charge_state_names[to]), gg_v_time(now), gg_v_id(&id),
                                  gg_v_text(pay_charge_state_names[from])));
}
