/* services/deal/store_share.c
 * SQL of shares. */
#include "deal.h"
#include "market.h"
#include "store.h"

#include <string.h>

#define SHARE_COLUMNS                                                                                                  \
    "s.id, s.deal_id, s.user_id, s.position, s.state, s.reason, s.quantity, s.tolerance, s.allotted, s.max_won,"       \
    " s.amount_won, s.captured_won, s.refunded_won, s.code, s.reserved_until, s.joined_at, p.nickname,"                \
    " s.terms, s.want_quantity, s.want_tolerance, s.want_won, s.want_terms, s.resize, s.pickup_window, s.received,"    \
    " s.because, s.no_show, s.carry_delta, s.handed_at"
#define SHARE_FROM " FROM share s LEFT JOIN person p ON p.user_id = s.user_id"

static struct deal_share_row read_share(const struct gg_rows *rows, size_t r)
{
    int64_t reason = gg_row_int(rows, r, 5);

    return (struct deal_share_row){
        .id = gg_row_id(rows, r, 0),
        .deal = gg_row_id(rows, r, 1),
        .user = gg_row_id(rows, r, 2),
        .position = gg_row_int(rows, r, 3),
        .state = (int)gg_row_int(rows, r, 4),
        .reason = reason == GG_NONE ? -1 : (int)reason,
        .quantity = gg_row_int(rows, r, 6),
        .tolerance = gg_row_int(rows, r, 7),
        .allotted = gg_row_int(rows, r, 8),
        .max_won = gg_row_int(rows, r, 9),
        .amount_won = gg_row_int(rows, r, 10),
        .captured_won = gg_row_int(rows, r, 11),
        .refunded_won = gg_row_int(rows, r, 12),
        .code = gg_row_text(rows, r, 13),
        .reserved_until = gg_row_time(rows, r, 14),
        .joined_at = gg_row_time(rows, r, 15),
        .nickname = gg_row_text(rows, r, 16),
        .terms = gg_row_int(rows, r, 17),
        .want_quantity = gg_row_int(rows, r, 18),
        .want_tolerance = gg_row_int(rows, r, 19),
        .want_won = gg_row_int(rows, r, 20),
        .want_terms = gg_row_int(rows, r, 21),
        .resize = gg_row_int(rows, r, 22),
        .window = gg_row_int(rows, r, 23),
        .received = gg_row_int(rows, r, 24),
        .because = gg_row_text(rows, r, 25),
        .no_show = gg_row_int(rows, r, 26) != 0,
        .carry_delta = gg_row_int(rows, r, 27),
        .handed_at = gg_row_time(rows, r, 28),
    };
}

#define INSERT_COLUMNS 14

enum gg_status deal_shares_insert(struct gg_db *db, struct gg_arena *arena, const struct deal_share_row *shares,
                                  size_t n)
{
    struct gg_val *rows = GG_NEW_ARRAY(arena, struct gg_val, n * INSERT_COLUMNS);

    for (size_t i = 0; i < n; i++) {
        const struct deal_share_row *s = &shares[i];
        const struct gg_val row[INSERT_COLUMNS] = {gg_v_id(&s->id),
                                                   gg_v_id(&s->deal),
                                                   gg_v_id(&s->user),
                                                   gg_v_id(&s->user),
                                                   gg_v_int(s->position),
                                                   gg_v_int(s->state),
                                                   gg_v_int(s->quantity),
                                                   gg_v_int(s->tolerance),
                                                   gg_v_int(s->max_won),
                                                   gg_v_text(s->code),
                                                   gg_v_time(s->reserved_until),
                                                   gg_v_time(s->joined_at),
                                                   gg_v_int(s->terms),
                                                   gg_v_int(s->window)};
        memcpy(rows + i * INSERT_COLUMNS, row, sizeof(row));
    }
    return gg_db_insert_rows(db,
                             "INSERT INTO share (id, deal_id, user_id, live_user, position, state, quantity, tolerance,"
                             " max_won, code, reserved_until, joined_at, terms, pickup_window) VALUES",
                             rows, INSERT_COLUMNS, n);
}

enum gg_status deal_shares_have(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, const struct gg_id *users,
                                size_t n, bool *have)
{
    const struct gg_val before[] = {gg_v_id(&deal)};
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena, "SELECT live_user FROM share WHERE deal_id = ? AND live_user IN ", before, 1,
                           users, n, "", &rows));
    for (size_t i = 0; i < n; i++) {
        have[i] = false;
        for (size_t r = 0; r < rows.n; r++)
            have[i] = have[i] || gg_id_equal(gg_row_id(&rows, r, 0), users[i]);
    }
    return GG_OK;
}

enum gg_status deal_codes_taken(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, const char *const *codes,
                                size_t n, bool *taken)
{
    struct gg_val *list = GG_NEW_ARRAY(arena, struct gg_val, n * 2);
    struct gg_rows rows;

    for (size_t i = 0; i < n; i++) {
        list[2 * i] = gg_v_id(&deal);
        list[2 * i + 1] = gg_v_text(codes[i]);
    }
    GG_TRY(gg_db_query_in(db, arena, "SELECT code FROM share WHERE (deal_id, code) IN ", list, 2, n, "", &rows));
    for (size_t i = 0; i < n; i++) {
        taken[i] = false;
        for (size_t r = 0; r < rows.n; r++)
            taken[i] = taken[i] || strcmp(gg_row_text(&rows, r, 0), codes[i]) == 0;
    }
    return GG_OK;
}

/* The first row of a question about one share. */
static enum gg_status one(enum gg_status status, const struct gg_rows *rows, struct deal_share_row *share)
{
    GG_TRY(status);
    *share = read_share(rows, 0);
    return GG_OK;
}

enum gg_status deal_share_of(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct gg_id user,
                             struct deal_share_row *share)
{
    struct gg_rows rows;

    return one(gg_db_query_one(db, arena,
                               "SELECT " SHARE_COLUMNS SHARE_FROM " WHERE s.user_id = ? AND s.deal_id = ?"
                               " ORDER BY s.live_user IS NULL, s.position DESC LIMIT 1",
                               GG_ARGS(gg_v_id(&user), gg_v_id(&deal)), &rows),
               &rows, share);
}

enum gg_status deal_share_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct deal_share_row *share)
{
    struct gg_rows rows;

    return one(
        gg_db_query_one(db, arena, "SELECT " SHARE_COLUMNS SHARE_FROM " WHERE s.id = ?", GG_ARGS(gg_v_id(&id)), &rows),
        &rows, share);
}

enum gg_status deal_share_by_code(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, const char *code,
                                  struct deal_share_row *share)
{
    struct gg_rows rows;

    return one(gg_db_query_one(db, arena, "SELECT " SHARE_COLUMNS SHARE_FROM " WHERE s.deal_id = ? AND s.code = ?",
                               GG_ARGS(gg_v_id(&deal), gg_v_text(code)), &rows),
               &rows, share);
}

enum gg_status deal_shares(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, bool live, int64_t after,
                           int64_t limit, struct deal_share_row **shares, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " SHARE_COLUMNS SHARE_FROM " WHERE s.deal_id = ? AND (? = 0 OR s.live_user IS NOT NULL)"
                       " AND s.position > ? ORDER BY s.position LIMIT ?",
                       GG_ARGS(gg_v_id(&deal), gg_v_int(live), gg_v_int(after), gg_v_int(limit)), &rows));
    *shares = GG_NEW_ARRAY(arena, struct deal_share_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*shares)[i] = read_share(&rows, i);
    *n = rows.n;
    return GG_OK;
}

enum gg_status deal_share_update(struct gg_db *db, const struct deal_share_row *s)
{
    GG_TRY(deal_market_follow_share(db, s));
    return gg_db_exec_one(
        db,
        "UPDATE share SET live_user = ?, state = ?, reason = ?, allotted = ?, amount_won = ?, captured_won = ?,"
        " refunded_won = ?, quantity = ?, tolerance = ?, max_won = ?, terms = ?, want_quantity = ?, want_tolerance = ?,"
        " want_won = ?, want_terms = ?, resize = ?, pickup_window = ?, received = ?, because = ?, no_show = ?,"
        " carry_delta = ?, handed_at = ?, reserved_until = ? WHERE id = ?",
        GG_ARGS(deal_share_live(s->state) ? gg_v_id(&s->user) : gg_v_null(), gg_v_int(s->state),
                s->reason < 0 ? gg_v_null() : gg_v_int(s->reason), gg_v_int(s->allotted), gg_v_int(s->amount_won),
                gg_v_int(s->captured_won), gg_v_int(s->refunded_won), gg_v_int(s->quantity), gg_v_int(s->tolerance),
                gg_v_int(s->max_won), gg_v_int(s->terms), gg_v_int(s->want_quantity), gg_v_int(s->want_tolerance),
                gg_v_int(s->want_won), gg_v_int(s->want_terms), gg_v_int(s->resize), gg_v_int(s->window),
                gg_v_int(s->received), gg_v_text(s->because), gg_v_int(s->no_show), gg_v_int(s->carry_delta),
                gg_v_time(s->handed_at), gg_v_time(s->reserved_until), gg_v_id(&s->id)));
}
