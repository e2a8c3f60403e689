/* services/chat/store.c
 * SQL of the chat service. */
#include "store.h"

#define ROOM_COLUMNS   "id, host_id, title, is_open, last_seq, messages, announced"
#define MEMBER_COLUMNS "m.room_id, m.user_id, m.joined_seq, m.left_seq, m.read_seq, r.last_seq"
#define ENTRY_COLUMNS  "e.seq, e.messages, e.type, e.sender_id, e.cid, e.body, e.card, e.amount_won, e.at, p.nickname"

enum gg_status chat_person_put(struct gg_db *db, struct gg_id user, const char *nickname)
{
    return gg_db_exec(db,
                      "INSERT INTO person (user_id, nickname) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE nickname = VALUES(nickname)",
                      GG_ARGS(gg_v_id(&user), gg_v_text(nickname)), NULL);
}

enum gg_status chat_room_insert(struct gg_db *db, const struct chat_room_row *room, int64_t now)
{
    return gg_db_exec(db, "INSERT INTO room (id, host_id, title, changed_at) VALUES (?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&room->id), gg_v_id(&room->host), gg_v_text(room->title), gg_v_time(now)), NULL);
}

static struct chat_room_row read_room(const struct gg_rows *rows, size_t row)
{
    return (struct chat_room_row){
        .id = gg_row_id(rows, row, 0),
        .host = gg_row_id(rows, row, 1),
        .title = gg_row_text(rows, row, 2),
        .open = gg_row_int(rows, row, 3) != 0,
        .last_seq = gg_row_int(rows, row, 4),
        .messages = gg_row_int(rows, row, 5),
        .announced = gg_row_int(rows, row, 6),
    };
}

enum gg_status chat_room_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct chat_room_row *room)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " ROOM_COLUMNS " FROM room WHERE id = ? FOR UPDATE",
                           GG_ARGS(gg_v_id(&id)), &rows));
    *room = read_room(&rows, 0);
    return GG_OK;
}

enum gg_status chat_room_update(struct gg_db *db, const struct chat_room_row *room, int64_t now)
{
    return gg_db_exec_one(
        db, "UPDATE room SET is_open = ?, last_seq = ?, messages = ?, announced = ?, changed_at = ? WHERE id = ?",
        GG_ARGS(gg_v_int(room->open), gg_v_int(room->last_seq), gg_v_int(room->messages), gg_v_int(room->announced),
                gg_v_time(now), gg_v_id(&room->id)));
}

static struct chat_member_row read_member(const struct gg_rows *rows, size_t row)
{
    return (struct chat_member_row){
        .room = gg_row_id(rows, row, 0),
        .user = gg_row_id(rows, row, 1),
        .joined_seq = gg_row_int(rows, row, 2),
        .left_seq = gg_row_int(rows, row, 3),
        .read_seq = gg_row_int(rows, row, 4),
        .last_seq = gg_row_int(rows, row, 5),
    };
}

static void read_members(struct gg_arena *arena, const struct gg_rows *rows, struct chat_member_row **members,
                         size_t *n)
{
    *members = GG_NEW_ARRAY(arena, struct chat_member_row, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        (*members)[i] = read_member(rows, i);
    *n = rows->n;
}

enum gg_status chat_member_get(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id user,
                               struct chat_member_row *member)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT " MEMBER_COLUMNS " FROM member m JOIN room r ON r.id = m.room_id"
                           " WHERE m.room_id = ? AND m.user_id = ?",
                           GG_ARGS(gg_v_id(&room), gg_v_id(&user)), &rows));
    *member = read_member(&rows, 0);
    return GG_OK;
}

enum gg_status chat_member_join(struct gg_db *db, struct gg_id room, struct gg_id user, int64_t seq, int64_t now)
{
    return gg_db_exec(db,
                      "INSERT INTO member (room_id, user_id, joined_seq, left_seq, read_seq, changed_at)"
                      " VALUES (?, ?, ?, NULL, ?, ?) ON DUPLICATE KEY UPDATE joined_seq = VALUES(joined_seq),"
                      " left_seq = NULL, read_seq = VALUES(read_seq), changed_at = VALUES(changed_at)",
                      GG_ARGS(gg_v_id(&room), gg_v_id(&user), gg_v_int(seq), gg_v_int(seq), gg_v_time(now)), NULL);
}

enum gg_status chat_member_leave(struct gg_db *db, struct gg_id room, struct gg_id user, int64_t seq, int64_t now)
{
    return gg_db_exec_one(
        db, "UPDATE member SET left_seq = ?, changed_at = ? WHERE room_id = ? AND user_id = ? AND left_seq IS NULL",
        GG_ARGS(gg_v_int(seq), gg_v_time(now), gg_v_id(&room), gg_v_id(&user)));
}

enum gg_status chat_member_read(struct gg_db *db, struct gg_id room, struct gg_id user, int64_t seq)
{
    return gg_db_exec_one(db,
                          "UPDATE member m JOIN room r ON r.id = m.room_id"
                          " SET m.read_seq = GREATEST(m.read_seq, LEAST(?, r.last_seq))"
                          " WHERE m.room_id = ? AND m.user_id = ? AND m.left_seq IS NULL",
                          GG_ARGS(gg_v_int(seq), gg_v_id(&room), gg_v_id(&user)));
}

enum gg_status chat_memberships(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                struct chat_member_row **members, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " MEMBER_COLUMNS " FROM member m JOIN room r ON r.id = m.room_id WHERE m.user_id = ?"
                       " ORDER BY r.changed_at DESC LIMIT 1000",
                       GG_ARGS(gg_v_id(&user)), &rows));
    read_members(arena, &rows, members, n);
    return GG_OK;
}

static struct chat_entry_row read_entry(const struct gg_rows *rows, size_t row, size_t first)
{
    struct chat_entry_row entry = {
        .seq = gg_row_int(rows, row, first),
        .messages = gg_row_int(rows, row, first + 1),
        .type = (int)gg_row_int(rows, row, first + 2),
        .sender = gg_row_id(rows, row, first + 3),
        .cid = gg_row_id(rows, row, first + 4),
        .body = gg_row_text(rows, row, first + 5),
        .card = -1,
        .amount_won = gg_row_int(rows, row, first + 7),
        .at = gg_row_time(rows, row, first + 8),
        .nickname = gg_row_text(rows, row, first + 9),
    };

    if (gg_row_int(rows, row, first + 6) != GG_NONE)
        entry.card = (int)gg_row_int(rows, row, first + 6);
    return entry;
}

/* Unread = messages in the room less those up to the read mark; one's own sends move the mark along. */
#define LISTED_COLUMNS                                                                                                 \
    "r.id, r.host_id, r.title, r.is_open, r.last_seq, r.messages, r.announced, m.read_seq,"                            \
    " r.messages - COALESCE(seen.messages, 0), r.changed_at, " ENTRY_COLUMNS
#define LISTED_FROM                                                                                                    \
    " FROM member m JOIN room r ON r.id = m.room_id"                                                                   \
    " LEFT JOIN entry seen ON seen.room_id = m.room_id AND seen.seq = m.read_seq"                                      \
    " JOIN entry e ON e.room_id = m.room_id AND e.seq = r.last_seq"                                                    \
    " LEFT JOIN person p ON p.user_id = e.sender_id"                                                                   \
    " WHERE m.user_id = ? AND m.left_seq IS NULL"

enum gg_status chat_rooms(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                          struct gg_id before_id, int64_t limit, struct chat_listed_room **rooms, size_t *n)
{
    struct gg_rows rows;

    if (before == GG_NONE)
        GG_TRY(gg_db_query(db, arena,
                           "SELECT " LISTED_COLUMNS LISTED_FROM " ORDER BY r.changed_at DESC, r.id DESC LIMIT ?",
                           GG_ARGS(gg_v_id(&user), gg_v_int(limit)), &rows));
    else
        GG_TRY(gg_db_query(
            db, arena,
            "SELECT " LISTED_COLUMNS LISTED_FROM " AND (r.changed_at < ? OR (r.changed_at = ? AND r.id < ?))"
            " ORDER BY r.changed_at DESC, r.id DESC LIMIT ?",
            GG_ARGS(gg_v_id(&user), gg_v_time(before), gg_v_time(before), gg_v_id(&before_id), gg_v_int(limit)),
            &rows));
    *rooms = GG_NEW_ARRAY(arena, struct chat_listed_room, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*rooms)[i] = (struct chat_listed_room){
            .room = read_room(&rows, i),
            .read_seq = gg_row_int(&rows, i, 7),
            .unread = gg_row_int(&rows, i, 8),
            .changed_at = gg_row_time(&rows, i, 9),
            .last = read_entry(&rows, i, 10),
        };
    *n = rows.n;
    return GG_OK;
}

enum gg_status chat_entry_insert(struct gg_db *db, struct gg_id room, const struct chat_entry_row *entry)
{
    return gg_db_exec(db,
                      "INSERT INTO entry (room_id, seq, messages, type, sender_id, cid, body, card, amount_won, at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&room), gg_v_int(entry->seq), gg_v_int(entry->messages), gg_v_int(entry->type),
                              gg_v_id(&entry->sender), gg_v_id(&entry->cid), gg_v_text(entry->body),
                              entry->card < 0 ? gg_v_null() : gg_v_int(entry->card), gg_v_int(entry->amount_won),
                              gg_v_time(entry->at)),
                      NULL);
}

enum gg_status chat_entry_by_cid(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id sender,
                                 struct gg_id cid, int64_t *seq)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT seq FROM entry WHERE room_id = ? AND sender_id = ? AND cid = ?",
                           GG_ARGS(gg_v_id(&room), gg_v_id(&sender), gg_v_id(&cid)), &rows));
    *seq = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

enum gg_status chat_entries(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t after, int64_t up_to,
                            int64_t limit, struct chat_entry_row **entries, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " ENTRY_COLUMNS " FROM entry e LEFT JOIN person p ON p.user_id = e.sender_id"
                       " WHERE e.room_id = ? AND e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ?",
                       GG_ARGS(gg_v_id(&room), gg_v_int(after), gg_v_int(up_to), gg_v_int(limit)), &rows));
    *entries = GG_NEW_ARRAY(arena, struct chat_entry_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*entries)[i] = read_entry(&rows, i, 0);
    *n = rows.n;
    return GG_OK;
}

enum gg_status chat_rooms_changed(struct gg_db *db, struct gg_arena *arena, int64_t since,
                                  struct chat_member_row **changed, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT r.id, NULL, 0, NULL, 0, r.last_seq FROM room r WHERE r.changed_at >= ? UNION ALL"
                       " SELECT " MEMBER_COLUMNS " FROM member m JOIN room r ON r.id = m.room_id"
                       " WHERE m.changed_at >= ? AND m.left_seq IS NULL",
                       GG_ARGS(gg_v_time(since), gg_v_time(since)), &rows));
    read_members(arena, &rows, changed, n);
    return GG_OK;
}
