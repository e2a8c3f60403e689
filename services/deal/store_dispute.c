/* services/deal/store_dispute.c
 * SQL of disputes. */
#include "store_flow.h"

#define DISPUTE                                                                                                        \
    "SELECT x.id, x.deal_id, x.share_id, s.user_id, d.host_id, d.title, pu.nickname, ph.nickname, x.state, x.message," \
    " x.answer, x.decision, x.photos, x.amount_won, x.asked_won, x.offered_won, x.refund_won, x.opened_at,"            \
    " x.answered_at, x.ended_at, x.due_at, x.decided_by FROM dispute x JOIN share s ON s.id = x.share_id"              \
    " JOIN deal d ON d.id = x.deal_id LEFT JOIN person pu ON pu.user_id = s.user_id"                                   \
    " LEFT JOIN person ph ON ph.user_id = d.host_id"

static struct deal_dispute_row read_dispute(const struct gg_rows *rows, size_t r)
{
    return (struct deal_dispute_row){
        .id = gg_row_id(rows, r, 0),
        .deal = gg_row_id(rows, r, 1),
        .share = gg_row_id(rows, r, 2),
        .user = gg_row_id(rows, r, 3),
        .host = gg_row_id(rows, r, 4),
        .title = gg_row_text(rows, r, 5),
        .user_nickname = gg_row_text(rows, r, 6),
        .host_nickname = gg_row_text(rows, r, 7),
        .state = (int)gg_row_int(rows, r, 8),
        .message = gg_row_text(rows, r, 9),
        .answer = gg_row_text(rows, r, 10),
        .decision = gg_row_text(rows, r, 11),
        .photos = gg_row_text(rows, r, 12),
        .amount_won = gg_row_int(rows, r, 13),
        .asked_won = gg_row_int(rows, r, 14),
        .offered_won = gg_row_int(rows, r, 15),
        .refund_won = gg_row_int(rows, r, 16),
        .opened_at = gg_row_time(rows, r, 17),
        .answered_at = gg_row_time(rows, r, 18),
        .ended_at = gg_row_time(rows, r, 19),
        .due_at = gg_row_time(rows, r, 20),
        .decided_by = gg_row_id(rows, r, 21),
    };
}

enum gg_status deal_dispute_insert(struct gg_db *db, const struct deal_dispute_row *x)
{
    return gg_db_exec(db,
                      "INSERT INTO dispute (id, deal_id, share_id, open_share, state, message, photos, amount_won,"
                      " asked_won, opened_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&x->id), gg_v_id(&x->deal), gg_v_id(&x->share), gg_v_id(&x->share),
                              gg_v_int(x->state), gg_v_text(x->message), gg_v_text(x->photos), gg_v_int(x->amount_won),
                              gg_v_int(x->asked_won), gg_v_time(x->opened_at), gg_v_time(x->due_at)),
                      NULL);
}

enum gg_status deal_dispute_update(struct gg_db *db, const struct deal_dispute_row *x)
{
    return gg_db_exec_one(db,
                          "UPDATE dispute SET open_share = ?, state = ?, answer = ?, decision = ?, offered_won = ?,"
                          " refund_won = ?, decided_by = ?, answered_at = ?, ended_at = ?, due_at = ? WHERE id = ?",
                          GG_ARGS(x->ended_at == GG_NONE ? gg_v_id(&x->share) : gg_v_null(), gg_v_int(x->state),
                                  gg_v_text(x->answer), gg_v_text(x->decision), gg_v_int(x->offered_won),
                                  gg_v_int(x->refund_won), gg_v_id(&x->decided_by), gg_v_time(x->answered_at),
                                  gg_v_time(x->ended_at), gg_v_time(x->due_at), gg_v_id(&x->id)));
}

static enum gg_status one(enum gg_status status, const struct gg_rows *rows, struct deal_dispute_row *dispute)
{
    GG_TRY(status);
    *dispute = read_dispute(rows, 0);
    return GG_OK;
}

enum gg_status deal_dispute_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                struct deal_dispute_row *dispute)
{
    struct gg_rows rows;

    return one(gg_db_query_one(db, arena, DISPUTE " WHERE x.id = ?", GG_ARGS(gg_v_id(&id)), &rows), &rows, dispute);
}

enum gg_status deal_dispute_of(struct gg_db *db, struct gg_arena *arena, struct gg_id share,
                               struct deal_dispute_row *dispute)
{
    struct gg_rows rows;

    return one(gg_db_query_one(db, arena, DISPUTE " WHERE x.share_id = ? ORDER BY x.opened_at DESC, x.id DESC LIMIT 1",
                               GG_ARGS(gg_v_id(&share)), &rows),
               &rows, dispute);
}

enum gg_status deal_dispute_list(struct gg_db *db, struct gg_arena *arena, int64_t after, struct gg_id after_id,
                                 int64_t limit, struct deal_dispute_row **list, size_t *n)
{
    struct gg_rows rows;
    int64_t from = after == GG_NONE ? 0 : after;

    GG_TRY(gg_db_query(db, arena,
                       DISPUTE " WHERE x.ended_at IS NULL AND (x.opened_at > ? OR (x.opened_at = ? AND x.id > ?))"
                               " ORDER BY x.opened_at, x.id LIMIT ?",
                       GG_ARGS(gg_v_time(from), gg_v_time(from), gg_v_bytes(after_id.b, 16), gg_v_int(limit)), &rows));
    *list = GG_NEW_ARRAY(arena, struct deal_dispute_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*list)[i] = read_dispute(&rows, i);
    *n = rows.n;
    return GG_OK;
}
