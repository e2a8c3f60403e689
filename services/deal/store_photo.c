/* services/deal/store_photo.c
 * SQL of pictures. */
#include "store_photo.h"

#include "libcommon/picture.h"

struct gg_id deal_picture_id(const char *name)
{
    return gg_id_derive(GG_ID_ZERO, name);
}

enum gg_status deal_photo_put(struct gg_db *db, const char *name, struct gg_id owner, int64_t bytes, int64_t now,
                              bool *fresh)
{
    struct gg_id id = deal_picture_id(name);
    enum gg_status status;

    GG_TRY(gg_db_exec(db,
                      "INSERT INTO photo (name, owner_id, bytes, created_at) VALUES (?, ?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE bytes = VALUES(bytes)",
                      GG_ARGS(gg_v_text(name), gg_v_id(&owner), gg_v_int(bytes), gg_v_time(now)), NULL));
    status = gg_db_exec(db, "INSERT INTO picture (id, name, created_at) VALUES (?, ?, ?)",
                        GG_ARGS(gg_v_id(&id), gg_v_text(name), gg_v_time(now)), NULL);
    *fresh = status == GG_OK;
    return status == GG_DUPLICATE ? GG_OK : status;
}

enum gg_status deal_photo_owned(struct gg_db *db, struct gg_arena *arena, const char *name, struct gg_id owner)
{
    struct gg_rows rows;

    /* The column is ASCII; comparing it with anything else is an error of the server. */
    if (!gg_picture_name_valid(name))
        return GG_NOT_FOUND;
    return gg_db_query_one(db, arena, "SELECT 1 FROM photo WHERE owner_id = ? AND name = ?",
                           GG_ARGS(gg_v_id(&owner), gg_v_text(name)), &rows);
}

enum gg_status deal_photo_used(struct gg_db *db, struct gg_arena *arena, struct gg_id owner, const char *but,
                               int64_t *bytes)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT CAST(COALESCE(SUM(bytes), 0) AS SIGNED) FROM photo WHERE owner_id = ? AND name <> ?",
                           GG_ARGS(gg_v_id(&owner), gg_v_text(but)), &rows));
    *bytes = gg_row_int(&rows, 0, 0);
    return GG_OK;
}

enum gg_status deal_stray_begin(struct gg_db *db, const char *name, int64_t now)
{
    struct gg_id id = deal_picture_id(name);

    return gg_db_exec(db,
                      "INSERT INTO stray_picture (id, name, since) VALUES (?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE since = VALUES(since)",
                      GG_ARGS(gg_v_id(&id), gg_v_text(name), gg_v_time(now)), NULL);
}

enum gg_status deal_stray_end(struct gg_db *db, struct gg_id id)
{
    return gg_db_exec(db, "DELETE FROM stray_picture WHERE id = ?", GG_ARGS(gg_v_id(&id)), NULL);
}

enum gg_status deal_stray_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id, const char **name)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT name FROM stray_picture WHERE id = ? FOR UPDATE", GG_ARGS(gg_v_id(&id)),
                           &rows));
    *name = gg_row_text(&rows, 0, 0);
    return GG_OK;
}

enum gg_status deal_picture_name(struct gg_db *db, struct gg_arena *arena, struct gg_id id, const char **name)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT name FROM picture WHERE id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *name = gg_row_text(&rows, 0, 0);
    return GG_OK;
}

enum gg_status deal_picture_set(struct gg_db *db, struct gg_id id, enum deal_picture_sized sized)
{
    return gg_db_exec(db, "UPDATE picture SET sized = ? WHERE id = ?", GG_ARGS(gg_v_int(sized), gg_v_id(&id)), NULL);
}
