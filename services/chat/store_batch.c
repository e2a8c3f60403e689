/* services/chat/store_batch.c
 * SQL for many messages at once: few statements however many there are. Lists come in powers of four so that few
 * statements are prepared; where a list can repeat itself it is filled up with its last element, where it cannot
 * (INSERT) it is sent in such pieces. */
#include "store_log.h"

#define X4(x)  x ", " x ", " x ", " x
#define X16(x) X4(x) ", " X4(x) ", " X4(x) ", " X4(x)
#define X64(x) X16(x) ", " X16(x) ", " X16(x) ", " X16(x)
#define O4(x)  x " OR " x " OR " x " OR " x
#define O16(x) O4(x) " OR " O4(x) " OR " O4(x) " OR " O4(x)
#define O64(x) O16(x) " OR " O16(x) " OR " O16(x) " OR " O16(x)

#define WRITERS(list)                                                                                                  \
    "SELECT m.room_id, m.user_id, p.nickname FROM member m LEFT JOIN person p ON p.user_id = m.user_id"                \
    " WHERE m.left_seq IS NULL AND (" list ")"
#define WRITER       "(m.room_id = ? AND m.user_id = ?)"
#define STORED(list) "SELECT room_id, sender_id, cid, seq FROM entry WHERE " list
#define KEY          "(room_id = ? AND sender_id = ? AND cid = ?)"

static const size_t sizes[] = {1, 4, 16, 64};

/* The smallest list that holds n. */
static size_t size_for(size_t n)
{
    size_t i = 0;

    while (sizes[i] < n)
        i++;
    return i;
}

enum gg_status chat_writers(struct gg_db *db, struct gg_arena *arena, const struct chat_key *keys, size_t n,
                            struct chat_writer **writers, size_t *found)
{
    static const char *const sql[] = {WRITERS(WRITER), WRITERS(O4(WRITER)), WRITERS(O16(WRITER)), WRITERS(O64(WRITER))};
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
    static const char *const sql[] = {STORED(KEY), STORED(O4(KEY)), STORED(O16(KEY)), STORED(O64(KEY))};
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

/* Runs a statement over `n` rows of `columns` arguments each, in pieces of 64, 16, 4 and 1. */
static enum gg_status in_pieces(struct gg_db *db, const char *const sql[4], const struct gg_val *args, size_t columns,
                                size_t n)
{
    for (size_t size = 4; size-- > 0;)
        for (; n >= sizes[size]; n -= sizes[size], args += sizes[size] * columns)
            GG_TRY(gg_db_exec(db, sql[size], args, sizes[size] * columns, NULL));
    return GG_OK;
}

#define INSERT_ENTRY "INSERT INTO entry (room_id, seq, messages, type, sender_id, cid, body, at, extra) VALUES "
#define ENTRY_ROW    "(?, ?, ?, ?, ?, ?, ?, ?, ?)"

enum gg_status chat_entries_insert(struct gg_db *db, struct gg_arena *arena, const struct gg_id *rooms,
                                   const struct chat_entry_row *const *entries, size_t n)
{
    static const char *const sql[] = {INSERT_ENTRY ENTRY_ROW, INSERT_ENTRY X4(ENTRY_ROW), INSERT_ENTRY X16(ENTRY_ROW),
                                      INSERT_ENTRY X64(ENTRY_ROW)};
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
    return in_pieces(db, sql, args, 9, n);
}

/* The rows are there and locked: the INSERT only names them, many in one statement. */
#define UPDATE_ROOM                                                                                                    \
    "INSERT INTO room (id, host_id, title, last_seq, messages, shown_seq, shown_at, noticing, changed_at) VALUES "
#define ROOM_ROW "(?, ?, ?, ?, ?, ?, ?, ?, ?)"
#define ON_ROOM                                                                                                        \
    " ON DUPLICATE KEY UPDATE last_seq = VALUES(last_seq), messages = VALUES(messages),"                               \
    " shown_seq = VALUES(shown_seq), shown_at = VALUES(shown_at), noticing = VALUES(noticing),"                        \
    " changed_at = VALUES(changed_at)"

enum gg_status chat_rooms_update(struct gg_db *db, struct gg_arena *arena, const struct chat_room_row *rooms, size_t n,
                                 int64_t now)
{
    static const char *const sql[] = {UPDATE_ROOM ROOM_ROW ON_ROOM, UPDATE_ROOM X4(ROOM_ROW) ON_ROOM,
                                      UPDATE_ROOM X16(ROOM_ROW) ON_ROOM, UPDATE_ROOM X64(ROOM_ROW) ON_ROOM};
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, 9 * n), *a = args;

    for (size_t i = 0; i < n; i++) {
        const struct chat_room_row *r = &rooms[i];
        *a++ = gg_v_id(&r->id);
        *a++ = gg_v_bytes(r->host.b, 16);
        *a++ = gg_v_text(r->title);
        *a++ = gg_v_int(r->last_seq);
        *a++ = gg_v_int(r->messages);
        *a++ = gg_v_int(r->shown_seq);
        *a++ = gg_v_time(r->shown_at);
        *a++ = gg_v_int(r->noticing);
        *a++ = gg_v_time(now);
    }
    return in_pieces(db, sql, args, 9, n);
}

#define MOVE_MARK "INSERT INTO member (room_id, user_id, joined_seq, read_seq, changed_at) VALUES "
#define MARK_ROW  "(?, ?, 0, ?, '2000-01-01')"
#define ON_MARK   " ON DUPLICATE KEY UPDATE read_seq = GREATEST(read_seq, VALUES(read_seq))"

enum gg_status chat_marks_move(struct gg_db *db, struct gg_arena *arena, const struct chat_stored *marks, size_t n)
{
    static const char *const sql[] = {MOVE_MARK MARK_ROW ON_MARK, MOVE_MARK X4(MARK_ROW) ON_MARK,
                                      MOVE_MARK X16(MARK_ROW) ON_MARK, MOVE_MARK X64(MARK_ROW) ON_MARK};
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, 3 * n), *a = args;

    for (size_t i = 0; i < n; i++) {
        *a++ = gg_v_id(&marks[i].key.room);
        *a++ = gg_v_id(&marks[i].key.sender);
        *a++ = gg_v_int(marks[i].seq);
    }
    return in_pieces(db, sql, args, 3, n);
}
