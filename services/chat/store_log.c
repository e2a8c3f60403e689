/* services/chat/store_log.c
 * SQL of the rooms' logs, entry by entry. */
#include "store_log.h"

#include "libcommon/clock.h"
#include "libcommon/due.h"

#define FROM_ENTRY " FROM entry e LEFT JOIN person p ON p.user_id = e.sender_id"

struct chat_entry_row chat_entry_read(const struct gg_rows *rows, size_t row, size_t first)
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
        .target = gg_row_int(rows, row, first + 10),
        .extra = gg_row_text(rows, row, first + 11),
        .revised = gg_row_int(rows, row, first + 12),
        .deleted = gg_row_int(rows, row, first + 13) != 0,
    };

    if (gg_row_int(rows, row, first + 6) != GG_NONE)
        entry.card = (int)gg_row_int(rows, row, first + 6);
    return entry;
}

static void read_entries(struct gg_arena *arena, const struct gg_rows *rows, struct chat_entry_row **entries, size_t *n)
{
    *entries = GG_NEW_ARRAY(arena, struct chat_entry_row, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        (*entries)[i] = chat_entry_read(rows, i, 0);
    *n = rows->n;
}

enum gg_status chat_entry_insert(struct gg_db *db, struct gg_id room, const struct chat_entry_row *entry)
{
    return gg_db_exec(db,
                      "INSERT INTO entry (room_id, seq, messages, type, sender_id, cid, body, card, amount_won, at,"
                      " target, extra) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&room), gg_v_int(entry->seq), gg_v_int(entry->messages), gg_v_int(entry->type),
                              gg_v_id(&entry->sender), gg_v_id(&entry->cid), gg_v_text(entry->body),
                              entry->card < 0 ? gg_v_null() : gg_v_int(entry->card), gg_v_int(entry->amount_won),
                              gg_v_time(entry->at), gg_v_int(entry->target), gg_v_text(entry->extra)),
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

enum gg_status chat_entry_get(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t seq,
                              struct chat_entry_row *entry)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " CHAT_ENTRY_COLUMNS FROM_ENTRY " WHERE e.room_id = ? AND e.seq = ?",
                           GG_ARGS(gg_v_id(&room), gg_v_int(seq)), &rows));
    *entry = chat_entry_read(&rows, 0, 0);
    return GG_OK;
}

enum gg_status chat_entries(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t after, int64_t up_to,
                            int64_t limit, struct chat_entry_row **entries, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " CHAT_ENTRY_COLUMNS FROM_ENTRY
                       " WHERE e.room_id = ? AND e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ?",
                       GG_ARGS(gg_v_id(&room), gg_v_int(after), gg_v_int(up_to), gg_v_int(limit)), &rows));
    read_entries(arena, &rows, entries, n);
    return GG_OK;
}

enum gg_status chat_entries_before(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t before,
                                   int64_t limit, struct chat_entry_row **entries, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " CHAT_ENTRY_COLUMNS FROM_ENTRY
                       " WHERE e.room_id = ? AND e.seq < ? ORDER BY e.seq DESC LIMIT ?",
                       GG_ARGS(gg_v_id(&room), gg_v_int(before), gg_v_int(limit)), &rows));
    *entries = GG_NEW_ARRAY(arena, struct chat_entry_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*entries)[i] = chat_entry_read(&rows, rows.n - 1 - i, 0);
    *n = rows.n;
    return GG_OK;
}

enum gg_status chat_newest_message(struct gg_db *db, struct gg_arena *arena, struct gg_id room,
                                   struct chat_entry_row *entry)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT " CHAT_ENTRY_COLUMNS FROM_ENTRY
                           " WHERE e.room_id = ? AND e.type = 0 AND e.deleted = FALSE ORDER BY e.seq DESC LIMIT 1",
                           GG_ARGS(gg_v_id(&room)), &rows));
    *entry = chat_entry_read(&rows, 0, 0);
    return GG_OK;
}

enum gg_status chat_search(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t from, int64_t before,
                           const char *text, int64_t limit, struct chat_entry_row **entries, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena,
        "SELECT " CHAT_ENTRY_COLUMNS FROM_ENTRY " WHERE e.room_id = ? AND e.seq >= ? AND e.seq < ? AND e.type = 0"
        " AND LOCATE(LOWER(?), LOWER(e.body)) > 0 ORDER BY e.seq DESC LIMIT ?",
        GG_ARGS(gg_v_id(&room), gg_v_int(from), gg_v_int(before), gg_v_text(text), gg_v_int(limit)), &rows));
    read_entries(arena, &rows, entries, n);
    return GG_OK;
}

/* --- wordings --- */

static enum gg_status keep_wording(struct gg_db *db, struct gg_id room, const struct chat_entry_row *message,
                                   int64_t now)
{
    GG_TRY(gg_due_sooner(db, "chat.forget", room, now + CHAT_WORDING_KEPT));
    return gg_db_exec(db,
                      "INSERT INTO wording (room_id, target, seq, body, extra, replaced_at) VALUES (?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&room), gg_v_int(message->seq),
                              gg_v_int(message->revised == GG_NONE ? message->seq : message->revised),
                              gg_v_text(message->body), gg_v_text(message->extra), gg_v_time(now)),
                      NULL);
}

enum gg_status chat_reword(struct gg_db *db, struct gg_id room, const struct chat_entry_row *message, int64_t seq,
                           const char *body, const char *extra, int64_t now)
{
    GG_TRY(keep_wording(db, room, message, now));
    return gg_db_exec_one(
        db, "UPDATE entry SET body = ?, extra = ?, revised = ? WHERE room_id = ? AND seq = ?",
        GG_ARGS(gg_v_text(body), gg_v_text(extra), gg_v_int(seq), gg_v_id(&room), gg_v_int(message->seq)));
}

enum gg_status chat_unsay(struct gg_db *db, struct gg_id room, const struct chat_entry_row *message, int64_t seq,
                          int64_t now)
{
    GG_TRY(keep_wording(db, room, message, now));
    GG_TRY(gg_db_exec_one(
        db, "UPDATE entry SET body = NULL, extra = NULL, revised = ?, deleted = TRUE WHERE room_id = ? AND seq = ?",
        GG_ARGS(gg_v_int(seq), gg_v_id(&room), gg_v_int(message->seq))));
    return gg_db_exec(db,
                      "UPDATE entry e JOIN wording w ON w.room_id = e.room_id AND w.seq = e.seq"
                      " SET e.body = NULL, e.extra = NULL, e.deleted = TRUE"
                      " WHERE w.room_id = ? AND w.target = ? AND e.type = 4",
                      GG_ARGS(gg_v_id(&room), gg_v_int(message->seq)), NULL);
}

enum gg_status chat_wordings(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t target,
                             struct chat_wording **wordings, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT seq, body FROM wording WHERE room_id = ? AND target = ? ORDER BY seq LIMIT 50",
                       GG_ARGS(gg_v_id(&room), gg_v_int(target)), &rows));
    *wordings = GG_NEW_ARRAY(arena, struct chat_wording, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*wordings)[i] = (struct chat_wording){gg_row_int(&rows, i, 0), gg_row_text(&rows, i, 1)};
    *n = rows.n;
    return GG_OK;
}

enum gg_status chat_wordings_forget(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t before,
                                    int64_t *oldest)
{
    struct gg_rows rows;

    GG_TRY(gg_db_exec(db, "DELETE FROM wording WHERE room_id = ? AND replaced_at <= ?",
                      GG_ARGS(gg_v_id(&room), gg_v_time(before)), NULL));
    GG_TRY(gg_db_query_one(db, arena, "SELECT MIN(replaced_at) FROM wording WHERE room_id = ?", GG_ARGS(gg_v_id(&room)),
                           &rows));
    *oldest = gg_row_time(&rows, 0, 0);
    return GG_OK;
}

/* --- reactions --- */

enum gg_status chat_reaction_put(struct gg_db *db, struct gg_id room, int64_t target, struct gg_id user,
                                 const char *emoji)
{
    return gg_db_exec(db, "INSERT INTO reaction (room_id, target, user_id, emoji) VALUES (?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&room), gg_v_int(target), gg_v_id(&user), gg_v_text(emoji)), NULL);
}

enum gg_status chat_reaction_drop(struct gg_db *db, struct gg_id room, int64_t target, struct gg_id user,
                                  const char *emoji)
{
    return gg_db_exec_one(db, "DELETE FROM reaction WHERE room_id = ? AND target = ? AND user_id = ? AND emoji = ?",
                          GG_ARGS(gg_v_id(&room), gg_v_int(target), gg_v_id(&user), gg_v_text(emoji)));
}

/* --- pictures --- */

enum gg_status chat_image_put(struct gg_db *db, struct gg_id room, struct gg_id owner, const struct chat_image *image,
                              int64_t bytes, int64_t now)
{
    return gg_db_exec(db,
                      "INSERT INTO image (room_id, owner_id, name, width, height, bytes, at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE at = VALUES(at), gone_at = NULL",
                      GG_ARGS(gg_v_id(&room), gg_v_id(&owner), gg_v_text(image->name), gg_v_int(image->width),
                              gg_v_int(image->height), gg_v_int(bytes), gg_v_time(now)),
                      NULL);
}

enum gg_status chat_image_get(struct gg_db *db, struct gg_arena *arena, struct gg_id room, struct gg_id owner,
                              const char *name, struct chat_image *image)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(
        db, arena,
        "SELECT width, height FROM image WHERE room_id = ? AND owner_id = ? AND name = ? AND gone_at IS NULL",
        GG_ARGS(gg_v_id(&room), gg_v_id(&owner), gg_v_text(name)), &rows));
    *image = (struct chat_image){name, gg_row_int(&rows, 0, 0), gg_row_int(&rows, 0, 1)};
    return GG_OK;
}

enum gg_status chat_image_in_room(struct gg_db *db, struct gg_arena *arena, struct gg_id room, const char *name)
{
    struct gg_rows rows;

    return gg_db_query_one(db, arena, "SELECT 1 FROM image WHERE name = ? AND room_id = ? AND gone_at IS NULL LIMIT 1",
                           GG_ARGS(gg_v_text(name), gg_v_id(&room)), &rows);
}

enum gg_status chat_image_used(struct gg_db *db, struct gg_arena *arena, struct gg_id owner, int64_t *bytes)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT COALESCE(SUM(bytes), 0) FROM image WHERE owner_id = ?",
                           GG_ARGS(gg_v_id(&owner)), &rows));
    *bytes = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

enum gg_status chat_image_hide(struct gg_db *db, struct gg_id room, struct gg_id owner, const char *name, int64_t now)
{
    GG_TRY(gg_due_sooner(db, "chat.unpicture", room, now + CHAT_WORDING_KEPT));
    return gg_db_exec(db,
                      "UPDATE image SET gone_at = ? WHERE room_id = ? AND owner_id = ? AND name = ? AND NOT EXISTS"
                      " (SELECT 1 FROM entry e WHERE e.room_id = ? AND e.sender_id = ? AND e.type = 0"
                      " AND e.deleted = FALSE AND LOCATE(?, e.extra) > 0)",
                      GG_ARGS(gg_v_time(now), gg_v_id(&room), gg_v_id(&owner), gg_v_text(name), gg_v_id(&room),
                              gg_v_id(&owner), gg_v_text(name)),
                      NULL);
}

enum gg_status chat_images_gone(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t before,
                                struct chat_gone_image **images, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT i.owner_id, i.name, (SELECT COUNT(*) FROM image o WHERE o.name = i.name) > 1"
                       " FROM image i WHERE i.room_id = ? AND i.gone_at <= ? ORDER BY i.gone_at LIMIT 100",
                       GG_ARGS(gg_v_id(&room), gg_v_time(before)), &rows));
    *images = GG_NEW_ARRAY(arena, struct chat_gone_image, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*images)[i] =
            (struct chat_gone_image){gg_row_id(&rows, i, 0), gg_row_text(&rows, i, 1), gg_row_int(&rows, i, 2) != 0};
    *n = rows.n;
    return GG_OK;
}

enum gg_status chat_image_drop(struct gg_db *db, struct gg_id room, const struct chat_gone_image *image)
{
    return gg_db_exec(db, "DELETE FROM image WHERE room_id = ? AND owner_id = ? AND name = ? AND gone_at IS NOT NULL",
                      GG_ARGS(gg_v_id(&room), gg_v_id(&image->owner), gg_v_text(image->name)), NULL);
}

enum gg_status chat_images_gone_next(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t *oldest)
{
    struct gg_rows rows;

    GG_TRY(
        gg_db_query_one(db, arena, "SELECT MIN(gone_at) FROM image WHERE room_id = ?", GG_ARGS(gg_v_id(&room)), &rows));
    *oldest = gg_row_time(&rows, 0, 0);
    return GG_OK;
}

enum gg_status chat_images_of(struct gg_db *db, struct gg_arena *arena, struct gg_id owner, const char ***names,
                              size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT i.name FROM image i WHERE i.owner_id = ? AND NOT EXISTS"
                       " (SELECT 1 FROM image o WHERE o.name = i.name AND o.owner_id <> i.owner_id) LIMIT 1000",
                       GG_ARGS(gg_v_id(&owner)), &rows));
    *names = GG_NEW_ARRAY(arena, const char *, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*names)[i] = gg_row_text(&rows, i, 0);
    *n = rows.n;
    return GG_OK;
}

enum gg_status chat_images_forget(struct gg_db *db, struct gg_id owner, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        GG_TRY(gg_db_exec(db, "DELETE FROM image WHERE owner_id = ? AND name = ?",
                          GG_ARGS(gg_v_id(&owner), gg_v_text(names[i])), NULL));
    return GG_OK;
}

enum gg_status chat_images_forget_all(struct gg_db *db, struct gg_id owner)
{
    return gg_db_exec(db, "DELETE FROM image WHERE owner_id = ?", GG_ARGS(gg_v_id(&owner)), NULL);
}
