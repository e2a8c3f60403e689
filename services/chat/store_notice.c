/* services/chat/store_notice.c
 * SQL for telling who has not read. */
#include "store_notice.h"

#define NEWEST                                                                                                         \
    "(SELECT x.seq FROM entry x WHERE x.room_id = r.id AND x.type = 0 AND x.deleted = FALSE ORDER BY x.seq DESC "      \
    "LIMIT 1)"

enum gg_status chat_newest_messages(struct gg_db *db, struct gg_arena *arena, const struct gg_id *rooms, size_t n,
                                    struct chat_own_entry **entries, size_t *found)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena,
                           "SELECT r.id, " CHAT_ENTRY_COLUMNS " FROM room r STRAIGHT_JOIN entry e ON e.room_id = r.id"
                           " AND e.seq = " NEWEST " LEFT JOIN person p ON p.user_id = e.sender_id WHERE r.id IN ",
                           GG_NO_ARGS, rooms, n, "", &rows));
    *entries = GG_NEW_ARRAY(arena, struct chat_own_entry, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*entries)[i] = (struct chat_own_entry){gg_row_id(&rows, i, 0), chat_entry_read(&rows, i, 1)};
    *found = rows.n;
    return GG_OK;
}

enum gg_status chat_unread_by(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id sender,
                              int64_t seq, int64_t now, struct gg_id after, int64_t limit, struct gg_id **users,
                              size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT m.user_id FROM member m"
                       " WHERE m.room_id = ? AND m.user_id > ? AND m.left_seq IS NULL AND m.read_seq < ?"
                       " AND m.user_id <> ? AND (m.muted = FALSE OR m.muted_until <= ?)"
                       " AND NOT EXISTS (SELECT 1 FROM block b WHERE b.user_id = m.user_id AND b.blocked_id = ?)"
                       " ORDER BY m.user_id LIMIT ?",
                       GG_ARGS(gg_v_id(&room), gg_v_bytes(after.b, 16), gg_v_int(seq), gg_v_id(&sender), gg_v_time(now),
                               gg_v_id(&sender), gg_v_int(limit)),
                       &rows));
    *users = GG_NEW_ARRAY(arena, struct gg_id, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*users)[i] = gg_row_id(&rows, i, 0);
    *n = rows.n;
    return GG_OK;
}

enum gg_status chat_entries_calling(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t after,
                                    struct chat_entry_row **entries, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " CHAT_ENTRY_COLUMNS " FROM entry e LEFT JOIN person p ON p.user_id = e.sender_id"
                       " WHERE e.room_id = ? AND e.seq > ? AND e.type = 0 AND LOCATE('\"mentions\"', e.extra) > 0"
                       " ORDER BY e.seq LIMIT 200",
                       GG_ARGS(gg_v_id(&room), gg_v_int(after)), &rows));
    *entries = GG_NEW_ARRAY(arena, struct chat_entry_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*entries)[i] = chat_entry_read(&rows, i, 0);
    *n = rows.n;
    return GG_OK;
}
