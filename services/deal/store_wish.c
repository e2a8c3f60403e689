/* services/deal/store_wish.c
 * SQL of the request board. */
#include "store_wish.h"

#include "libcommon/buf.h"

#define WISH                                                                                                           \
    "SELECT w.id, w.user_id, w.deal_id, p.nickname, w.title, w.text, w.category, w.cell, w.votes, w.created_at,"       \
    " v.user_id IS NOT NULL FROM wish w LEFT JOIN person p ON p.user_id = w.user_id"                                   \
    " LEFT JOIN wish_vote v ON v.wish_id = w.id AND v.user_id = ?"

static struct deal_wish_row read_wish(const struct gg_rows *rows, size_t r)
{
    return (struct deal_wish_row){.id = gg_row_id(rows, r, 0),
                                  .user = gg_row_id(rows, r, 1),
                                  .deal = gg_row_id(rows, r, 2),
                                  .nickname = gg_row_text(rows, r, 3),
                                  .title = gg_row_text(rows, r, 4),
                                  .text = gg_row_text(rows, r, 5),
                                  .category = (int)gg_row_int(rows, r, 6),
                                  .cell = gg_row_int(rows, r, 7),
                                  .votes = gg_row_int(rows, r, 8),
                                  .created_at = gg_row_time(rows, r, 9),
                                  .voted = gg_row_int(rows, r, 10) != 0};
}

enum gg_status deal_wish_insert(struct gg_db *db, const struct deal_wish_row *w)
{
    return gg_db_exec(
        db, "INSERT INTO wish (id, user_id, title, text, category, cell, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&w->id), gg_v_id(&w->user), gg_v_text(w->title), gg_v_text(w->text), gg_v_int(w->category),
                gg_v_int(w->cell), gg_v_time(w->created_at)),
        NULL);
}

enum gg_status deal_wishes_open(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT CAST(COUNT(id) AS SIGNED) FROM wish WHERE user_id = ? AND deal_id IS NULL",
                           GG_ARGS(gg_v_id(&user)), &rows));
    *n = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

enum gg_status deal_wish_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct gg_id viewer,
                             struct deal_wish_row *wish)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, WISH " WHERE w.id = ?", GG_ARGS(gg_v_bytes(viewer.b, 16), gg_v_id(&id)), &rows));
    *wish = read_wish(&rows, 0);
    return GG_OK;
}

enum gg_status deal_wishes(struct gg_db *db, struct gg_arena *arena, const struct deal_cell_range *ranges,
                           size_t n_ranges, bool by_votes, struct gg_id viewer, int64_t after_votes,
                           struct gg_id after_id, int64_t limit, struct deal_wish_row **list, size_t *n)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, 2 * n_ranges + 6);
    enum gg_status status;
    struct gg_rows rows;
    struct gg_buf sql;
    size_t k = 0;

    *n = 0;
    if (n_ranges == 0)
        return GG_OK;
    gg_buf_init(&sql, 32 * 1024);
    gg_buf_adds(&sql, WISH " WHERE (");
    args[k++] = gg_v_bytes(viewer.b, 16);
    for (size_t i = 0; i < n_ranges; i++) {
        gg_buf_adds(&sql, i ? " OR w.cell BETWEEN ? AND ?" : "w.cell BETWEEN ? AND ?");
        args[k++] = gg_v_int(ranges[i].from);
        args[k++] = gg_v_int(ranges[i].to);
    }
    gg_buf_adds(&sql, ")");
    if (after_votes != GG_NONE && by_votes) {
        gg_buf_adds(&sql, " AND (w.votes < ? OR (w.votes = ? AND w.id < ?))");
        args[k++] = gg_v_int(after_votes);
        args[k++] = gg_v_int(after_votes);
        args[k++] = gg_v_bytes(after_id.b, 16);
    } else if (after_votes != GG_NONE) {
        gg_buf_adds(&sql, " AND w.id < ?");
        args[k++] = gg_v_bytes(after_id.b, 16);
    }
    gg_buf_addf(&sql, " ORDER BY %sw.id DESC LIMIT ?", by_votes ? "w.votes DESC, " : "");
    args[k++] = gg_v_int(limit);
    status = gg_db_query_dynamic(db, arena, sql.p, args, k, &rows);
    gg_buf_free(&sql);
    GG_TRY(status);
    *n = rows.n;
    *list = GG_NEW_ARRAY(arena, struct deal_wish_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*list)[i] = read_wish(&rows, i);
    return GG_OK;
}

enum gg_status deal_wish_vote(struct gg_db *db, struct gg_id wish, struct gg_id user, bool on)
{
    int64_t changed;
    enum gg_status status;

    /* The request first: whoever votes waits for its row, and it cannot vanish meanwhile. */
    GG_TRY(gg_db_exec_one(db, "UPDATE wish SET votes = votes WHERE id = ?", GG_ARGS(gg_v_id(&wish))));
    if (on) {
        status = gg_db_exec(db, "INSERT INTO wish_vote (wish_id, user_id) VALUES (?, ?)",
                            GG_ARGS(gg_v_id(&wish), gg_v_id(&user)), NULL);
        if (status == GG_DUPLICATE)
            return GG_OK;
        GG_TRY(status);
    } else {
        GG_TRY(gg_db_exec(db, "DELETE FROM wish_vote WHERE wish_id = ? AND user_id = ?",
                          GG_ARGS(gg_v_id(&wish), gg_v_id(&user)), &changed));
        if (changed == 0)
            return GG_OK;
    }
    return gg_db_exec(db, "UPDATE wish SET votes = votes + ? WHERE id = ?",
                      GG_ARGS(gg_v_int(on ? 1 : -1), gg_v_id(&wish)), NULL);
}

enum gg_status deal_wish_delete(struct gg_db *db, struct gg_id wish)
{
    return gg_db_exec(db, "DELETE FROM wish WHERE id = ?", GG_ARGS(gg_v_id(&wish)), NULL);
}

enum gg_status deal_wish_fulfil(struct gg_db *db, struct gg_id wish, struct gg_id deal)
{
    return gg_db_exec(db, "UPDATE wish SET deal_id = ? WHERE id = ?", GG_ARGS(gg_v_id(&deal), gg_v_id(&wish)), NULL);
}
