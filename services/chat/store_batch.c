/* services/chat/store_batch.c
 * SQL for many messages or rooms at once: few statements however many there are. Keys are looked up by joining a list
 * of them: the same as OR lists costs the server six times as much. Lists come in a few lengths so that few statements
 * are prepared; a shorter one is filled up with its last element, or with nobody. */
#include "store_notice.h"

/* The lists are longer than what ISO C promises to take, and far below what compilers do. */
#pragma GCC diagnostic ignored "-Woverlength-strings"

/* `x` so many times, and such lists whose first element is another. */
#define X2(sep, x)          x sep x
#define X4(sep, x)          X2(sep, x) sep X2(sep, x)
#define X8(sep, x)          X4(sep, x) sep X4(sep, x)
#define X16(sep, x)         X8(sep, x) sep X8(sep, x)
#define X32(sep, x)         X16(sep, x) sep X16(sep, x)
#define X64(sep, x)         X32(sep, x) sep X32(sep, x)
#define F2(sep, first, x)   first sep x
#define F4(sep, first, x)   F2(sep, first, x) sep X2(sep, x)
#define F8(sep, first, x)   F4(sep, first, x) sep X4(sep, x)
#define F16(sep, first, x)  F8(sep, first, x) sep X8(sep, x)
#define F32(sep, first, x)  F16(sep, first, x) sep X16(sep, x)
#define F12(sep, first, x)  F8(sep, first, x) sep X4(sep, x)
#define F24(sep, first, x)  F16(sep, first, x) sep X8(sep, x)
#define F48(sep, first, x)  F32(sep, first, x) sep X16(sep, x)
#define F64(sep, first, x)  F32(sep, first, x) sep X32(sep, x)
#define F96(sep, first, x)  F64(sep, first, x) sep X32(sep, x)
#define F128(sep, first, x) F64(sep, first, x) sep X64(sep, x)
#define SIZES               12
/* One statement for each size. */
#define STATEMENTS(before, sep, first, x, after)                                                                       \
    {                                                                                                                  \
        before first after, before F2(sep, first, x) after, before F4(sep, first, x) after,                            \
            before F8(sep, first, x) after, before F12(sep, first, x) after, before F16(sep, first, x) after,          \
            before F24(sep, first, x) after, before F32(sep, first, x) after, before F48(sep, first, x) after,         \
            before F64(sep, first, x) after, before F96(sep, first, x) after, before F128(sep, first, x) after         \
    }

static const size_t sizes[SIZES] = {1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128};

/* The smallest list that holds n. */
static size_t size_for(size_t n)
{
    size_t i = 0;

    while (sizes[i] < n)
        i++;
    return i;
}

#define AN_ID  "CAST(? AS BINARY(16))" /* said of each: with one of an unknown type the list would be a file */
#define A_LONG "CAST(? AS SIGNED)"

enum gg_status chat_writers(struct gg_db *db, struct gg_arena *arena, const struct chat_key *keys, size_t n,
                            struct chat_writer **writers, size_t *found)
{
    static const char *const sql[SIZES] =
        STATEMENTS("SELECT m.room_id, m.user_id, p.nickname FROM (", " UNION ALL ",
                   "SELECT " AN_ID " AS room_id, " AN_ID " AS user_id", "SELECT " AN_ID ", " AN_ID,
                   ") k STRAIGHT_JOIN member m ON m.room_id = k.room_id AND m.user_id = k.user_id"
                   " LEFT JOIN person p ON p.user_id = m.user_id WHERE m.left_seq IS NULL");
    size_t size = size_for(n), m = 2 * sizes[size];
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, m);
    struct gg_rows rows;

    for (size_t i = 0; i < sizes[size]; i++) {
        const struct chat_key *key = &keys[i < n ? i : n - 1];
        args[2 * i] = gg_v_id(&key->room);
        args[2 * i + 1] = gg_v_id(&key->sender);
    }
    GG_TRY(gg_db_query(db, arena, sql[size], args, m, &rows));
    *writers = GG_NEW_ARRAY(arena, struct chat_writer, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*writers)[i] = (struct chat_writer){gg_row_id(&rows, i, 0), gg_row_id(&rows, i, 1), gg_row_text(&rows, i, 2)};
    *found = rows.n;
    return GG_OK;
}

enum gg_status chat_stored(struct gg_db *db, struct gg_arena *arena, const struct chat_key *keys, size_t n,
                           struct chat_stored **stored, size_t *found)
{
    static const char *const sql[SIZES] = STATEMENTS(
        "SELECT e.room_id, e.sender_id, e.cid, e.seq FROM (", " UNION ALL ",
        "SELECT " AN_ID " AS room_id, " AN_ID " AS sender_id, " AN_ID " AS cid", "SELECT " AN_ID ", " AN_ID ", " AN_ID,
        ") k STRAIGHT_JOIN entry e ON e.room_id = k.room_id AND e.sender_id = k.sender_id AND e.cid = k.cid");
    size_t size = size_for(n), m = 3 * sizes[size];
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, m);
    struct gg_rows rows;

    for (size_t i = 0; i < sizes[size]; i++) {
        const struct chat_key *key = &keys[i < n ? i : n - 1];
        args[3 * i] = gg_v_id(&key->room);
        args[3 * i + 1] = gg_v_id(&key->sender);
        args[3 * i + 2] = gg_v_id(&key->cid);
    }
    GG_TRY(gg_db_query(db, arena, sql[size], args, m, &rows));
    *stored = GG_NEW_ARRAY(arena, struct chat_stored, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*stored)[i] = (struct chat_stored){{gg_row_id(&rows, i, 0), gg_row_id(&rows, i, 1), gg_row_id(&rows, i, 2)},
                                            gg_row_int(&rows, i, 3)};
    *found = rows.n;
    return GG_OK;
}

enum gg_status chat_entries_insert(struct gg_db *db, struct gg_arena *arena, const struct gg_id *rooms,
                                   const struct chat_entry_row *const *entries, size_t n)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, 9 * n), *a = args;

    for (size_t i = 0; i < n; i++) {
        const struct chat_entry_row *e = entries[i];
        *a++ = gg_v_id(&rooms[i]);
        *a++ = gg_v_int(e->seq);
        *a++ = gg_v_int(e->messages);
        *a++ = gg_v_int(e->type);
        *a++ = gg_v_id(&e->sender);
        *a++ = gg_v_id(&e->cid);
        *a++ = gg_v_text(e->body);
        *a++ = gg_v_time(e->at);
        *a++ = gg_v_text(e->extra);
    }
    return gg_db_insert_rows(
        db, "INSERT INTO entry (room_id, seq, messages, type, sender_id, cid, body, at, extra) VALUES", args, 9, n);
}

/* The rows are there: the INSERTs from here on only name them. A join with a list would cost two temporary tables. */
#define ROOM_COLUMNS    10
#define NOTICED_COLUMNS 9
#define MARK_COLUMNS    5

enum gg_status chat_rooms_update(struct gg_db *db, struct gg_arena *arena, const struct chat_room_row *rooms, size_t n,
                                 int64_t now)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, ROOM_COLUMNS * n), *a = args;

    for (size_t i = 0; i < n; i++) {
        *a++ = gg_v_id(&rooms[i].id);
        *a++ = gg_v_id(&rooms[i].id);
        *a++ = gg_v_text("");
        *a++ = gg_v_int(rooms[i].last_seq);
        *a++ = gg_v_int(rooms[i].messages);
        *a++ = gg_v_int(rooms[i].shown_seq);
        *a++ = gg_v_int(rooms[i].noticing);
        *a++ = gg_v_int(rooms[i].called);
        *a++ = gg_v_time(now);
        *a++ = gg_v_time(now);
    }
    return gg_db_upsert_rows(db,
                             "INSERT INTO room (id, host_id, title, last_seq, messages, shown_seq, noticing, called, "
                             "shown_at, changed_at) VALUES",
                             args, ROOM_COLUMNS, n,
                             " ON DUPLICATE KEY UPDATE last_seq = VALUES(last_seq), messages = VALUES(messages),"
                             " shown_seq = VALUES(shown_seq), noticing = VALUES(noticing), called = VALUES(called),"
                             " shown_at = VALUES(shown_at), changed_at = VALUES(changed_at)");
}

enum gg_status chat_rooms_noticed(struct gg_db *db, struct gg_arena *arena, const struct chat_room_row *rooms, size_t n,
                                  int64_t now)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, NOTICED_COLUMNS * n), *a = args;

    for (size_t i = 0; i < n; i++) {
        *a++ = gg_v_id(&rooms[i].id);
        *a++ = gg_v_id(&rooms[i].id);
        *a++ = gg_v_text("");
        *a++ = gg_v_int(rooms[i].announced);
        *a++ = gg_v_int(rooms[i].noticing);
        *a++ = gg_v_int(rooms[i].called);
        *a++ = gg_v_int(rooms[i].noticed_seq);
        *a++ = gg_v_time(rooms[i].noticed_at);
        *a++ = gg_v_time(now);
    }
    return gg_db_upsert_rows(
        db,
        "INSERT INTO room (id, host_id, title, announced, noticing, called, noticed_seq, noticed_at, changed_at) "
        "VALUES",
        args, NOTICED_COLUMNS, n,
        " ON DUPLICATE KEY UPDATE announced = VALUES(announced), noticing = VALUES(noticing), called = VALUES(called),"
        " noticed_seq = VALUES(noticed_seq), noticed_at = VALUES(noticed_at), changed_at = VALUES(changed_at)");
}

enum gg_status chat_marks_move(struct gg_db *db, struct gg_arena *arena, const struct chat_stored *marks, size_t n)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, MARK_COLUMNS * n), *a = args;

    for (size_t i = 0; i < n; i++) {
        *a++ = gg_v_id(&marks[i].key.room);
        *a++ = gg_v_id(&marks[i].key.sender);
        *a++ = gg_v_int(0);
        *a++ = gg_v_int(marks[i].seq);
        *a++ = gg_v_time(0);
    }
    return gg_db_upsert_rows(db, "INSERT INTO member (room_id, user_id, joined_seq, read_seq, changed_at) VALUES", args,
                             MARK_COLUMNS, n,
                             " ON DUPLICATE KEY UPDATE read_seq = GREATEST(read_seq, VALUES(read_seq))");
}

enum gg_status chat_unread_in(struct gg_db *db, struct gg_arena *arena, const struct chat_unread_in *in, size_t n,
                              int64_t now, struct chat_unread_user **users, size_t *found)
{
    static const char *const sql[SIZES] =
        STATEMENTS("SELECT m.room_id, m.user_id FROM (", " UNION ALL ",
                   "SELECT " AN_ID " AS room_id, " AN_ID " AS sender_id, " A_LONG " AS seq",
                   "SELECT " AN_ID ", " AN_ID ", " A_LONG,
                   ") k STRAIGHT_JOIN member m ON m.room_id = k.room_id WHERE m.left_seq IS NULL AND m.read_seq < k.seq"
                   " AND m.user_id <> k.sender_id AND (m.muted = FALSE OR m.muted_until <= ?)"
                   " AND NOT EXISTS (SELECT 1 FROM block b WHERE b.user_id = m.user_id AND b.blocked_id = k.sender_id)"
                   " ORDER BY m.room_id, m.user_id");
    size_t size = size_for(n);
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, 3 * sizes[size] + 1), *a = args;
    struct gg_rows rows;

    for (size_t i = 0; i < sizes[size]; i++) {
        *a++ = i < n ? gg_v_id(&in[i].room) : gg_v_null(); /* twice the same room would be twice the same people */
        *a++ = i < n ? gg_v_id(&in[i].sender) : gg_v_null();
        *a++ = gg_v_int(i < n ? in[i].seq : 0);
    }
    *a++ = gg_v_time(now);
    GG_TRY(gg_db_query(db, arena, sql[size], args, (size_t)(a - args), &rows));
    *users = GG_NEW_ARRAY(arena, struct chat_unread_user, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*users)[i] = (struct chat_unread_user){gg_row_id(&rows, i, 0), gg_row_id(&rows, i, 1)};
    *found = rows.n;
    return GG_OK;
}

/* At most as many as the longest list. An UPDATE of a join, though an INSERT that only names rows would cost less: push
 * counts for people whom chat does not know yet, or no more, and an INSERT would make them. */
static enum gg_status put_inboxes(struct gg_db *db, struct gg_arena *arena, const struct chat_inbox_row *inboxes,
                                  size_t n, int64_t now)
{
    static const char *const sql[SIZES] = STATEMENTS(
        "UPDATE (", " UNION ALL ", "SELECT " AN_ID " AS user_id, " A_LONG " AS unread", "SELECT " AN_ID ", " A_LONG,
        ") k STRAIGHT_JOIN person p ON p.user_id = k.user_id SET p.inbox_unread = k.unread,"
        " p.changed_at = ?");
    size_t size = size_for(n);
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, 2 * sizes[size] + 1), *a = args;

    for (size_t i = 0; i < sizes[size]; i++) {
        const struct chat_inbox_row *inbox = &inboxes[i < n ? i : n - 1];
        *a++ = gg_v_id(&inbox->user);
        *a++ = gg_v_int(inbox->unread);
    }
    *a++ = gg_v_time(now);
    return gg_db_exec(db, sql[size], args, (size_t)(a - args), NULL);
}

enum gg_status chat_inboxes_put(struct gg_db *db, struct gg_arena *arena, const struct chat_inbox_row *inboxes,
                                size_t n, int64_t now)
{
    for (size_t done = 0, some; done < n; done += some) {
        some = n - done < sizes[SIZES - 1] ? n - done : sizes[SIZES - 1];
        GG_TRY(put_inboxes(db, arena, inboxes + done, some, now));
    }
    return GG_OK;
}
