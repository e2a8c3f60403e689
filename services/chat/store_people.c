/* services/chat/store_people.c
 * SQL about whole accounts. */
#include "store_people.h"

enum gg_status chat_person_purge(struct gg_db *db, struct gg_id user, int64_t *rows)
{
    static const char *const changes[] = {
        "UPDATE member m JOIN entry e ON e.room_id = m.room_id AND e.sender_id = m.user_id"
        " SET e.body = NULL, e.extra = NULL, e.deleted = TRUE"
        " WHERE m.user_id = ? AND e.type IN (0, 4, 6) AND (e.body IS NOT NULL OR e.extra IS NOT NULL)",
        "DELETE w FROM wording w JOIN entry e ON e.room_id = w.room_id AND e.seq = w.target"
        " JOIN member m ON m.room_id = w.room_id WHERE m.user_id = ? AND e.sender_id = m.user_id",
        "DELETE FROM reaction WHERE user_id = ?",
        "DELETE FROM block WHERE user_id = ?",
        "DELETE FROM block WHERE blocked_id = ?",
        "DELETE FROM person WHERE user_id = ?",
    };

    *rows = 0;
    for (size_t i = 0; i < GG_LEN(changes); i++) {
        int64_t n;
        GG_TRY(gg_db_exec(db, changes[i], GG_ARGS(gg_v_id(&user)), &n));
        *rows += n;
    }
    return GG_OK;
}

enum gg_status chat_entries_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id room,
                               int64_t seq, int64_t limit, struct chat_own_entry **entries, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena,
        "SELECT e.room_id, " CHAT_ENTRY_COLUMNS " FROM member m"
        " JOIN entry e ON e.room_id = m.room_id AND e.sender_id = m.user_id"
        " LEFT JOIN person p ON p.user_id = e.sender_id"
        " WHERE m.user_id = ? AND (e.room_id > ? OR (e.room_id = ? AND e.seq > ?))"
        " ORDER BY e.room_id, e.seq LIMIT ?",
        GG_ARGS(gg_v_id(&user), gg_v_bytes(room.b, 16), gg_v_bytes(room.b, 16), gg_v_int(seq), gg_v_int(limit)),
        &rows));
    *entries = GG_NEW_ARRAY(arena, struct chat_own_entry, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*entries)[i] = (struct chat_own_entry){gg_row_id(&rows, i, 0), chat_entry_read(&rows, i, 1)};
    *n = rows.n;
    return GG_OK;
}

enum gg_status chat_members_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                               struct chat_own_member **members, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT m.room_id, m.joined_seq, m.left_seq, m.read_seq, r.last_seq, r.kind, r.title, m.muted"
                       " FROM member m JOIN room r ON r.id = m.room_id WHERE m.user_id = ? ORDER BY m.room_id",
                       GG_ARGS(gg_v_id(&user)), &rows));
    *members = GG_NEW_ARRAY(arena, struct chat_own_member, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*members)[i] = (struct chat_own_member){
            .member = {.room = gg_row_id(&rows, i, 0),
                       .user = user,
                       .joined_seq = gg_row_int(&rows, i, 1),
                       .left_seq = gg_row_int(&rows, i, 2),
                       .read_seq = gg_row_int(&rows, i, 3),
                       .last_seq = gg_row_int(&rows, i, 4)},
            .kind = (int)gg_row_int(&rows, i, 5),
            .title = gg_row_text(&rows, i, 6),
            .muted = gg_row_int(&rows, i, 7) != 0,
        };
    *n = rows.n;
    return GG_OK;
}

enum gg_status chat_reports_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                               struct chat_own_report **reports, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT id, room_id, seq, at, reason, body FROM report WHERE reporter_id = ? ORDER BY number"
                       " LIMIT 1000",
                       GG_ARGS(gg_v_id(&user)), &rows));
    *reports = GG_NEW_ARRAY(arena, struct chat_own_report, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*reports)[i] =
            (struct chat_own_report){gg_row_id(&rows, i, 0),   gg_row_id(&rows, i, 1),       gg_row_int(&rows, i, 2),
                                     gg_row_time(&rows, i, 3), (int)gg_row_int(&rows, i, 4), gg_row_text(&rows, i, 5)};
    *n = rows.n;
    return GG_OK;
}
