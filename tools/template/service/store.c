/* services/@NAME@/store.c
 * SQL of the @NAME@ service. */
#include "store.h"

enum gg_status @NAME@_notes_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *kept)
{
    struct gg_rows rows;

    GG_TRY(gg_db_exec(db,
                      "INSERT INTO notebook (user_id, kept) VALUES (?, 0)"
                      " ON DUPLICATE KEY UPDATE user_id = VALUES(user_id)",
                      GG_ARGS(gg_v_id(&user)), NULL));
    GG_TRY(gg_db_query_one(db, arena, "SELECT kept FROM notebook WHERE user_id = ? FOR UPDATE", GG_ARGS(gg_v_id(&user)),
                           &rows));
    *kept = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

enum gg_status @NAME@_note_insert(struct gg_db *db, struct gg_id user, const struct @NAME@_note *note)
{
    GG_TRY(gg_db_exec_one(db, "UPDATE notebook SET kept = kept + 1 WHERE user_id = ?", GG_ARGS(gg_v_id(&user))));
    return gg_db_exec(db, "INSERT INTO note (note_id, user_id, text, at) VALUES (?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&note->id), gg_v_id(&user), gg_v_text(note->text), gg_v_time(note->at)), NULL);
}

enum gg_status @NAME@_notes(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id before,
                          int64_t limit, struct gg_list *notes)
{
    struct gg_rows rows;
    struct @NAME@_note *items;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT note_id, text, at FROM note WHERE user_id = ? AND note_id < ?"
                       " ORDER BY note_id DESC LIMIT ?",
                       GG_ARGS(gg_v_id(&user), gg_v_bytes(&before, sizeof(before)), gg_v_int(limit)), &rows));
    items = GG_NEW_ARRAY(arena, struct @NAME@_note, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        items[i].id = gg_row_id(&rows, i, 0);
        items[i].text = gg_row_text(&rows, i, 1);
        items[i].at = gg_row_time(&rows, i, 2);
    }
    *notes = (struct gg_list){items, rows.n};
    return GG_OK;
}
