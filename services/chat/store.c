/* services/chat/store.c
 * SQL of rooms, members and people. */
#include "store_log.h"

#define ROOM_COLUMNS                                                                                                   \
    "r.id, r.host_id, r.title, r.is_open, r.last_seq, r.messages, r.announced, r.kind, r.blocked, r.notice_seq,"       \
    " r.shown_seq, r.shown_at, r.members, r.noticing, r.noticed_seq, r.expected, r.paid,"                              \
    " r.called, r.noticed_at"
#define ROOM_WIDTH     19
#define MEMBER_COLUMNS "m.room_id, m.user_id, m.joined_seq, m.left_seq, m.read_seq, r.last_seq"

/* --- people --- */

enum gg_status chat_person_put(struct gg_db *db, struct gg_id user, const char *nickname)
{
    return gg_db_exec(db,
                      "INSERT INTO person (user_id, nickname) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE nickname = VALUES(nickname)",
                      GG_ARGS(gg_v_id(&user), gg_v_text(nickname)), NULL);
}

enum gg_status chat_person_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user, const char **nickname)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT nickname FROM person WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    *nickname = rows.n ? gg_row_text(&rows, 0, 0) : NULL;
    return GG_OK;
}

enum gg_status chat_inbox_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *unread)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT inbox_unread FROM person WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    *unread = rows.n ? gg_row_int(&rows, 0, 0) : 0;
    return GG_OK;
}

enum gg_status chat_block_put(struct gg_db *db, struct gg_id user, struct gg_id blocked)
{
    return gg_db_exec(db,
                      "INSERT INTO block (user_id, blocked_id) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE blocked_id = VALUES(blocked_id)",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&blocked)), NULL);
}

enum gg_status chat_block_drop(struct gg_db *db, struct gg_id user, struct gg_id blocked)
{
    return gg_db_exec(db, "DELETE FROM block WHERE user_id = ? AND blocked_id = ?",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&blocked)), NULL);
}

enum gg_status chat_blocks(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id **blocked,
                           size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT blocked_id FROM block WHERE user_id = ? ORDER BY blocked_id LIMIT 1000",
                       GG_ARGS(gg_v_id(&user)), &rows));
    *blocked = GG_NEW_ARRAY(arena, struct gg_id, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*blocked)[i] = gg_row_id(&rows, i, 0);
    *n = rows.n;
    return GG_OK;
}

enum gg_status chat_blocked_between(struct gg_db *db, struct gg_arena *arena, struct gg_id a, struct gg_id b, bool *yes)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT 1 FROM block WHERE (user_id = ? AND blocked_id = ?) OR (user_id = ? AND blocked_id = ?)"
                       " LIMIT 1",
                       GG_ARGS(gg_v_id(&a), gg_v_id(&b), gg_v_id(&b), gg_v_id(&a)), &rows));
    *yes = rows.n > 0;
    return GG_OK;
}

/* --- rooms --- */

enum gg_status chat_room_insert(struct gg_db *db, const struct chat_room_row *room, int64_t now)
{
    return gg_db_exec(db, "INSERT INTO room (id, host_id, title, kind, changed_at, shown_at) VALUES (?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&room->id), gg_v_bytes(room->host.b, 16), gg_v_text(room->title),
                              gg_v_int(room->kind), gg_v_time(now), gg_v_time(now)),
                      NULL);
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
        .kind = (int)gg_row_int(rows, row, 7),
        .blocked = gg_row_int(rows, row, 8) != 0,
        .notice_seq = gg_row_int(rows, row, 9),
        .shown_seq = gg_row_int(rows, row, 10),
        .shown_at = gg_row_time(rows, row, 11),
        .members = gg_row_int(rows, row, 12),
        .noticing = gg_row_int(rows, row, 13) != 0,
        .noticed_seq = gg_row_int(rows, row, 14),
        .expected = gg_row_int(rows, row, 15),
        .paid = gg_row_int(rows, row, 16),
        .called = gg_row_int(rows, row, 17) != 0,
        .noticed_at = gg_row_time(rows, row, 18),
    };
}

enum gg_status chat_room_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct chat_room_row *room)
{
    struct gg_rows rows;

    GG_TRY(
        gg_db_query_one(db, arena, "SELECT " ROOM_COLUMNS " FROM room r WHERE r.id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *room = read_room(&rows, 0);
    return GG_OK;
}

enum gg_status chat_room_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct chat_room_row *room)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " ROOM_COLUMNS " FROM room r WHERE r.id = ? FOR UPDATE",
                           GG_ARGS(gg_v_id(&id)), &rows));
    *room = read_room(&rows, 0);
    return GG_OK;
}

static enum gg_status read_rooms(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n,
                                 const char *tail, struct chat_room_row **rooms, size_t *found)
{
    struct gg_rows result;

    GG_TRY(gg_db_query_ids(db, arena, "SELECT " ROOM_COLUMNS " FROM room r WHERE r.id IN ", GG_NO_ARGS, ids, n, tail,
                           &result));
    *rooms = GG_NEW_ARRAY(arena, struct chat_room_row, result.n);
    for (size_t i = 0; i < result.n; i++)
        (*rooms)[i] = read_room(&result, i);
    *found = result.n;
    return GG_OK;
}

enum gg_status chat_rooms_get(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n,
                              struct chat_room_row **rooms, size_t *found)
{
    static const char tail[] = " ORDER BY r.id";

    return read_rooms(db, arena, ids, n, tail, rooms, found);
}

enum gg_status chat_rooms_lock(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n,
                               struct chat_room_row **rooms, size_t *found)
{
    static const char tail[] = " ORDER BY r.id FOR UPDATE";

    return read_rooms(db, arena, ids, n, tail, rooms, found);
}

enum gg_status chat_room_rename(struct gg_db *db, struct gg_id id, const char *title)
{
    return gg_db_exec_one(db, "UPDATE room SET title = ? WHERE id = ?", GG_ARGS(gg_v_text(title), gg_v_id(&id)));
}

enum gg_status chat_room_update(struct gg_db *db, const struct chat_room_row *room, int64_t now)
{
    return gg_db_exec_one(
        db,
        "UPDATE room SET is_open = ?, last_seq = ?, messages = ?, announced = ?, blocked = ?, notice_seq = ?,"
        " shown_seq = ?, shown_at = ?, members = ?, noticing = ?, noticed_seq = ?, expected = ?, paid = ?,"
        " changed_at = ? WHERE id = ?",
        GG_ARGS(gg_v_int(room->open), gg_v_int(room->last_seq), gg_v_int(room->messages), gg_v_int(room->announced),
                gg_v_int(room->blocked), gg_v_int(room->notice_seq), gg_v_int(room->shown_seq),
                gg_v_time(room->shown_at), gg_v_int(room->members), gg_v_int(room->noticing),
                gg_v_int(room->noticed_seq), gg_v_int(room->expected), gg_v_int(room->paid), gg_v_time(now),
                gg_v_id(&room->id)));
}

enum gg_status chat_captured_add(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, int64_t more,
                                 int64_t *shares)
{
    struct gg_rows rows;

    GG_TRY(gg_db_exec(db,
                      "INSERT INTO captured (deal_id, shares) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE shares = shares + VALUES(shares)",
                      GG_ARGS(gg_v_id(&deal), gg_v_int(more)), NULL));
    GG_TRY(gg_db_query_one(db, arena, "SELECT shares FROM captured WHERE deal_id = ? FOR UPDATE",
                           GG_ARGS(gg_v_id(&deal)), &rows));
    *shares = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

/* --- members --- */

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

/* Unread = messages in the room less those up to the read mark (one's own sends move the mark along), less those of
 * people one has blocked. */
#define UNREAD                                                                                                         \
    "r.messages - COALESCE(seen.messages, 0) - (SELECT COUNT(*) FROM block b JOIN entry x ON x.room_id = m.room_id"    \
    " AND x.sender_id = b.blocked_id AND x.type = 0 AND x.seq > m.read_seq WHERE b.user_id = m.user_id)"

enum gg_status chat_member_mark(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id user,
                                int64_t *seq, int64_t *unread)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT m.read_seq, " UNREAD " FROM member m JOIN room r ON r.id = m.room_id"
                           " LEFT JOIN entry seen ON seen.room_id = m.room_id AND seen.seq = m.read_seq"
                           " WHERE m.room_id = ? AND m.user_id = ? AND m.left_seq IS NULL",
                           GG_ARGS(gg_v_id(&room), gg_v_id(&user)), &rows));
    *seq = gg_row_int(&rows, 0, 0);
    *unread = gg_row_int(&rows, 0, 1);
    return GG_OK;
}

enum gg_status chat_member_set(struct gg_db *db, struct gg_id room, struct gg_id user, int64_t pinned_at, bool muted,
                               int64_t muted_until)
{
    return gg_db_exec_one(
        db,
        "UPDATE member SET pinned_at = ?, muted = ?, muted_until = ?"
        " WHERE room_id = ? AND user_id = ? AND left_seq IS NULL",
        GG_ARGS(gg_v_time(pinned_at), gg_v_int(muted), gg_v_time(muted_until), gg_v_id(&room), gg_v_id(&user)));
}

enum gg_status chat_members_in(struct gg_db *db, struct gg_arena *arena, struct gg_id room,
                               const struct chat_mention *users, size_t n, int64_t *count)
{
    struct gg_id *ids = GG_NEW_ARRAY(arena, struct gg_id, n);
    struct gg_rows rows;

    for (size_t i = 0; i < n; i++)
        ids[i] = users[i].user;
    GG_TRY(gg_db_query_ids(db, arena,
                           "SELECT user_id FROM member WHERE room_id = ? AND left_seq IS NULL AND user_id IN ",
                           GG_ARGS(gg_v_id(&room)), ids, n, "", &rows));
    *count = (int64_t)rows.n;
    return GG_OK;
}

enum gg_status chat_members(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id after,
                            int64_t limit, struct chat_person **people, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT m.user_id, p.nickname FROM member m LEFT JOIN person p ON p.user_id = m.user_id"
                       " WHERE m.room_id = ? AND m.user_id > ? AND m.left_seq IS NULL ORDER BY m.user_id LIMIT ?",
                       GG_ARGS(gg_v_id(&room), gg_v_bytes(after.b, 16), gg_v_int(limit)), &rows));
    *people = GG_NEW_ARRAY(arena, struct chat_person, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*people)[i] = (struct chat_person){gg_row_id(&rows, i, 0), gg_row_text(&rows, i, 1)};
    *n = rows.n;
    return GG_OK;
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

/* --- lists of rooms --- */

#define LISTED_COLUMNS                                                                                                 \
    ROOM_COLUMNS ", m.read_seq, " UNREAD ", m.pinned_at, m.muted, m.muted_until, o.user_id, q.nickname,"               \
                 " " CHAT_ENTRY_COLUMNS
#define LISTED_FROM                                                                                                    \
    " FROM member m JOIN room r ON r.id = m.room_id"                                                                   \
    " LEFT JOIN entry seen ON seen.room_id = m.room_id AND seen.seq = m.read_seq"                                      \
    " LEFT JOIN entry e ON e.room_id = m.room_id AND e.seq = r.shown_seq"                                              \
    " LEFT JOIN person p ON p.user_id = e.sender_id"                                                                   \
    " LEFT JOIN member o ON r.kind = 1 AND o.room_id = m.room_id AND o.user_id <> m.user_id"                           \
    " LEFT JOIN person q ON q.user_id = o.user_id"                                                                     \
    " WHERE m.user_id = ? AND m.left_seq IS NULL"

static void read_listed(struct gg_arena *arena, const struct gg_rows *rows, struct chat_listed_room **rooms, size_t *n)
{
    *rooms = GG_NEW_ARRAY(arena, struct chat_listed_room, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        struct chat_listed_room *room = &(*rooms)[i];
        *room = (struct chat_listed_room){
            .room = read_room(rows, i),
            .read_seq = gg_row_int(rows, i, ROOM_WIDTH),
            .unread = gg_row_int(rows, i, ROOM_WIDTH + 1),
            .pinned_at = gg_row_time(rows, i, ROOM_WIDTH + 2),
            .muted = gg_row_int(rows, i, ROOM_WIDTH + 3) != 0,
            .muted_until = gg_row_time(rows, i, ROOM_WIDTH + 4),
            .peer = gg_row_id(rows, i, ROOM_WIDTH + 5),
            .peer_nickname = gg_row_text(rows, i, ROOM_WIDTH + 6),
        };
        if (gg_row_int(rows, i, ROOM_WIDTH + 7) != GG_NONE)
            room->last = chat_entry_read(rows, i, ROOM_WIDTH + 7);
    }
    *n = rows->n;
}

enum gg_status chat_rooms_pinned(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                 struct chat_listed_room **rooms, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " LISTED_COLUMNS LISTED_FROM
                       " AND m.pinned_at IS NOT NULL ORDER BY m.pinned_at DESC, r.id LIMIT 20",
                       GG_ARGS(gg_v_id(&user)), &rows));
    read_listed(arena, &rows, rooms, n);
    return GG_OK;
}

enum gg_status chat_rooms(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                          struct gg_id before_id, int64_t limit, struct chat_listed_room **rooms, size_t *n)
{
    struct gg_rows rows;

    if (before == GG_NONE)
        GG_TRY(gg_db_query(db, arena,
                           "SELECT " LISTED_COLUMNS LISTED_FROM
                           " AND m.pinned_at IS NULL ORDER BY r.shown_at DESC, r.id DESC LIMIT ?",
                           GG_ARGS(gg_v_id(&user), gg_v_int(limit)), &rows));
    else
        GG_TRY(gg_db_query(
            db, arena,
            "SELECT " LISTED_COLUMNS LISTED_FROM
            " AND m.pinned_at IS NULL AND (r.shown_at < ? OR (r.shown_at = ? AND r.id < ?))"
            " ORDER BY r.shown_at DESC, r.id DESC LIMIT ?",
            GG_ARGS(gg_v_id(&user), gg_v_time(before), gg_v_time(before), gg_v_id(&before_id), gg_v_int(limit)),
            &rows));
    read_listed(arena, &rows, rooms, n);
    return GG_OK;
}

enum gg_status chat_room_listed(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id user,
                                struct chat_listed_room *listed)
{
    struct chat_listed_room *rooms;
    struct gg_rows rows;
    size_t n;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " LISTED_COLUMNS LISTED_FROM " AND m.room_id = ?",
                           GG_ARGS(gg_v_id(&user), gg_v_id(&room)), &rows));
    read_listed(arena, &rows, &rooms, &n);
    *listed = rooms[0];
    return GG_OK;
}

/* --- what changed --- */

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

enum gg_status chat_inboxes_changed(struct gg_db *db, struct gg_arena *arena, int64_t since,
                                    struct chat_inbox_row **changed, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT user_id, inbox_unread FROM person WHERE changed_at >= ?",
                       GG_ARGS(gg_v_time(since)), &rows));
    *changed = GG_NEW_ARRAY(arena, struct chat_inbox_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*changed)[i] = (struct chat_inbox_row){gg_row_id(&rows, i, 0), gg_row_int(&rows, i, 1)};
    *n = rows.n;
    return GG_OK;
}

/* --- how deals stand --- */

#define PROGRESS_COLUMNS "deal_id, state, taken, portions"

static void read_progress(struct gg_arena *arena, const struct gg_rows *rows, struct chat_progress **progress,
                          size_t *n)
{
    *progress = GG_NEW_ARRAY(arena, struct chat_progress, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        (*progress)[i] = (struct chat_progress){.deal = gg_row_id(rows, i, 0),
                                                .state = gg_row_text(rows, i, 1),
                                                .taken = gg_row_int(rows, i, 2),
                                                .portions = gg_row_int(rows, i, 3)};
    *n = rows->n;
}

enum gg_status chat_progress_get(struct gg_db *db, struct gg_arena *arena, struct gg_id deal,
                                 struct chat_progress *progress)
{
    struct chat_progress *list;
    struct gg_rows rows;
    size_t n;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " PROGRESS_COLUMNS " FROM progress WHERE deal_id = ?",
                           GG_ARGS(gg_v_id(&deal)), &rows));
    read_progress(arena, &rows, &list, &n);
    *progress = list[0];
    return GG_OK;
}

enum gg_status chat_progress_put(struct gg_db *db, struct gg_arena *arena, const struct chat_progress *change,
                                 int64_t now, struct chat_progress *whole)
{
    GG_TRY(gg_db_exec(db,
                      "INSERT INTO progress (deal_id, state, taken, portions, changed_at)"
                      " VALUES (?, COALESCE(?, 'recruiting'), COALESCE(?, 0), COALESCE(?, 0), ?)"
                      " ON DUPLICATE KEY UPDATE state = COALESCE(?, state), taken = COALESCE(?, taken),"
                      " portions = COALESCE(?, portions), changed_at = VALUES(changed_at)",
                      GG_ARGS(gg_v_id(&change->deal), gg_v_text(change->state), gg_v_int(change->taken),
                              gg_v_int(change->portions), gg_v_time(now), gg_v_text(change->state),
                              gg_v_int(change->taken), gg_v_int(change->portions)),
                      NULL));
    return chat_progress_get(db, arena, change->deal, whole);
}

enum gg_status chat_progress_changed(struct gg_db *db, struct gg_arena *arena, int64_t since,
                                     struct chat_progress **changed, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT " PROGRESS_COLUMNS " FROM progress WHERE changed_at >= ?",
                       GG_ARGS(gg_v_time(since)), &rows));
    read_progress(arena, &rows, changed, n);
    return GG_OK;
}
